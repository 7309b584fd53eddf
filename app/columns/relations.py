"""Solutions as columns of numbers, and their joins; bounded in rows, and by whoever limits the memory."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from app.columns.terms import Ids, Mask
from app.columns.triples import Run, Triples

MOST_ROWS = 6_000_000
"""More solutions at once are left to the engine, which holds one at a time."""

Index = npt.NDArray[np.intp]
Keys = npt.NDArray[Any]


class NotCovered(Exception):
    """What a query asks is, with these data, not surely answered here as the engine answers it."""


@dataclass(frozen=True)
class Rows:
    """Solutions: one column a variable, all as long as ``size``. A variable of ``ints`` is a number, not that of a term."""

    size: int
    columns: dict[str, Ids]

    def take(self, index: Index | Mask) -> Rows:
        columns = {name: column[index] for name, column in self.columns.items()}
        if index.dtype == np.bool_:
            return Rows(int(np.count_nonzero(index)), columns)
        return Rows(len(index), columns)

    def only(self, names: Collection[str]) -> Rows:
        return Rows(self.size, {name: column for name, column in self.columns.items() if name in names})

    def plus(self, name: str, column: Ids) -> Rows:
        return Rows(self.size, {**self.columns, name: column})


class Leaf:
    """The solutions of one triple pattern, read where and in the order that they are needed."""

    def __init__(self, triples: Triples, slots: Sequence[str | int]) -> None:
        self._triples = triples
        self._fixed = {place: slot for place, slot in enumerate(slots) if isinstance(slot, int)}
        self._named = {slot: place for place, slot in enumerate(slots) if isinstance(slot, str)}
        self._twice = [(first, second) for first in range(3) for second in range(first) if slots[first] == slots[second]]
        self._twice = [pair for pair in self._twice if isinstance(slots[pair[0]], str)]
        self.names = frozenset(self._named)
        self.is_impossible = any(number < 0 for number in self._fixed.values())
        self.size = 0 if self.is_impossible else triples.size(self._fixed)

    def runs(self, lead: str | None = None) -> list[tuple[Rows, Run]]:
        """The solutions in some parts, each with the run of triples that it is from, without the dead ones."""
        if self.is_impossible:
            return []
        found = []
        for run in self._triples.runs(self._fixed, self._named[lead] if lead is not None else None):
            live = ~run.dead if run.dead is not None else None
            for first, second in self._twice:
                same = run.columns[first] == run.columns[second]
                live = same if live is None else live & same
            rows = Rows(len(run), {name: run.columns[place] for name, place in self._named.items()})
            found.append((rows.take(live) if live is not None else rows, run))
        return found

    def rows(self, lead: str | None = None) -> Rows:
        return concatenated([rows for rows, _ in self.runs(lead)], self.names)

    def parts(self, keys: Sequence[str]) -> list[tuple[Rows, bool]]:
        """Parts of the solutions, and whether each is sorted by its keys."""
        found = []
        for rows, run in self.runs(keys[0] if keys else None):
            behind = [place for place in run.order if place not in self._fixed]
            is_sorted = len(keys) == 1 and not self._twice and bool(behind) and behind[0] == self._named[keys[0]]
            found.append((rows, is_sorted))
        return found


def concatenated(parts: Sequence[Rows], names: Iterable[str]) -> Rows:
    if len(parts) == 1:
        return parts[0]
    size = sum(part.size for part in parts)
    none = np.zeros(0, np.int32)
    return Rows(size, {name: np.concatenate([none, *(part.columns[name] for part in parts)]) for name in names})


def join(left: Rows, right: Leaf | Rows, needed: Collection[str], numbers: int) -> Rows:
    """All pairs of solutions that agree, with the columns that are still needed; ``numbers`` is how many terms there are.

    Raises :class:`NotCovered` where they are too many.
    """
    names = right.columns.keys() if isinstance(right, Rows) else right.names
    shared = sorted(left.columns.keys() & names)
    parts = [(right, False)] if isinstance(right, Rows) else right.parts(shared)
    wanted = [name for name in (*left.columns, *(n for n in names if n not in left.columns)) if name in needed]
    joined = [_joined(left, part, shared, is_sorted, wanted, numbers) for part, is_sorted in parts if part.size]
    return concatenated(joined, wanted) if joined else nothing(wanted)


def nothing(names: Iterable[str]) -> Rows:
    return Rows(0, {name: np.zeros(0, np.int32) for name in names})


def _joined(left: Rows, right: Rows, shared: Sequence[str], is_sorted: bool, wanted: Sequence[str], numbers: int) -> Rows:
    if not shared:
        return _crossed(left, right, wanted)
    low, counts, by = matches(left, right, shared, is_sorted, numbers)
    size = int(counts.sum())
    if not wanted:
        return Rows(size, {})
    if size > MOST_ROWS:
        raise NotCovered
    from_right = [name for name in wanted if name not in left.columns]
    if int(counts.max(initial=0)) <= 1:
        kept = counts == 1
        every = size == left.size
        columns = {name: left.columns[name] if every else left.columns[name][kept] for name in wanted if name in left.columns}
        places = (low if every else low[kept]) if from_right else low
    else:
        columns = {name: np.repeat(left.columns[name], counts) for name in wanted if name in left.columns}
        places = expanded(low, counts, size) if from_right else low
    if from_right and by is not None:
        places = by[places]
    columns |= {name: right.columns[name][places] for name in from_right}
    return Rows(size, columns)


def _crossed(left: Rows, right: Rows, wanted: Sequence[str]) -> Rows:
    size = left.size * right.size
    if wanted and size > MOST_ROWS:
        raise NotCovered
    columns = {}
    for name in wanted:
        if name in left.columns:
            columns[name] = np.repeat(left.columns[name], right.size)
        else:
            columns[name] = np.tile(right.columns[name], left.size)
    return Rows(size, columns)


def expanded(low: Index, counts: Index, size: int) -> Index:
    """The places ``low``, ``low + 1``, … of each range, one behind the other."""
    starts = np.cumsum(counts) - counts
    found: Index = np.repeat(low - starts, counts) + np.arange(size)
    return found


def matches(left: Rows, right: Rows, shared: Sequence[str], is_sorted: bool, numbers: int) -> tuple[Index, Index, Index | None]:
    """For each solution on the left the first of its matches and how many; places in the right as ``by`` orders it."""
    ours, theirs = _keys(left, shared, numbers), _keys(right, shared, numbers)
    by: Index | None = None
    if not is_sorted:
        by = np.argsort(theirs, kind="stable")
        theirs = theirs[by]
    if len(shared) == 1 and left.size > numbers // 16:
        low, counts = _addressed(ours, theirs, numbers)
    else:
        low = np.searchsorted(theirs, ours)
        counts = np.searchsorted(theirs, ours, "right") - low
    return low, counts, by


def _addressed(ours: Keys, theirs: Keys, numbers: int) -> tuple[Index, Index]:
    """The same without a search, by a table of all terms: worth it for many."""
    counted = np.bincount(theirs, minlength=numbers)
    first = np.cumsum(counted) - counted
    return first[ours], counted[ours]


def _keys(rows: Rows, shared: Sequence[str], numbers: int) -> Keys:
    if len(shared) == 1:
        return rows.columns[shared[0]]
    if numbers ** len(shared) >= 2**63:
        raise NotCovered
    key = rows.columns[shared[0]].astype(np.int64)
    for name in shared[1:]:
        key *= numbers
        key += rows.columns[name]
    return key


def has_match(left: Rows, right: Rows, shared: Sequence[str], numbers: int) -> Mask:
    """Which solutions on the left agree with any on the right."""
    if len(shared) == 1 and left.size + right.size > numbers // 16:
        table = np.zeros(numbers, bool)
        table[right.columns[shared[0]]] = True
        return table[left.columns[shared[0]]]
    return np.isin(_keys(left, shared, numbers), _keys(right, shared, numbers))


def distinct(rows: Rows, numbers: int) -> Rows:
    """Each solution once."""
    names = list(rows.columns)
    if rows.size < 2:
        return rows
    if not names:
        return Rows(min(rows.size, 1), {})
    if len(names) == 1:
        return Rows(*_one_column(names[0], rows.columns[names[0]], numbers))
    return rows.take(np.sort(first_of_each(codes(rows, names, numbers)[0])))


def _one_column(name: str, column: Ids, numbers: int) -> tuple[int, dict[str, Ids]]:
    found = unique(column, numbers)
    return len(found), {name: found}


def unique(column: Ids, numbers: int) -> Ids:
    """The different numbers, sorted; -1 counts as one."""
    if len(column) < numbers // 16:
        return np.unique(column)
    table = np.zeros(numbers + 1, bool)
    table[column + 1] = True
    return (np.flatnonzero(table) - 1).astype(np.int32)


def first_of_each(code: Index) -> Index:
    return np.unique(code, return_index=True)[1]


def codes(rows: Rows, names: Sequence[str], numbers: int) -> tuple[Index, int]:
    """A number from 0 for each different combination, in each row, and how many there are; -1 (unbound) is a value."""
    code: Index = np.zeros(rows.size, np.intp)
    count = 1 if rows.size else 0
    for name in names:
        column = rows.columns[name]
        values = unique(column, numbers)
        own = _ranks(column, values, numbers)
        if count * len(values) >= 2**62:
            raise NotCovered
        if count <= 1:
            code, count = own, len(values)
            continue
        code = code * len(values) + own
        count *= len(values)
        if count > 4 * rows.size + 1024:
            used, code = np.unique(code, return_inverse=True)
            count = len(used)
    return code, count


def _ranks(column: Ids, values: Ids, numbers: int) -> Index:
    """The place of each number among the sorted different ones."""
    if len(column) < numbers // 16:
        return np.searchsorted(values, column)
    table = np.zeros(numbers + 1, np.intp)
    table[values + 1] = np.arange(len(values))
    return table[column + 1]
