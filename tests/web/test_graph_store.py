"""Graphs as documents, with what is ours beyond the protocol: tokens, the gate, hostile documents; the protocol's own
requirements are in ``tests/conformance/test_graph_store_protocol.py``."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from app.updating import output
from tests.web.places import ONTOLOGY, Place
from tests.web.writing import BASE

HIVE = f'<{BASE}id/actor/hive> a <{ONTOLOGY}Association> ; <{ONTOLOGY}name> "La Miellerie"@fr .'
DOCTYPE = '<!DOCTYPE r [<!ENTITY a "aaaa">]><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def send(place: Place, method: str, path: str, data: Any = None, type_: str | None = "text/turtle", **more: Any) -> TestResponse:
    return place.send(method, path, data, type_, **more)


# Who may


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE", "PATCH"])
@pytest.mark.parametrize("path", ["/graphs/annuaire", "/graphs?default", f"/graphs?graph={BASE}graphs/annuaire"])
def test_without_a_token_nothing_is_written(method: str, path: str, place: Place) -> None:
    response = place.client.open(path, method=method, data=HIVE, content_type="text/turtle")
    assert (response.status_code, place.newest) == (401, 1)


@pytest.mark.parametrize(
    ("graphs", "operations", "method", "path"),
    [
        (["lettre"], ["add", "remove"], "PUT", "/graphs/annuaire"),
        (["lettre"], ["add", "remove"], "DELETE", "/graphs/annuaire"),
        (["lettre"], ["add", "remove"], "POST", "/graphs?default"),
        (["annuaire"], ["add"], "PUT", "/graphs/annuaire"),
        (["annuaire"], ["add"], "DELETE", "/graphs/annuaire"),
        (["annuaire"], ["remove"], "POST", "/graphs/annuaire"),
        (["annuaire"], ["remove"], "PUT", "/graphs/annuaire"),
    ],
)
def test_a_token_does_what_it_is_for_and_nothing_else(
    graphs: list[str], operations: Any, method: str, path: str, place: Place
) -> None:
    _, secret = place.tokens.create("Partenaire", graphs, operations)
    response = send(place, method, path, HIVE, headers={"Authorization": f"Bearer {secret}"})
    assert (response.status_code, place.newest) == (403, 1)


def test_adding_needs_the_right_to_add_alone(place: Place) -> None:
    _, secret = place.tokens.create("Partenaire", ["annuaire"], ["add"])
    response = send(place, "POST", "/graphs/annuaire", HIVE, headers={"Authorization": f"Bearer {secret}"})
    assert (response.status_code, response.get_json()["added"]) == (200, 2)


# What is published


def test_a_graph_that_is_put_is_a_version(place: Place) -> None:
    response = send(place, "PUT", "/graphs/voisins?message=Nos+voisins", HIVE)
    version = place.repository.version(2)
    assert (response.status_code, response.headers["Location"]) == (201, f"{BASE}graphs/voisins")
    assert (version.author, version.message, version.added) == ("Annuaire ESS", "Nos voisins", 2)
    assert list(place.tokens.uses())[-1]["action"] == "PUT /graphs/voisins"


def test_the_same_document_again_makes_no_version(place: Place) -> None:
    send(place, "PUT", "/graphs/voisins", HIVE)
    again = send(place, "PUT", "/graphs/voisins", HIVE)
    assert (again.status_code, again.get_json()["version"], place.newest) == (200, None, 2)


def test_a_refusal_tells_the_line_of_the_document(place: Place) -> None:
    document = f"{HIVE}\n\n<{BASE}id/actor/hive> <{ONTOLOGY}siren>\n  '123' ."
    response = send(place, "PUT", "/graphs/voisins", document, headers={"Accept": "application/json"})
    (finding,) = [one for one in response.get_json()["findings"] if one["severity"] == "Violation"]
    assert (response.status_code, finding["line"], place.newest) == (422, 4, 1)


def test_relative_iris_are_relative_to_the_graph(place: Place) -> None:
    send(place, "PUT", "/graphs/voisins", f'<../id/actor/hive> a <{ONTOLOGY}Association> ; <{ONTOLOGY}name> "La Miellerie"@fr .')
    assert f'<{BASE}id/actor/hive> <{ONTOLOGY}name> "La Miellerie"@fr <{BASE}graphs/voisins>' in place.quads()


def test_a_packed_body_is_unpacked(place: Place) -> None:
    response = send(place, "PUT", "/graphs/voisins", gzip.compress(HIVE.encode()), headers={"Content-Encoding": "gzip"})
    assert response.status_code == 201


@pytest.mark.parametrize("graph", ["derived", "merge"])
@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_what_the_service_computes_is_not_written(method: str, graph: str, place: Place) -> None:
    assert send(place, method, f"/graphs/{graph}", HIVE).status_code == 403
    assert send(place, method, f"/graphs?graph={BASE}graphs/{graph}", HIVE).status_code == 403


def test_the_default_graph_s_own_content_is_a_source(place: Place) -> None:
    before = place.quads()
    send(place, "PUT", "/graphs?default", HIVE)
    assert {quad.rpartition(" ")[2] for quad in place.quads() - before} == {f"<{BASE}graphs/default>"}
    assert "La Ruche" in place.client.get("/graphs?default").text, "reading it gives the merge"
    assert "La Ruche" not in place.client.get("/graphs/default").text
    assert send(place, "DELETE", "/graphs?default").status_code == 200
    assert place.quads() == before


# What is read


def test_an_older_version_is_read_by_its_number(place: Place) -> None:
    send(place, "PUT", "/graphs/annuaire", HIVE)
    assert "La Ruche" in place.client.get("/graphs/annuaire?version=1").text
    assert "La Ruche" not in place.client.get("/graphs/annuaire").text


def test_a_browser_is_shown_the_query_behind_a_graph(place: Place) -> None:
    response = place.client.get("/graphs/annuaire", headers={"Accept": "text/html"})
    assert response.status_code == 303
    assert "La Ruche" in place.client.get(response.headers["Location"], headers={"Accept": "text/html"}).text
    store = place.client.get("/en/graphs", headers={"Accept": "text/html"})
    assert f"{BASE}graphs/annuaire" in place.client.get(store.headers["Location"], headers={"Accept": "text/html"}).text


@pytest.mark.parametrize(
    ("accept", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", ox.RdfFormat.TRIG),
    ],
)
def test_a_large_graph_is_streamed_whole_in_every_format(
    accept: str, form: ox.RdfFormat, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(output, "FEW", 1)
    response = place.client.get("/graphs/annuaire", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, accept)
    expected = {quad.rpartition(" ")[0] for quad in place.quads()}
    assert {str(quad.triple) for quad in ox.parse(response.data, form)} == expected


def test_a_large_graph_is_packed_on_its_way(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "FEW", 1)
    response = place.client.get("/graphs/annuaire", headers={"Accept": "application/n-triples", "Accept-Encoding": "gzip"})
    packed = response.headers.get("Content-Encoding") == "gzip"
    body = gzip.decompress(response.data) if packed else response.data
    assert len(list(ox.parse(body, ox.RdfFormat.N_TRIPLES))) == 2
    assert place.client.get("/graphs/annuaire").status_code == 200, "it was read to its end and closed"


def test_few_large_graphs_are_read_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "FEW", 1)
    held = [place.client.get("/graphs/annuaire", buffered=False) for _ in range(2)]
    refused = place.client.get("/graphs/annuaire")
    assert refused.status_code == 503
    assert int(refused.headers["Retry-After"]) > 0
    for response in held:
        response.close()
    assert place.client.get("/graphs/annuaire").status_code == 200, "a reader who left is forgotten"


# Hostile documents: a clear error, nothing kept


@pytest.mark.parametrize(
    ("document", "type_", "status", "reason"),
    [
        (DOCTYPE, "application/rdf+xml", 400, "doctype"),
        (b"<urn:a> <urn:b> '\xff\xfe' .", "text/turtle", 400, "not-utf8"),
        ("<urn:a> <urn:b> <ht tp://a> .", "text/turtle", 400, None),
        ("<urn:a> <urn:b> .", "text/turtle", 400, None),
        ("<urn:a> <urn:b> " + "[ <urn:c> " * 100_000, "text/turtle", 400, None),
        ("<urn:a> <urn:b> " + "(" * 500_000, "text/turtle", 400, None),
        ('{"@id": "urn:a", "urn:b": ' * 20_000, "application/ld+json", 400, None),
        ('{"@context": "http://127.0.0.1:1/", "@id": "urn:a"}', "application/ld+json", 400, "remote-context"),
        ("<urn:a> <urn:b> <<( <urn:a> <urn:b> <urn:c> )>> .", "text/turtle", 400, "triple-term"),
        ("<urn:g> { <urn:a> <urn:b> <urn:c> }", "application/trig", 400, "sent-named-graph"),
    ],
    ids=["doctype", "utf-8", "iri", "syntax", "nodes", "lists", "json", "context", "triple-term", "graph"],
)
def test_a_hostile_document_is_explained_and_nothing_is_kept(
    document: Any, type_: str, status: int, reason: str | None, place: Place
) -> None:
    response = send(place, "PUT", "/graphs/voisins", document, type_)
    assert (response.status_code, place.newest) == (status, 1), response.text
    assert response.content_type == "application/problem+json"
    assert reason is None or response.get_json()["details"]["reason"] == reason
    assert place.client.get("/graphs/voisins").status_code == 404


def test_a_document_is_no_longer_than_allowed_packed_or_not(tmp_path: Path) -> None:
    place = Place(tmp_path, upload_mb=1)
    long = (HIVE + "\n").encode() * 20_000
    for data, headers in ((long, {}), (gzip.compress(long), {"Content-Encoding": "gzip"})):
        response = send(place, "PUT", "/graphs/voisins", data, headers=headers)
        assert (response.status_code, place.newest) == (413, 1), response.text


@pytest.mark.parametrize("type_", ["text/turtle", "application/ld+json", "application/rdf+xml"])
def test_a_literal_of_a_million_characters_is_refused_and_told(type_: str, place: Place) -> None:
    document = HIVE + f'<{BASE}id/actor/hive> <{ONTOLOGY}description> "{"é" * 1_000_000}"@fr .'
    written = ox.serialize(ox.parse(document, ox.RdfFormat.TURTLE), format=ox.RdfFormat.from_media_type(type_))
    response = send(place, "PUT", "/graphs/voisins", written, type_)
    told = response.get_json()["details"]
    assert (response.status_code, place.newest) == (400, 1)
    assert (told["reason"], told["length"], told["limit"]) == ("long-literal", 1_000_000, 500_000)
    assert "MAILLAGE_LITERAL_CHARACTERS" in response.get_json()["detail"]


def test_a_literal_as_long_as_allowed_is_data(place: Place) -> None:
    document = HIVE + f'<{BASE}id/actor/hive> <{ONTOLOGY}description> "{"é" * 500_000}"@fr .'
    assert send(place, "PUT", "/graphs/voisins", document).status_code == 201
    assert len(place.client.get("/graphs/voisins").data) > 1_000_000


def test_an_iri_that_no_page_could_ask_for_is_refused(place: Place) -> None:
    document = HIVE + f"<{BASE}id/actor/hive> <{ONTOLOGY}webPage> <https://hive.example/{'x' * 8_000}> ."
    response = send(place, "PUT", "/graphs/voisins", document)
    assert (response.status_code, response.get_json()["details"]["reason"], place.newest) == (400, "long-iri", 1)


@pytest.mark.parametrize("value", [f'"{"x" * 1_001}"', f"CONCAT({', '.join(['?half'] * 3)})"], ids=["written", "computed"])
def test_an_update_writes_no_longer_literal(value: str, tmp_path: Path) -> None:
    place = Place(tmp_path, literal_characters=1_000)
    where = f'BIND("{"x" * 500}" AS ?half) BIND({value} AS ?value)'
    insert = f"GRAPH <{BASE}graphs/annuaire> {{ <{BASE}id/actor/hive> <{ONTOLOGY}acronym> ?value }}"
    response = send(place, "POST", "/sparql", f"INSERT {{ {insert} }} WHERE {{ {where} }}", "application/sparql-update")
    assert (response.status_code, response.get_json()["details"]["reason"], place.newest) == (400, "long-literal", 1)


def test_a_document_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    place = Place(tmp_path, upload_seconds=0.2)
    nodes = " ".join(f"_:n{i} <urn:p> _:n{(i * 7 + j) % 3000} ." for i in range(3000) for j in range(3))
    response = send(place, "PUT", "/graphs/voisins", nodes)
    assert (response.status_code, response.get_json()["details"]["reason"], place.newest) == (400, "sent-too-slow", 1)
