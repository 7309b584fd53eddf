"""Sources and licences, accessibility, legal notice, sitemap, and the link that proposes a correction."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.settings import Settings
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture
def configured(app: Flask) -> Callable[..., Page]:
    """A page of the same site with other settings."""
    site = app.extensions["maillage"]

    def fetch(path: str, **settings: str) -> Page:
        app.extensions["maillage"] = replace(site, settings=replace(Settings(), **settings))
        try:
            return Page(app.test_client().get(path, headers={"Accept": "text/html", "If-None-Match": ""}))
        finally:
            app.extensions["maillage"] = site

    return fetch


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_legal_pages_are_linked_from_every_foot(fetch: Fetch, language: str) -> None:
    for path in ("/", "/actor/grainerie", "/actor/nobody"):
        assert {f"{language}/{name}" for name in ("licences", "accessibility", "legal")} <= fetch(language + path).hrefs()


def test_each_source_is_told_with_publisher_licence_and_date(fetch: Fetch) -> None:
    page = fetch("/licences")
    told = [text_of(section) for section in page.all("section", class_="term")]
    (letter,) = [text for text in told if text.startswith("Lettre du vallon")]
    assert "Éditeur Le Vallon" in letter
    assert "Licence CC BY 4.0" in letter
    assert "Recueillie le 1er janvier 2021" in letter
    assert {"https://creativecommons.org/licenses/by/4.0/", "https://vallon.example/lettre"} <= page.hrefs()


def test_what_is_not_set_is_said_plainly(fetch: Fetch) -> None:
    page = fetch("/legal")
    for name in ("legal_publisher", "legal_host", "legal_contact"):
        assert f"réglage {name}" in page.text
    assert "No contact is set yet" in fetch("/en/accessibility").text


def test_the_legal_notice_says_what_the_settings_say(configured: Fetch) -> None:
    page = configured(
        "/legal", legal_publisher="Le Vallon, SCIC", legal_host="Hébergeur <b>", legal_contact="nous@vallon.example"
    )
    assert "Éditeur Le Vallon, SCIC" in page.text
    assert "Hébergeur <b>" in page.text
    assert "réglage" not in page.text
    assert "mailto:nous@vallon.example" in page.hrefs()


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("https://vallon.example/contact", "https://vallon.example/contact"),
        ("12 rue du Pont, 99001 Vallon", None),
        ("javascript:alert(1)", None),
        ("javascript:alert(1)//a@b", None),
    ],
)
def test_a_contact_is_a_link_only_when_it_is_an_address(configured: Fetch, contact: str, link: str | None) -> None:
    page = configured("/accessibility", legal_contact=contact)
    assert contact in page.text
    assert [href for href in page.hrefs() if contact in href] == ([link] if link else [])


def test_no_page_sets_a_cookie(client: FlaskClient) -> None:
    for path in ("/", "/legal", "/search?q=a", "/queries/glossary?word=bio"):
        assert "Set-Cookie" not in client.get(path).headers


def test_a_correction_is_proposed_where_the_settings_say_with_record_and_version(configured: Fetch) -> None:
    address = "https://suivi.example/new?title={iri}&version={version}"
    page = configured("/actor/%C3%A9picerie-%C5%93uf?version=1", correction_url=address)
    iri = "http%3A%2F%2Flocalhost%3A8000%2Fid%2Factor%2F%C3%A9picerie-%C5%93uf"
    assert page.links()["Proposer une correction"] == f"https://suivi.example/new?title={iri}&version=1"


def test_without_that_setting_no_correction_is_proposed(fetch: Fetch) -> None:
    assert "Proposer une correction" not in fetch("/actor/grainerie").text


def locations(client: FlaskClient, path: str) -> list[str]:
    response = client.get(path)
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    return [loc.text or "" for loc in ElementTree.fromstring(response.data).iter(f"{SITEMAP}loc")]


def test_robots_are_led_to_the_sitemap_and_it_to_every_entity_once(client: FlaskClient) -> None:
    assert "Sitemap: http://localhost:8000/sitemap.xml\n" in client.get("/robots.txt").text
    files = locations(client, "/sitemap.xml")
    assert files[0] == "http://localhost:8000/sitemap-pages.xml"
    assert "http://localhost:8000/sitemap-partnership-1.xml" in files
    found = [location for file in files for location in locations(client, file.removeprefix("http://localhost:8000"))]
    assert len(found) == len(set(found))
    wanted = {"", "queries/glossary", "actor", "actor/grainerie", "actor/%C3%A9picerie-%C5%93uf", "theme/velo", "legal"}
    assert {f"http://localhost:8000/{path}" for path in wanted} <= set(found)
    assert not [location for location in found if "/about" in location or "/en/" in location]


def test_the_pages_of_a_sitemap_are_there(client: FlaskClient) -> None:
    for location in [*locations(client, "/sitemap-pages.xml"), *locations(client, "/sitemap-actor-1.xml")]:
        assert client.head(location.removeprefix("http://localhost:8000")).status_code == 200, location


@pytest.mark.parametrize(
    "path", ["/sitemap-actor-2.xml", "/sitemap-actor-0.xml", "/sitemap-nokind-1.xml", "/sitemap-event-1.xml"]
)
def test_a_part_that_does_not_exist_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_english_sitemap_is_the_same(client: FlaskClient) -> None:
    assert client.get("/en/sitemap-actor-1.xml").data == client.get("/sitemap-actor-1.xml").data
