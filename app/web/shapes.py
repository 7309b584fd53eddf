"""The data-entry rules as a page for volunteers, and the shapes as data; the words come from the shapes themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template

from app.entities.wording import best, collation
from app.media import ENTITY_SUFFIXES, HTML, LINKED, Format
from app.shapes import ClassRules, FieldRules
from app.terms import compact, to_engine
from app.web.entity import OFFERED
from app.web.home import MAIN_KINDS
from app.web.rdf import content_type, serialise
from app.web.responses import accepted, conditional
from app.web.site import Visit, visit

blueprint = Blueprint("shapes", __name__)


@blueprint.get("/shapes")
def page() -> Response:
    seen = visit()
    form = accepted(OFFERED)
    response = conditional("html", lambda: _render(seen)) if form is HTML else _data(seen, form)
    response.headers.extend(
        [("Link", f'<{seen.urls.data(f"/shapes.{s}")}>; rel="alternate"; type="{f.media_type}"') for s, f in LINKED.items()]
    )
    response.vary.add("Accept")
    return response


@blueprint.get("/shapes.<suffix>")
def data(suffix: str) -> Response:
    if suffix not in ENTITY_SUFFIXES:
        abort(404)
    return _data(visit(), ENTITY_SUFFIXES[suffix])


@dataclass(frozen=True)
class Chapter:
    """The rules for one class: of every shape that is about it, each field where it is described first."""

    anchor: str
    label: str
    shapes: tuple[ClassRules, ...]
    fields: tuple[FieldRules, ...]
    shared: tuple[FieldRules, ...]


def _render(seen: Visit) -> str:
    chapters = _chapters_of(seen)
    anchors = {name: chapter.anchor for chapter in chapters for one in chapter.shapes for name in one.classes}
    return render_template("shapes.html", chapters=chapters, formats=LINKED, anchors=anchors, anchor=_anchor)


def _chapters_of(seen: Visit) -> tuple[Chapter, ...]:
    """The chapters in the reader's language; shapes and ontology are the release's, so they are the same in every version."""
    kept = seen.site.chapters
    if seen.language not in kept:
        kept[seen.language] = tuple(_chapters(seen))
    return kept[seen.language]


def _chapters(seen: Visit) -> Iterator[Chapter]:
    """The classes that people describe, the main ones first; the rules for authors of the ontology are left to the data."""
    by_class: dict[str, list[ClassRules]] = {}
    for one in seen.site.shapes.rules(lambda iri: _labels(seen, iri)):
        if one.classes and seen.site.vocabulary.kind_of(one.classes[:1]):
            by_class.setdefault(one.classes[0], []).append(one)
    labels = {name: _name(seen, name) for name in by_class}
    described: set[str] = set()
    for name in sorted(by_class, key=lambda name: (_place(seen, name), collation(labels[name]))):
        fields = {field.shape: field for one in by_class[name] for field in one.fields}
        new, shared = ([f for iri, f in fields.items() if (iri in described) is known] for known in (False, True))
        described |= fields.keys()
        yield Chapter(_anchor(name), labels[name], tuple(by_class[name]), tuple(new), tuple(shared))


def _place(seen: Visit, name: str) -> tuple[int, int]:
    """Main kinds first, and a class after those above it."""
    kind = seen.site.vocabulary.kind_of((name,))
    order = MAIN_KINDS.index(kind.segment) if kind and kind.segment in MAIN_KINDS else len(MAIN_KINDS)
    return order, len(seen.site.vocabulary.superclasses(name))


def _anchor(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]


def _name(seen: Visit, iri: str) -> str:
    found = best(_labels(seen, iri), seen.language)
    return found[0] if found else compact(iri)


def _labels(seen: Visit, iri: str) -> dict[str, str]:
    """The names of a class, which shapes do not know."""
    found = seen.site.vocabulary.label(iri) or {}
    return {tag: text for tag, text in found.items() if tag}


def _data(seen: Visit, form: Format) -> Response:
    def build() -> Response:
        triples = [ox.Triple(*(to_engine(term) for term in triple)) for triple in seen.site.shapes.triples]  # type: ignore[arg-type]
        return Response(serialise(triples, form))

    response = conditional(form.media_type, build)
    response.content_type = content_type(form.media_type)
    return response
