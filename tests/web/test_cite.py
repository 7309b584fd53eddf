"""Citing what a page shows: a permanent address, a reference, a hash, files for reference managers; on every kind of result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree.ElementTree import Element

import pytest
from flask.testing import FlaskClient

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
BASE = "http://localhost:8000"
QUERY = "SELECT * { ?s ?p ?o } ORDER BY ?s LIMIT 2"
SPARQL = f"/sparql?query={quote(QUERY)}&format=html"
RESULTS = ["/actor/grainerie", "/actor", "/queries/open-calls", "/queries/glossary?word=bio", SPARQL]


def block(page: Page) -> Element:
    (found,) = page.all("details", class_="cite")
    return found


def values(page: Page) -> dict[str, str]:
    rows = list(block(page).iter("div"))
    return {text_of(next(row.iter("dt"))): text_of(next(row.iter("dd"))) for row in rows}


@pytest.mark.parametrize("path", RESULTS)
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_result_can_be_cited_and_its_address_gives_the_same_again(fetch: Fetch, path: str, language: str) -> None:
    page = fetch(language + path)
    assert text_of(next(block(page).iter("summary"))) == ("Citer" if not language else "Cite")
    address = values(page)["Lien permanent" if not language else "Permanent link"]
    assert address.startswith(f"{BASE}{language}/")
    assert parse_qs(urlsplit(address).query)["version"] == ["2"]
    again = fetch(address.removeprefix(BASE))
    assert again.status == 200
    assert again.heading == page.heading
    assert values(again) == values(page)


@pytest.mark.parametrize("path", RESULTS)
def test_the_files_say_the_same_as_the_page(fetch: Fetch, client: FlaskClient, path: str) -> None:
    page = fetch(path)
    files = {text_of(a): a.get("href", "") for ul in block(page).iter("ul") for a in ul.iter("a")}
    assert list(files) == ["BibTeX", "CSL-JSON (Zotero, Pandoc)", "Texte"]
    bib, csl, txt = (client.get(address) for address in files.values())
    assert (bib.status_code, csl.status_code, txt.status_code) == (200, 200, 200)
    assert (bib.mimetype, csl.mimetype) == ("application/x-bibtex", "application/vnd.citationstyles.csl+json")
    shown = values(page)
    assert " ".join(txt.text.replace("\u00a0", " ").split()) == shown["Référence"]
    (item,) = json.loads(csl.text)
    assert item["URL"] == shown["Lien permanent"]
    assert f"url = {{{shown['Lien permanent']}}}" in bib.text
    assert all("attachment" in one.headers["Content-Disposition"] for one in (bib, csl, txt))


def test_the_hash_of_a_query_is_the_one_a_reader_can_compute(fetch: Fetch) -> None:
    assert values(fetch(SPARQL))["Empreinte de la requête"].startswith(hashlib.sha256(QUERY.encode()).hexdigest()[:12])
    page = fetch("/queries/glossary?word=bio")
    text = "".join(next(page.all("details", class_="behind")[-1].iter("code")).itertext())
    assert 'VALUES ?word { "bio" }' in text
    assert values(page)["Empreinte de la requête"].startswith(hashlib.sha256(text.encode()).hexdigest()[:12])


def test_a_reference_names_the_parameters_of_a_question(fetch: Fetch) -> None:
    told = values(fetch("/queries/glossary?word=bio"))
    assert "(Mot : bio)" in told["Référence"]


def test_a_reference_names_what_the_record_is_and_the_version(fetch: Fetch) -> None:
    told = values(fetch("/actor/grainerie?version=1"))
    assert "« La Grainerie (" in told["Référence"]
    assert "version 1 des données du" in told["Référence"]
    assert told["Lien permanent"] == f"{BASE}/actor/grainerie?version=1"


def test_a_question_that_still_lacks_a_parameter_has_nothing_to_cite(fetch: Fetch) -> None:
    assert not fetch("/queries/possible-partners").all("details", class_="cite")


def test_a_query_in_a_dataset_is_cited_with_it(fetch: Fetch) -> None:
    graph = quote(f"{BASE}/graphs/lettre", safe="")
    address = values(fetch(f"{SPARQL}&default-graph-uri={graph}"))["Lien permanent"]
    assert f"default-graph-uri={graph}" in address


def test_a_query_too_long_for_an_address_is_cited_by_its_hash(client: FlaskClient) -> None:
    text = QUERY + " # " + "x" * 7_000
    page = Page(client.post("/sparql", data={"query": text, "format": "html"}))
    assert page.status == 200
    told = values(page)
    assert "Lien permanent" not in told
    assert told["Empreinte de la requête"].startswith(hashlib.sha256(text.encode()).hexdigest()[:12])
    assert "trop longue pour une adresse" in text_of(block(page))


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("", 400),
        ("iri=x", 400),
        ("iri=http://localhost:8000/id/actor/nobody", 404),
        ("iri=http://localhost:8000/id/actor/disparu", 410),
        ("iri=http://localhost:8000/id/actor/disparu&version=1", 200),
        ("kind=nothing", 400),
        ("kind=actor&query=ASK{}", 400),
        ("question=nothing", 404),
        ("question=pages/starter", 404),
        ("question=possible-partners", 400),
        ("kind=actor&version=99", 404),
    ],
)
def test_what_cannot_be_cited_is_refused(client: FlaskClient, query: str, status: int) -> None:
    for suffix in ("bib", "json", "txt"):
        assert client.get(f"/cite.{suffix}?{query}").status_code == status
    assert client.get(f"/cite.pdf?{query}").status_code == 404
