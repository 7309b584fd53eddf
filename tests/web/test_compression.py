"""What is packed unpacks to the same bytes, has a validator of its own, and is left alone where it must be."""

from __future__ import annotations

import gzip
from collections.abc import Callable

import brotli
import html5rdf
import pytest
import zstandard
from flask import Flask, Response
from flask.testing import FlaskClient

UNPACK: dict[str, Callable[[bytes], bytes]] = {
    "br": brotli.decompress,
    "zstd": lambda body: zstandard.ZstdDecompressor().decompressobj().decompress(body),
    "gzip": gzip.decompress,
}
ALL = "SELECT * { ?s ?p ?o }"
FIRST_PAGE_MOST = 150_000
PAGES = ("/", "/actor/grainerie", "/ontology.ttl", "/static/style.css", "/openapi.json", "/actor.csv")


def get(client: FlaskClient, address: str, accepted: str, **more: str) -> Response:
    return client.get(address, headers={"Accept": "text/html, */*;q=0.5", "Accept-Encoding": accepted, **more})


@pytest.mark.parametrize("coding", UNPACK)
@pytest.mark.parametrize("address", PAGES)
def test_a_packed_answer_unpacks_to_the_plain_one(client: FlaskClient, address: str, coding: str) -> None:
    plain, packed = get(client, address, "identity"), get(client, address, coding)
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, coding)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in packed.vary
    assert UNPACK[coding](packed.data) == plain.data
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data)


@pytest.mark.parametrize("coding", UNPACK)
def test_a_large_result_is_packed_as_it_is_sent(client: FlaskClient, coding: str) -> None:
    asked = {"query": ALL}
    plain = client.get("/sparql", query_string=asked, headers={"Accept": "text/csv"})
    packed = client.get("/sparql", query_string=asked, headers={"Accept": "text/csv", "Accept-Encoding": coding})
    assert len(plain.data) > 1_000_000
    assert "Content-Length" not in packed.headers
    assert sorted(UNPACK[coding](packed.data).splitlines()) == sorted(plain.data.splitlines())


def test_a_large_result_is_not_packed_where_only_its_length_tells_that_it_is_whole(client: FlaskClient) -> None:
    asked = {"query": ALL}
    response = client.get(
        "/sparql", query_string=asked, headers={"Accept-Encoding": "gzip"}, environ_overrides={"SERVER_PROTOCOL": "HTTP/1.0"}
    )
    assert "Content-Encoding" not in response.headers
    assert int(response.headers["Content-Length"]) == len(response.data)


@pytest.mark.parametrize(
    ("accepted", "coding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("gzip, zstd", "zstd"),
        ("br;q=0.5, gzip", "gzip"),
        ("*", "br"),
        ("*;q=0.1, br;q=0", "zstd"),
        ("BR", "br"),
        ("gzip;q=0.001", "gzip"),
        ("", None),
        ("identity", None),
        ("deflate", None),
        ("br;q=0, gzip;q=0", None),
        ("gzip;q=0.5, identity", None),
    ],
)
def test_the_reader_chooses_the_coding(client: FlaskClient, accepted: str, coding: str | None) -> None:
    response = get(client, "/actor/grainerie", accepted)
    assert response.headers.get("Content-Encoding") == coding


def test_each_coding_has_its_own_strong_validator_and_each_is_recognised(client: FlaskClient) -> None:
    tags = {coding: get(client, "/actor/grainerie", coding).headers["ETag"] for coding in ("identity", *UNPACK)}
    assert len(set(tags.values())) == 4
    for coding, tag in tags.items():
        again = get(client, "/actor/grainerie", coding, **{"If-None-Match": tag})
        assert (again.status_code, again.headers["ETag"], again.data) == (304, tag, b"")
        assert "Accept-Encoding" in again.vary


def test_a_weak_validator_is_that_of_every_coding(client: FlaskClient) -> None:
    tags = {
        client.get("/sparql", query_string={"query": ALL}, headers={"Accept-Encoding": coding}).headers["ETag"]
        for coding in ("identity", *UNPACK)
    }
    assert len(tags) == 1


def test_head_says_what_get_would(client: FlaskClient) -> None:
    headers = {"Accept": "text/html", "Accept-Encoding": "br"}
    got, told = client.get("/actor/grainerie", headers=headers), client.head("/actor/grainerie", headers=headers)
    assert (told.headers["Content-Encoding"], told.headers["ETag"], told.data) == ("br", got.headers["ETag"], b"")


def test_a_small_answer_is_left_alone(client: FlaskClient) -> None:
    assert "Content-Encoding" not in get(client, "/sparql?query=ASK%7B%7D&format=csv", "br").headers


@pytest.mark.parametrize(
    ("headers", "content_type", "status"),
    [
        ({"Accept-Ranges": "bytes"}, "text/turtle", 200),
        ({"Content-Range": "bytes 0-999/5000"}, "text/turtle", 206),
        ({"Content-Encoding": "gzip"}, "text/turtle", 200),
        ({"Cache-Control": "no-transform"}, "text/turtle", 200),
        ({}, "application/gzip", 200),
        ({}, "image/png", 200),
    ],
)
def test_ranges_and_what_is_packed_already_are_left_alone(
    app: Flask, headers: dict[str, str], content_type: str, status: int
) -> None:
    body = b"0123456789" * 100
    with app.test_request_context("/robots.txt", headers={"Accept-Encoding": "br, gzip"}):
        app.preprocess_request()
        response = app.process_response(Response(body, status, headers, content_type=content_type))
    assert response.data == body
    assert response.headers.get("Content-Encoding") == headers.get("Content-Encoding")


@pytest.mark.parametrize("address", ["/", "/en/", "/actor/grainerie"])
@pytest.mark.parametrize("coding", UNPACK)
def test_a_first_page_with_all_that_it_needs_is_light(client: FlaskClient, address: str, coding: str) -> None:
    page = get(client, address, coding)
    root = html5rdf.parse(UNPACK[coding](page.data).decode(), namespaceHTMLElements=False)
    needed = {link.get("href") for link in root.iter("link") if link.get("rel") in ("stylesheet", "icon")}
    needed |= {each.get("src") for tag in ("script", "img") for each in root.iter(tag) if each.get("src")}
    assert needed
    parts = {name: len(get(client, name, coding).data) for name in needed}
    assert len(page.data) + sum(parts.values()) < FIRST_PAGE_MOST, parts
