"""Which rows a condition holds for: masks to combine with ``&``; what they leave is counted elsewhere.

A theme stands for itself and its sub-themes, a territory for itself and what it contains, a class for itself and those below it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.facts.facts import Facts, Mask
from app.facts.kept import missing
from app.facts.sharing import new_columns

Days = npt.NDArray[Any]


def of_kind(facts: Facts, segment: str) -> Mask:
    """Entities of a kind by its path segment; each is of one kind, the most specific."""
    number = facts.tables.kind_number(segment)
    mask: Mask = facts.column("kind") == number
    return mask if number else np.zeros(facts.size, bool)


def of_class(facts: Facts, iri: str) -> Mask:
    return with_any(facts, "classes", facts.tables.classes_below(iri))


def about(facts: Facts, theme: str, *, main: bool = False) -> Mask:
    """Entities with a theme or one below it, as their main one where ``main``."""
    name = "main_themes" if main else "themes"
    return facts.lately(f"{name} {theme}", lambda: with_any(facts, name, _below(facts, "themes", theme)))


def within(facts: Facts, territory: str) -> Mask:
    """Entities that act in, cover or govern a territory or one inside it."""
    return facts.lately(f"within {territory}", lambda: with_any(facts, "territories", _below(facts, "territories", territory)))


def within_any(facts: Facts, territories: Sequence[str]) -> Mask:
    """The same of several territories."""
    return with_any(facts, "territories", sorted({one for iri in territories for one in _below(facts, "territories", iri)}))


def stated_by(facts: Facts, graph: str) -> Mask:
    """Entities about which a source graph says something."""
    return with_any(facts, "sources", [facts.tables.graphs.find(graph)])


def coded(facts: Facts, column: str, code: str) -> Mask:
    """Entities with a code in one of the code columns: legal form, status, nature, review, confidence."""
    number = facts.tables.codes.find(code)
    mask: Mask = facts.column(column) == number
    return mask if number else np.zeros(facts.size, bool)


def during(facts: Facts, first: int | None, last: int | None) -> Mask:
    """Entities with a known date whose time touches the days from ``first`` to ``last``, both included.

    An end that is not known is not taken for one that lasts: the entity is then only placed by its start.
    """
    start, end = spans(facts)
    mask: Mask = start != missing("start")
    if first is not None:
        mask &= end >= first
    if last is not None:
        mask &= start <= last
    return mask


def spans(facts: Facts) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The first and last day of each row, from whatever is known of both; missing where neither is."""
    first, last = facts.remembered("spans", lambda: new_columns(facts, "spans", SPANNING, spans_of))
    return first, last


SPANNING = ("start", "end", "start_precision")


def spans_of(start: Days, end: Days, precision: Days) -> tuple[Days, Days]:
    """The first and last day that each start, end and precision of a start tell."""
    first = np.where(start == missing("start"), end, start)
    last = np.where(end == missing("end"), _last_meant(start, precision), end)
    return np.minimum(first, last), np.maximum(first, last)


def _last_meant(start: npt.NDArray[Any], precision: npt.NDArray[Any]) -> npt.NDArray[Any]:
    """The last day that a start stated as a month or a year may be."""
    found = start.copy()
    for stated, unit in ((1, "Y"), (2, "M")):
        some = precision == stated
        ends = start[some].astype("datetime64[D]").astype(f"datetime64[{unit}]") + 1
        found[some] = ends.astype("datetime64[D]").astype(np.int64) - 1
    return found


def partners_of(facts: Facts, actor: str) -> Mask:
    """Actors that have a partnership with one."""
    mask = np.zeros(facts.size, bool)
    row = facts.row(actor)
    if row is not None:
        mask[facts.partners(row)] = True
    return mask


def engaging(facts: Facts, actor: str, role: str | None = None) -> Mask:
    """Partnerships that an actor takes part in, in a role where one is given."""
    mask = np.zeros(facts.size, bool)
    row = facts.row(actor)
    if row is not None:
        partnerships, roles = facts.engagements(row)
        mask[partnerships if role is None else partnerships[roles == facts.tables.codes.find(role)]] = True
    return mask


def acting(facts: Facts, role: str) -> Mask:
    """Actors that have a role in some partnership."""
    mask = np.zeros(facts.size, bool)
    number = facts.tables.codes.find(role)
    if number:
        mask[facts.parties[1][facts.parties[2] == number]] = True
    return mask


def _below(facts: Facts, name: str, iri: str) -> list[int]:
    tables = facts.tables
    number = tables.names(name).find(iri)
    tree = tables.theme_tree if name == "themes" else tables.territory_tree
    return sorted(tree.below(number)) if number else []


def with_any(facts: Facts, name: str, numbers: list[int]) -> Mask:
    """Rows that have any of some values in a list. Looked up in the base, and read from the changes by themselves: they need not
    be put together for it."""
    mask = np.zeros(facts.size, bool)
    for rows in facts.base.having(name, numbers):
        mask[rows] = True
    if len(facts.delta.rows):
        rows, values = facts.delta.pairs[name]
        mask[facts.delta.rows] = False
        mask[rows[np.isin(values, [number for number in numbers if number])]] = True
    return mask
