"""What the SPARQL endpoint can do, for machines (SPARQL 1.1 Service Description); no query is answered here."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from flask import Response

from app.entities.questions import Window
from app.media import GRAPHS, HTML, Format
from app.settings import Settings
from app.web import limits
from app.web.rdf import content_type, serialise
from app.web.responses import accepted
from app.web.site import visit

_SD = "http://www.w3.org/ns/sparql-service-description#"
_FORMATS = "http://www.w3.org/ns/formats/"
_RDF_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
_MOST_GRAPHS = 1_000
_WRITTEN = (
    "SPARQL_Results_JSON",
    "SPARQL_Results_XML",
    "SPARQL_Results_CSV",
    "SPARQL_Results_TSV",
    "Turtle",
    "N-Triples",
    "JSON-LD",
    "RDF_XML",
    "N-Quads",
    "TriG",
    "N3",
)

_READ = _WRITTEN[4:]
"""The formats of graphs, which are also those of what is written."""
_GEOSPARQL = "http://www.opengis.net/def/function/geosparql/"
_FUNCTIONS = (
    *("convexHull", "envelope", "centroid", "getSRID", "asGeoJSON"),
    *("dimension", "coordinateDimension", "isEmpty", "isSimple", "distance"),
    *("sfEquals", "sfDisjoint", "sfIntersects", "sfTouches", "sfCrosses", "sfWithin", "sfContains", "sfOverlaps"),
    *("ehEquals", "ehDisjoint", "ehMeet", "ehOverlap", "ehCovers", "ehCoveredBy", "ehInside", "ehContains"),
    *("rcc8dc", "rcc8ec", "rcc8po", "rcc8tppi", "rcc8tpp", "rcc8ntpp", "rcc8ntppi", "rcc8eq"),
)
"""GeoSPARQL's functions that the engine has; a test asks each of them."""


def chosen() -> Format:
    """The page or the RDF format that a bare GET asks for. Raises :class:`app.errors.NotAcceptable`."""
    return accepted((*GRAPHS, HTML))


def answer(form: Format) -> Response:
    seen = visit()
    endpoint = ox.NamedNode(seen.urls.absolute(seen.urls.data("/sparql")))
    graphs = [row["graph"] for row in seen.questions.rows("graphs", Window(_MOST_GRAPHS))]
    statements = [
        *_service(endpoint, seen.site.settings),
        *_dataset(endpoint, [g for g in graphs if isinstance(g, ox.NamedNode)]),
    ]
    response = Response(serialise(statements, form), content_type=content_type(form.media_type))
    response.headers["X-Maillage-Version"] = str(seen.version)
    response.vary.add("Accept")
    return response


def _service(endpoint: ox.NamedNode, settings: Settings) -> Iterator[ox.Triple]:
    yield ox.Triple(endpoint, _RDF_TYPE, _sd("Service"))
    yield ox.Triple(endpoint, _sd("endpoint"), endpoint)
    for language in ("SPARQL11Query", "SPARQL11Update"):
        yield ox.Triple(endpoint, _sd("supportedLanguage"), _sd(language))
    if settings.default_graph == "merge":
        yield ox.Triple(endpoint, _sd("feature"), _sd("UnionDefaultGraph"))
    if settings.service_allow:
        yield ox.Triple(endpoint, _sd("feature"), _sd("BasicFederatedQuery"))
    for name in _WRITTEN:
        yield ox.Triple(endpoint, _sd("resultFormat"), ox.NamedNode(_FORMATS + name))
    for name in _READ:
        yield ox.Triple(endpoint, _sd("inputFormat"), ox.NamedNode(_FORMATS + name))
    for name in _FUNCTIONS:
        function = ox.NamedNode(_GEOSPARQL + name)
        yield ox.Triple(endpoint, _sd("extensionFunction"), function)
        yield ox.Triple(function, _RDF_TYPE, _sd("Function"))
    yield from limits.statements(endpoint, settings)


def _dataset(endpoint: ox.NamedNode, graphs: list[ox.NamedNode]) -> Iterator[ox.Triple]:
    """The default graph (the merge of all) and the named graphs."""
    dataset, merged = ox.BlankNode("dataset"), ox.BlankNode("merge")
    yield ox.Triple(endpoint, _sd("defaultDataset"), dataset)
    yield ox.Triple(dataset, _RDF_TYPE, _sd("Dataset"))
    yield ox.Triple(dataset, _sd("defaultGraph"), merged)
    yield ox.Triple(merged, _RDF_TYPE, _sd("Graph"))
    for number, graph in enumerate(graphs):
        named = ox.BlankNode(f"graph{number}")
        yield ox.Triple(dataset, _sd("namedGraph"), named)
        yield ox.Triple(named, _RDF_TYPE, _sd("NamedGraph"))
        yield ox.Triple(named, _sd("name"), graph)


def _sd(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SD + name)
