"""The triples of a graph in four orders, each a few columns of numbers, with what was added and removed since beside them.

The sorted columns never change: processes that were forked share them. :meth:`Triples.folded` makes new ones of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from app.columns.terms import Ids, Mask

Triple = tuple[int, int, int]
S, P, O = 0, 1, 2  # noqa: E741
ORDERS = ((S, P, O), (P, S, O), (P, O, S), (O, S, P))
"""By subject, by property and subject, by property and object, by object: each look-up is a range of one of them."""


_BITS = 63
"""What a number holds."""


class Run(NamedTuple):
    """Matching triples: columns by position, the first of ``order`` constant or sorted, and so on behind it."""

    columns: tuple[Ids, Ids, Ids]
    order: tuple[int, int, int]
    dead: Mask | None

    def __len__(self) -> int:
        return len(self.columns[0])


@dataclass
class Triples:
    """``sorted_by`` holds the columns of each order; ``dead`` the places in it of what was removed; ``added`` is not sorted."""

    sorted_by: dict[tuple[int, int, int], tuple[Ids, Ids, Ids]]
    _added: dict[Triple, None] = field(default_factory=dict)
    _removed: dict[Triple, tuple[int, ...]] = field(default_factory=dict)
    _fresh: tuple[Ids, Ids, Ids] | None = None
    _dead: dict[tuple[int, int, int], Ids] = field(default_factory=dict)

    @classmethod
    def of(cls, columns: Sequence[Ids]) -> Triples:
        """From unsorted columns without repetition."""
        return cls({order: _sorted(columns, order) for order in ORDERS})

    def __len__(self) -> int:
        return len(self.sorted_by[ORDERS[0]][S]) + len(self._added) - len(self._removed)

    @property
    def changes(self) -> int:
        return len(self._added) + len(self._removed)

    def set(self, triple: Triple, present: bool) -> None:
        """States or takes back a triple, whether it was stated or not."""
        places = [self._place(order, triple) for order in ORDERS]
        if places[0] is None:
            self._added.pop(triple, None)
            if present:
                self._added[triple] = None
        else:
            self._removed.pop(triple, None)
            if not present:
                self._removed[triple] = tuple(place for place in places if place is not None)
        self._fresh = None
        self._dead.clear()

    def _place(self, order: tuple[int, int, int], triple: Triple) -> int | None:
        low, high = self._range(order, {place: triple[place] for place in order})
        return low if low < high else None

    def _range(self, order: tuple[int, int, int], fixed: dict[int, int]) -> tuple[int, int]:
        """Where the triples with these terms are, which are the first ones of the order."""
        columns = self.sorted_by[order]
        low, high = 0, len(columns[S])
        for place in order[: len(fixed)]:
            column = columns[place][low:high]
            value = np.int32(fixed[place])
            low, high = low + int(np.searchsorted(column, value)), low + int(np.searchsorted(column, value, "right"))
        return low, high

    def size(self, fixed: dict[int, int]) -> int:
        """How many triples have these terms, at most."""
        low, high = self._range(_order(fixed), fixed)
        return high - low + len(self._added)

    def runs(self, fixed: dict[int, int], lead: int | None = None) -> list[Run]:
        """The triples with these terms, where it can be sorted by the term at ``lead``."""
        order = _order(fixed, lead)
        low, high = self._range(order, fixed)
        columns = self.sorted_by[order]
        dead = self._dead_in(order, low, high) if self._removed else None
        base = Run((columns[S][low:high], columns[P][low:high], columns[O][low:high]), order, dead)
        return [base, self._added_run(fixed, order)] if self._added else [base]

    def _dead_in(self, order: tuple[int, int, int], low: int, high: int) -> Mask | None:
        if order not in self._dead:
            which = ORDERS.index(order)
            self._dead[order] = np.sort(np.array([places[which] for places in self._removed.values()], np.int32))
        dead = self._dead[order]
        inside = dead[np.searchsorted(dead, low) : np.searchsorted(dead, high)]
        if not len(inside):
            return None
        mask = np.zeros(high - low, bool)
        mask[inside - low] = True
        return mask

    def _added_run(self, fixed: dict[int, int], order: tuple[int, int, int]) -> Run:
        if self._fresh is None:
            table = np.array(list(self._added), np.int32).reshape(-1, 3)
            self._fresh = (table[:, S].copy(), table[:, P].copy(), table[:, O].copy())
        columns = self._fresh
        if fixed:
            kept = np.logical_and.reduce([columns[place] == value for place, value in fixed.items()])
            columns = (columns[S][kept], columns[P][kept], columns[O][kept])
        by = np.lexsort(tuple(columns[place] for place in reversed(order)))
        return Run((columns[S][by], columns[P][by], columns[O][by]), order, None)

    def folded(self) -> Triples:
        """The same triples without anything beside them."""
        columns = self.sorted_by[ORDERS[0]]
        runs = self.runs({})
        dead = runs[0].dead
        kept = [column if dead is None else column[~dead] for column in columns]
        if len(runs) > 1:
            kept = [np.concatenate([column, more]) for column, more in zip(kept, runs[1].columns, strict=True)]
        return Triples.of(kept)

    def all(self) -> Iterable[Triple]:
        for run in self.runs({}):
            columns = run.columns if run.dead is None else tuple(column[~run.dead] for column in run.columns)
            yield from zip(*(column.tolist() for column in columns), strict=True)


def _order(fixed: dict[int, int], lead: int | None = None) -> tuple[int, int, int]:
    """The order that begins with what is fixed, and goes on with ``lead`` where there is such a one."""
    fitting = [order for order in ORDERS if set(order[: len(fixed)]) == fixed.keys()]
    return next((order for order in fitting if len(fixed) < 3 and order[len(fixed)] == lead), fitting[0])


def _sorted(columns: Sequence[Ids], order: tuple[int, int, int]) -> tuple[Ids, Ids, Ids]:
    """Sorted as single numbers of 63 bits where the terms fit, which takes a tenth of the time."""
    if not len(columns[S]):
        return columns[S], columns[P], columns[O]
    used, ranks = np.unique(columns[P], return_inverse=True)
    held: list[npt.NDArray[Any]] = [columns[S], ranks, columns[O]]
    bits = [int(column.max()).bit_length() for column in held]
    if sum(bits) > _BITS:
        by = np.lexsort(tuple(columns[place] for place in reversed(order)))
        return columns[S][by], columns[P][by], columns[O][by]
    packed = np.zeros(len(columns[S]), np.int64)
    for place in order:
        packed <<= bits[place]
        packed |= held[place]
    packed.sort()
    found = {}
    for place in reversed(order):
        found[place] = (packed & ((1 << bits[place]) - 1)).astype(np.int32)
        packed >>= bits[place]
    return found[S], used[found[P]], found[O]
