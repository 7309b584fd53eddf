"""Entities over HTTP: redirects of ``/id/…``, pages, data by suffix; what they say is read in app.entities."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request
from markupsafe import Markup

from app.asking.incoming import in_order
from app.discovery.degrees import counted
from app.discovery.matching.answers import Found
from app.discovery.suggestions import Suggestion
from app.entities import schema_org
from app.entities.addresses import is_iri
from app.entities.document import read_document
from app.entities.facts import Counted
from app.entities.outlines import Map, map_text, read_map
from app.entities.past import last_seen, presence
from app.entities.reader import Reader
from app.errors import BadParameter, GoneEntity, NotYetDescribed, StoreError, UnknownEntity
from app.facts import Facts
from app.media import ENTITY_SUFFIXES, HTML, JSON_LD, LINKED, N_TRIPLES, RDF_XML, TURTLE, Format
from app.terms import TERRITORY, THEME
from app.web import matches, portrait, suggestions, works
from app.web.lasting import stated
from app.web.mementos import announce
from app.web.rdf import content_type, serialise
from app.web.responses import accepted, conditional
from app.web.site import Visit, visit

if TYPE_CHECKING:
    from app.engine.versions import Version

blueprint = Blueprint("entity", __name__)
blueprint.after_request(announce)

_JSON = Format(JSON_LD.media_type, "json", ("application/json",))
OFFERED = (HTML, TURTLE, _JSON, N_TRIPLES, RDF_XML)

_LATEST = 5
_PAGE_KEY = re.compile(r"page-([\w-]{1,80})\Z")
_SUFFIX_OF = {TURTLE: "ttl", _JSON: "jsonld", N_TRIPLES: "nt", RDF_XML: "rdf"}


@blueprint.get("/id/<kind>/<path:name>")
def thing(kind: str, name: str) -> Response:
    """An entity is not a document: 303 to the one that suits the reader (https://www.w3.org/TR/cooluris/)."""
    seen = visit()
    bare, form = _split(name)
    form = form or accepted(OFFERED)
    path = seen.site.addresses.path(seen.site.addresses.iri(kind, bare))
    if path.startswith("/about"):
        raise UnknownEntity(iri=seen.site.addresses.iri(kind, bare))
    version = {"version": seen.asked_version}
    target = (
        seen.urls.page(path, **version)
        if form is HTML
        else seen.urls.data(f"{path}.{_SUFFIX_OF.get(form, form.suffix)}", **version)
    )
    response = see_other(target)
    response.vary.add("Accept")
    return response


@blueprint.get("/<kind>/<path:name>")
def document(kind: str, name: str) -> Response:
    """The page of an entity, or its data when a suffix or the request's ``Accept`` says so."""
    seen = visit()
    if kind not in seen.site.addresses.kinds:
        abort(404)
    bare, asked = _split(name)
    iri = seen.site.addresses.iri(kind, bare)
    if not is_iri(iri):
        raise UnknownEntity(iri=iri)
    form = asked or accepted(OFFERED)
    response = _page(seen, iri) if form is HTML else _data(seen, iri, form)
    if asked is None:
        response.vary.add("Accept")
    return response


@blueprint.get("/about")
def about() -> Response:
    """Any IRI, for instance a partner's; ours are sent to the page that they have."""
    seen = visit()
    iri = request.args.get("iri", "")
    if not is_iri(iri):
        raise BadParameter(name="iri", value=iri[:200], reason="iri")
    path = seen.site.addresses.path(iri)
    if not path.startswith("/about"):
        return see_other(seen.urls.page(path))
    form = ENTITY_SUFFIXES.get(request.args.get("format", "")) or accepted(OFFERED)
    response = _page(seen, iri) if form is HTML else _data(seen, iri, form)
    response.vary.add("Accept")
    return response


def see_other(target: str) -> Response:
    """303: what was asked for is described there."""
    return Response(status=303, headers={"Location": target})


def _split(name: str) -> tuple[str, Format | None]:
    """``poles-noe.ttl`` as ``poles-noe`` and Turtle; a suffix that is no format belongs to the name."""
    bare, dot, suffix = name.rpartition(".")
    return (bare, ENTITY_SUFFIXES[suffix]) if dot and bare and suffix in ENTITY_SUFFIXES else (name, None)


def _page(seen: Visit, iri: str) -> Response:
    daily = iri.startswith((str(TERRITORY), str(THEME)))  # what is still to come there depends on the day
    response = conditional("html", lambda: _render(seen, iri), daily=daily)
    response.headers.extend([("Link", _link(seen, iri, suffix, form)) for suffix, form in LINKED.items()])
    return response


def _render(seen: Visit, iri: str) -> str:
    site = seen.site
    reader = Reader(seen.questions, site.vocabulary, site.shapes, site.addresses, seen.language, seen.names)
    pages = {m[1]: int(value) for key, value in request.args.items() if (m := _PAGE_KEY.match(key)) and _is_page(value)}
    beside = _Beside(seen, iri)
    entity = reader.read(iri, pages, _counted(seen, iri), partial(_in_order, seen, iri), beside)
    if entity is None:
        raise absence(seen, iri)
    return render_template(
        "entity.html",
        entity=entity,
        map=beside.map,
        places=[seen.names.node(one) for one in beside.places],
        suggested=(suggestions.told(seen, beside.suggested) if beside.suggested is not None else None, beside.total),
        matched=matches.best_of(seen, beside.matched),
        data={suffix: data_link(seen, iri, suffix) for suffix in LINKED},
        formats=LINKED,
        schema=data_block(beside.schema),
        graph=_graph(seen, iri),
        correction=_correction(seen, iri),
        past=_past(seen, iri),
        cited=works.Citing(works.of_entity, (iri, entity.title.label, ", ".join(one.label for one in entity.types))),
    )


@dataclass
class _Beside:
    """What the page shows beside what is said of an entity: worked out before it is named, so that one question names all."""

    seen: Visit
    iri: str
    kind: str | None = None
    map: Map | None = None
    schema: Mapping[str, Any] | None = None
    suggested: Sequence[Suggestion] | None = ()
    total: int = 0
    matched: Sequence[Found] = ()
    figures: Collection[str] = ()

    @property
    def places(self) -> list[str]:
        return self.map.named() if self.map else []

    def texts(self) -> list[str]:
        """See :class:`app.entities.reader.Beside`."""
        questions = self.seen.questions
        return [map_text(questions, ox.NamedNode(self.iri)), schema_org.text_of(questions, self.iri)]

    def begin(self) -> None:
        """See :class:`app.entities.reader.Beside`. The kind is what the indexes tell."""
        try:
            kind = self.seen.told(f"kind {self.iri}", partial(_kind_in, self.iri))
        except StoreError:
            return
        self._work_out(kind)

    def named(self, kind: str | None) -> set[str]:
        """What must be named for it, on the page of an entity of some kind."""
        seen = self.seen
        if kind != self.kind:
            self._work_out(kind)
        self.map = read_map(seen.questions, ox.NamedNode(self.iri), seen.site.drawings)
        self.schema = schema_org.describe(seen.questions, self.iri)
        told = (*suggestions.named_in(seen, self.suggested or ()), *matches.named_in(self.matched))
        return {*self.places, *self.figures, *told}

    def _work_out(self, kind: str | None) -> None:
        self.kind = kind
        self.suggested, self.total = suggestions.first_for(self.seen, self.iri, kind)
        self.matched = matches.found_for(self.seen, self.iri, kind)
        self.figures = portrait.named_in(self.seen, self.iri) if kind in ("territory", "theme") else ()


def _kind_in(iri: str, facts: Facts) -> str | None:
    """The path segment of an entity's kind."""
    row = facts.row(iri)
    return facts.tables.kinds[int(facts.column("kind")[row])] if row is not None else None


def _counted(seen: Visit, iri: str) -> Counted | None:
    """What the version's indexes tell of the links to an entity that has very many."""
    try:
        return counted(seen.network_around(iri), lambda: seen.site.descriptions.at(seen.number).merge.properties, iri)
    except StoreError:
        return None


def _in_order(seen: Visit, iri: str, path: str, total: int, shown: slice) -> list[str] | None:
    """A slice of what points to an entity by a property, as the version's indexes put it in order."""
    try:
        facts = seen.site.facts.read(seen.number)[0]
        return in_order(seen.network_around(iri), facts, iri, path, seen.language, total, shown, seen.heed_rows)
    except StoreError:
        return None


def _past(seen: Visit, iri: str) -> list[Version]:
    """The latest versions that changed the entity, newest first."""
    touched = [n for n in seen.site.history.changes_of(iri) if n <= seen.number]
    return [seen.site.history.version(n) for n in touched[: -_LATEST - 1 : -1]]


def _graph(seen: Visit, iri: str) -> dict[str, str] | None:
    """Where the entity's links are drawn, and their data; None for what has none."""
    if seen.network_around(iri).ordinal(iri) is None:
        return None
    return {
        "page": seen.urls.page("/neighbourhood", iri=iri),
        "json": seen.urls.page("/neighbourhood.json", iri=iri),
    }


def _correction(seen: Visit, iri: str) -> str | None:
    """Where a reader may propose a correction of this entity, as the settings say."""
    address = seen.site.settings.correction_url
    return address.replace("{iri}", quote(iri, safe="")).replace("{version}", stated(seen)) or None


def _is_page(value: str) -> bool:
    return value.isascii() and value.isdigit() and int(value[:9]) > 0 and len(value) < 9


def absence(seen: Visit, iri: str) -> UnknownEntity | GoneEntity | NotYetDescribed:
    """Whether the IRI was never described here, was until a version, or is since a later one."""
    site = seen.site
    found = presence(iri, seen.version, site.history)
    if found.until is not None:
        was = last_seen(iri, site.questions(found.until), site.vocabulary, seen.language)
        kind = f" ({was.kind})" if was and was.kind else ""
        return GoneEntity(iri=iri, version=found.until, what=f"{was.label}{kind}, {iri}" if was else iri)
    return UnknownEntity(iri=iri) if found.since is None else NotYetDescribed(iri=iri, version=found.since)


def _data(seen: Visit, iri: str, form: Format) -> Response:
    suffix = next(suffix for suffix, known in ENTITY_SUFFIXES.items() if known.media_type == form.media_type)
    address = data_link(seen, iri, suffix)
    response = conditional(form.media_type, lambda: _document(seen, iri, form, seen.urls.absolute(address)))
    response.content_type = content_type(form.media_type)
    response.headers["Content-Location"] = address
    response.headers.add("Link", f'<{seen.urls.absolute(seen.urls.entity(iri))}>; rel="alternate"; type="text/html"')
    response.headers.add("Link", f'<{_header_iri(iri)}>; rel="describes"')
    return response


def _document(seen: Visit, iri: str, form: Format, address: str) -> Response:
    found = read_document(seen.questions, iri, address)
    if found is None:
        raise absence(seen, iri)
    return Response(serialise(found.triples, form))


def data_link(seen: Visit, iri: str, suffix: str) -> str:
    """The address of an entity's data in one format."""
    path = seen.site.addresses.path(iri)
    version = {"version": seen.asked_version}
    return seen.urls.data(path, format=suffix, **version) if "?" in path else seen.urls.data(f"{path}.{suffix}", **version)


def _link(seen: Visit, iri: str, suffix: str, form: Format) -> str:
    return f'<{data_link(seen, iri, suffix)}>; rel="alternate"; type="{form.media_type}"'


def _header_iri(iri: str) -> str:
    """An IRI as a header may carry it: ASCII."""
    return quote(iri, safe="%/:=&?~#+!$,;'@()*[]-._")


def data_block(value: object) -> Markup | None:
    """JSON that can stand inside a ``script`` element: no ``<`` ends it, whatever the data say."""
    if value is None:
        return None
    text = json.dumps(value, ensure_ascii=False, indent=1)
    return Markup(text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e"))  # noqa: S704 escaped here
