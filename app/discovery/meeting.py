"""Joins beginnings from both ends at the nodes where they meet, cheapest first; knows no network."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints
from app.discovery.costs import NEVER, Costs, Prices
from app.discovery.halves import MOST, Level

NOWHERE = NEVER // 4
"""The cost of passing through a node that no path may pass through."""

_CHUNK = 512
Places = NDArray[np.int64]


def meeting_places(one: Ints, other: Ints, nodes: int) -> tuple[Places, Places]:
    """The places of those on either side that have come to a node that the other side has come to as well."""
    if len(one) > len(other):
        return meeting_places(other, one, nodes)[::-1]
    marked = np.zeros(nodes, dtype=bool)
    marked[one] = True
    second = np.flatnonzero(marked[other])
    marked[one] = False
    marked[other[second]] = True
    return np.flatnonzero(marked[one]), second


class Meeting:
    """Two levels, most of whose beginnings have come to a node that the other has come to as well.

    ``beyond`` is the least cost of a pair that was over the limit; ``full`` says that some were left out for their number.
    """

    def __init__(self, one: Level, other: Level, prices: Prices) -> None:
        self._one, self._other, self._prices = one, other, prices
        met, both = np.unique(np.concatenate([one.nodes, other.nodes]), return_inverse=True)
        self._at_one, self._at_other = both[: len(one)], both[len(one) :]
        self._through = np.where(prices.passable(met), prices.nodes(met), NOWHERE)
        least_one, least_other = np.full(len(met), NOWHERE), np.full(len(met), NOWHERE)
        np.minimum.at(least_one, self._at_one, one.costs)
        np.minimum.at(least_other, self._at_other, other.costs)
        self._least_one = one.costs + (self._through + least_other)[self._at_one]
        self._least_other = other.costs + (self._through + least_one)[self._at_other]
        self.done, self.beyond, self.full = -1, NEVER, False

    def chunks(self, limit: int) -> Iterator[tuple[Places, Places, Costs]]:
        """Pairs of places and what each costs, in chunks: all whose cost without a lack of overlap at the meeting is ``done`` or
        less have been made."""
        over = [bounds[(bounds > limit) & (bounds < NOWHERE)] for bounds in (self._least_one, self._least_other)]
        self.beyond = int(np.concatenate(over).min(initial=NEVER))
        rising = np.sort(self._least_one[self._least_one <= limit])
        reach = _CHUNK
        while self.done < limit and len(rising):
            cap = limit if reach >= len(rising) else int(rising[reach])
            one, other, costs = self._pairs(cap)
            if cap == limit and (costs > cap).any():
                self.beyond = min(self.beyond, int(costs[costs > cap].min()))
            new = np.flatnonzero((costs > self.done) & (costs <= cap))
            self.done = cap
            yield one[new], other[new], costs[new] + self._apart(one[new], other[new])
            reach *= 4

    def _apart(self, one: Places, other: Places) -> Costs:
        days = (self._one.starts[one], self._one.ends[one]), (self._other.starts[other], self._other.ends[other])
        return self._prices.apart(*days)

    def _pairs(self, cap: int) -> tuple[Places, Places, Costs]:
        """All pairs of those that have a pair within a cost."""
        one, other = np.flatnonzero(self._least_one <= cap), np.flatnonzero(self._least_other <= cap)
        other = other[np.argsort(self._at_other[other], kind="stable")]
        at = self._at_other[other]
        lows = np.searchsorted(at, self._at_one[one], "left")
        counts = self._few(np.searchsorted(at, self._at_one[one], "right") - lows)
        first = np.repeat(one, counts)
        second = other[np.arange(len(first)) + np.repeat(lows - np.cumsum(counts) + counts, counts)]
        return first, second, self._one.costs[first] + self._through[self._at_one[first]] + self._other.costs[second]

    def _few(self, counts: Places) -> Places:
        """The counts of pairs, cut where they would be too many to hold."""
        room = np.clip(MOST - (np.cumsum(counts) - counts), 0, None)
        self.full |= bool((counts > room).any())
        few: Places = np.minimum(counts, room)
        return few
