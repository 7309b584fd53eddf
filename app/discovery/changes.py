"""What changed between two days: pairs of actors whose partnerships began, ended or multiplied, by the dates in the data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints
from app.discovery.intervals import ALWAYS_AFTER, ALWAYS_BEFORE
from app.discovery.network import Network

Change = Literal["new", "resumed", "strengthened", "weakened", "ended", "passed"]
CHANGES: tuple[Change, ...] = ("new", "resumed", "strengthened", "weakened", "ended", "passed")
MOST_PARTIES = 50
"""A partnership of more parties joins no pairs: it says little of each, and makes their square."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Timeline:
    """Each pair of actors in each dated partnership: entries sorted by pair; ``bounds`` is where each pair begins.

    ``undated`` partnerships have neither start nor end; ``large`` ones have too many parties.
    """

    ones: Ints
    others: Ints
    partnerships: Ints
    starts: Ints
    ends: Ints
    bounds: NDArray[np.int64]
    undated: int
    large: int

    @classmethod
    def of(cls, network: Network) -> Timeline:
        links = network.all_links()
        kinds = [network.kinds_of(links[end]) for end in ("source", "target")]
        actor, partnership = (network.kinds.index(kind) for kind in ("actor", "partnership"))
        links = links[(kinds[0] == actor) & (kinds[1] == partnership)]
        _, first = np.unique(links["target"].astype(np.int64) << 32 | links["source"], return_index=True)
        links = links[first]
        _, place, sizes = np.unique(links["target"], return_inverse=True, return_counts=True)
        dated = (links["start"] != ALWAYS_BEFORE) | (links["end"] != ALWAYS_AFTER)
        undated, large = np.unique(links["target"][~dated]), np.unique(links["target"][sizes[place] > MOST_PARTIES])
        return cls._paired(links[dated & (sizes[place] <= MOST_PARTIES)], len(undated), len(large))

    @classmethod
    def _paired(cls, links: NDArray[np.void], undated: int, large: int) -> Timeline:
        """Links are sorted by partnership, then by actor; each meets those after it in its partnership."""
        ends = np.searchsorted(links["target"], links["target"], side="right")
        later = ends - np.arange(len(links)) - 1
        left = np.repeat(np.arange(len(links)), later)
        right = np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later) + left + 1
        keys = links["source"][left].astype(np.int64) << 32 | links["source"][right]
        order = np.argsort(keys, kind="stable")
        left, right = left[order], right[order]
        bounds = np.flatnonzero(np.diff(keys[order], prepend=-1))
        its = links[left]
        return cls(its["source"], links["source"][right], its["target"], its["start"], its["end"], bounds, undated, large)

    def last_year(self) -> int | None:
        """The year in which the last dated partnership began."""
        known = self.starts[self.starts != ALWAYS_BEFORE]
        return datetime.date.fromordinal(int(known.max())).year if len(known) else None

    def between(self, first: datetime.date, last: datetime.date, kept: Ints | None = None) -> Changed:
        """Compare two days; ``kept`` are nodes of which a pair must have one: either actor, or a partnership."""
        before, after = first.toordinal(), last.toordinal()
        at_first = self._sum((self.starts <= before) & (self.ends >= before))
        at_last = self._sum((self.starts <= after) & (self.ends >= after))
        ever = self._sum(self.starts <= before)
        within = self._sum((self.starts > before) & (self.ends < after))
        flags: Mapping[Change, Flags] = {
            "new": (at_first == 0) & (at_last > 0) & (ever == 0),
            "resumed": (at_first == 0) & (at_last > 0) & (ever > 0),
            "strengthened": (at_first > 0) & (at_last > at_first),
            "weakened": (at_last > 0) & (at_last < at_first),
            "ended": (at_first > 0) & (at_last == 0),
            "passed": (at_first == 0) & (at_last == 0) & (within > 0),
        }
        wanted = self._wanted(kept)
        found = {name: self._pairs(is_so & wanted, at_first, at_last) for name, is_so in flags.items()}
        same = int(((at_first > 0) & (at_first == at_last) & wanted).sum())
        return Changed(first, last, found, same)

    def _wanted(self, kept: Ints | None) -> Flags:
        if kept is None:
            return np.ones(len(self.bounds), dtype=bool)
        touched = np.isin(self.ones, kept) | np.isin(self.others, kept) | np.isin(self.partnerships, kept)
        return self._sum(touched) > 0

    def _pairs(self, is_so: Flags, at_first: NDArray[np.int64], at_last: NDArray[np.int64]) -> tuple[Pair, ...]:
        places = np.flatnonzero(is_so)
        heads = self.bounds[places]
        columns = (self.ones[heads], self.others[heads], at_first[places], at_last[places], self._newest(places))
        return tuple(Pair(*row) for row in zip(*(column.tolist() for column in columns), strict=True))

    def _newest(self, places: NDArray[np.int64]) -> Ints:
        """The partnership of each pair that began last."""
        stops = np.append(self.bounds, len(self.starts))
        found = [self.bounds[place] + int(np.argmax(self.starts[self.bounds[place] : stops[place + 1]])) for place in places]
        return self.partnerships[np.array(found, dtype=np.int64)]

    def _sum(self, flags: Flags) -> NDArray[np.int64]:
        """How many entries of each pair are marked."""
        if not len(self.bounds):
            return np.zeros(0, np.int64)
        return np.asarray(np.add.reduceat(flags.astype(np.int64), self.bounds))


@dataclass(frozen=True)
class Pair:
    """Two actors, how many partnerships they had on the first day and on the last, and their newest one."""

    one: int
    other: int
    before: int
    after: int
    newest: int


@dataclass(frozen=True)
class Changed:
    """The pairs of each change, and how many stayed as they were."""

    first: datetime.date
    last: datetime.date
    pairs: Mapping[Change, tuple[Pair, ...]]
    same: int
