"""Figures: each equals the list that it opens, on the seed and on random data, and what is counted by hand."""

from __future__ import annotations

import gzip
import random
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from app.engine.versions import Repository
from app.errors import BadParameter
from app.facts import Facts
from app.resources import folder
from app.statistics import DIMENSIONS, MEASURES, Question, Table, behind, pairs_behind, tabulate
from app.statistics.places import find_territories
from app.statistics.portrait import Portrait, of_territory, of_theme
from app.statistics.table import count, count_among, different, measured
from app.statistics.wording import euros
from app.terms import TERRITORY, THEME
from app.text import LANGUAGES, Language
from tests.engine.versioned import BASE, FAST
from tests.test_facts import LAND, index, quads, write

SEED = ("posts-politique-de-la-ville", "observatoire", "cooperatives-de-jeunes", "territories", "themes")


@pytest.fixture(scope="module")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Facts:
    repository = Repository(tmp_path_factory.mktemp("seed") / "data", BASE, options=FAST, indexes=(index(),))
    found: set[ox.Quad] = set()
    for name in SEED:
        found |= set(_seed(name))
    return write(repository, found)


def _seed(name: str) -> Iterator[ox.Quad]:
    path = folder("seed") / f"{name}.ttl"
    text = path.read_bytes() if path.exists() else gzip.decompress(path.with_suffix(".ttl.gz").read_bytes())
    if name == "themes":
        text += (folder("ontology") / "themes.ttl").read_bytes()
    for quad in ox.parse(text, ox.RdfFormat.TURTLE, base_iri=BASE):
        if not isinstance(quad.subject, ox.BlankNode) and not isinstance(quad.object, ox.BlankNode):
            yield ox.Quad(quad.subject, quad.predicate, quad.object, ox.NamedNode(f"{BASE}graphs/{name}"))


def length(facts: Facts, question: Question) -> int:
    """What the list of a figure adds up to."""
    if question.what.how in ("links", "density"):
        return len(pairs_behind(facts, question))
    rows = behind(facts, question)
    return int(facts.column(question.what.column)[rows].sum()) if question.what.how == "sum" else len(rows)


def wrong(facts: Facts, table: Table) -> list[tuple[str, str]]:
    """The figures of a table that are not those of their lists."""
    places = [(row, column) for row in ("", *table.rows) for column in ("", *table.columns)]
    figures = {place: table[place].parts[0] if table[place].parts else table[place].value for place in places}
    return [place for place in places if figures[place] != length(facts, table.question.at(*place))]


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("rows", DIMENSIONS)
def test_every_figure_of_the_seed_equals_its_list(seed: Facts, measure: str, rows: str) -> None:
    columns = "source" if rows == "year" else "year"
    table = tabulate(seed, Question.read({"measure": measure, "rows": rows, "columns": columns}))
    assert table.rows or table["", ""].value == 0
    assert wrong(seed, table) == []


STATEMENTS = [
    *(f"<id/actor/{n}> a m:{c} ." for n in range(5) for c in ("Association", "Company", "Organization")),
    *(f"<id/actor/{n}> m:theme t:{t} ." for n in range(5) for t in ("food", "garden", "work")),
    *(
        f"<id/{k}> m:territory p:{p} ."
        for k in ("actor/0", "actor/1", "partnership/0")
        for p in ("commune-1", "commune-2", "epci-1")
    ),
    *(f'<id/partnership/{n}> m:startDate "{y}"^^x:gYear .' for n in range(5) for y in (2019, 2020)),
    *(f'<id/partnership/{n}> m:endDate "{y}"^^x:gYear .' for n in range(5) for y in (2018, 2021)),
    *(
        f"<id/partnership/{n}> {s} ."
        for n in range(5)
        for s in ("a m:Partnership", "m:amount 10.5", "m:amount 20", "m:theme t:garden")
    ),
    *(f"<id/partnership/{n}> m:participation <id/participation/{n}-{a}> ." for n in range(5) for a in range(4)),
    *(f"<id/participation/{n}-{a}> m:participant <id/actor/{a}> ." for n in range(5) for a in range(4)),
    *(f"<id/participation/{n}-{a}> m:role role:{r} ." for n in range(5) for a in range(4) for r in ("funds", "receives-funding")),
]


