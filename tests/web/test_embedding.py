"""Pages in frames: the same without the site around them, framed only there, with the code to do so on the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
NEIGHBOURHOOD = f"/neighbourhood?iri={quote('http://localhost:8000/id/actor/grainerie', safe='')}"
ENDS = [quote(f"http://localhost:8000/id/actor/{name}", safe="") for name in ("grainerie", "atelier")]
PATHS = f"/paths?from={ENDS[0]}&to={ENDS[1]}"
FRAMED = [NEIGHBOURHOOD, "/actor", "/queries/glossary?word=bio", "/statistics", "/map", "/agenda", PATHS]


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("path", FRAMED)
def test_a_framed_page_may_stand_anywhere_and_has_nothing_of_the_site_around_it(fetch: Fetch, language: str, path: str) -> None:
    page = fetch(f"{language}/embed{path}")
    assert page.status == 200
    assert "frame-ancestors *" in page.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in page.headers["Content-Security-Policy"]
    assert not page.all("header", class_="site")
    assert not page.all("footer", class_="site")
    assert page.heading == fetch(language + path).heading


@pytest.mark.parametrize("path", FRAMED)
def test_a_framed_page_says_its_version_and_leads_to_the_whole_page(fetch: Fetch, path: str) -> None:
    (attribution,) = fetch(f"/embed{path}").all("footer", class_="attribution")
    assert "Version 2" in text_of(attribution).replace("version", "Version")
    assert {a.get("href") for a in attribution.iter("a")} == {path}


@pytest.mark.parametrize("path", [*FRAMED, "/", "/sparql"])
def test_a_page_of_the_site_itself_may_not_be_framed(client: FlaskClient, path: str) -> None:
    policy = client.get(path, headers={"Accept": "text/html"}).headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in policy


@pytest.mark.parametrize(
    "path", ["/embed", "/embed/", "/embed/sparql", "/embed/legal", "/embed/id/actor/grainerie", "/embed/embed/actor"]
)
def test_what_is_not_offered_for_frames_is_not_found_there(client: FlaskClient, path: str) -> None:
    response = client.get(path, headers={"Accept": "text/html"})
    assert response.status_code == 404
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]


def test_a_framed_page_and_the_whole_page_are_not_taken_for_each_other(client: FlaskClient) -> None:
    whole = client.get("/actor", headers={"Accept": "text/html"}).headers["ETag"]
    assert client.get("/embed/actor", headers={"Accept": "text/html", "If-None-Match": whole}).status_code == 200


@pytest.mark.parametrize("path", FRAMED)
def test_the_page_has_the_code_for_its_frame_with_and_without_a_version(fetch: Fetch, client: FlaskClient, path: str) -> None:
    page = fetch(path)
    codes = [text_of(area) for area in page.all("textarea") if area.get("data-copy")]
    sources = [re.search(r'src="http://localhost:8000([^"]+)"', code) for code in codes]
    addresses = [found[1] for found in sources if found]
    assert len(addresses) == 2
    assert "version=" not in addresses[0]
    assert "version=2" in addresses[1]
    assert all(client.get(address, headers={"Accept": "text/html"}).status_code == 200 for address in addresses)
    assert all(area.get("readonly") is not None for area in page.all("textarea") if area.get("data-copy"))


def test_the_version_is_told_within_the_sentence_of_the_source(fetch: Callable[..., Page]) -> None:
    assert "Source : Maillage, version 2 des données · " in fetch("/embed/statistics").text
    assert "Source: Maillage, version 2 of the data · " in fetch("/en/embed/statistics").text
