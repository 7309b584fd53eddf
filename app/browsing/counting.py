"""Each row beside every value that counts for it, worked out once: with themes, territories, classes above. Versions that share
a base share what was worked out of it.

From then on a count of any mask is one pass over numbers (``bincount``): a few milliseconds at a million entities.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock

import numpy as np

from app.facts import Facts
from app.facts.arrays import Ints, join, unique_rows
from app.facts.sharing import Chosen, Shared, of_list, shared
from app.facts.tables import Tables
from app.facts.trees import Tree

Pair = tuple[Ints, Ints]


class Rolled:
    """The pairs of one version, made when they are first asked for. Safe for threads."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._kept: dict[str, Shared] = {}
        self._lock = Lock()

    def theme(self) -> Shared:
        tables = self._facts.tables
        return self._once("theme", lambda: self._closed("themes", tables.theme_tree, len(tables.themes)))

    def territory(self) -> Shared:
        tables = self._facts.tables
        return self._once("territory", lambda: self._closed("territories", tables.territory_tree, len(tables.territories)))

    def source(self) -> Shared:
        return self._once("source", lambda: of_list(self._facts, "sources", "sources", None, lambda rows, values: (rows, values)))

    def _closed(self, name: str, tree: Tree, size: int) -> Shared:
        return of_list(self._facts, f"rolled {name}", name, tree.shape, partial(_rolled, tree.closure(size)))

    def class_(self) -> Shared:
        """Rows and classes: numbers of ``tables.classes``, and beyond them those of :func:`classes_above`."""

        def make() -> Shared:
            tables = self._facts.tables
            return of_list(
                self._facts, "rolled classes", "classes", tuple(tables.classes.iris), partial(_rolled, _class_closure(tables))
            )

        return self._once("class", make)

    def role(self) -> Shared:
        """Actors and the roles that they have in any partnership."""

        return self._once("role", lambda: _roles(self._facts))

    def _once(self, name: str, make: Callable[[], Shared]) -> Shared:
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


def _roles(facts: Facts) -> Shared:
    """Of the base once; of the actors of partnerships that changed, now."""
    arrays = facts.base.arrays
    make = partial(_acting, arrays["parties-actors"], arrays["parties-roles"])
    if not len(facts.delta.rows):
        return shared(facts, "rolled roles", None, make, None, facts.changed)
    moved = ~facts.alive
    moved[arrays["parties-actors"][facts.changed[arrays["parties-partnerships"]]]] = True
    moved[facts.delta.parties[1]] = True
    _, actors, roles = facts.parties
    own = moved[actors]
    return shared(facts, "rolled roles", None, make, _acting(actors[own], roles[own]), moved)


def _acting(actors: Ints, roles: Ints) -> Pair:
    found = unique_rows(actors[roles > 0], roles[roles > 0])
    return found[0], found[1]


def _rolled(closure: Pair, rows: Ints, values: Ints) -> Pair:
    """Each row beside its values and all that is above them, once. Only rows of several values can repeat one."""
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


def count(shared: Shared, chosen: Chosen) -> dict[int, int]:
    """How many of some rows there are of each value."""
    return tally(*shared.parts(chosen))


def tally(*parts: Ints) -> dict[int, int]:
    """How often each number but 0 is there."""
    counts = np.zeros(max((int(numbers.max(initial=0)) for numbers in parts), default=0) + 1, np.int64)
    for numbers in parts:
        counts += np.bincount(numbers, minlength=len(counts))
    return {int(number): int(counts[number]) for number in np.flatnonzero(counts) if number}
