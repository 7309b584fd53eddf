"""Charts of questions: drawn where the header says how, from the rows of the answer; nothing elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from app import sparql
from app.queries import CannedQuery, Catalogue
from app.resources import folder
from app.web.question_charts import rows_answered, summed, sums_answered, sums_asked
from tests.web.reading import Page, text_of

SVG = "{http://www.w3.org/2000/svg}"
CHARTED = [query for query in Catalogue.load(folder("queries")).within("") if query.chart]


def titles(page: Page) -> list[str]:
    return [text_of(rect) for figure in page.all("figure", id="chart") for rect in figure.iter(f"{SVG}rect") if len(rect)]


def test_the_evolution_of_a_theme_is_drawn_by_year_and_class(seen: Callable[[str], Page]) -> None:
    page = seen("/queries/evolution-of-a-theme?area=https://w3id.org/maillage/territory/departement-91")
    assert "Partenariat – 2020 – 68" in titles(page)


def test_the_amounts_of_a_year_are_added_up(seen: Callable[[str], Page]) -> None:
    assert titles(seen("/queries/who-funds-whom?year=2022")) == ["2022 – 3 567 078 €"]


def test_of_many_bars_the_largest_are_drawn(seen: Callable[[str], Page]) -> None:
    drawn = titles(seen("/queries/research-grounds?area=https://w3id.org/maillage/territory/departement-91"))
    assert len(drawn) <= 15
    assert drawn[0] == "Éducation et jeunesse – 3"


@pytest.mark.parametrize(
    "path", ["/queries/who-funds-whom", "/queries/research-grounds?area=https://w3id.org/maillage/territory/departement-91"]
)
def test_a_page_that_shows_a_part_of_the_rows_draws_and_counts_all(
    seen: Callable[[str], Page], path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = seen(path)
    monkeypatch.setattr("app.web.questions.SHOWN_ROWS", 3)
    part = seen(path)
    assert titles(part) == titles(whole)
    assert len(titles(part)) > 3
    counts = [[text_of(one) for one in page.all("span", class_="count")] for page in (whole, part)]
    assert counts[0] == counts[1]
    assert len(list(part.all("table")[0].iter("tr"))) == 4


def test_a_question_without_a_chart_has_none(seen: Callable[[str], Page]) -> None:
    assert seen("/queries/glossary?word=bio").all("figure", id="chart") == []


@pytest.mark.parametrize("query", CHARTED, ids=lambda query: query.name)
def test_a_chart_names_variables_of_its_query(query: CannedQuery) -> None:
    for key in ("x", "y", "series"):
        assert key not in query.chart or f"?{query.chart[key]}" in query.body


@pytest.mark.parametrize("chart", ["{shape: pie, x: a, y: b}", "{shape: bars, x: a}", "{shape: bars, x: a, y: b, z: c}"])
def test_a_chart_that_cannot_be_drawn_is_refused(tmp_path: Path, chart: str) -> None:
    path = tmp_path / "one.rq"
    path.write_text(f'#+ question: {{fr: "?", en: "?"}}\n#+ chart: {chart}\nSELECT ?a ?b WHERE {{ ?a ?c ?b }}\n')
    with pytest.raises(ValueError, match="chart"):
        CannedQuery.read(path, tmp_path)


@pytest.mark.parametrize("query", CHARTED, ids=lambda query: query.name)
def test_what_a_chart_adds_up_is_the_same_asked_as_read_row_by_row(seed_site: FlaskClient, query: CannedQuery) -> None:
    given = {one.name: ox.NamedNode(str(one.example)) for one in query.params if one.required}
    ask, text = partial(sparql.rows, seed_site.application.extensions["maillage"].engine), query.bind(given)
    whole = summed(query, ask(text))
    is_cut = query.chart["shape"] == "bars"
    drawn = sorted(whole, key=lambda key: (-whole[key], str(key[0])))[:15] if is_cut else list(whole)
    assert drawn
    asked = ask(sums_asked(query, text))
    assert sums_answered(query, asked) == {key: whole[key] for key in drawn}
    assert rows_answered(asked) == (None if is_cut else len(ask(text)))
