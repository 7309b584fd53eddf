"""The catalogue as data: what an editor reads is what the files say."""

import pyoxigraph as ox
import pytest
import rdflib
from flask import Flask
from flask.testing import FlaskClient
from rdflib.namespace import RDF, RDFS, SH, XSD

from app.media import ENTITY_SUFFIXES
from app.queries import Catalogue
from tests.conftest import BASE
from tests.web.reading import Page

SCHEMA = rdflib.Namespace("https://schema.org/")


@pytest.fixture(scope="module")
def catalogue(app: Flask) -> Catalogue:
    found: Catalogue = app.extensions["maillage"].catalogue
    return found


@pytest.fixture(scope="module")
def graph(app: Flask) -> rdflib.Graph:
    return rdflib.Graph().parse(data=app.test_client().get("/queries.ttl").data, format="turtle")


def test_every_public_question_is_there_and_no_other(graph: rdflib.Graph, catalogue: Catalogue) -> None:
    nodes = {str(node) for node in graph.subjects(RDF.type, SH.SPARQLSelectExecutable)}
    assert nodes == {f"{BASE}queries/{query.name}" for query in catalogue.within("")}
    assert nodes == {str(node) for node in graph.subjects(RDF.type, SH.SPARQLExecutable)}


def test_a_question_has_its_texts_tags_parameters_and_the_query_of_its_file(graph: rdflib.Graph, catalogue: Catalogue) -> None:
    for query in catalogue.within(""):
        node = rdflib.URIRef(f"{BASE}queries/{query.name}")
        assert {o.language: str(o) for o in graph.objects(node, RDFS.comment)} == dict(query.question)
        assert {str(o) for o in graph.objects(node, SCHEMA.keywords)} == set(query.tags)
        assert str(graph.value(node, SH.select)) == query.body
        for one in query.params:
            parameter = rdflib.URIRef(f"{node}#{one.name}")
            assert (node, SH.parameter, parameter) in graph
            assert graph.value(parameter, SH.path).endswith(f"/{one.name}")
            assert graph.value(parameter, SH.optional).value is not one.required
            assert {o.language: str(o) for o in graph.objects(parameter, SH.name)} == dict(one.label)
            if one.type == "iri":
                assert graph.value(parameter, SH.nodeKind) == SH.IRI
            else:
                assert graph.value(parameter, SH.datatype) == XSD[one.type]
        assert len(list(graph.objects(node, SH.parameter))) == len(query.params)


def test_every_prefix_that_a_query_declares_is_declared_once(graph: rdflib.Graph, catalogue: Catalogue) -> None:
    catalogue_node = rdflib.URIRef(f"{BASE}queries")
    declared = [
        (str(graph.value(one, SH.prefix)), str(graph.value(one, SH.namespace)))
        for one in graph.objects(catalogue_node, SH.declare)
    ]
    assert len(dict(declared)) == len(declared)
    for query in catalogue.within(""):
        lines = [line.split() for line in query.body.splitlines() if line.startswith("PREFIX")]
        assert {(name.rstrip(":"), iri.strip("<>")) for _, name, iri in lines} <= set(declared)


def test_no_two_questions_mean_different_things_by_one_prefix(catalogue: Catalogue) -> None:
    from app.asking.catalogue_rdf import prefixes_of

    seen: dict[str, str] = {}
    for query in catalogue.within(""):
        for name, namespace in prefixes_of(query).items():
            assert seen.setdefault(name, namespace) == namespace, (query.name, name)


@pytest.mark.parametrize("suffix", sorted(ENTITY_SUFFIXES))
def test_each_format_says_the_same(client: FlaskClient, graph: rdflib.Graph, suffix: str) -> None:
    answer = client.get(f"/queries.{suffix}")
    form = ox.RdfFormat.from_media_type(answer.mimetype)
    read = {(q.subject, q.predicate, q.object) for q in ox.parse(answer.data, form)}
    turtle = ox.parse(client.get("/queries.ttl").data, ox.RdfFormat.TURTLE)
    assert read == {(q.subject, q.predicate, q.object) for q in turtle}
    assert len(read) == len(graph)


def test_an_unknown_suffix_is_not_found(client: FlaskClient) -> None:
    assert client.get("/queries.pdf").status_code == 404


def test_the_page_of_the_catalogue_leads_to_its_data(client: FlaskClient) -> None:
    links = client.get("/queries").headers.getlist("Link")
    assert '</queries.ttl>; rel="alternate"; type="text/turtle"' in links


@pytest.mark.parametrize("path", ["/catalog", "/en/sparql"])
def test_the_description_of_the_interface_is_a_click_away(client: FlaskClient, path: str) -> None:
    page = Page(client.get(path, headers={"Accept": "text/html"}))
    assert "/openapi.json" in page.hrefs()
