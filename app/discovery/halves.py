"""All beginnings of paths from one end, as arrays, one level for each number of links; they are joined in paths."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import NO_NEIGHBOURS, Ints, Neighbours, distinct, joined
from app.discovery.costs import COMMONPLACE, NEVER, Costs, Prices
from app.discovery.network import Network

Marks = tuple[NDArray[np.bool_], NDArray[np.bool_]]
"""For every node, whether it is linked with one end, and with the other."""

Going = tuple[NDArray[np.int64], Costs, NDArray[np.int64]]
"""The places of beginnings, the cost of each with that of its node, and how many links this has."""

MOST = 4_000_000
"""How many beginnings, or pairs of them, are held at most, and how many links are read at once."""


@dataclass(frozen=True)
class Level:
    """Beginnings of one length: the node that each has come to, the place of the beginning that it prolongs in the level before,
    its cost without that node's, and the days of its last link."""

    nodes: Ints
    parents: NDArray[np.int64]
    costs: Costs
    starts: Ints
    ends: Ints

    def __len__(self) -> int:
        return len(self.nodes)

    def only(self, kept: NDArray[np.bool_] | NDArray[np.int64]) -> Level:
        return Level(self.nodes[kept], self.parents[kept], self.costs[kept], self.starts[kept], self.ends[kept])


