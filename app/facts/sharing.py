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

from app.facts.arrays import Ints, merged, ranges
from app.facts.facts import Facts, Mask
from app.facts.files import Pair

Array = npt.NDArray[Any]
_FEW = 10
"""A mask of less than one row in so many is looked up."""


@dataclass(frozen=True)
class Shared:
    """A list in two parts, each sorted by row: what a ``base`` says, but of the ``changed`` rows, and what a version says."""

    base: Pair
    own: Pair | None
    changed: Mask

    def whole(self) -> Pair:
        """The list as one."""
        return self.base if self.own is None else merged(self.base, self.own, self.changed)

    def of(self, mask: Mask) -> Ints:
        """The values of some rows, in no order."""
        if self.own is None:
            alone: Ints = self.base[1][_places(self.base[0], mask)]
            return alone
        parts = (self.base, mask & ~self.changed), (self.own, mask)
        return np.concatenate([values[_places(rows, chosen)] for (rows, values), chosen in parts])

    def pairs(self, mask: Mask) -> Pair:
        """Some rows, sorted, beside their values."""
        places = _places(self.base[0], mask if self.own is None else mask & ~self.changed)
        found = self.base[0][places], self.base[1][places]
        if self.own is None:
            return found
        own = _places(self.own[0], mask)
        return merged(found, (self.own[0][own], self.own[1][own]), np.zeros(len(mask), bool))


def _places(rows: Ints, mask: Mask) -> Any:
    """Where some rows are among those of a list. Few are looked up, many passed over."""
    chosen = np.flatnonzero(mask).astype(rows.dtype)  # of one type: else the other is copied whole
    if len(chosen) * _FEW > len(mask):
        return mask[rows]
    first = np.searchsorted(rows, chosen, "left")
    return ranges(first, np.searchsorted(rows, chosen, "right") - first)


def of_list(facts: Facts, name: str, listed: str, mark: object, make: Callable[[Ints, Ints], Pair]) -> Shared:
    """Rows beside what ``make`` finds for them from the values of a list that holds no rows."""
    arrays = facts.base.arrays
    whole = facts.base.once(name, mark, lambda: make(arrays[f"list-{listed}-rows"], arrays[f"list-{listed}"]))
    return Shared(whole, make(*facts.delta.pairs[listed]) if len(facts.delta.rows) else None, facts.changed)


def of_columns(facts: Facts, name: str, columns: tuple[str, ...], make: Callable[..., Pair]) -> Shared:
    """The same from the values of some columns: ``make`` tells places among them beside what it finds."""
    whole = facts.base.once(name, None, lambda: make(*(facts.base.arrays[f"column-{column}"] for column in columns)))
    if not len(facts.delta.rows):
        return Shared(whole, None, facts.changed)
    places, values = make(*(facts.delta.columns[column] for column in columns))
    return Shared(whole, (facts.delta.rows[places], values), facts.changed)


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
