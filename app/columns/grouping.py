"""Groups of solutions and their aggregates; what the engine would refuse to add up or compare is not covered."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.columns.expressions import computed
from app.columns.plan import Aggregate, Expression
from app.columns.relations import Index, NotCovered, Rows, codes, unique
from app.columns.scratch import Scratch
from app.columns.terms import INTEGER, UNBOUND, Ids, integer_of

_EXACT = 2**31
"""Integers beyond it, or as many of them, are not added here."""


def needs_once(aggregates: Sequence[Aggregate]) -> bool:
    """Whether repeated solutions make no difference."""
    return all(each.distinct or each.function in ("MIN", "MAX") for each in aggregates)


def grouped(rows: Rows, keys: Sequence[str], aggregates: Sequence[Aggregate], scratch: Scratch, *, once: bool) -> Rows:
    """One row a group: its keys and its aggregates. Without keys there is one group, though it may be empty.

    ``once``: no solution is there twice.
    """
    code, places = _groups(rows, keys, scratch)
    groups = Rows(len(places), {key: rows.columns[key][places] for key in keys}) if keys else Rows(1, {})
    for aggregate in aggregates:
        groups = groups.plus(aggregate.into, _value(rows, code, groups.size, aggregate, scratch, once))
    return groups


def _groups(rows: Rows, keys: Sequence[str], scratch: Scratch) -> tuple[Index, Index]:
    """The group of each row, and a row of each group."""
    if not keys:
        return np.zeros(rows.size if rows.columns else 0, np.intp), np.zeros(1, np.intp)
    code, count = codes(rows, keys, scratch.count)
    first = np.full(count, -1, np.intp)
    first[code[::-1]] = np.arange(rows.size - 1, -1, -1)
    used = np.flatnonzero(first >= 0)
    if len(used) < count:
        number = np.zeros(count, np.intp)
        number[used] = np.arange(len(used))
        code = number[code]
    return code, first[used]


def _value(rows: Rows, code: Index, count: int, aggregate: Aggregate, scratch: Scratch, once: bool) -> Ids:
    if aggregate.name is None:
        return scratch.integers(np.bincount(code, minlength=count) if rows.columns else np.array([rows.size]))
    column = rows.columns[aggregate.name]
    if aggregate.function == "COUNT":
        return scratch.integers(_counted(code, count, column, aggregate, scratch, once))
    if len(column) and column.min() < 0:
        raise NotCovered
    if aggregate.function in ("MIN", "MAX"):
        return _extreme(column, code, count, aggregate.function == "MAX", scratch)
    return _summed(column, code, count, aggregate, scratch)


def _counted(code: Index, count: int, column: Ids, aggregate: Aggregate, scratch: Scratch, once: bool) -> npt.NDArray[np.int64]:
    if len(column) and column.min() < 0:
        code, column = code[column >= 0], column[column >= 0]
    if not aggregate.distinct:
        return np.bincount(code, minlength=count)
    if count == 1:
        return np.array([len(unique(column, scratch.count))])
    if not once:
        code = _pairs_once(code, column, scratch)
    return np.bincount(code, minlength=count)


def _pairs_once(code: Index, column: Ids, scratch: Scratch) -> Index:
    """The group of each different pair of a group and a term."""
    pairs = code * scratch.count + column
    pairs.sort()
    return pairs[np.flatnonzero(np.diff(pairs, prepend=-1))] // scratch.count


def _extreme(column: Ids, code: Index, count: int, largest: bool, scratch: Scratch) -> Ids:
    found = np.full(count, UNBOUND, np.int32)
    if not len(column):
        return found
    used = unique(column, scratch.count)
    ranks = scratch.ranks(used)
    if ranks is None:
        raise NotCovered
    rank = ranks[np.searchsorted(used, column)]
    by = np.lexsort((rank if not largest else -rank, code))
    starts = np.flatnonzero(np.diff(code[by], prepend=-1))
    found[code[by][starts]] = column[by][starts]
    return found


def _summed(column: Ids, code: Index, count: int, aggregate: Aggregate, scratch: Scratch) -> Ids:
    if aggregate.distinct or len(column) >= _EXACT:
        raise NotCovered
    sums = np.zeros(count, np.int64)
    counts = np.bincount(code, minlength=count)
    if len(column):
        if scratch.kind(column) != INTEGER:
            raise NotCovered
        used = unique(column, scratch.count)
        values = np.array([integer_of(scratch.text(number)) for number in used.tolist()], np.int64)
        if np.abs(values).max() >= _EXACT:
            raise NotCovered
        np.add.at(sums, code, values[np.searchsorted(used, column)])
    if aggregate.function == "SUM":
        return scratch.integers(sums)
    return _averages(sums, counts, scratch)


def _averages(sums: npt.NDArray[np.int64], counts: npt.NDArray[np.int64], scratch: Scratch) -> Ids:
    if not counts.all():
        return scratch.integers(counts)  # of nothing: 0
    pairs = Rows(len(sums), {"?sum": scratch.integers(sums), "?count": scratch.integers(counts)})
    return computed(Expression("?sum / ?count", ("?sum", "?count")), pairs, scratch, share=1)
