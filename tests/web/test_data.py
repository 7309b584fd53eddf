"""Entities as data, and who gets which format."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

FORMATS = {
    "ttl": ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "json": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
}
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"


def triples(body: bytes, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, form, base_iri="http://localhost:8000/")}


@pytest.mark.parametrize("suffix", FORMATS)
def test_an_entity_is_the_same_triples_in_every_format(client: FlaskClient, suffix: str) -> None:
    media_type, form = FORMATS[suffix]
    response = client.get(f"/actor/grainerie.{suffix}")
    assert (response.status_code, response.content_type) == (200, media_type)
    plain = client.get("/actor/grainerie.nt")
    assert triples(response.data, form) == triples(plain.data, ox.RdfFormat.N_TRIPLES)


def test_the_data_hold_the_statements_and_the_links_that_come_in(client: FlaskClient) -> None:
    found = triples(client.get("/actor/grainerie.nt").data, ox.RdfFormat.N_TRIPLES)
    me = ox.NamedNode("http://localhost:8000/id/actor/grainerie")
    assert {t.subject for t in found if t.object == me} >= {ox.NamedNode("http://localhost:8000/id/project/marche")}
    assert all(me in (t.subject, t.object) for t in found)


@pytest.mark.parametrize(
    ("accept", "target"),
    [
        (BROWSER, "/actor/grainerie"),
        ("*/*", "/actor/grainerie"),
        ("", "/actor/grainerie"),
        ("text/turtle", "/actor/grainerie.ttl"),
        ("text/turtle;charset=utf-8", "/actor/grainerie.ttl"),
        ("application/ld+json", "/actor/grainerie.jsonld"),
        ("application/json", "/actor/grainerie.jsonld"),
        ("application/rdf+xml", "/actor/grainerie.rdf"),
        ("application/n-triples;q=0.9, text/html;q=0.5", "/actor/grainerie.nt"),
    ],
)
def test_the_iri_of_a_thing_redirects_to_what_suits_the_reader(client: FlaskClient, accept: str, target: str) -> None:
    response = client.get("/id/actor/grainerie", headers={"Accept": accept})
    assert (response.status_code, response.headers["Location"]) == (303, target)
    assert "Accept" in response.vary


def test_a_suffix_wins_over_accept(client: FlaskClient) -> None:
    assert client.get("/id/actor/grainerie.ttl", headers={"Accept": BROWSER}).headers["Location"] == "/actor/grainerie.ttl"
    assert client.get("/actor/grainerie.ttl", headers={"Accept": BROWSER}).mimetype == "text/turtle"


def test_the_page_itself_gives_data_to_who_accepts_nothing_else(client: FlaskClient) -> None:
    response = client.get("/theme/epicerie-cooperative", headers={"Accept": "text/turtle"})
    assert response.mimetype == "text/turtle"
    assert response.headers["Content-Location"] == "/theme/epicerie-cooperative.ttl"
    assert "Accept" in response.vary


@pytest.mark.parametrize("path", ["/id/actor/grainerie", "/actor/grainerie"])
def test_a_format_that_does_not_exist_is_refused_with_the_list_of_those_that_do(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "image/png"})
    assert response.status_code == 406
    assert "text/turtle" in response.json["details"]["offered"]


def test_an_iri_of_no_kind_does_not_redirect(client: FlaskClient) -> None:
    assert client.get("/id/nokind/x").status_code == 404


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld"])
def test_what_was_deleted_is_gone_in_every_form_and_says_since_when(client: FlaskClient, suffix: str) -> None:
    response = client.get(f"/actor/disparu{suffix}")
    assert response.status_code == 410
    iri = "http://localhost:8000/id/actor/disparu"
    assert response.json["details"] == {"iri": iri, "version": 1, "what": f"Le Disparu (Association), {iri}"}


@pytest.mark.parametrize("suffix", ["", ".ttl", ".jsonld"])
def test_what_never_was_is_not_found_in_any_form(client: FlaskClient, suffix: str) -> None:
    assert client.get(f"/actor/personne{suffix}").status_code == 404


def test_what_was_deleted_can_be_read_in_its_version(client: FlaskClient) -> None:
    assert client.get("/actor/disparu.ttl?version=1").status_code == 200


def test_pages_announce_their_data(client: FlaskClient) -> None:
    links = client.get("/actor/grainerie", headers={"Accept": BROWSER}).headers.getlist("Link")
    assert '</actor/grainerie.ttl>; rel="alternate"; type="text/turtle"' in links


def test_data_may_be_read_by_scripts_of_any_origin(client: FlaskClient) -> None:
    assert client.get("/actor/grainerie.ttl").headers["Access-Control-Allow-Origin"] == "*"


def test_head_has_the_headers_of_get_and_no_body(client: FlaskClient) -> None:
    got, asked = client.get("/actor/grainerie.ttl"), client.head("/actor/grainerie.ttl")
    assert asked.status_code == 200
    assert asked.data == b""
    assert asked.headers["Content-Length"] == got.headers["Content-Length"]


def test_data_about_an_iri_with_letters_beyond_ascii_can_be_served(client: FlaskClient) -> None:
    response = client.get("/actor/%C3%A9picerie-%C5%93uf.ttl")
    assert response.status_code == 200
    assert "/actor/%C3%A9picerie-%C5%93uf.ttl" in response.headers["Content-Location"]
