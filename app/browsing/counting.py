"""Each row beside every value that counts for it, worked out once for a version: with themes, territories, classes above.

From then on a count of any mask is one pass over numbers (``bincount``): a few milliseconds at a million entities.
"""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock

import numpy as np

from app.facts import Facts, Mask
from app.facts.arrays import Ints, join, ranges, unique_rows
from app.facts.tables import Tables

Pair = tuple[Ints, Ints]
_FEW = 10
"""A mask of less than one row in so many is looked up."""


class Rolled:
    """The pairs of one version, made when they are first asked for. Safe for threads."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._kept: dict[str, Pair] = {}
        self._lock = Lock()

    def theme(self) -> Pair:
        tables = self._facts.tables
        return self._once("theme", lambda: _rolled(self._facts.pairs("themes"), tables.theme_tree.closure(len(tables.themes))))

    def territory(self) -> Pair:
        tables = self._facts.tables
        closure = tables.territory_tree.closure
        return self._once("territory", lambda: _rolled(self._facts.pairs("territories"), closure(len(tables.territories))))

    def class_(self) -> tuple[Ints, Ints]:
        """Rows and classes: numbers of ``tables.classes``, and beyond them those of :func:`classes_above`."""
        return self._once("class", lambda: _rolled(self._facts.pairs("classes"), _class_closure(self._facts.tables)))

    def role(self) -> Pair:
        """Actors and the roles that they have in any partnership."""

        def make() -> Pair:
            _, actors, roles = self._facts.parties
            found = unique_rows(actors[roles > 0], roles[roles > 0])
            return found[0], found[1]

        return self._once("role", make)

    def _once(self, name: str, make: Callable[[], Pair]) -> Pair:
        with self._lock:
            if name not in self._kept:
                self._kept[name] = make()
            return self._kept[name]


def classes_above(tables: Tables) -> list[str]:
    """All classes that a row may count for, by number: those in use, then those above them that nothing is directly of."""
    used = list(tables.classes.iris)
    above = sorted({iri for one in used for iri in tables.above.get(one, ())} - set(used))
    return [*used, *above]


def _class_closure(tables: Tables) -> Pair:
    numbers = {iri: number for number, iri in enumerate(classes_above(tables))}
    pairs = sorted(
        (number, numbers[above])
        for number, iri in enumerate(tables.classes.iris)
        if iri
        for above in {iri, *tables.above.get(iri, ())}
    )
    both = np.array(pairs, np.int32).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _rolled(pairs: Pair, closure: Pair) -> Pair:
    """Each row beside its values and all that is above them, once. Only rows of several values can repeat one."""
    rows, values = pairs
    if not len(rows):
        return rows, values
    several = np.zeros(len(rows), bool)
    several[1:] = rows[1:] == rows[:-1]
    several[:-1] |= rows[1:] == rows[:-1]
    left, right = join(values[~several], closure[0])
    alone = rows[~several][left], closure[1][right]
    left, right = join(values[several], closure[0])
    shared = unique_rows(rows[several][left], closure[1][right])
    both = np.concatenate((alone[0], shared[0])), np.concatenate((alone[1], shared[1]))
    order = np.argsort(both[0], kind="stable")
    return both[0][order], both[1][order]


def count(pair: Pair, mask: Mask) -> dict[int, int]:
    """How many rows of a mask there are of each value; ``pair`` is sorted by row. Few are looked up, many passed over."""
    rows, values = pair
    chosen = np.flatnonzero(mask).astype(rows.dtype)  # of one type: else the other is copied whole
    if len(chosen) * _FEW > len(mask):
        return tally(values[mask[rows]])
    first = np.searchsorted(rows, chosen, "left")
    return tally(values[ranges(first, np.searchsorted(rows, chosen, "right") - first)])


def tally(numbers: Ints) -> dict[int, int]:
    """How often each number but 0 is there."""
    if not len(numbers):
        return {}
    counts = np.bincount(numbers)
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts) if number}
