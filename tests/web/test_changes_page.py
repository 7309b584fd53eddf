"""The page of what changed between two days: its days, its tables, its files, and how it differs from the versions."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from tests.web.reading import Page, text_of


def rows(page: Page, name: str) -> list[str]:
    (section,) = page.all("section", aria_labelledby=name)
    return [" | ".join(text_of(cell) for cell in tr) for tbody in section.iter("tbody") for tr in tbody.iter("tr")]


def test_links_that_are_new_or_ended_are_listed_with_their_partnership(fetch: Callable[..., Page]) -> None:
    page = fetch("/changes?from=2019&to=2020-06-30")
    assert "Du 31 décembre 2019 au 30 juin 2020" in page.text
    assert rows(page, "new") == ["L’Atelier – La Grainerie | 0 | 1 | la convention de voisinage"]
    assert rows(page, "ended") == ["Agglomération du Vallon – La Grainerie | 1 | 0 | l’aide au marché de 2019"]


def test_without_days_the_last_year_known_is_compared_with_the_one_before(fetch: Callable[..., Page]) -> None:
    page = fetch("/en/changes")
    assert "From 31 December 2019 to 31 December 2020" in page.text
    assert "when the observatory learnt or corrected it" in page.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("from=2021&to=2019", "La première date est après la seconde"),
        ("from=hier", "Indiquez une année ou un jour"),
        ("area=Nulle+part", "Aucune fiche ne porte exactement ce nom."),
    ],
)
def test_what_is_not_understood_is_said_and_refused_as_a_file(
    fetch: Callable[..., Page], client: FlaskClient, query: str, said: str
) -> None:
    assert said in fetch(f"/changes?{query}").text
    assert client.get(f"/changes.csv?{query}").status_code == 400


def test_a_filter_keeps_what_touches_the_area(fetch: Callable[..., Page]) -> None:
    page = fetch("/changes?from=2019&to=2020&area=Vallon")
    assert rows(page, "new") == ["L’Atelier – La Grainerie | 0 | 1 | la convention de voisinage"]


def test_the_file_has_every_change(client: FlaskClient) -> None:
    answer = json.loads(client.get("/changes.json?from=2019&to=2020").data)
    new = [row for row in answer["rows"] if row["change"] == "Nouveaux"]
    assert {row["partnership"]["name"] for row in new} >= {"la convention de voisinage"}
    assert answer["meta"]["address"].endswith("/changes?from=2019-12-31&to=2020-12-31&version=2")
