"""What lies around an entity at ``/neighbourhood?iri=…``: a picture, its table, and files; what is drawn is app.discovery's."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from app.asking.exports import XLSX, Citation
from app.asking.marks import family, key, outline, shape
from app.asking.neighbourhood import Told, Wish, narrowed, tell
from app.asking.neighbourhood_files import GRAPHML, PageOf, to_csv, to_graphml, to_json, to_xlsx
from app.discovery.neighbourhood import HUB, PER_NODE, gather
from app.entities.addresses import is_iri
from app.entities.model import Node
from app.entities.names import Names
from app.errors import BadParameter, UnknownEntity
from app.media import CSV, SVG, Format
from app.web.drawing import drawing
from app.web.entity import absence
from app.web.lasting import stated
from app.web.questions import licences_of
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("neighbourhood", __name__)
_JSON = Format("application/json", "json")
_WRITE: Mapping[str, tuple[Format, Callable[[Told, Citation, PageOf], bytes]]] = {
    "json": (_JSON, to_json),
    "xlsx": (XLSX, to_xlsx),
    "csv": (CSV, to_csv),
    "graphml": (GRAPHML, to_graphml),
}
FILES = ("xlsx", "csv", "graphml", "json", "svg")
_SHOWN = 500
_MOST_OPENED = 100


@dataclass(frozen=True)
class Asked:
    """What a request asks for: the entity, the things that were opened, and the filters."""

    iri: str
    opened: tuple[str, ...]
    wish: Wish


@blueprint.get("/neighbourhood")
def page() -> Response:
    seen, wanted = visit(), asked()
    return conditional("html", lambda: _page(seen, wanted))


@blueprint.get("/neighbourhood.<suffix>")
def file(suffix: str) -> Response:
    """The same as a file; whoever draws it keeps each thing where it is while more are opened."""
    if suffix not in FILES:
        abort(404)
    seen, wanted = visit(), asked()
    response = conditional(suffix, lambda: _file(seen, wanted, suffix), daily=True)
    if suffix != "json":
        response.headers["Content-Disposition"] = f'attachment; filename="neighbourhood-v{seen.version}.{suffix}"'
    return response


def asked() -> Asked:
    """Raises :class:`app.errors.BadParameter` for an address that is none, or a year that is none."""
    iri = request.args.get("iri", "")
    opened = tuple(dict.fromkeys(request.args.getlist("open")))[:_MOST_OPENED]
    for name, one in (("iri", iri), *(("open", one) for one in opened)):
        if not is_iri(one):
            raise BadParameter(name=name, value=one[:200], reason="iri")
    first, last = asked_number("from"), asked_number("to")
    links = frozenset(request.args.getlist("link")) or None
    return Asked(iri, opened, Wish(links, request.args.get("theme") or None, first, last, request.args.get("hubs") != "no"))


def told(seen: Visit, wanted: Asked) -> Told | None:
    """The whole neighbourhood; None for an entity that is described but has no links.

    Raises what :func:`app.web.entity.absence` makes for one that is not described.
    """
    network = seen.network
    centre = network.ordinal(wanted.iri)
    if centre is None:
        if not seen.questions.rows("entity-counts", entity=ox.NamedNode(wanted.iri)):
            raise absence(seen, wanted.iri)
        return None
    opened = [node for iri in wanted.opened if (node := network.ordinal(iri)) is not None]
    return tell(gather(network, centre, opened), network, seen.questions, seen.site.vocabulary, seen.language)


def _page(seen: Visit, wanted: Asked) -> str:
    whole = told(seen, wanted)
    shown = narrowed(whole, wanted.wish) if whole else None
    return render_template(
        "neighbourhood.html",
        wanted=wanted,
        name=_name(seen, wanted.iri),
        whole=whole,
        shown=shown,
        drawn=drawing(shown) if shown else None,
        rows=shown.bonds[:_SHOWN] if shown else (),
        key=key(shown.natures) if shown else (),
        hub=HUB,
        source=seen.urls.page("/neighbourhood.json", version=None) + f"?{urlencode(seen.urls.query)}",
        per_node=PER_NODE,
        family=family,
        outline=lambda kind: outline(shape(kind), 8),
        media={suffix: form.media_type for suffix, (form, _) in _WRITE.items()},
        files={suffix: seen.urls.page(f"/neighbourhood.{suffix}", version=stated(seen)) + _rest(seen) for suffix in FILES},
    )


def _rest(seen: Visit) -> str:
    """What the address asks for besides the version, to be put behind one."""
    pairs = [(name, value) for name, value in seen.urls.query if name != "version"]
    return f"&{urlencode(pairs)}" if pairs else ""


def _name(seen: Visit, iri: str) -> Node:
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, [iri])
    return names.node(iri)


def _file(seen: Visit, wanted: Asked, suffix: str) -> Response:
    whole = told(seen, wanted)
    if whole is None:
        raise UnknownEntity(iri=wanted.iri)
    shown = narrowed(whole, wanted.wish)
    if suffix == "svg":
        return Response(
            render_template("neighbourhood.svg", drawn=drawing(shown), alone=True, name=shown.centre.node),
            mimetype=SVG.media_type,
        )
    form, writer = _WRITE[suffix]
    body = writer(shown, _citation(seen, shown), seen.urls.entity)
    return Response(body, content_type=form.media_type + ("; charset=utf-8" if suffix == "csv" else ""))


def _citation(seen: Visit, shown: Told) -> Citation:
    return Citation(
        question=seen.say("graph.title", name=shown.centre.node.label),
        version=seen.version,
        date=datetime.date.today().isoformat(),
        address=seen.urls.absolute(seen.urls.page("/neighbourhood", version=seen.version) + _rest(seen)),
        query=seen.say("graph.method-text", most=PER_NODE),
        licences=licences_of(seen),
        language=seen.language,
    )
