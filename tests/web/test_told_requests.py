"""What requests that cannot be done are told: each message says what, where and what to do, in the reader's language."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.web.places import ONTOLOGY, Place
from tests.web.writing import BASE

HIVE = f'<{BASE}id/actor/hive> a <{ONTOLOGY}Association> ; <{ONTOLOGY}name> "La Miellerie"@fr .'


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def send(place: Place, method: str, path: str, data: Any = HIVE, type_: str | None = "text/turtle", **more: Any) -> TestResponse:
    return place.send(method, path, data, type_, **more)


# Other origins (https://fetch.spec.whatwg.org/#http-fetch: each answer on the way is checked)


@pytest.mark.parametrize("path", ["/id/actor/grainerie", "/timegate/id/actor/grainerie", "/dumps/all.nq.gz"])
def test_the_way_to_data_is_open_to_other_origins(path: str, client: FlaskClient) -> None:
    response = client.get(path, headers={"Accept": "text/turtle", "Origin": "https://elsewhere.example"})
    assert response.status_code in (302, 303)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.data == b""


def test_a_page_is_not_open_to_other_origins(client: FlaskClient) -> None:
    response = client.get("/actor/grainerie", headers={"Accept": "text/html", "Origin": "https://elsewhere.example"})
    assert response.status_code == 200
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize("header", ["Accept-Datetime", "Range", "If-Range", "If-Match", "Authorization"])
def test_a_page_elsewhere_may_send_what_our_protocols_need(header: str, client: FlaskClient) -> None:
    response = client.options("/timegate/id/actor/grainerie", headers={"Access-Control-Request-Headers": header.lower()})
    assert header in response.headers["Access-Control-Allow-Headers"].split(", ")


# A version that never was


@pytest.mark.parametrize(
    "path",
    [
        "/queries?version=99",
        "/shapes?version=99",
        f"/history?iri={BASE}id/actor/grainerie&version=99",
        f"/cite.json?iri={BASE}id/actor/grainerie&version=99",
        "/cite.bib?query=ASK%7B%7D&version=99",
    ],
)
def test_nothing_stands_under_a_version_that_never_was(path: str, client: FlaskClient) -> None:
    response = client.get(path)
    assert (response.status_code, response.get_json()["type"].rpartition("#")[2]) == (404, "no-such-version")
    page = client.get(path, headers={"Accept": "text/html"})
    assert page.status_code == 404
    assert "version=99" not in page.text, "no link leads on into it"


# A write names no version


@pytest.mark.parametrize(("method", "type_"), [("PUT", "text/turtle"), ("POST", "text/turtle"), ("DELETE", None)])
def test_a_graph_is_not_written_in_an_old_version(method: str, type_: str | None, place: Place) -> None:
    response = send(place, method, "/graphs/annuaire?version=1", type_=type_)
    assert (response.status_code, response.get_json()["details"]["name"], place.newest) == (400, "version", 1)
    assert "la version la plus récente" in response.get_json()["detail"]


def test_a_patch_names_no_version_either(place: Place) -> None:
    response = send(place, "PATCH", "/graphs/annuaire?version=1", "CLEAR ALL", "application/sparql-update")
    assert (response.status_code, response.get_json()["details"]["name"], place.newest) == (400, "version", 1)


# What a body is


def test_a_graph_is_asked_for_in_one_way(place: Place) -> None:
    response = place.client.get(f"/graphs?default&graph={BASE}graphs/annuaire")
    assert (response.status_code, response.get_json()["details"]["name"]) == (400, "graph")
    assert "gardez l’un des deux" in response.get_json()["detail"]


def test_a_write_to_no_graph_is_told_how_to_name_one(place: Place) -> None:
    response = send(place, "PUT", "/graphs")
    assert response.status_code == 400
    assert "?graph=IRI" in response.get_json()["detail"]


def test_a_body_without_a_type_is_told_to_have_one(place: Place) -> None:
    response = send(place, "PUT", "/graphs/voisins", type_=None)
    assert (response.status_code, place.newest) == (415, 1)
    assert "Content-Type" in response.get_json()["detail"]
    assert "text/turtle" in response.get_json()["detail"]


def part(type_: str, name: str = "miel.ttl", text: str = HIVE) -> str:
    told = f"Content-Type: {type_}\r\n" if type_ else ""
    disposition = f'Content-Disposition: form-data; name="donnees"; filename="{name}"'
    return f"--x\r\n{disposition}\r\n{told}\r\n{text}\r\n--x--\r\n"


def test_a_part_of_a_form_that_is_no_data_is_named(place: Place) -> None:
    response = send(place, "POST", "/graphs/voisins", part("image/png"), "multipart/form-data; boundary=x")
    told = response.get_json()
    assert (response.status_code, told["details"]["part"], place.newest) == (415, "miel.ttl", 1)
    assert told["type"].endswith("#part-refused")
    assert "«\xa0miel.ttl\xa0»" in told["detail"]


@pytest.mark.parametrize("type_", ["application/octet-stream", ""])
def test_a_part_whose_type_is_not_known_goes_by_its_files_name(type_: str, place: Place) -> None:
    response = send(place, "POST", "/graphs/voisins", part(type_), "multipart/form-data; boundary=x")
    assert (response.status_code, place.newest) == (201, 2)


def test_a_part_of_neither_known_type_nor_known_name_is_refused(place: Place) -> None:
    form = part("application/octet-stream", "miel.dat")
    response = send(place, "POST", "/graphs/voisins", form, "multipart/form-data; boundary=x")
    assert (response.status_code, place.newest) == (415, 1)


def test_what_is_said_to_be_packed_is_packed(place: Place) -> None:
    response = send(place, "PUT", "/graphs/voisins", headers={"Content-Encoding": "gzip"})
    assert (response.status_code, response.get_json()["details"]["reason"], place.newest) == (400, "broken-gzip", 1)
    assert (
        send(place, "PUT", "/graphs/voisins", gzip.compress(HIVE.encode()), headers={"Content-Encoding": "gzip"}).status_code
        == 201
    )


# Remedies are those of a sender: no options of a command, and the settings of what is sent


def test_a_document_that_is_too_large_names_the_setting_of_what_is_sent(tmp_path: Path) -> None:
    place = Place(tmp_path, upload_mb=1)
    packed = gzip.compress((HIVE + "\n").encode() * 20_000)
    response = send(place, "PUT", "/graphs/voisins", packed, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 413
    assert "MAILLAGE_UPLOAD_MB" in response.get_json()["detail"]


def test_a_body_that_is_too_long_is_told_how_long_it_may_be(tmp_path: Path) -> None:
    place = Place(tmp_path, upload_mb=1)
    response = send(place, "PUT", "/graphs/voisins", (HIVE + "\n") * 20_000)
    assert response.status_code == 413
    assert "1 065 536 octets" in response.get_json()["detail"].replace("\u202f", " ").replace("\xa0", " ")


def test_statements_of_another_graph_are_refused_without_an_option_of_a_command(place: Place) -> None:
    response = send(place, "PUT", "/graphs/voisins", "<urn:a> <urn:b> <urn:c> <urn:g> .", "application/n-quads")
    assert (response.status_code, place.newest) == (400, 1)
    assert "--merge-graphs" not in response.text
    assert "urn:g" in response.get_json()["detail"]


# Words of the parser never stand alone in a French sentence


@pytest.mark.parametrize(
    ("document", "type_", "reason"),
    [
        ("{ { <urn:a> <urn:b> <urn:c> } }", "application/trig", "not-term"),
        ("\0", "application/n-triples", "not-term"),
        ('<urn:a> <urn:b> "1"^^"c" .', "text/turtle", "datatype"),
        ("[" * 200_000, "application/ld+json", "too-deep"),
        ("%", "text/turtle", "not-term"),
        ('{"@id": 1}', "application/ld+json", None),
        ('{"@context": {"a": 1}, "a": 1}', "application/ld+json", None),
        ('{"@type": 3}', "application/ld+json", None),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:li/></rdf:RDF>', "application/rdf+xml", None),
        ('<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><a/>', "application/rdf+xml", None),
    ],
)
def test_what_the_parser_says_is_said_in_the_readers_language(
    document: str, type_: str, reason: str | None, place: Place
) -> None:
    response = send(place, "PUT", "/graphs/voisins", document, type_)
    told = response.get_json()
    assert (response.status_code, place.newest) == (400, 1), response.text
    assert reason in (None, told["details"]["reason"])
    assert told["details"]["reason"].replace("-", "").isalnum(), "a key, and no words of the parser"


# A query where an update is due, and the other way round


def test_an_update_sent_as_a_query_is_told_where_to_go(client: FlaskClient) -> None:
    told = client.get("/sparql", query_string={"query": "PREFIX a: <urn:a>\nINSERT DATA { a:b a:c 1 }"}).get_json()
    assert (told["status"], told["details"]["reason"], told["details"]["line"], told["details"]["column"]) == (
        400,
        "an-update",
        2,
        1,
    )
    assert "«\xa0update\xa0»" in told["detail"]


@pytest.mark.parametrize("text", ["ASK {}", "PREFIX a: <urn:a>\nSELECT * { ?s ?p ?o }"])
def test_a_query_sent_as_an_update_is_told_where_to_go(text: str, place: Place) -> None:
    told = send(place, "POST", "/sparql", text, "application/sparql-update").get_json()
    assert (told["status"], told["details"]["reason"]) == (400, "a-query")
    assert "«\xa0query\xa0»" in told["detail"]


def test_a_text_that_is_not_utf8_is_told_so_in_either_way(client: FlaskClient) -> None:
    answers = [
        client.get("/sparql?query=ASK%20%7B%20%3Fs%20%3Fp%20%22%E9%22%20%7D"),
        client.post("/sparql", data='ASK { ?s ?p "é" }'.encode("latin-1"), content_type="application/sparql-query"),
    ]
    for response in answers:
        assert (response.status_code, response.get_json()["details"]["reason"]) == (400, "not-utf8")
        assert "UTF-8" in response.get_json()["detail"]