@pytest.fixture(scope="module", params=range(3))
def invented(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Facts:
    """Random statements of two sources that often state the same."""
    draws = random.Random(request.param)
    repository = Repository(tmp_path_factory.mktemp("invented") / "data", BASE, options=FAST, indexes=(index(),))
    write(repository, quads(LAND))
    possible = [text for text in STATEMENTS if draws.random() < 0.7]
    facts = write(
        repository, {q for text in possible for graph in ("one", "two") if draws.random() < 0.7 for q in quads(text, graph)}
    )
    return write(repository, set(), {q for text in draws.sample(possible, 6) for q in quads(text, "two")}) or facts


@pytest.mark.parametrize("measure", ["actors", "partnerships", "amounts", "engaged", "links", "density"])
@pytest.mark.parametrize(
    "rows", ["theme", "subtheme", "department", "commune", "year", "active", "class", "source", "funder", "receiver"]
)
def test_every_figure_of_random_data_equals_its_list(invented: Facts, measure: str, rows: str) -> None:
    for columns in ("", "theme" if rows != "theme" else "commune", "year" if rows != "year" else "source"):
        table = tabulate(invented, Question.read({"measure": measure, "rows": rows, "columns": columns}))
        assert wrong(invented, table) == []


def small(tmp_path: Path) -> Facts:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(),))
    statement = """
    <id/partnership/1> a m:Partnership ; m:amount 100.25 ; m:theme t:garden , t:food ; m:territory p:commune-1 ;
        m:startDate "2020"^^x:gYear ; m:endDate "2021"^^x:gYear ; m:participation <id/participation/1> , <id/participation/2> .
    <id/participation/1> m:participant <id/actor/a> ; m:role role:funds .
    <id/participation/2> m:participant <id/actor/b> ; m:role role:receives-funding .
    <id/partnership/2> a m:Partnership ; m:amount 50 ; m:theme t:garden ; m:startDate "2021-05"^^x:gYearMonth ;
        m:participation <id/participation/3> , <id/participation/4> , <id/participation/5> .
    <id/participation/3> m:participant <id/actor/a> . <id/participation/4> m:participant <id/actor/b> .
    <id/participation/5> m:participant <id/actor/c> .
    <id/partnership/3> a m:Partnership ; m:theme t:work .
    <id/actor/a> a m:Association . <id/actor/b> a m:Association . <id/actor/c> a m:Person .
    """
    return write(repository, quads(LAND) | quads(statement, "one") | quads(statement, "two"))


def figures(facts: Facts, **given: str) -> dict[tuple[str, str], int]:
    return {place: figure.value for place, figure in tabulate(facts, Question.read(given)).figures.items()}


def test_figures_are_those_that_a_reader_counts_by_hand(tmp_path: Path) -> None:
    facts = small(tmp_path)
    assert figures(facts, measure="partnerships", rows="theme") == {("", ""): 3, ("food", ""): 2, ("work", ""): 1}
    assert figures(facts, measure="partnerships", rows="subtheme")["garden", ""] == 2
    assert figures(facts, measure="amounts", rows="year") == {("", ""): 15_025, ("2020", ""): 10_025, ("2021", ""): 5_000}
    assert figures(facts, measure="amounts", rows="active") == {("", ""): 15_025, ("2020", ""): 10_025, ("2021", ""): 15_025}
    assert figures(facts, measure="partnerships", rows="commune", columns="year") == {
        ("", ""): 3,
        ("commune-1", ""): 1,
        ("none", ""): 2,
        ("", "2020"): 1,
        ("", "2021"): 1,
        ("", "none"): 1,
        ("commune-1", "2020"): 1,
        ("commune-1", "2021"): 0,
        ("commune-1", "none"): 0,
        ("none", "2020"): 0,
        ("none", "2021"): 1,
        ("none", "none"): 1,
    }
    assert figures(facts, measure="engaged", rows="year") == {("", ""): 3, ("2020", ""): 2, ("2021", ""): 3, ("none", ""): 0}
    assert figures(facts, measure="links", rows="year") == {("", ""): 3, ("2020", ""): 1, ("2021", ""): 3, ("none", ""): 0}
    assert figures(facts, measure="amounts", rows="funder") == {
        ("", ""): 15_025,
        (f"{BASE}id/actor/a", ""): 10_025,
        ("none", ""): 5_000,
    }


def test_a_density_tells_the_pairs_that_it_is_made_of(tmp_path: Path) -> None:
    table = tabulate(small(tmp_path), Question.read({"measure": "density", "rows": "year"}))
    assert table["2020", ""].parts == (1, 1)
    assert table["none", ""].parts == (0, 0)
    assert table["", ""].value == 1_000_000


def test_conditions_narrow_what_is_counted(tmp_path: Path) -> None:
    facts = small(tmp_path)

    def count(**conditions: str) -> int:
        return figures(facts, measure="partnerships", rows="kind", **conditions)["", ""]

    assert count(territory="departement-1") == 1
    assert count(territory="commune-2") == 0
    assert count(theme="garden") == 2
    assert count(theme="garden", **{"from": "2021", "to": "2021-04"}) == 1
    assert count(to="2020") == 1
    assert count(funder=f"{BASE}id/actor/a") == 1
    assert count(nature="none") == 3


@pytest.mark.parametrize(
    "given",
    [
        {"measure": "happiness"},
        {"rows": "colour"},
        {"rows": "year", "columns": "year"},
        {"from": "hier"},
        {"to": "2021-02-30"},
        {"from": "-200"},
    ],
)
def test_a_word_that_means_nothing_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(BadParameter):
        Question.read(given)


@pytest.mark.parametrize(
    "given", [{"theme": "sorcery"}, {"territory": "commune-404"}, {"nature": "x"}, {"funder": "https://x.example/"}]
)
def test_a_condition_that_nothing_has_is_refused(tmp_path: Path, given: dict[str, str]) -> None:
    facts = small(tmp_path)
    with pytest.raises(BadParameter):
        tabulate(facts, Question.read({"measure": "partnerships", **given}))


