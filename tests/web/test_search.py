"""The search box: on every page, without JavaScript; names whatever their accents, identifiers, the nearest first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.entities.search import MOST
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]


def found(fetch: Fetch, text: str, language: str = "") -> list[str]:
    page = fetch(f"{language}/search", query_string={"q": text})
    assert page.status == 200
    return [text_of(next(li.iter("a"))) for ol in page.all("ol", class_="found") for li in ol]


@pytest.mark.parametrize("path", ["/", "/actor", "/actor/grainerie", "/sparql", "/queries", "/actor/nobody"])
def test_every_page_has_a_labelled_search_box(fetch: Fetch, path: str) -> None:
    for language in ("", "/en"):
        page = fetch(language + path)
        (form,) = page.all("form", role="search")
        assert (form.get("action"), form.get("method")) == (f"{language}/search", "get")
        (box,) = form.iter("input")
        assert (box.get("name"), box.get("id")) == ("q", next(form.iter("label")).get("for"))
        assert text_of(next(form.iter("button")))


@pytest.mark.parametrize(
    "text", ["Épicerie de l’Œuf", "epicerie de l'oeuf", "ÉPICERIE DE L'OEUF", "  épicerie   de l’œuf ", "l'œuf"]
)
def test_a_name_is_found_whatever_its_accents_and_capitals(fetch: Fetch, text: str) -> None:
    assert found(fetch, text) == ["Épicerie de l’Œuf"]


def test_the_whole_name_comes_before_its_beginning_and_that_before_a_part(fetch: Fetch) -> None:
    assert found(fetch, "vallon") == ["Vallon", "Agglomération du Vallon", "Lettre du vallon"]
    names = found(fetch, "marché")
    assert names[0] == "Marché de quartier"
    assert "Comité de pilotage du marché" in names[1:]


def test_all_kinds_are_searched_and_each_result_tells_its_own(fetch: Fetch) -> None:
    page = fetch("/search", query_string={"q": "vallon"})
    told = {text_of(next(li.iter("a"))): text_of(li) for ol in page.all("ol", class_="found") for li in ol}
    assert told["Vallon"] == "Vallon Commune"
    assert told["Lettre du vallon"] == "Lettre du vallon Source"
    assert next(iter(told)) == "Vallon"


def test_a_synonym_finds_a_theme_and_says_which(fetch: Fetch) -> None:
    page = fetch("/search", query_string={"q": "ATELIER VELO"})
    assert "/theme/velo" in page.hrefs()
    assert "aussi nommé : atelier vélo" in page.text


@pytest.mark.parametrize("text", ["732829320", "732 829 320", "732.829.320", "732\u00a0829\u00a0320"])
def test_an_identifier_is_found_however_it_is_spaced_and_only_whole(fetch: Fetch, text: str) -> None:
    assert found(fetch, text) == ["La Grainerie"]
    assert found(fetch, text[:-1]) == []


@pytest.mark.parametrize("text", ["en préparation", "Société coopérative et participative"])
def test_codes_and_classes_of_the_model_are_no_results(fetch: Fetch, text: str) -> None:
    assert found(fetch, text) == []


@pytest.mark.parametrize("path", ["/search", "/search?q=", "/search?q=%20%20"])
def test_without_a_word_the_page_says_how_to_search(fetch: Fetch, path: str) -> None:
    page = fetch(path)
    assert page.status == 200
    assert "SIRET" in page.all("p", class_="summary")[0].text
    assert not page.all("ol", class_="found")


def test_what_nothing_bears_is_said_and_leads_to_the_questions(fetch: Fetch) -> None:
    page = fetch("/en/search?q=xyzzy")
    assert "No record has a name that contains “xyzzy”" in page.text
    assert "/en/queries" in page.hrefs()


def test_many_results_are_cut_and_the_page_says_so(fetch: Fetch) -> None:
    assert len(found(fetch, "la convention")) == MOST
    assert f"Les {MOST} fiches les plus proches" in fetch("/search?q=la+convention").text


@pytest.mark.parametrize("text", ['"} ; DROP ALL #', "\\", "?x . } #", "<script>alert(1)</script>", "%", ".*", "x" * 5_000])
def test_what_is_typed_is_only_ever_text(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_a_name_is_searched_in_the_version_that_is_read(fetch: Fetch) -> None:
    assert found(fetch, "Le Disparu") == []
    assert "Le Disparu" in fetch("/search?q=disparu&version=1").links()
