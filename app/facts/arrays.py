"""Joins of sorted arrays of whole numbers; knows nothing of what they stand for."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.integer[Any]]


def join(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Positions in ``left`` and in the sorted ``right`` of all pairs of equal values, in the order of ``left``."""
    first, counts = _runs(left, right)
    return np.repeat(np.arange(len(left)), counts), ranges(first, counts)


def _runs(left: Ints, right: Ints) -> tuple[Ints, Ints]:
    """Where the run of each value begins in the sorted ``right``, and how long it is; by a table where values are small."""
    most = int(right[-1]) if len(right) else -1
    if len(left) == 0 or most > 4 * (len(left) + len(right)) or int(right[0] if len(right) else 0) < 0 or int(left.min()) < 0:
        first = np.searchsorted(right, left, "left")
        return first, np.searchsorted(right, left, "right") - first
    lengths = np.bincount(right, minlength=most + 2)
    lengths[most + 1 :] = 0
    begins = np.cumsum(lengths) - lengths
    within = np.minimum(left, most + 1)
    return begins[within], lengths[within]


def ranges(first: Ints, counts: Ints) -> Ints:
    """``first[0], first[0] + 1, …`` as many as ``counts[0]``, then those of ``first[1]``, and so on."""
    ends = np.cumsum(counts)
    steps = np.arange(int(ends[-1]) if len(ends) else 0)
    found: Ints = steps + np.repeat(first - (ends - counts), counts)
    return found


def begins(rows: Ints, size: int) -> Ints:
    """Where the run of each row below ``size`` begins in the sorted ``rows``, and behind them where the last one ends: a look-up
    of many rows needs no search then."""
    found = np.zeros(size + 1, np.int32)
    np.cumsum(np.bincount(rows, minlength=size), out=found[1:])
    return found


def unique_rows(*columns: Ints) -> tuple[Ints, ...]:
    """The different rows of some columns, in the order of the first column, then of the second, and so on."""
    order = np.lexsort(columns[::-1])
    ordered = [column[order] for column in columns]
    if len(order) == 0:
        return tuple(ordered)
    new = np.zeros(len(order), bool)
    new[0] = True
    for column in ordered:
        new[1:] |= column[1:] != column[:-1]
    return tuple(column[new] for column in ordered)


def merged(whole: tuple[Ints, Ints], own: tuple[Ints, Ints], changed: npt.NDArray[np.bool_]) -> tuple[Ints, Ints]:
    """A list by row in which those of the ``changed`` rows are others; both are sorted by row, and few are put into many."""
    stays = ~changed[whole[0]]
    rows, values = whole[0][stays], whole[1][stays]
    places = np.searchsorted(rows, own[0].astype(rows.dtype), "right")  # of one type: else the other is copied whole
    return np.insert(rows, places, own[0]), np.insert(values, places, own[1])


def least(keys: Ints, values: npt.NDArray[Any], into: npt.NDArray[Any]) -> None:
    """Write the least of the ``values`` of each key at its place."""
    order = np.lexsort((values, keys))
    ordered = keys[order]
    first = np.ones(len(order), bool)
    first[1:] = ordered[1:] != ordered[:-1]
    into[ordered[first]] = values[order][first]


def span(rows: Ints, row: int) -> slice:
    """Where the run of one row is in the sorted ``rows``; asked for in their own type, else numpy copies them all to compare."""
    first, last = rows.searchsorted(np.array((row, row + 1), rows.dtype)).tolist()
    return slice(first, last)


def of(rows: Ints, values: npt.NDArray[Any], row: int) -> npt.NDArray[Any]:
    """The values of one row, where ``rows`` is sorted."""
    found: npt.NDArray[Any] = values[span(rows, row)]
    return found
