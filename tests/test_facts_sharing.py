"""What versions share of their facts: worked out of a base and brought up to date, it equals what is worked out of all rows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyoxigraph as ox
import pytest

from app.browsing.counting import Rolled, classes_above
from app.engine.versions import Repository
from app.facts import Facts, Opening, masks
from app.facts.files import Base, Delta, arrays_of
from app.facts.folding import fold
from app.facts.sharing import Chosen
from app.statistics import Question, tabulate
from app.statistics.dimensions import DIMENSIONS, pairs_among, pairs_of, used
from app.statistics.table import pairs_within, parties_within
from tests.engine.versioned import BASE, FAST
from tests.test_facts import LAND, STATEMENTS, at, index, quads, write

MEASURES = ("actors", "partnerships", "amounts", "engaged", "links", "density")
PARTIES = [
    *(f"<id/partnership/{n}> m:participation <id/participation/{n}{m}> ." for n in range(3) for m in range(3)),
    *(f"<id/participation/{n}{m}> m:participant <id/actor/{m}> ." for n in range(3) for m in range(3)),
    *(f"<id/participation/{n}{m}> m:role role:{r} ." for n in range(3) for m in range(3) for r in ("signs", "funds")),
    *(f'<id/partnership/{n}> m:startDate "{y}"^^x:gYear .' for n in range(3) for y in (2018, 2021)),
    *(f'<id/partnership/{n}> m:endDate "{y}"^^x:gYear .' for n in range(3) for y in (2019, 2024)),
]


def plain(facts: Facts) -> Facts:
    """The same facts in a base of their own."""
    return Facts(facts.tables, Base(arrays_of(fold(facts.tables, facts.base, facts.delta))), Delta())


def worked_out(facts: Facts) -> dict[str, Any]:
    """All that may be shared, by IRI, and tables that rest on it."""
    found: dict[str, Any] = {}
    for name, dimension in DIMENSIONS.items():
        rows, values = pairs_of(facts, name)
        assert (np.diff(rows) >= 0).all()
        for mask in (facts.alive, facts.column("kind") == facts.tables.kind_number("partnership")):
            assert [one.tolist() for one in pairs_among(facts, name, Chosen.of(mask))] == [
                rows[mask[rows]].tolist(),
                values[mask[rows]].tolist(),
            ]
        assert used(facts, name) == sorted(set(values.tolist()))
        found[name] = sorted((facts.iri(row), dimension.word(facts, value)) for row, value in listed(rows, values))
    tables, rolled = facts.tables, Rolled(facts)
    names = {
        "theme": tables.themes.iris,
        "territory": tables.territories.iris,
        "role": tables.codes.iris,
        "source": tables.graphs.iris,
    }
    for name, words in {**names, "class_": classes_above(tables)}.items():
        shared = getattr(rolled, name)()
        rows, values = shared.whole()
        assert sorted(shared.of(Chosen.of(facts.alive)).tolist()) == sorted(values.tolist())
        few = facts.column("kind") == facts.tables.kind_number("partnership")
        assert sorted(shared.of(Chosen.of(few)).tolist()) == sorted(values[few[rows]].tolist())
        assert (np.diff(rows) >= 0).all()
        found[f"rolled {name}"] = sorted((facts.iri(row), words[value]) for row, value in listed(rows, values))
    for name, table in (("themes", tables.themes), ("territories", tables.territories), ("classes", tables.classes)):
        rows, values = facts.pairs(name)
        for number in range(1, len(table)):
            marked = np.flatnonzero(masks.with_any(facts, name, [number, 0])).tolist()
            assert marked == sorted(set(rows[values == number].tolist()))
            found[f"{name} {table[number]}"] = sorted(facts.iris(marked))
    alive = np.flatnonzero(facts.alive).tolist()
    first, last = masks.spans(facts)
    found["spans"] = {facts.iri(row): (int(first[row]), int(last[row])) for row in alive}
    found["partners"] = {facts.iri(row): sorted(facts.iris(facts.partners(row).tolist())) for row in alive}
    found["pairs"] = sorted(
        (facts.iri(p), *sorted((facts.iri(pair >> 32), facts.iri(pair & 0xFFFFFFFF))))
        for p, pair in listed(*pairs_within(*parties_within(facts, Chosen.of(facts.alive))))
    )
    found["tables"] = [figures(facts, measure, rows) for measure in MEASURES for rows in ("kind", "subtheme", "active", "funder")]
    return found


def listed(rows: Any, values: Any) -> Iterator[tuple[int, int]]:
    return zip(rows.tolist(), values.tolist(), strict=True)


def figures(facts: Facts, measure: str, rows: str) -> dict[str, int]:
    table = tabulate(facts, Question(measure, rows))
    return {place[0]: figure.value for place, figure in table.figures.items()}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(),))


def test_an_actor_that_joins_a_partnership_is_counted_in_the_version_that_says_so_and_in_no_other(repository: Repository) -> None:
    opening = Opening()
    write(
        repository,
        quads(
            LAND
            + """
        <id/actor/a> a m:Association ; m:theme t:garden . <id/actor/b> a m:Association . <id/actor/c> a m:Company .
        <id/partnership/p> a m:Partnership ; m:theme t:food ; m:participation <id/participation/1> , <id/participation/2> .
        <id/participation/1> m:participant <id/actor/a> ; m:role role:funds .
        <id/participation/2> m:participant <id/actor/b> .
        """
        ),
    )
    write(repository, quads("<id/partnership/p> m:participation <id/x> . <id/x> m:participant <id/actor/c> ."))
    write(repository, set(), quads("<id/actor/b> a m:Association ."))
    write(repository, quads("t:garden skos:broader t:work ."))
    first, second, third, fourth = (at(repository, number, opening) for number in (1, 2, 3, 4))
    assert all(facts.base is first.base for facts in (second, third, fourth))
    assert [figures(one, "links", "subtheme")[""] for one in (first, second, third, second, first)] == [1, 3, 1, 3, 1]
    assert [figures(one, "actors", "theme").get("work") for one in (first, fourth, first)] == [None, 1, None]
    partners = [len(one.partners(one.row(f"{BASE}id/actor/a") or 0)) for one in (first, second, third)]
    assert partners == [1, 2, 1]


@pytest.mark.parametrize("seed", range(5))
def test_after_random_writes_what_is_shared_equals_what_is_worked_out_of_all_rows(repository: Repository, seed: int) -> None:
    draws = random.Random(seed)
    possible = [quad for text in (*STATEMENTS, *PARTIES) for quad in sorted(quads(text), key=str)]
    present: set[ox.Quad] = set(draws.sample(possible, 90))
    write(repository, present)
    opening = Opening()
    worked_out(at(repository, 1, opening))
    for _ in range(8):
        removed = set(draws.sample(sorted(present, key=str), draws.randrange(6)))
        added = set(draws.sample(possible, draws.randrange(8))) - present - removed
        write(repository, added, removed)
        present = (present - removed) | added
        facts = at(repository, repository.current_number(), opening)
        assert worked_out(facts) == worked_out(plain(facts))
