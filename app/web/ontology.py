"""The ontology as a page with one anchor a term, and as data; the words come from the graph."""

from __future__ import annotations

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template

from app.entities.glossary import read_glossary
from app.media import ENTITY_SUFFIXES, HTML, LINKED, Format
from app.web.entity import OFFERED
from app.web.rdf import content_type, serialise
from app.web.responses import accepted, conditional
from app.web.site import Visit, visit

blueprint = Blueprint("ontology", __name__)


@blueprint.get("/ontology")
def page() -> Response:
    seen = visit()
    form = accepted(OFFERED)
    response = conditional("html", lambda: _render(seen)) if form is HTML else _data(seen, form)
    links = {suffix: seen.urls.data(f"/ontology.{suffix}", version=seen.asked_version) for suffix in LINKED}
    response.headers.extend([("Link", f'<{link}>; rel="alternate"; type="{LINKED[s].media_type}"') for s, link in links.items()])
    response.vary.add("Accept")
    return response


@blueprint.get("/ontology.<suffix>")
def data(suffix: str) -> Response:
    if suffix not in ENTITY_SUFFIXES:
        abort(404)
    return _data(visit(), ENTITY_SUFFIXES[suffix])


def _render(seen: Visit) -> str:
    return render_template("ontology.html", glossary=read_glossary(seen.questions, seen.language), formats=LINKED)


def _data(seen: Visit, form: Format) -> Response:
    graph = ox.NamedNode(f"{seen.site.addresses.base}graphs/ontology")

    def build() -> Response:
        return Response(serialise(seen.questions.triples("ontology-data", graph=graph), form))

    response = conditional(form.media_type, build)
    response.content_type = content_type(form.media_type)
    return response
