"""SPARQL 1.1 Service Description (W3C Recommendation, 21 March 2013), one test a requirement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import RDF, Graph, Namespace, URIRef

from app.settings import Settings
from app.web.limits import SHOWN
from tests.web.writing import site

SD = Namespace("http://www.w3.org/ns/sparql-service-description#")
FORMATS = Namespace("http://www.w3.org/ns/formats/")
ENDPOINT = URIRef("http://localhost:8000/sparql")
GEO = "http://www.opengis.net/ont/geosparql#wktLiteral"
RDF_FORMATS = ["text/turtle", "application/rdf+xml", "application/n-triples", "application/ld+json"]


@pytest.fixture
def description(client: FlaskClient) -> Graph:
    return Graph().parse(client.get("/sparql", headers={"Accept": "text/turtle"}).data, format="turtle")


@pytest.mark.parametrize("accept", RDF_FORMATS)
def test_a_get_of_the_endpoint_returns_rdf(accept: str, client: FlaskClient) -> None:
    """§2: dereferencing the endpoint without parameters gives a description in RDF."""
    response = client.get("/sparql", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, accept)
    form = ox.RdfFormat.from_media_type(accept)
    assert form is not None
    assert any(quad.object == ox.NamedNode(SD.Service) for quad in ox.parse(response.data, form))


def test_without_an_accept_header_it_is_rdf_too(client: FlaskClient) -> None:
    """§2, and RFC 9110 §12.5.1: no header accepts everything."""
    assert client.get("/sparql").mimetype == "text/turtle"


def test_it_has_the_endpoint_that_was_asked(description: Graph) -> None:
    """§3: sd:endpoint relates the service to the address of its protocol."""
    assert list(description.subjects(SD.endpoint, ENDPOINT)) == [ENDPOINT]
    assert (ENDPOINT, RDF.type, SD.Service) in description


def test_it_tells_the_languages(description: Graph) -> None:
    """§3: sd:supportedLanguage, among the instances of sd:Language."""
    assert set(description.objects(ENDPOINT, SD.supportedLanguage)) == {SD.SPARQL11Query, SD.SPARQL11Update}


def test_it_tells_that_the_default_graph_is_the_union(description: Graph) -> None:
    """§3: sd:UnionDefaultGraph. Federated queries are off without a list of endpoints."""
    assert set(description.objects(ENDPOINT, SD.feature)) == {SD.UnionDefaultGraph}


def test_federated_queries_are_told_where_they_are_allowed(site_with: Callable[..., Flask]) -> None:
    """§3: sd:BasicFederatedQuery."""
    client = site_with(service_allow=("https://a.example/sparql",)).test_client()
    told = Graph().parse(client.get("/sparql").data, format="turtle")
    assert SD.BasicFederatedQuery in set(told.objects(ENDPOINT, SD.feature))


def test_it_tells_the_formats_of_results_and_of_input(description: Graph) -> None:
    """§3: sd:resultFormat and sd:inputFormat, by https://www.w3.org/ns/formats/."""
    results = set(description.objects(ENDPOINT, SD.resultFormat))
    assert {FORMATS[f"SPARQL_Results_{name}"] for name in ("JSON", "XML", "CSV", "TSV")} <= results
    graphs = {FORMATS[name] for name in ("Turtle", "N-Triples", "JSON-LD", "RDF_XML", "N-Quads", "TriG", "N3")}
    assert graphs <= results
    assert set(description.objects(ENDPOINT, SD.inputFormat)) == graphs


def test_each_format_that_is_told_is_answered(description: Graph, client: FlaskClient) -> None:
    """§3: what is told is so."""
    types = {"SPARQL_Results_JSON": "json", "SPARQL_Results_XML": "xml", "SPARQL_Results_CSV": "csv", "SPARQL_Results_TSV": "tsv"}
    graphs = {
        "Turtle": "ttl",
        "N-Triples": "nt",
        "JSON-LD": "jsonld",
        "RDF_XML": "rdf",
        "N-Quads": "nq",
        "TriG": "trig",
        "N3": "n3",
    }
    told = {str(one).rpartition("/")[2] for one in description.objects(ENDPOINT, SD.resultFormat)}
    assert told == {*types, *graphs}
    for name, word in {**types, **graphs}.items():
        text = "SELECT ?x { }" if name in types else "CONSTRUCT { <a:a> <a:a> 1 } { }"
        assert client.get("/sparql", query_string={"query": text, "format": word}).status_code == 200, name


def test_each_extension_function_that_is_told_has_a_value(description: Graph, client: FlaskClient) -> None:
    """§3: sd:extensionFunction."""
    functions = set(description.objects(ENDPOINT, SD.extensionFunction))
    assert len(functions) > 30
    shape, place = (f'"{wkt}"^^<{GEO}>' for wkt in ("POLYGON((0 0,2 0,2 2,0 2,0 0))", "POINT(1 1)"))
    for function in functions:
        assert (function, RDF.type, SD.Function) in description
        tries = (f"{shape}", f"{place},{shape}", f"{place},{place},<http://www.opengis.net/def/uom/OGC/1.0/metre>")
        calls = " ".join(f"BIND(<{function}>({given}) AS ?v{i})" for i, given in enumerate(tries))
        query = f"ASK {{ {calls} FILTER(BOUND(?v0) || BOUND(?v1) || BOUND(?v2)) }}"
        assert client.get("/sparql", query_string={"query": query, "format": "json"}).get_json()["boolean"], function


def test_it_describes_the_dataset_and_its_named_graphs(description: Graph) -> None:
    """§3: sd:defaultDataset with sd:defaultGraph and each sd:namedGraph with its sd:name."""
    (dataset,) = description.objects(ENDPOINT, SD.defaultDataset)
    assert (dataset, RDF.type, SD.Dataset) in description
    (default,) = description.objects(dataset, SD.defaultGraph)
    assert (default, RDF.type, SD.Graph) in description
    named = set(description.objects(dataset, SD.namedGraph))
    assert all((graph, RDF.type, SD.NamedGraph) in description for graph in named)
    names = {str(name) for graph in named for name in description.objects(graph, SD.name)}
    assert {f"http://localhost:8000/graphs/{name}" for name in ("ontology", "themes", "lettre", "derived")} == names


def test_it_conforms_to_the_vocabulary(description: Graph) -> None:
    """§3: only terms that the vocabulary has, each with a subject of its domain."""
    known = {
        *("endpoint", "supportedLanguage", "feature", "resultFormat", "inputFormat", "extensionFunction", "defaultDataset"),
        *("defaultGraph", "namedGraph", "name"),
    }
    used = {str(predicate).removeprefix(str(SD)) for predicate in description.predicates() if str(predicate).startswith(str(SD))}
    assert used == known


def test_it_tells_every_limit(description: Graph, app: Flask) -> None:
    """Beyond the specification: each limit of queries and of writing, by the name of its setting."""
    schema = Namespace("https://schema.org/")
    told = {
        str(description.value(one, schema.propertyID)): description.value(one, schema.maxValue).toPython()  # type: ignore[union-attr]
        for one in description.objects(ENDPOINT, schema.additionalProperty)
    }
    settings: Settings = app.extensions["maillage"].settings
    assert told == {f"MAILLAGE_{name.upper()}": getattr(settings, name) for name in SHOWN}


@pytest.fixture
def site_with(observatory: Any, counted: Any) -> Callable[..., Flask]:
    """The observatory's site with other settings."""
    return lambda **settings: site(observatory, Settings(**settings))
