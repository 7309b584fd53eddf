"""The tree of themes and the glossary: every theme once in its place, every word defined or sent to its theme."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from app.entities.themes import Concept, Concepts
from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]


def test_the_tree_has_the_broad_themes_and_each_its_narrower_ones(fetch: Fetch) -> None:
    page = fetch("/theme")
    sections = {text_of(next(s.iter("h2"))): [text_of(li) for li in s.iter("li")] for s in page.all("section")}
    assert len(sections) == 14
    assert "Agriculture biologique et paysanne" in sections["Alimentation et agriculture"]
    assert page.links()["Agriculture biologique et paysanne"] == "/theme/agriculture-biologique"
    assert sum(map(len, sections.values())) + len(sections) == 99


@pytest.mark.parametrize("language", ["", "/en"])
def test_the_glossary_defines_each_theme_and_sends_synonyms_to_it(fetch: Fetch, language: str) -> None:
    page = fetch(f"{language}/glossary")
    lines = {text_of(next(div.iter("dt"))): text_of(next(div.iter("dd"))) for dl in page.all("dl") for div in dl.iter("div")}
    word, synonym, see = (
        ("Food and farming", "food sovereignty", "See")
        if language
        else (
            "Alimentation et agriculture",
            "souveraineté alimentaire",
            "Voir",
        )
    )
    assert synonym in lines[word]
    assert lines[synonym] == f"{see} {word}"


def test_letters_fold_accents_and_follow_each_other(fetch: Fetch) -> None:
    letters = [text_of(h2) for h2 in fetch("/glossary").all("h2")]
    assert letters == sorted(set(letters))
    assert "É" not in letters


def test_a_word_narrows_the_glossary_whatever_its_accents_and_case(fetch: Fetch) -> None:
    page = fetch("/glossary?q=SOUVERAINETE")
    assert [text_of(dt) for dt in page.all("dt")] == ["souveraineté alimentaire"]


def test_a_word_that_nothing_contains_is_told_and_is_text(fetch: Fetch) -> None:
    page = fetch("/glossary?q=<b>zzz")
    assert "Aucun mot ne contient « <b>zzz »." in page.text
    assert not page.all("dt")


def test_the_pages_keep_the_version_and_name_the_table(client: FlaskClient) -> None:
    answer = client.get("/theme?version=1", headers={"Accept": "text/html"})
    assert "/theme.csv?version=1" in answer.headers["Link"]
    assert client.get("/theme.csv").status_code == 200


def test_themes_that_stand_below_each_other_in_a_circle_end() -> None:
    def concept(name: str, above: str | None) -> Concept:
        node = Concept(above, above, None, None, None, (), None).node if above else None
        return Concept(name, name, None, None, None, (), node)

    circle = {"a": concept("a", "b"), "b": concept("b", "a"), "c": concept("c", None), "d": concept("d", "c")}
    tree = Concepts(circle, "").tree()
    assert [(top.label, [one.label for one in top.narrower]) for top in tree] == [("c", ["d"])]


def test_a_theme_is_called_a_theme_and_not_a_concept_too(seen: Callable[[str], Page]) -> None:
    (kind,) = seen("/theme/cooperation").all("p", class_="kind")
    assert text_of(kind) == "Thème"