class Half:
    """The beginnings from ``start``, never through ``other``, that can be part of a path of cost ``limit`` or less.

    ``tail`` is the least that the other half of a path costs. ``beyond`` is the least that a path left out for its cost may cost;
    ``full`` says that some were left out for their number.
    """

    def __init__(self, network: Network, prices: Prices, ends: tuple[int, int], near: Marks, limit: int) -> None:
        """``ends`` are the start and the other end, ``near`` what is linked with each of them."""
        self._network, self._prices = network, prices
        self._ends, self._near = ends, near
        start = ends[0]
        self.limit, self.tail = limit, 0
        self.beyond = NEVER
        self.full = False
        nothing = np.zeros(1, np.int32)
        self._levels = [Level(np.array([start], np.int32), np.zeros(1, np.int64), np.zeros(1, np.int64), nothing, nothing)]
        self._going_on: Going | None = np.zeros(1, np.int64), np.zeros(1, np.int64), network.degrees(self._levels[0].nodes)
        self.deepen()

    @property
    def last(self) -> Level:
        """The longest beginnings so far."""
        return self._levels[-1]

    @property
    def links(self) -> int:
        """How many links the longest beginnings have."""
        return len(self._levels) - 1

    def width(self) -> int:
        """How many links would be read by going deeper."""
        return int(self._open()[2].sum())

    def passed_width(self) -> int:
        """How many of them from those that have passed through a commonplace."""
        _, through, degrees = self._open()
        return int(degrees[through >= COMMONPLACE].sum())

    def free(self) -> Ints:
        """The nodes that the longest beginnings have come to without a commonplace."""
        return self.last.nodes[(self.last.costs < COMMONPLACE) & ~self._prices.are_common(self.last.nodes)]

    def reach(self, links: int, most: int) -> Ints | None:
        """All nodes, and perhaps more, that beginnings of up to some links come to without a commonplace; None where more than
        ``most`` links would have to be read."""
        nodes = np.array([self._ends[0]], np.int32)
        reached = np.zeros(len(self._network), bool)
        for _ in range(links):
            most -= int(self._network.degrees(nodes).sum())
            if most < 0:
                return None
            reached |= self._network.linked_with(nodes)
            nodes = np.flatnonzero(reached).astype(np.int32)
            nodes = nodes[~self._prices.are_common(nodes)]
        return nodes

    def deepen(self, free: Ints | None = None, passed: Ints | None = None, common: Ints | None = None) -> None:
        """Prolong each beginning by each link that goes on from its node; only to some nodes, where they are given: those without
        a commonplace to ``free``, those that have passed through one to ``passed``, and from a commonplace to ``common`` too."""
        last, (places, through, _) = self.last, self._open()
        parts = [np.arange(len(places))] if passed is None else self._parted(last.nodes[places], through)
        read = [self._read(part, aims) for part, aims in zip(parts, (free, passed, common), strict=False) if len(part)]
        near, origins = joined([rows for rows, _ in read]), np.concatenate([np.zeros(0, np.int64), *(own for _, own in read)])
        followed = self._prices.followed(near)
        if followed is not None:
            near, origins = near.only(followed), origins[followed]
        costs = through[origins] + self._prices.steps[near.kinds]
        parents = places[origins]
        if len(self._levels) > 1:
            costs += self._prices.apart((last.starts[parents], last.ends[parents]), (near.starts, near.ends))
        kept = self._fresh(near.targets, parents) & self._within(costs, self.tail)
        if len(self._levels) > 1:
            kept &= ~self._near[0][near.targets]  # a detour: the start is linked with it
        if (costs >= COMMONPLACE).any():
            left = (costs >= COMMONPLACE) & ~self._prices.are_common(last.nodes[parents])
            kept &= ~(left & self._prices.are_common(near.targets))
        self._levels.append(Level(near.targets, parents, costs, near.starts, near.ends).only(kept))
        self._going_on = None

    def _parted(self, nodes: Ints, through: Costs) -> tuple[NDArray[np.int64], ...]:
        """The places of beginnings without a commonplace, of those with one, and of those that may go on from one to another."""
        has_passed = through >= COMMONPLACE
        common = np.flatnonzero(has_passed & self._prices.are_common(nodes))
        onwards = self._within(through[common] + self._prices.onwards(nodes[common]) + COMMONPLACE, self.tail)
        return np.flatnonzero(~has_passed), np.flatnonzero(has_passed), common[onwards]

    def _read(self, part: NDArray[np.int64], aims: Ints | None) -> tuple[Neighbours, NDArray[np.int64]]:
        """The links of some of the beginnings that go on, and whose each is; those that lead to some nodes are read from the side
        that has fewer. None where they are too many."""
        places, _, degrees = self._open()
        nodes, size = self.last.nodes[places[part]], int(degrees[part].sum())
        back = NEVER if aims is None else int(self._network.degrees(aims := distinct(aims)).sum())
        self.full |= min(size, back) > MOST
        if self.full:
            return NO_NEIGHBOURS, part[:0]
        if aims is None:
            rows, origins = self._network.around(nodes)
        else:
            rows, origins = self._network.between(nodes, aims, turned=back < size)
        return rows, part[origins]

    def ways(self, places: NDArray[np.int64]) -> Ints:
        """The nodes of some of the longest beginnings, one row for each, from the start."""
        columns = []
        for level in self._levels[::-1]:
            columns.append(level.nodes[places])
            places = level.parents[places]
        return np.stack(columns[::-1], axis=1)

    def _open(self) -> Going:
        """The beginnings that may go on."""
        if self._going_on is None:
            last = self.last
            through = last.costs + self._prices.nodes(last.nodes)
            open_ = self._prices.passable(last.nodes) & ~self._near[1][last.nodes]
            places = np.flatnonzero(open_ & self._within(through + self._prices.onwards(last.nodes), self.tail))
            self._going_on = places, through[places], self._network.degrees(last.nodes[places])
        return self._going_on

    def _within(self, costs: Costs, more: int) -> NDArray[np.bool_]:
        """Which beginnings may still be part of a path within the limit; the others are remembered by the least."""
        kept = costs + more <= self.limit
        if not kept.all():
            self.beyond = min(self.beyond, int(costs[~kept].min()) + more)
        return kept

    def _fresh(self, nodes: Ints, parents: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which have come to a node that is neither an end nor on their own way."""
        kept: NDArray[np.bool_] = (nodes != self._ends[0]) & (nodes != self._ends[1])
        for later, earlier in pairwise(self._levels[:0:-1]):
            parents = later.parents[parents]
            kept &= nodes != earlier.nodes[parents]
        return kept
