"""What a territory or a theme looks like in figures: who and what is there, since when, who funds, what only neighbours have.

A handful of tables and counts, whatever the number of entities; lists are cut to what a page shows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.facts import Facts, Mask, masks
from app.facts.arrays import Ints
from app.facts.extents import Extent
from app.facts.kept import missing
from app.facts.sharing import Chosen
from app.facts.tables import Tables
from app.statistics.dimensions import tallied
from app.statistics.question import Question
from app.statistics.table import Table, count, count_among, measured, of_kinds, tabulate
from app.terms import TERRITORY, THEME

MEASURES = ("actors", "projects", "partnerships", "amounts", "posts", "events", "opportunities", "links")
SHOWN, LISTED, FUNDERS = 6, 12, 8
KINDS = ("actor", "project", "partnership", "event", "opportunity")


@dataclass(frozen=True)
class Near:
    """A theme or territory by number, with how many entities it has."""

    number: int
    count: int


@dataclass(frozen=True)
class Portrait:
    """``condition`` is what the figures are narrowed by; ``entities`` are some rows by kind, ``totals`` how many there are.

    ``inside`` and ``beside`` are what it contains and touches. ``themes`` are those of a territory, ``gaps`` those that its
    neighbours have and it has not. ``departments`` tell where a theme is present.
    """

    condition: tuple[str, str]
    figures: Mapping[str, int]
    years: Table
    amounts: Table
    entities: Mapping[str, Sequence[int]]
    totals: Mapping[str, int]
    funders: Table
    policies: Sequence[int]
    inside: Sequence[Near] = ()
    beside: Sequence[Near] = ()
    themes: Sequence[Near] = ()
    gaps: Sequence[Near] = ()
    departments: Table | None = None


def of_territory(facts: Facts, number: int, today: int) -> Portrait:
    """The portrait of a territory, by its number. ``today`` tells which events and opportunities are still to come."""
    iri = facts.tables.territories[number]
    condition = ("territory", iri.removeprefix(str(TERRITORY)))
    own = Chosen.of(masks.within(facts, iri))
    neighbours = facts.outlines.neighbours(number)
    around = np.flatnonzero(masks.within_any(facts, [facts.tables.territories[one] for one in neighbours]))
    themes, theirs = _themes(facts, own.rows), _themes(facts, around[~own.mask[around]])
    return _portrait(
        facts,
        condition,
        own.rows,
        today,
        inside=_counted(facts, facts.tables.territory_tree.children(number)),
        beside=_counted(facts, neighbours),
        themes=_largest(themes),
        gaps=_largest({theme: n for theme, n in theirs.items() if theme not in themes}),
        policies=_policies(facts, number, own),
    )


def of_theme(facts: Facts, number: int, today: int) -> Portrait:
    """The portrait of a theme with its sub-themes."""
    tables = facts.tables
    iri = tables.themes[number]
    condition = ("theme", iri.removeprefix(str(THEME)))
    own = np.flatnonzero(masks.about(facts, iri))
    counts = facts.remembered("statistics themes", lambda: _themes(facts, np.flatnonzero(facts.alive)))
    inside = [Near(child, counts.get(child, 0)) for child in tables.theme_tree.children(number)]
    beside = [Near(one, counts.get(one, 0)) for one in _siblings(tables, number)]
    where = Question.read({"measure": "entities", "rows": "department", condition[0]: condition[1]})
    return _portrait(
        facts,
        condition,
        own,
        today,
        inside=inside,
        beside=beside,
        policies=of_kinds(facts, ("policy",), own, facts.column("kind")[own])[:LISTED].tolist(),
        departments=tabulate(facts, where, about=Chosen.among(own[_about(facts)[own]], facts.size)),
    )


def extent_of(facts: Facts, iri: str) -> Extent | None:
    """What of the facts the portrait of a territory or theme is made of: its rows, and those of what it touches or stands beside;
    None for anything else."""
    tables = facts.tables
    if number := tables.territories.find(iri):
        around = frozenset({number, *facts.outlines.neighbours(number)})
        return Extent(frozenset({"policy"}), territories=around, outlines=True)
    if number := tables.themes.find(iri):
        return Extent(themes=frozenset({number, *_siblings(tables, number)}))
    return None


def _siblings(tables: Tables, number: int) -> list[int]:
    """The other themes below what a theme is below."""
    tree = tables.theme_tree
    return sorted({child for parent in tree[number].parents for child in tree.children(parent)} - {number})


def _portrait(
    facts: Facts,
    condition: tuple[str, str],
    rows: Ints,
    today: int,
    *,
    inside: Sequence[Near],
    beside: Sequence[Near],
    policies: Sequence[int],
    themes: Sequence[Near] = (),
    gaps: Sequence[Near] = (),
    departments: Table | None = None,
) -> Portrait:
    def ask(measure: str, rows: str = "kind", columns: str = "") -> Question:
        return Question.read({"measure": measure, "rows": rows, "columns": columns, condition[0]: condition[1]})

    def about(measure: str) -> Chosen:
        """What such a question is about: looked up among the rows of the condition."""
        return Chosen.among(measured(facts, measure, rows, kinds), facts.size)

    kinds = facts.column("kind")[rows]
    found = {kind: _rows(facts, kind, rows, kinds, today) for kind in KINDS}
    counted = {measure: count_among(facts, measure, rows, kinds) for measure in MEASURES}
    return Portrait(
        condition,
        {name: count(facts, ask(name), about(name)).value if value is None else value for name, value in counted.items()},
        tabulate(facts, ask("partnerships", "active"), about=about("partnerships")),
        tabulate(facts, ask("amounts", "year"), about=about("amounts")),
        {kind: rows.tolist() for kind, (rows, _) in found.items()},
        {kind: total for kind, (_, total) in found.items()},
        tabulate(facts, ask("amounts", "funder"), most=(FUNDERS, 0), about=about("amounts")),
        policies,
        inside,
        beside,
        themes,
        gaps,
        departments,
    )


def _rows(facts: Facts, kind: str, rows: Ints, kinds: Ints, today: int) -> tuple[Ints, int]:
    """Of some rows, of these ``kinds``, the first entities of a kind and how many there are: actors by how linked they are,
    projects and partnerships the latest first, events and opportunities to come or without a date, the next first."""
    wanted = (kind, "call") if kind == "opportunity" else (kind,)
    rows = of_kinds(facts, wanted, rows, kinds)
    if kind in ("event", "opportunity"):
        rows = rows[~_over(facts, rows, today)]
    keys = -facts.column("degree")[rows] if kind == "actor" else facts.column("start")[rows].astype(np.int64)
    keys = -keys if kind in ("project", "partnership") else keys
    return _first(rows, keys), len(rows)


def _first(rows: Ints, keys: Ints) -> Ints:
    """The rows with the least keys, in order; of equal ones, the first rows."""
    if len(rows) > SHOWN:
        near = np.flatnonzero(keys <= np.partition(keys, SHOWN - 1)[SHOWN - 1])
        rows, keys = rows[near], keys[near]
    return rows[np.argsort(keys, kind="stable")][:SHOWN]


def _over(facts: Facts, rows: Ints, today: int) -> Mask:
    """Whether all that is known of each row's dates is past."""
    _, last = masks.spans(facts)
    deadline = facts.column("deadline")[rows]
    ends = np.where(deadline == missing("deadline"), last[rows], deadline)
    over: Mask = (ends != missing("end")) & (ends < today)
    return over


