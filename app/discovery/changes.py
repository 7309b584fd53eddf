"""What changed between two days: pairs of actors whose partnerships began, ended or multiplied, by the dates in the data."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import LINK, Ints, Links
from app.discovery.intervals import ALWAYS_AFTER, ALWAYS_BEFORE
from app.discovery.network import Network
from app.discovery.on_reading import OnReading

Change = Literal["new", "resumed", "strengthened", "weakened", "ended", "passed"]
CHANGES: tuple[Change, ...] = ("new", "resumed", "strengthened", "weakened", "ended", "passed")
MOST_PARTIES = 50
"""A partnership of more parties joins no pairs: it says little of each, and makes their square."""

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Entries:
    """Each pair of actors in each dated partnership, sorted by pair; ``undated`` partnerships have neither start nor end,
    ``large`` ones have too many parties."""

    ones: Ints
    others: Ints
    partnerships: Ints
    starts: Ints
    ends: Ints
    undated: Ints
    large: Ints

    @classmethod
    def of(cls, links: Links) -> Entries:
        """The pairs in the links from actors to partnerships."""
        _, first = np.unique(links["target"].astype(np.int64) << 32 | links["source"], return_index=True)
        links = links[first]
        _, place, sizes = np.unique(links["target"], return_inverse=True, return_counts=True)
        dated = (links["start"] != ALWAYS_BEFORE) | (links["end"] != ALWAYS_AFTER)
        undated, large = np.unique(links["target"][~dated]), np.unique(links["target"][sizes[place] > MOST_PARTIES])
        return cls._paired(links[dated & (sizes[place] <= MOST_PARTIES)], undated, large)

    @classmethod
    def _paired(cls, links: Links, undated: Ints, large: Ints) -> Entries:
        """Links are sorted by partnership, then by actor; each meets those after it in its partnership."""
        ends = np.searchsorted(links["target"], links["target"], side="right")
        later = ends - np.arange(len(links)) - 1
        left = np.repeat(np.arange(len(links)), later)
        right = np.arange(len(left)) - np.repeat(np.cumsum(later) - later, later) + left + 1
        its = links[left]
        found = cls(its["source"], links["source"][right], its["target"], its["start"], its["end"], undated, large)
        return found._only(np.argsort(found._keys, kind="stable"))

    def after(self, touched: Ints, own: Entries) -> Entries:
        """The same with some partnerships as they are in ``own``."""
        kept = self._only(np.flatnonzero(~np.isin(self.partnerships, touched)))
        columns = {name: np.concatenate([getattr(one, name) for one in (kept, own)]) for name in _COLUMNS}
        for name in ("undated", "large"):
            was, now = getattr(self, name), getattr(own, name)
            columns[name] = np.concatenate([was[~np.isin(was, touched)], now])
        both = Entries(**columns)
        return both._only(np.lexsort((both.partnerships, both._keys)))

    def _only(self, places: NDArray[np.int64]) -> Entries:
        return replace(self, **{name: getattr(self, name)[places] for name in _COLUMNS})

    @property
    def _keys(self) -> NDArray[np.int64]:
        return self.ones.astype(np.int64) << 32 | self.others

    @cached_property
    def bounds(self) -> NDArray[np.int64]:
        """Where each pair begins."""
        return np.flatnonzero(np.diff(self._keys, prepend=-1))


_COLUMNS = ("ones", "others", "partnerships", "starts", "ends")


@dataclass(frozen=True)
class Timeline:
    """The dated pairs of a version. ``base`` are those of the base of its network, which later versions share: ``origin`` tells
    which base that is."""

    entries: Entries
    base: Entries
    origin: object = None

    @classmethod
    def of(cls, network: Network, earlier: Timeline | None = None) -> Timeline:
        """The dated pairs of a network; the base is not read again where an ``earlier`` version had the same."""
        is_same = earlier is not None and network.origin is not None and earlier.origin == network.origin
        base = earlier.base if earlier is not None and is_same else Entries.of(_links_of(network))
        touched = _touched(network)
        entries = base.after(touched, Entries.of(_links_to(network, touched))) if len(touched) else base
        return cls(entries, base, network.origin)

    @staticmethod
    def standing(network: Network) -> object:
        """What tells the dated pairs of a network from those of other versions of the same base, without gathering them."""
        if network.origin is None:
            return object()
        touched = _touched(network)
        links = _links_to(network, touched)
        return network.origin, touched.tobytes(), links.tobytes(), network.kinds_of(touched).tobytes()

    @property
    def undated(self) -> int:
        """How many partnerships have neither start nor end."""
        return len(self.entries.undated)

    @property
    def large(self) -> int:
        """How many have too many parties."""
        return len(self.entries.large)

    def last_year(self) -> int | None:
        """The year in which the last dated partnership began."""
        starts = self.entries.starts
        known = starts[starts != ALWAYS_BEFORE]
        return datetime.date.fromordinal(int(known.max())).year if len(known) else None

    def between(self, first: datetime.date, last: datetime.date, kept: Ints | None = None) -> Changed:
        """Compare two days; ``kept`` are nodes of which a pair must have one: either actor, or a partnership."""
        before, after = first.toordinal(), last.toordinal()
        starts, ends = self.entries.starts, self.entries.ends
        at_first = self._sum((starts <= before) & (ends >= before))
        at_last = self._sum((starts <= after) & (ends >= after))
        ever = self._sum(starts <= before)
        within = self._sum((starts > before) & (ends < after))
        flags: Mapping[Change, Flags] = {
            "new": (at_first == 0) & (at_last > 0) & (ever == 0),
            "resumed": (at_first == 0) & (at_last > 0) & (ever > 0),
            "strengthened": (at_first > 0) & (at_last > at_first),
            "weakened": (at_last > 0) & (at_last < at_first),
            "ended": (at_first > 0) & (at_last == 0),
            "passed": (at_first == 0) & (at_last == 0) & (within > 0),
        }
        wanted = self._wanted(kept)
        found = {name: Pairs(self.entries, np.flatnonzero(is_so & wanted), at_first, at_last) for name, is_so in flags.items()}
        same = int(((at_first > 0) & (at_first == at_last) & wanted).sum())
        return Changed(first, last, found, same)

    def _wanted(self, kept: Ints | None) -> Flags:
        if kept is None:
            return np.ones(len(self.entries.bounds), dtype=bool)
        columns = (self.entries.ones, self.entries.others, self.entries.partnerships)
        return self._sum(np.logical_or.reduce([np.isin(column, kept) for column in columns])) > 0

    def _sum(self, flags: Flags) -> NDArray[np.int32]:
        """How many entries of each pair are marked."""
        if not len(self.entries.bounds):
            return np.zeros(0, np.int32)
        return np.asarray(np.add.reduceat(flags.astype(np.int32), self.entries.bounds))


def _links_of(network: Network) -> Links:
    """The links from actors to partnerships in the base, as it was written."""
    links, _ = network.base.rows.links()
    sources, targets = (network.base.kinds[links[end]] for end in ("source", "target"))
    chosen: Links = links[(sources == network.kinds.index("actor")) & (targets == network.kinds.index("partnership"))]
    return chosen


def _touched(network: Network) -> Ints:
    """The partnerships whose links to actors may be others than in the base, in order."""
    patch, rows = network.patch, network.base.rows
    around = rows.columns.targets[rows.positions(patch.changed)[0]]
    ends = (links[end] for links in (patch.added, patch.cut) for end in ("source", "target"))
    nodes = np.unique(np.concatenate([*ends, patch.changed, around])).astype(np.int32)
    partnership = network.kinds.index("partnership")
    is_one = network.kinds_of(nodes) == partnership
    old = nodes < len(network.base.iris)
    is_one[old] |= network.base.kinds[nodes[old]] == partnership
    touched: Ints = nodes[is_one]
    return touched


def _links_to(network: Network, partnerships: Ints) -> Links:
    """The links from actors to some nodes, those that are partnerships now."""
    partnerships = partnerships[network.kinds_of(partnerships) == network.kinds.index("partnership")]
    rows, origins = network.around(partnerships)
    chosen = ~rows.forward & (network.kinds_of(rows.targets) == network.kinds.index("actor"))
    rows, origins = rows.only(chosen), origins[chosen]
    found = np.empty(len(origins), LINK)
    columns = (rows.targets, partnerships[origins], rows.kinds, rows.starts, rows.ends)
    for name, column in zip(("source", "target", "kind", "start", "end"), columns, strict=True):
        found[name] = column
    return found


@dataclass(frozen=True)
class Pair:
    """Two actors, how many partnerships they had on the first day and on the last, and their newest one."""

    one: int
    other: int
    before: int
    after: int
    newest: int


class Pairs(OnReading[Pair]):
    """The pairs at some places, in order, each told when it is read."""

    def __init__(self, entries: Entries, places: NDArray[np.int64], before: Ints, after: Ints) -> None:
        self._entries = entries
        self._places = places
        self._before = before[places]
        self._after = after[places]

    def __len__(self) -> int:
        return len(self._places)

    def _made(self, place: int) -> Pair:
        entries, pair = self._entries, int(self._places[place])
        head = int(entries.bounds[pair])
        stop = int(entries.bounds[pair + 1]) if pair + 1 < len(entries.bounds) else len(entries.starts)
        newest = head + int(np.argmax(entries.starts[head:stop]))
        ends, counts = (entries.ones[head], entries.others[head]), (self._before[place], self._after[place])
        return Pair(*map(int, (*ends, *counts, entries.partnerships[newest])))


@dataclass(frozen=True)
class Changed:
    """The pairs of each change, and how many stayed as they were."""

    first: datetime.date
    last: datetime.date
    pairs: Mapping[Change, Sequence[Pair]]
    same: int
