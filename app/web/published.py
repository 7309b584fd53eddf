"""The catalogue of what is published: a page and DCAT-AP at ``/catalog``, VoID at ``/.well-known/void``; files are in dumps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template

from app.citing.datasets import Published
from app.citing.dcat import catalogue
from app.citing.void import description
from app.citing.writing import NAMESPACES
from app.media import ENTITY_SUFFIXES, HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Format
from app.web.publishing import MOST, published
from app.web.rdf import content_type, serialise
from app.web.responses import accepted, conditional
from app.web.site import Visit, visit

blueprint = Blueprint("published", __name__)
_RDF = (TURTLE, Format(JSON_LD.media_type, "jsonld", ("application/json",)), N_TRIPLES, RDF_XML)
LINKED = {"ttl": TURTLE, "jsonld": JSON_LD, "rdf": RDF_XML, "nt": N_TRIPLES}
Write = Callable[[Published], list[ox.Triple]]


@blueprint.get("/catalog")
def page() -> Response:
    seen = visit()
    form = accepted((HTML, *_RDF))
    response = _page(seen) if form is HTML else _data(seen, form, catalogue, "catalog")
    links = _links(seen)
    response.headers.extend([("Link", f'<{links[s]}>; rel="alternate"; type="{form.media_type}"') for s, form in LINKED.items()])
    response.vary.add("Accept")
    return response


@blueprint.get("/catalog.<suffix>")
def data(suffix: str) -> Response:
    return _data(visit(), ENTITY_SUFFIXES.get(suffix) or abort(404), catalogue, "catalog")


@blueprint.get("/.well-known/void")
def void() -> Response:
    """The place where VoID is looked for (VoID §7.2); always data."""
    response = _data(visit(), accepted((*_RDF, HTML)), description, "void")
    response.vary.add("Accept")
    return response


@blueprint.get("/void.<suffix>")
def void_file(suffix: str) -> Response:
    return _data(visit(), ENTITY_SUFFIXES.get(suffix) or abort(404), description, "void")


def _links(seen: Visit) -> dict[str, str]:
    return {suffix: seen.urls.data(f"/catalog.{suffix}", version=seen.asked_version) for suffix in LINKED}


def _page(seen: Visit) -> Response:
    found = published(seen)
    return conditional(
        f"html {_state(found)}",
        lambda: render_template("catalog.html", published=found, links=_links(seen), formats=LINKED, most=MOST),
        dated=False,
    )


def _data(seen: Visit, form: Format, write: Write, name: str) -> Response:
    chosen = TURTLE if form is HTML else form
    found = published(seen)
    response = conditional(
        f"{name} {chosen.media_type} {_state(found)}", lambda: Response(serialise(write(found), chosen, NAMESPACES)), dated=False
    )
    response.content_type = content_type(chosen.media_type)
    return response


def _state(found: Published) -> str:
    """Which files are there: the catalogue of a version changes only with them."""
    sums: Sequence[str] = [dump.sha256 or "" for dataset in found.datasets for dump in dataset.dumps]
    return hashlib.sha256(" ".join(sums).encode()).hexdigest()[:12]