def _themes(facts: Facts, rows: Ints) -> dict[int, int]:
    """Some rows by theme, those of its sub-themes with them."""
    counts = tallied(facts, "subtheme", Chosen.among(rows[_about(facts)[rows]], facts.size))
    return {int(n): int(counts[n]) for n in np.flatnonzero(counts)}


def _about(facts: Facts) -> Mask:
    """The entities that figures are about."""
    return facts.remembered("statistics entities", lambda: Question("entities").mask(facts))


def _largest(counts: Mapping[int, int]) -> list[Near]:
    return [Near(n, counts[n]) for n in sorted(counts, key=lambda n: (-counts[n], n))[:LISTED]]


def _counted(facts: Facts, numbers: Sequence[int]) -> list[Near]:
    """Some territories with the number of entities in each."""
    counts = facts.remembered("statistics territories", lambda: _per_territory(facts))
    return [Near(number, int(counts[number]) if number < len(counts) else 0) for number in numbers]


def _per_territory(facts: Facts) -> Ints:
    """Entities by territory of each level, with those of what it contains; of other levels, those of its own."""
    about, size = _about(facts), len(facts.tables.territories)
    rows, territories = facts.pairs("territories")
    counts = np.bincount(territories[about[rows]], minlength=size)
    for level in ("region", "department", "intercommunality", "commune"):
        own = tallied(facts, level, Chosen.of(about), size)
        of_level = facts.tables.territory_tree.of_level(level.capitalize())
        counts[of_level] = own[of_level]
    return counts


def _policies(facts: Facts, number: int, own: Chosen) -> list[int]:
    """The policies that cover a territory, what contains it or what it contains, and those that its partnerships serve."""
    all_ = facts.remembered("statistics policies", lambda: np.flatnonzero(masks.of_kind(facts, "policy")))
    above = sorted(facts.tables.territory_tree.above(number))
    found = masks.with_any(facts, "territories", above)[all_] | own.mask[all_]
    serving, served = facts.pairs("policies")
    found |= np.isin(all_, served[own.mask[serving]])
    kept: list[int] = all_[found][:LISTED].tolist()
    return kept
