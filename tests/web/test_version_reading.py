"""Reading an older version: every page says so, every link stays in it, and one way leads to the newest."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine.versions import Repository
from app.web.site import visit
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
PAGES = [
    "/",
    "/actor",
    "/actor?page=2",
    "/actor/grainerie",
    "/actor/carrefour?page-partnerships=3",
    "/about?iri=https%3A%2F%2Fcreativecommons.org%2Flicenses%2Fby%2F4.0%2F",
    "/queries",
    "/queries/open-calls",
    "/search?q=grainerie",
    "/sparql?query=ASK%7B%7D&format=html",
    "/ontology",
    "/shapes",
    "/licences",
    "/legal",
]
_STAYING = ("/static/", "/favicon", "/shapes.", "/queries.")
"""What belongs to the release, not to the data."""


def _at(path: str, version: int = 1) -> str:
    return f"{path}{'&' if '?' in path else '?'}version={version}"


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_link_of_an_older_version_stays_in_it_but_one(fetch: Fetch, path: str, language: str) -> None:
    page = fetch(language + _at(path))
    assert page.status == 200
    inside = {a.get("href", ""): text_of(a) for a in page.all("a") if a.get("href", "").startswith("/")}
    leaving = {
        href: words
        for href, words in inside.items()
        if parse_qs(urlsplit(href).query).get("version") != ["1"] and not href.startswith(_STAYING)
    }
    assert list(leaving.values()) == ["Aller à la plus récente" if not language else "Go to the newest"]
    assert list(leaving) == [language + path]


@pytest.mark.parametrize("path", ["/", "/actor", "/actor/grainerie", "/queries/open-calls", "/legal"])
def test_a_visible_line_says_which_version_is_read_and_of_which_day(fetch: Fetch, path: str) -> None:
    line = text_of(fetch(_at(path)).all("p", class_="reading")[0])
    assert line.startswith("Vous lisez la version 1 des données, du ")
    assert not fetch(path).all("p", class_="reading")


def test_the_search_box_stays_in_the_version(fetch: Fetch) -> None:
    form = fetch(_at("/actor")).all("form", role="search")[0]
    assert [(i.get("name"), i.get("value")) for i in form.iter("input") if i.get("type") == "hidden"] == [("version", "1")]


def test_an_entity_that_was_deleted_is_read_in_the_version_that_had_it(fetch: Fetch) -> None:
    assert fetch("/actor/disparu?version=1").heading == "Le Disparu"
    assert fetch("/actor/disparu").status == 410


def test_the_data_of_a_version_link_to_the_page_of_that_version(client: FlaskClient) -> None:
    response = client.get("/actor/grainerie.ttl?version=1")
    assert '<http://localhost:8000/actor/grainerie?version=1>; rel="alternate"; type="text/html"' in response.headers.getlist(
        "Link"
    )


@pytest.mark.parametrize("path", ["/id/actor/grainerie", "/about?iri=http%3A%2F%2Flocalhost%3A8000%2Fid%2Factor%2Fgrainerie"])
def test_a_redirection_keeps_the_version(client: FlaskClient, path: str) -> None:
    assert client.get(_at(path), headers={"Accept": "text/html"}).headers["Location"] == "/actor/grainerie?version=1"


@pytest.mark.parametrize(
    "path", ["/actor.csv", "/actor/grainerie.ttl", "/queries/open-calls.csv", "/profiles/pair.ttl", "/ontology.ttl"]
)
def test_every_export_is_of_the_version_that_is_named(client: FlaskClient, path: str) -> None:
    assert client.get(_at(path)).headers["X-Maillage-Version"] == "1"
    assert client.get(_at(path, 999)).status_code == 404


def test_an_answer_tells_when_its_version_was_published(
    app: Flask, client: FlaskClient, observatory: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    published = datetime.fromisoformat(observatory.version(1).created)
    monkeypatch.setattr(app.extensions["maillage"].moments, "started", published - timedelta(days=1))
    answer = client.get("/actor/grainerie?version=1")
    assert answer.last_modified == published


def test_the_canonical_address_of_an_entity_names_no_version(fetch: Fetch) -> None:
    assert [link.get("href") for link in fetch(_at("/actor/grainerie")).all("link", rel="canonical")] == [
        "http://localhost:8000/actor/grainerie"
    ]


@pytest.mark.parametrize("version", ["999", "un", "-1"])
def test_from_a_version_that_does_not_exist_the_links_lead_to_the_newest(fetch: Fetch, version: str) -> None:
    page = fetch(f"/actor/grainerie?version={version}")
    assert page.status in (400, 404)
    assert not [href for href in page.hrefs() if "version=" in href]


def test_an_anchor_stays_at_the_end_of_an_address(app: Flask) -> None:
    with app.test_request_context("/en/actor?version=1"):
        term = "https://w3id.org/maillage/ontology#Association"
        assert visit().urls.entity(term) == "/ontology?version=1#Association"


def _pages(app: Flask, fetch: Fetch) -> dict[str, Page]:
    """Every page whose address needs nothing."""
    paths = sorted(rule.rule for rule in app.url_map.iter_rules() if not rule.arguments and "GET" in (rule.methods or ()))
    found = {path: fetch(_at(path)) for path in paths}
    return {
        path: page for path, page in found.items() if page.status == 200 and page.headers["Content-Type"].startswith("text/html")
    }


def test_every_page_that_there_is_keeps_its_reader_in_the_version(app: Flask, fetch: Fetch) -> None:
    pages = _pages(app, fetch)
    assert {"/", "/catalog", "/search", "/sparql"} <= pages.keys()
    for path, page in pages.items():
        inside = {href for href in page.hrefs() if href.startswith("/") and not href.startswith(_STAYING)}
        assert {href for href in inside if parse_qs(urlsplit(href).query).get("version") != ["1"]} == {path}, path
        forms = [
            form for form in page.all("form") if form.get("method", "get") == "get" and form.get("action", "/").startswith("/")
        ]
        fields = [{(field.get("name"), field.get("value")) for field in form.iter("input")} for form in forms]
        assert all(("version", "1") in given for given in fields), path


def test_a_version_that_there_is_not_leads_to_the_same_page_of_the_newest(fetch: Fetch) -> None:
    page = fetch("/actor?sort=links&version=999")
    assert page.status == 404
    assert page.links()["Ouvrir la même page dans la version la plus récente"] == "/actor?sort=links"
    assert "Ouvrir la même page dans la version la plus récente" not in fetch("/versions/999").links()
