"""What is worked out of each row by itself: of a base once, for all versions that share it, and of the rows that a version
changed.

After a small write so little has to be worked out that the first reader of a version need not wait. What is handed in must tell
of a row only from that row's own values, and from what its ``mark`` names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.facts.arrays import Ints, begins, merged, ranges
from app.facts.facts import Facts, Mask
from app.facts.files import Pair

Array = npt.NDArray[Any]
_FEW = 2
"""Less than one row in so many is looked up."""


@dataclass(frozen=True)
class Chosen:
    """Some rows of a version, as a mask and in order: going from one to the other looks at all rows, so it is done once."""

    mask: Mask
    rows: Ints

    @classmethod
    def of(cls, mask: Mask) -> Chosen:
        """The rows of a mask."""
        return cls(mask, np.flatnonzero(mask))

    @classmethod
    def among(cls, rows: Ints, size: int) -> Chosen:
        """Rows in order, out of so many."""
        mask = np.zeros(size, bool)
        mask[rows] = True
        return cls(mask, rows)


@dataclass(frozen=True)
class Shared:
    """A list in two parts, each sorted by row: what a ``base`` says, but of the ``changed`` rows, and what a version says.

    ``begins`` is where the run of each row of the base begins: see :func:`app.facts.arrays.begins`.
    """

    base: Pair
    own: Pair | None
    changed: Mask
    begins: Ints

    def whole(self) -> Pair:
        """The list as one."""
        return self.base if self.own is None else merged(self.base, self.own, self.changed)

    def of(self, chosen: Chosen) -> Ints:
        """The values of some rows, in no order."""
        parts = self.parts(chosen)
        return parts[0] if len(parts) == 1 else np.concatenate(parts)

    def parts(self, chosen: Chosen) -> list[Ints]:
        """The same in two parts where there are two: counts of either need not be put together before they are added."""
        values: Ints = self.base[1][self._places(chosen)]
        return [values] if self.own is None else [values, self.own[1][chosen.mask[self.own[0]]]]

    def pairs(self, chosen: Chosen) -> Pair:
        """Some rows, sorted, beside their values."""
        places = self._places(chosen)
        found = self.base[0][places], self.base[1][places]
        if self.own is None:
            return found
        own = chosen.mask[self.own[0]]
        return merged(found, (self.own[0][own], self.own[1][own]), np.zeros(len(chosen.mask), bool))

    def _places(self, chosen: Chosen) -> Any:
        """Where some rows, but the changed ones, are in the base. Few are looked up, many passed over."""
        mask, rows = chosen.mask, chosen.rows
        if len(rows) * _FEW > len(mask):
            return (mask if self.own is None else mask & ~self.changed)[self.base[0]]
        rows = rows[: np.searchsorted(rows, len(self.begins) - 1)]
        if self.own is not None:
            rows = rows[~self.changed[rows]]
        first = self.begins[rows]
        return ranges(first, self.begins[rows + 1] - first)


def shared(facts: Facts, name: str, mark: object, make: Callable[[], Pair], own: Pair | None, changed: Mask) -> Shared:
    """What ``make`` works out of the base, once, with what a version says of the ``changed`` rows."""
    whole = facts.base.once(name, mark, make)
    begun = facts.base.once(f"{name} begins", mark, lambda: begins(whole[0], facts.base.size))
    return Shared(whole, own, changed, begun)


def of_list(facts: Facts, name: str, listed: str, mark: object, make: Callable[[Ints, Ints], Pair]) -> Shared:
    """Rows beside what ``make`` finds for them from the values of a list that holds no rows."""
    arrays = facts.base.arrays
    own = make(*facts.delta.pairs[listed]) if len(facts.delta.rows) else None
    return shared(facts, name, mark, lambda: make(arrays[f"list-{listed}-rows"], arrays[f"list-{listed}"]), own, facts.changed)


def of_columns(facts: Facts, name: str, columns: tuple[str, ...], make: Callable[..., Pair]) -> Shared:
    """The same from the values of some columns: ``make`` tells places among them beside what it finds."""
    own = None
    if len(facts.delta.rows):
        places, values = make(*(facts.delta.columns[column] for column in columns))
        own = facts.delta.rows[places], values
    arrays = facts.base.arrays
    return shared(facts, name, None, lambda: make(*(arrays[f"column-{column}"] for column in columns)), own, facts.changed)


def new_columns(facts: Facts, name: str, columns: tuple[str, ...], make: Callable[..., tuple[Array, ...]]) -> tuple[Array, ...]:
    """Columns that are worked out of others, value by value."""
    whole = facts.base.once(name, None, lambda: make(*(facts.base.arrays[f"column-{column}"] for column in columns)))
    delta = facts.delta
    if not len(delta.rows):
        return whole
    found = []
    for old, new in zip(whole, make(*(delta.columns[column] for column in columns)), strict=True):
        column = np.empty(facts.size, old.dtype)
        column[: len(old)] = old
        column[delta.rows] = new
        found.append(column)
    return tuple(found)
