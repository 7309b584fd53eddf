"""The page of quality: counts that open their lists, in a source and a territory, with what to do."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from tests.conftest import BASE
from tests.web.reading import Page, text_of

LETTER = quote(f"{BASE}graphs/lettre", safe="")


def line(page: Page, problem: str) -> list[str]:
    for tr in page.all("tr"):
        cells = [text_of(cell) for cell in tr]
        if cells and cells[0].startswith(problem):
            return cells[1:]
    raise AssertionError(problem)


def listed(page: Page) -> list[str]:
    return [text_of(next(tr.iter("th"))) for tbody in page.all("tbody") for tr in tbody.iter("tr")]


def test_each_count_equals_the_list_that_it_opens(fetch: Callable[..., Page]) -> None:
    page = fetch("/quality")
    assert page.status == 200
    total, letter = line(page, "La fiche ne dit pas de quoi elle s’occupe")[:2]
    assert total == letter
    assert len(listed(fetch("/quality?check=no-theme"))) == int(total)
    assert len(listed(fetch(f"/quality?check=no-theme&source={LETTER}"))) == int(letter)
    assert "Tout Seul" in listed(fetch("/quality?check=no-theme"))
    assert "La Grainerie" not in listed(fetch("/quality?check=no-theme"))


def test_a_list_says_what_is_wrong_what_to_do_where_and_how_it_was_found(fetch: Callable[..., Page]) -> None:
    page = fetch("/en/quality?check=no-theme")
    assert page.heading == "The record does not say what it is about: it appears under no theme."
    assert "Add a main theme (field “main theme”) in the record’s source." in page.text
    assert "Lettre du vallon" in page.links()
    assert "NOT EXISTS" in page.text


@pytest.mark.parametrize(("path", "label"), [("", "champ « thème principal »"), ("/en", "field “main theme”")])
def test_a_property_is_told_by_its_name_and_leads_to_what_it_means(fetch: Callable[..., Page], path: str, label: str) -> None:
    for page in (fetch(f"{path}/quality"), fetch(f"{path}/quality?check=no-theme")):
        links = [link for link in page.all("a") if link.get("title") == "maillage:mainTheme"]
        assert {(link.get("href"), text_of(link)) for link in links} == {(f"{path}/ontology#mainTheme", label)}
        assert not re.findall(r"\bmaillage:[a-z]\w+", page.text.partition("SELECT")[0])


def test_a_territory_keeps_its_own_records(fetch: Callable[..., Page]) -> None:
    assert listed(fetch("/quality?check=no-theme&area=Vallon")) == ["L’Atelier", "Marché de quartier"]
    assert "Aucune fiche ne porte exactement ce nom." in fetch("/quality?area=Nulle+part").text


def test_what_is_isolated_is_among_what_is_unlinked(fetch: Callable[..., Page]) -> None:
    assert "Tout Seul" in listed(fetch("/quality?check=isolated"))


@pytest.mark.parametrize("path", ["/quality?check=nothing", "/quality.csv?area=Nulle+part", "/quality.csv?check=nothing"])
def test_a_wrong_address_is_refused(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 400


def test_the_file_has_a_row_for_each_record_and_source(client: FlaskClient) -> None:
    text = client.get("/en/quality.csv?check=no-theme").get_data(as_text=True)
    rows = list(csv.DictReader(io.StringIO("".join(row for row in text.splitlines(True) if not row.startswith("#")))))
    assert {row["Check"] for row in rows} == {"no-theme"}
    assert {row["Source"] for row in rows} == {"Lettre du vallon"}
    assert len(rows) == len({row["Record (IRI)"] for row in rows})
    remedy = "Add a main theme (field “main theme”, maillage:mainTheme) in the record’s source."
    assert {row["What to do"] for row in rows} == {remedy}


def test_records_that_look_alike_are_told_apart_and_days_are_told_in_words(seed_site: FlaskClient) -> None:
    alike = Page(seed_site.get("/quality?check=look-alikes"))
    assert "ass-coup-de-pouce-cc4b0e / coup-de-pouce-419026315" in alike.text
    assert "ass-coup-de-pouce-cc4b0e / coup-de-pouce-820045516" in alike.text
    past = {path: Page(seed_site.get(f"{path}/quality?check=past-listing")).text for path in ("", "/en")}
    assert "18 décembre 2020" in past[""]
    assert "18 December 2020" in past["/en"]


def test_a_publication_without_warnings_says_so_in_words(fetch: Callable[..., Page]) -> None:
    text = fetch("/quality").text
    assert "avec 0 avertissement" not in text
    assert "sans aucun avertissement des règles de saisie" in text


def test_the_title_and_the_reference_of_a_check_name_it(seen: Callable[[str], Page]) -> None:
    page = seen("/quality?check=isolated")
    named = "L’observatoire ne connaît à cet acteur aucun partenaire, financeurs mis à part – Que valent les données ?"
    assert text_of(page.all("title")[0]) == f"{named} – Maillage"
    assert named in text_of(page.all("dd", class_="reference")[0])
