"""SPARQL 1.1 Protocol (W3C Recommendation, 21 March 2013), one test a requirement; on a store with its gate."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from tests.web.places import ONTOLOGY, Place
from tests.web.writing import BASE

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"
JSON = "application/sparql-results+json"
ONE, TWO = f"{BASE}graphs/un", f"{BASE}graphs/deux"
ASK = f'ASK {{ ?s <{ONTOLOGY}name> "La Ruche"@fr }}'


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """Two graphs with one actor each, beside the first."""
    made = Place(tmp_path_factory.mktemp("protocol"))
    text = "INSERT DATA { GRAPH <%s> { <%sid/actor/%s> a m:Association ; m:name '%s'@fr } }"
    for graph, name in ((ONE, "un"), (TWO, "deux")):
        assert made.update(text % (graph, BASE, name, name)).status_code == 200
    return made


def asked(response: TestResponse) -> Any:
    """The truth of an ASK, or the rows of a SELECT."""
    assert response.status_code == 200, response.text
    told = response.get_json()
    return (
        told["boolean"] if "boolean" in told else [{n: v["value"] for n, v in row.items()} for row in told["results"]["bindings"]]
    )


def names(place: Place, pairs: list[tuple[str, str]], pattern: str = "?s m:name ?name") -> set[str]:
    text = f"PREFIX m: <{ONTOLOGY}> SELECT ?name {{ {pattern} }}"
    response = place.client.get("/sparql", query_string=[("query", text), *pairs], headers={"Accept": JSON})
    return {row["name"] for row in asked(response)}


def write(place: Place, **request: Any) -> TestResponse:
    return place.client.post("/sparql", headers={"Authorization": f"Bearer {place.secret}"}, **request)


# The query operation


def test_a_query_by_get_has_its_text_in_the_address(place: Place) -> None:
    """§2.1.1: the parameter query, percent-encoded."""
    assert asked(place.client.get(f"/sparql?{urlencode({'query': ASK})}", headers={"Accept": JSON})) is True


def test_a_query_by_post_of_a_form_has_its_text_in_the_body(place: Place) -> None:
    """§2.1.2: application/x-www-form-urlencoded."""
    response = place.client.post("/sparql", data=urlencode({"query": ASK}), content_type=FORM, headers={"Accept": JSON})
    assert asked(response) is True


def test_a_query_by_post_is_its_own_body(place: Place) -> None:
    """§2.1.3: application/sparql-query, UTF-8, the dataset in the address."""
    text = f'ASK {{ ?s <{ONTOLOGY}name> "un"@fr . FILTER("é" = "\\u00e9") }}'
    path = f"/sparql?{urlencode({'default-graph-uri': ONE})}"
    assert asked(place.client.post(path, data=text.encode(), content_type=QUERY, headers={"Accept": JSON})) is True


def test_default_graphs_of_the_request_are_merged(place: Place) -> None:
    """§2.1.4: the default graph is the merge of every default-graph-uri, and nothing else."""
    assert names(place, [("default-graph-uri", ONE)]) == {"un"}
    assert names(place, [("default-graph-uri", ONE), ("default-graph-uri", TWO)]) == {"un", "deux"}


def test_named_graphs_of_the_request_are_all_there_are(place: Place) -> None:
    """§2.1.4: named-graph-uri; without a default-graph-uri the default graph is empty."""
    pattern = "GRAPH ?g { ?s m:name ?name }"
    assert names(place, [("named-graph-uri", ONE)], pattern) == {"un"}
    assert names(place, [("named-graph-uri", ONE)]) == set()
    assert names(place, [("default-graph-uri", ONE)], pattern) == set()


def test_the_dataset_of_the_request_wins_over_that_of_the_text(place: Place) -> None:
    """§2.1.4: protocol over FROM and FROM NAMED."""
    text = f"SELECT ?name FROM <{TWO}> {{ ?s <{ONTOLOGY}name> ?name }}"
    response = place.client.get("/sparql", query_string={"query": text, "default-graph-uri": ONE}, headers={"Accept": JSON})
    assert [row["name"] for row in asked(response)] == ["un"]


@pytest.mark.parametrize(
    ("text", "accept", "media_type"),
    [
        ("SELECT * { ?s ?p ?o } LIMIT 1", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("SELECT * { ?s ?p ?o } LIMIT 1", "text/csv", "text/csv"),
        ("ASK {}", "application/sparql-results+xml", "application/sparql-results+xml"),
        ("DESCRIBE <urn:a>", "application/rdf+xml", "application/rdf+xml"),
        ("CONSTRUCT { <urn:a> <urn:a> 1 } {}", "text/turtle;q=0.5, application/n-triples", "application/n-triples"),
        ("ASK {}", "*/*", JSON),
        ("CONSTRUCT { <urn:a> <urn:a> 1 } {}", "*/*", "text/turtle"),
    ],
)
def test_the_accept_header_chooses_the_format(text: str, accept: str, media_type: str, place: Place) -> None:
    """§2.1.5: content negotiation."""
    response = place.client.get("/sparql", query_string={"query": text}, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, media_type)


def test_the_answer_to_a_select_or_ask_is_a_result_document(place: Place) -> None:
    """§2.1.6: SPARQL Results XML, JSON, CSV or TSV for SELECT and ASK."""
    response = place.client.get("/sparql", query_string={"query": ASK}, headers={"Accept": "application/sparql-results+xml"})
    assert bool(ox.parse_query_results(response.data, ox.QueryResultsFormat.XML)) is True


def test_the_answer_to_a_construct_or_describe_is_a_graph(place: Place) -> None:
    """§2.1.6: an RDF graph in an RDF format."""
    text = f"DESCRIBE <{BASE}id/actor/ruche>"
    response = place.client.get("/sparql", query_string={"query": text}, headers={"Accept": "text/turtle"})
    assert {quad.subject.value for quad in ox.parse(response.data, ox.RdfFormat.TURTLE)} == {f"{BASE}id/actor/ruche"}


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"query_string": {"query": "ASK {"}}, 400),
        ({"query_string": [("query", ASK), ("query", ASK)]}, 400),
        ({"query_string": {"query": ASK, "default-graph-uri": "a b"}}, 400),
        ({"method": "POST", "data": ASK.encode("utf-16"), "content_type": QUERY}, 400),
        ({"method": "POST", "data": ASK, "content_type": "text/plain"}, 415),
        ({"method": "POST", "data": ASK}, 415),
        ({"method": "PUT", "data": ASK, "content_type": QUERY}, 405),
        ({"method": "DELETE", "query_string": {"query": ASK}}, 405),
        ({"query_string": {"query": ASK}, "headers": {"Accept": "image/png"}}, 406),
    ],
)
def test_a_query_request_that_is_none_fails(request_: dict[str, Any], status: int, place: Place) -> None:
    """§2.1.7: 400 for what is not legal SPARQL or not this protocol; RFC 9110 for the others."""
    response = place.client.open("/sparql", **request_)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_a_syntax_error_is_told_with_its_place(place: Place) -> None:
    """§2.1.7: the body tells what is wrong."""
    details = place.client.get("/sparql", query_string={"query": "ASK {\n  ?s ?p }"}).get_json()["details"]
    assert (details["line"], details["column"], details["found"]) == (2, 9, "}")
    assert {"?x", "<…>"} <= set(details["expected"])


# The update operation


def test_an_update_by_post_of_a_form(place: Place) -> None:
    """§2.2.1: the parameter update, form-encoded."""
    assert write(place, data=urlencode({"update": "CLEAR DEFAULT"}), content_type=FORM).status_code == 200


def test_an_update_by_post_is_its_own_body(place: Place) -> None:
    """§2.2.2: application/sparql-update, UTF-8."""
    text = f'INSERT DATA {{ GRAPH <{ONE}> {{ <{BASE}id/actor/un> <{ONTOLOGY}acronym> "É" }} }}'
    assert write(place, data=text.encode(), content_type=UPDATE).status_code == 200
    assert "É" in names(place, [("default-graph-uri", ONE)], "?s m:acronym ?name")


def test_the_dataset_of_an_update_is_what_its_where_reads(place: Place) -> None:
    """§2.2.3: using-graph-uri and using-named-graph-uri; what names no graph in a template still is the default graph."""
    insert = f"INSERT {{ ?s <{ONTOLOGY}acronym> 'U' }} WHERE {{ ?s <{ONTOLOGY}name> ?n }}"
    response = write(place, data=insert, content_type=UPDATE, query_string={"using-graph-uri": ONE})
    assert response.get_json()["graphs"] == [f"{BASE}graphs/default"]
    assert response.get_json()["added"] == 1
    named = "DELETE { GRAPH ?g { ?s ?p ?o } } WHERE { GRAPH ?g { ?s ?p ?o } }"
    data = urlencode({"update": named, "using-named-graph-uri": TWO})
    assert write(place, data=data, content_type=FORM).get_json()["graphs"] == [TWO]


@pytest.mark.parametrize("clause", ["USING <urn:g>", "USING NAMED <urn:g>"])
@pytest.mark.parametrize("name", ["using-graph-uri", "using-named-graph-uri"])
def test_a_dataset_both_in_the_request_and_in_the_text_fails(clause: str, name: str, place: Place) -> None:
    """§2.2.3: 400 with USING, USING NAMED or WITH in the text."""
    for text in (f"INSERT {{ <a:a> <a:a> 1 }} {clause} WHERE {{ }}", "WITH <urn:g> INSERT { <a:a> <a:a> 1 } WHERE { }"):
        assert write(place, data=text, content_type=UPDATE, query_string={name: ONE}).status_code == 400


def test_an_update_that_is_done_answers_with_success(place: Place) -> None:
    """§2.2.4: a 2xx status, and a body of our choice."""
    response = write(place, data="CLEAR DEFAULT", content_type=UPDATE)
    assert (response.status_code, response.mimetype) == (200, "application/json")


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        ({"data": "CLEAR", "content_type": UPDATE}, 400),
        ({"data": "CLEAR ALL".encode("utf-16"), "content_type": UPDATE}, 400),
        ({"data": "update=CLEAR+ALL&update=CLEAR+ALL", "content_type": FORM}, 400),
        ({"data": "CLEAR ALL", "content_type": "text/plain"}, 415),
        ({"data": "update=CLEAR+ALL"}, 415),
    ],
)
def test_an_update_request_that_is_none_fails(request_: dict[str, Any], status: int, place: Place) -> None:
    """§2.2.5: 400 for what is not legal SPARQL Update or not this protocol."""
    response = write(place, **request_)
    assert (response.status_code, response.mimetype) == (status, "application/problem+json")


def test_an_update_by_get_fails(place: Place) -> None:
    """§2.2: the update operation is by POST alone."""
    response = place.client.get(
        "/sparql", query_string={"update": "CLEAR ALL"}, headers={"Authorization": f"Bearer {place.secret}"}
    )
    assert response.status_code == 400


def test_relative_iris_are_relative_to_the_endpoint(place: Place) -> None:
    """SPARQL 1.1 Query §4.1.1.2, RFC 3986 §5.1.3: the address that was asked."""
    rows = asked(place.client.get("/sparql", query_string={"query": "SELECT (<id/x> AS ?x) {}"}, headers={"Accept": JSON}))
    assert rows == [{"x": f"{BASE}id/x"}]


# HTTP


def test_head_is_get_without_the_result(place: Place) -> None:
    """RFC 9110 §9.3.2."""
    response = place.client.head("/sparql", query_string={"query": ASK}, headers={"Accept": JSON})
    assert (response.status_code, response.mimetype, response.data) == (200, JSON, b"")


def test_options_tells_the_methods(place: Place) -> None:
    """RFC 9110 §9.3.7; Fetch Standard, CORS protocol."""
    response = place.client.options("/sparql", headers={"Origin": "https://a.example", "Access-Control-Request-Method": "POST"})
    assert response.status_code == 200
    assert {"GET", "HEAD", "POST", "OPTIONS"} == set(response.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


def test_results_and_errors_may_be_read_from_any_origin(place: Place) -> None:
    """Fetch Standard, CORS protocol."""
    for query in (ASK, "ASK {"):
        response = place.client.get(
            "/sparql", query_string={"query": query}, headers={"Origin": "https://a.example", "Accept": JSON}
        )
        assert response.headers["Access-Control-Allow-Origin"] == "*"
