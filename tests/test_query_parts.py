"""The first rows of a question, the number of all of them, what numbers add up to: what its whole answer says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

import pytest

from app import sparql
from app.assembly import load_catalogue
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.queries import CannedQuery
from app.queries.parts import first_rows, largest_sums, quickly_sorted, row_count, sums
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


def in_order(text: str, rows: list[sparql.Row]) -> tuple[list[str], list[list[str]]]:
    """What the rows are sorted by, as far as it stands in them, and then each whole: rows alike may stand either way."""
    said = text.rstrip().rpartition("\nORDER BY ")[2]
    by = [name for name in re.findall(r"\?(\w+)", said) if any(name in row for row in rows)]
    keys = [[str(row.get(name)) for name in by] for row in rows]
    return sorted(map(str, rows)), keys


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_first_rows_and_the_count_are_those_of_the_whole_answer(engine: DirectEngine, name: str) -> None:
    ask, text = partial(sparql.rows, engine), least_bound(CATALOGUE.get(name))
    whole = ask(text)
    assert ask(first_rows(text, 1)) == whole[:1]
    assert in_order(text, ask(first_rows(text, 10_000))) == in_order(text, whole)
    assert int(ask(row_count(text))[0]["rows"].value) == len(whole)  # type: ignore[union-attr]


def test_a_count_needs_a_select() -> None:
    with pytest.raises(ValueError, match="SELECT"):
        row_count("ASK {}")


NUMBERS = 'VALUES (?x ?y) { ("a" 1) ("b" 2.5) ("a" "many") ("c" 9) ("a" 3) ("d" UNDEF) ("e" "none") }'


def summed_up(engine: DirectEngine, text: str) -> list[dict[str, str]]:
    return [{name: term.value for name, term in row.items()} for row in sparql.rows(engine, text)]  # type: ignore[union-attr]


def test_only_numbers_are_added_up_and_the_largest_come_first(engine: DirectEngine) -> None:
    text = f"SELECT ?x ?y WHERE {{ {NUMBERS} }}\nORDER BY ?x\n"
    assert summed_up(engine, largest_sums(text, "y", "x", 2)) == [{"x": "c", "sum": "9"}, {"x": "a", "sum": "4"}]


def test_sums_tell_how_many_numbers_and_rows_they_are_of(engine: DirectEngine) -> None:
    found = {row["x"]: row for row in summed_up(engine, sums(f"SELECT ?x ?y WHERE {{ {NUMBERS} }}\n", "y", ["x"]))}
    told = {x: (row["sum"], row["numbers"], row["rows"]) for x, row in found.items()}
    assert told == {
        "a": ("4", "2", "3"),
        "b": ("2.5", "1", "1"),
        "c": ("9", "1", "1"),
        "d": ("0", "0", "1"),
        "e": ("0", "0", "1"),
    }


def ordered(engine: DirectEngine, values: str, order: str) -> tuple[list[str], list[str]]:
    """What ``?itName`` and ``?class`` are in the plain order, and quickly sorted."""
    text = f"SELECT ?itName ?class ?start WHERE {{\n    VALUES (?itName ?class ?start) {{ {values} }}\n}}\nORDER BY {order}\n"
    quick = quickly_sorted(text)
    assert quick != text
    found = [[" ".join(map(str, row.values())) for row in sparql.rows(engine, one)] for one in (text, quick)]
    return found[0], found[1]


def test_names_and_classes_are_sorted_quickly_as_they_are_plainly(engine: DirectEngine) -> None:
    names = ("b", "B", "é", "e", "Ée", "", " a", "a", "ab", "a-b", "😀", "\uffff", "a much longer name than fits in hand")
    values = "".join(f'("{name}"@fr <x:{number % 3}> {number % 5}) ' for number, name in enumerate(names))
    values += '("b"@en <x:0> 9) ("plain" <x:1> 10) (UNDEF <x:1> 11) ("a" UNDEF UNDEF)'
    for order in ("?itName DESC(?start)", "DESC(?itName) ?start", "?class DESC(?itName) ?start", "DESC(?start) ?class ?itName"):
        plain, quick = ordered(engine, values, order)
        assert quick == plain
        assert len(plain) == 17


@pytest.mark.parametrize(
    "text",
    [
        "SELECT ?name WHERE { ?x ?y ?name }\n",
        "SELECT ?y (MIN(?x) AS ?oneName) WHERE {\n    ?x ?y ?z\n}\nGROUP BY ?y\nORDER BY ?oneName\n",
        "ASK {}",
    ],
)
def test_what_is_not_sorted_or_is_grouped_is_left_alone(text: str) -> None:
    assert quickly_sorted(text) == text


def test_what_the_select_works_out_is_sorted_as_it_is() -> None:
    text = "SELECT (STR(?x) AS ?oneName) ?twoName WHERE {\n    ?x ?y ?twoName\n}\nORDER BY ?oneName ?twoName\n"
    assert quickly_sorted(text).rstrip().endswith("ORDER BY ?oneName ?twoNameKey")
