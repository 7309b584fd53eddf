"""The first rows of a question and the number of all of them: for every question of the catalogue, what its whole answer says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from app import sparql
from app.assembly import load_catalogue
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.queries.parts import first_rows, row_count
from tests.bench.questions import filled

CATALOGUE = load_catalogue()
QUESTIONS = [query.name for query in CATALOGUE.within("")]


@pytest.fixture(scope="module")
def engine(observatory: Repository) -> Iterator[DirectEngine]:
    made = DirectEngine(observatory)
    yield made
    made.close()


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_first_rows_and_the_count_are_those_of_the_whole_answer(engine: DirectEngine, name: str) -> None:
    query = CATALOGUE.get(name)
    given = {name: term for name, term in filled(query).items() if next(p for p in query.params if p.name == name).required}
    ask, text = partial(sparql.rows, engine), query.bind(given)
    whole = ask(text)
    assert ask(first_rows(text, 1)) == whole[:1]
    assert int(ask(row_count(text))[0]["rows"].value) == len(whole)  # type: ignore[union-attr]


def test_a_count_needs_a_select() -> None:
    with pytest.raises(ValueError, match="SELECT"):
        row_count("ASK {}")