def test_the_largest_rows_are_shown_and_the_others_counted(seed: Facts) -> None:
    question = Question.read({"measure": "amounts", "rows": "receiver", "columns": "year"})
    whole, cut = tabulate(seed, question), tabulate(seed, question, most=(5, 2))
    assert cut.rows == whole.rows[:5]
    assert cut.left_out == (len(whole.rows) - 5, 2)
    assert cut["", ""] == whole["", ""]


def test_an_address_says_all_of_a_question() -> None:
    given = {
        "measure": "amounts",
        "rows": "year",
        "columns": "theme",
        "territory": "departement-91",
        "from": "2020",
        "row": "2021",
    }
    assert Question.read(given).given == given


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("essonne", ["departement-91"]),
        ("saint germain-les corbeil", ["commune-91553"]),
        ("commune-91377", ["commune-91377"]),
        ("x", []),
    ],
)
def test_a_territory_is_found_by_what_people_write(seed: Facts, text: str, expected: list[str]) -> None:
    found = find_territories(seed, text)
    assert [seed.tables.territories[n].rpartition("/")[2] for n in found] == expected


def test_the_amounts_of_the_seed_add_up(seed: Facts) -> None:
    """The sum that a spreadsheet makes of the file."""
    amounts = [float(q.object.value) for q in _seed("posts-politique-de-la-ville") if q.predicate.value.endswith("#amount")]
    table = tabulate(seed, Question.read({"measure": "amounts", "rows": "year"}))
    assert table["", ""].value == round(100 * sum(amounts))
    assert np.sum([table[row, ""].value for row in table.rows]) == table["", ""].value


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(("condition", "word"), [("territory", "departement-91"), ("theme", "emploi"), ("theme", "nature")])
def test_a_measure_of_some_rows_is_the_figure_of_the_condition_that_they_meet(
    seed: Facts, measure: str, condition: str, word: str
) -> None:
    question = Question.read({"measure": measure, "rows": "kind", condition: word})
    everything = Question.read({"measure": "entities", "rows": "kind", condition: word})
    rows = np.flatnonzero(everything.mask(seed))
    found = count_among(seed, measure, rows, seed.column("kind")[rows])
    assert (found is None) == (MEASURES[measure].how in ("actors", "links", "density"))
    assert found is None or found == count(seed, question).value
    assert measured(seed, measure, rows, seed.column("kind")[rows]).tolist() == np.flatnonzero(question.mask(seed)).tolist()


@pytest.mark.parametrize(("of", "iri"), [(of_territory, f"{TERRITORY}departement-91"), (of_theme, f"{THEME}emploi")])
def test_the_tables_of_a_portrait_are_those_of_its_questions(
    seed: Facts, of: Callable[[Facts, int, int], Portrait], iri: str
) -> None:
    names = seed.tables.territories if of is of_territory else seed.tables.themes
    portrait = of(seed, names.find(iri), 20_000)
    for table in (portrait.years, portrait.amounts):
        assert table == tabulate(seed, table.question)
        assert len(table.rows) >= (4 if of is of_territory else 0)
    assert portrait.funders == tabulate(seed, portrait.funders.question, most=(8, 0))
    assert portrait.figures["links"] == count(seed, Question.read({**portrait.years.question.given, "measure": "links"})).value


@pytest.mark.parametrize(
    ("cents", "language", "written"),
    [
        (716_400, "fr", "7\u202f164\u00a0€"),
        (716_450, "fr", "7\u202f164,50\u00a0€"),
        (-5, "en", "-€0.05"),
        (716_400, "en", "€7,164"),
        (0, "fr", "0\u00a0€"),
        (12.5, "en", "€0.12"),
    ],
)
def test_amounts_have_cents_only_where_there_are_some(cents: float, language: Language, written: str) -> None:
    assert euros(cents, language) == written


@given(st.integers(-(10**12), 10**12))
def test_amounts_are_written_as_babel_writes_them(cents: int) -> None:
    for language in LANGUAGES:
        pattern = None if cents % 100 else ("#,##0\u00a0¤" if language == "fr" else "¤#,##0")
        assert euros(cents, language) == format_currency(
            cents / 100, "EUR", pattern, locale=language, currency_digits=pattern is None
        )


@given(st.lists(st.tuples(st.integers(0, 4), st.one_of(st.integers(0, 9), st.integers(10**6, 10**6 + 3)))))
def test_values_that_differ_are_counted_alike_whether_they_are_ticked_off_or_sorted(pairs: list[tuple[int, int]]) -> None:
    places, values = (np.array([pair[n] for pair in pairs], np.int64) for n in (0, 1))
    assert different(places, values, 5).tolist() == [len({value for place, value in pairs if place == n}) for n in range(5)]
    many = np.tile(places, 200), np.tile(values % 10, 200)  # enough of small ones to be ticked off
    assert different(*many, 5).tolist() == [len({value % 10 for place, value in pairs if place == n}) for n in range(5)]
