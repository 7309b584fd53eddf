"""The first rows of a question, the number of all of them, what numbers add up to: what its whole answer says."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import pytest

from app import sparql
from app.assembly import load_catalogue
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.queries import CannedQuery
from app.queries.parts import first_rows, row_count, sums
from tests.bench.questions import filled

CATALOGUE = load_catalogue()
QUESTIONS = [query.name for query in CATALOGUE.within("")]


@pytest.fixture(scope="module")
def engine(observatory: Repository) -> Iterator[DirectEngine]:
    made = DirectEngine(observatory)
    yield made
    made.close()


def least_bound(query: CannedQuery) -> str:
    """The question with its required parameters only: the longest answer."""
    required = {parameter.name for parameter in query.params if parameter.required}
    return query.bind({name: term for name, term in filled(query).items() if name in required})


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_first_rows_and_the_count_are_those_of_the_whole_answer(engine: DirectEngine, name: str) -> None:
    ask, text = partial(sparql.rows, engine), least_bound(CATALOGUE.get(name))
    whole = ask(text)
    assert ask(first_rows(text, 1)) == whole[:1]
    assert int(ask(row_count(text))[0]["rows"].value) == len(whole)  # type: ignore[union-attr]


def test_a_count_needs_a_select() -> None:
    with pytest.raises(ValueError, match="SELECT"):
        row_count("ASK {}")


def test_only_numbers_are_added_up_and_the_largest_come_first(engine: DirectEngine) -> None:
    rows = 'VALUES (?x ?y) { ("a" 1) ("b" 2.5) ("a" "many") ("c" 9) ("a" 3) ("d" UNDEF) }'
    text = f"SELECT ?x ?y WHERE {{ {rows} }}\nORDER BY ?x\n"
    found = sparql.rows(engine, sums(text, "y", ["x"], 2))
    assert [(row["x"].value, row["sum"].value) for row in found] == [("c", "9"), ("a", "4")]  # type: ignore[union-attr]
