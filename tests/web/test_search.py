"""Search over HTTP: the box on every page, the page of results, and the data that completion and programs read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from app.web.search import SIZE
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
    assert found(fetch, "vallon")[:3] == ["Vallon", "Agglomération du Vallon", "Lettre du vallon"]
    names = found(fetch, "marché")
    assert names[0] == "Marché de quartier"
    assert "Comité de pilotage du marché" in names[1:]


def test_all_kinds_are_mixed_counted_and_can_be_narrowed(fetch: Fetch) -> None:
    page = fetch("/search", query_string={"q": "vallon"})
    told = {text_of(next(li.iter("a"))): text_of(li) for ol in page.all("ol", class_="found") for li in ol}
    assert told["Vallon"] == "Vallon Commune"
    assert told["Lettre du vallon"] == "Lettre du vallon Source"
    (kinds,) = page.all("nav", class_="kinds")
    counts = {text_of(a).rpartition(" ")[0]: int(text_of(a).rpartition(" ")[2]) for a in kinds.iter("a")}
    assert counts.pop("Tout") == sum(counts.values())
    assert counts["Territoires"] == 1
    narrowed = fetch("/search", query_string={"q": "vallon", "kind": "territory"})
    assert [text_of(a) for a in narrowed.all("a") if a.get("aria-current") == "true"] == ["Territoires 1"]
    assert [text_of(next(li.iter("a"))) for ol in narrowed.all("ol", class_="found") for li in ol] == ["Vallon"]


def test_a_synonym_finds_a_theme_and_says_which(fetch: Fetch) -> None:
    page = fetch("/search", query_string={"q": "ATELIER VELO"})
    assert "/theme/velo" in page.hrefs()
    assert "Aussi nommé : atelier vélo" in page.text


def test_a_theme_leads_to_what_is_about_it_and_what_matched_is_marked(fetch: Fetch) -> None:
    page = fetch("/search", query_string={"q": "épiceries coopératives"})
    assert "La Grainerie" in page.links()
    assert "Thème ou territoire :" in page.text
    assert {"Épicerie", "coopérative"} <= {text_of(mark) for mark in page.all("mark")}


def test_a_description_is_shown_around_what_matched(fetch: Fetch) -> None:
    page = fetch("/en/search", query_string={"q": "grocery run"})
    (first,) = [li for ol in page.all("ol", class_="found") for li in ol if text_of(next(li.iter("a"))) == "La Grainerie"]
    assert "A grocery run by its members." in text_of(first)


def test_a_mistyped_word_is_forgiven_and_said_so(fetch: Fetch) -> None:
    page = fetch("/search", query_string={"q": "grianerie"})
    assert "La Grainerie" in page.links()
    assert "Rien ne s’écrit exactement « grianerie »" in page.text


@pytest.mark.parametrize("text", ["732829320", "732 829 320", "732.829.320", "732\u00a0829\u00a0320"])
def test_an_identifier_is_found_however_it_is_spaced_and_only_whole(fetch: Fetch, text: str) -> None:
    assert found(fetch, text) == ["La Grainerie"]
    assert found(fetch, text[:-1]) == []


@pytest.mark.parametrize("text", ["en préparation", "Société coopérative et participative", "nature de partenariat"])
def test_codes_and_classes_of_the_model_are_no_results(client: FlaskClient, text: str) -> None:
    found = client.get("/search.json", query_string={"q": text, "limit": 100}).json
    assert found is not None
    assert not [one["iri"] for one in found["results"] if "/ontology#" in one["iri"] or "/code/" in one["iri"]]


@pytest.mark.parametrize("path", ["/search", "/search?q=", "/search?q=%20%20"])
def test_without_a_word_the_page_says_how_to_search(fetch: Fetch, path: str) -> None:
    page = fetch(path)
    assert page.status == 200
    assert "SIRET" in page.all("p", class_="summary")[0].text
    assert not page.all("ol", class_="found")


def test_what_nothing_matches_is_said_with_what_to_do_next(fetch: Fetch) -> None:
    page = fetch("/en/search?q=xyzzy&kind=actor")
    assert "No record matches “xyzzy”" in page.text
    assert {"/en/queries", "/en/actor", "/en/territory", "/en/search?q=xyzzy"} <= page.hrefs()


def test_many_results_are_paged(fetch: Fetch) -> None:
    first = found(fetch, "la convention")
    page = fetch("/search?q=la+convention&page=2")
    second = [text_of(next(li.iter("a"))) for ol in page.all("ol", class_="found") for li in ol]
    assert len(first) == len(second) == SIZE
    assert not set(first) & set(second)
    assert page.all("ol", class_="found")[0].get("start") == str(SIZE + 1)
    (pager,) = page.all("nav", class_="pager")
    assert {a.get("href") for a in pager.iter("a")} == {"/search?q=la+convention", "/search?q=la+convention&page=3"}


@pytest.mark.parametrize("text", ['"} ; DROP ALL #', "\\", "?x . } #", "<script>alert(1)</script>", "%", ".*", "x" * 5_000])
def test_what_is_typed_is_only_ever_text(client: FlaskClient, text: str) -> None:
    response = client.get("/search", query_string={"q": text})
    assert response.status_code == 200
    assert "<script>alert" not in response.text


def test_a_name_is_searched_in_the_version_that_is_read(fetch: Fetch) -> None:
    assert found(fetch, "Le Disparu") == []
    assert "Le Disparu" in fetch("/search?q=disparu&version=1").links()


# --- /search.json


def results(client: FlaskClient, **query: object) -> list[dict[str, Any]]:
    answer = client.get("/search.json", query_string=query)
    assert answer.status_code == 200
    assert answer.json is not None
    found: list[dict[str, Any]] = answer.json["results"]
    return found


def test_a_result_tells_what_a_list_of_completions_needs(client: FlaskClient) -> None:
    (one,) = results(client, q="grain", names=1)
    assert one == {
        "iri": "http://localhost:8000/id/actor/grainerie",
        "page": "/actor/grainerie",
        "label": "La Grainerie",
        "language": None,
        "kind": "actor",
        "what": "Coopérative de consommateurs",
        "where": ["Vallon"],
        "why": "name",
        "said": None,
    }


def test_the_data_say_how_the_question_was_read_and_how_many_there_are(client: FlaskClient) -> None:
    answer = client.get("/en/search.json?q=grianerie").json
    assert answer is not None
    assert (answer["reading"], answer["total"], answer["kinds"], answer["version"]) == ("typos", 1, {"actor": 1}, 2)
    assert answer["results"][0]["page"] == "/en/actor/grainerie"
    assert answer["results"][0]["what"] == "Consumer cooperative"


def test_completion_looks_at_names_alone_and_at_beginnings(client: FlaskClient) -> None:
    assert [one["label"] for one in results(client, q="march", names=1)][:1] == ["Marché de quartier"]
    assert results(client, q="épicerie tenue", names=1) == []
    assert [one["label"] for one in results(client, q="épicerie tenue")] == ["La Grainerie"]


def test_kinds_and_classes_restrict_with_all_below_them(client: FlaskClient) -> None:
    assert {one["kind"] for one in results(client, q="vallon", kind=["actor", "source"])} == {"actor", "source"}
    assert [one["label"] for one in results(client, q="la", names=1, **{"class": "maillage:Cooperative"})] == ["La Grainerie"]
    assert [one["label"] for one in results(client, q="vallon", **{"class": "maillage:Territory"})] == ["Vallon"]


@pytest.mark.parametrize(
    "query", ["kind=planet", "class=not+an+iri", "limit=0", "limit=101", "limit=x", "offset=10001", "offset=-1", "version=x"]
)
def test_what_the_data_cannot_be_asked_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"/search.json?q=a&{query}").status_code == 400
    assert client.get("/search?q=a&page=9999999").status_code == 400


def test_without_text_the_data_are_empty(client: FlaskClient) -> None:
    assert results(client) == results(client, q=" ") == results(client, q="’") == []


def test_boxes_for_entities_tell_the_script_where_to_complete(fetch: Fetch) -> None:
    page = fetch("/en/queries/what-an-actor-offers")
    boxes = [box for box in page.all("input") if box.get("data-complete")]
    assert [box.get("data-complete") for box in boxes] == ["/en/search.json", "/en/search.json?class=maillage%3AActor"]
