"""The best explanations of how two nodes are linked, or several: exact up to a length, by the costs that costs defines.

Method: all beginnings are made from both ends, by whole arrays, always prolonging the end that has fewer links to read; for
each length they are joined once, where they meet. Links to nodes that are known are read from the side that has fewer; what
lies beyond a theme or a territory only as far as the other end comes without one. Pairs are joined in the order of a lower
bound of their cost until no other can be among the best (the stopping rule of Yen, “Finding the K shortest loopless paths in a
network”, Management Science 17(11), 1971). Beginnings that cost more than a bound are left aside, and the bound is raised until
enough is found within it: so the links of a hub are only read where nothing better than a hub is found.

Paths that differ only by partnerships are one explanation, told by the best of them: a funder's five yearly contracts are no
five reasons.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from app.discovery.adjacency import Adjacency
from app.discovery.arrays import Ints
from app.discovery.costs import COMMONPLACE, NEVER, Costs, Options, Prices
from app.discovery.halves import Half
from app.discovery.meeting import NOWHERE, Meeting, Places, meeting_places
from app.discovery.network import Network
from app.discovery.steps import Path, joined_steps, links_between

LONGEST = 6
_BOUNDS = tuple(tier * COMMONPLACE + cost for tier in range(LONGEST) for cost in (10_000, COMMONPLACE - 1))
"""Of the sets of bounds that were tried, the one with the quickest searches on a synthetic network of a million links."""
_BLOCK = 256
Nodes = tuple[int, ...]
Rank = tuple[int, Nodes]
"""The order of paths: cost, then nodes."""


@dataclass(frozen=True)
class Found:
    """The best explanations, best first; not ``complete`` where the search was too wide to be finished."""

    paths: tuple[Path, ...]
    complete: bool = True


def find_paths(network: Network, source: int, target: int, best: int = 5, options: Options | None = None) -> Found:
    """The ``best`` explanations between two different nodes. Raises ``ValueError`` for the same node, or a length that is not
    between 1 and :data:`LONGEST`."""
    options = options or Options()
    if source == target or not 1 <= options.longest <= LONGEST:
        raise ValueError(f"paths join two different nodes by 1 to {LONGEST} links")
    search = _Search(network, source, target, best, options)
    ranked = search.run()
    return Found(tuple(joined_steps(network, search.prices, nodes) for _, nodes in ranked), not search.full)


def connect(network: Network, nodes: Sequence[int], options: Options | None = None) -> Found:
    """What connects several nodes: the best explanations of the pairs that a minimum spanning tree of all pairs keeps.

    Kou, Markowsky, Berman, “A fast algorithm for Steiner trees”, Acta Informatica 15, 1981: at most twice as long as the
    shortest tree. Nodes that nothing connects within the options stay apart.
    """
    pairs = [find_paths(network, a, b, 1, options) for a, b in combinations(nodes, 2)]
    group = {node: node for node in nodes}
    kept: list[Path] = []
    for path in sorted((path for found in pairs for path in found.paths), key=lambda path: (path.cost, path.nodes)):
        ends = group[path.nodes[0]], group[path.nodes[-1]]
        if ends[0] != ends[1]:
            kept.append(path)
            group = {node: ends[0] if own == ends[1] else own for node, own in group.items()}
    return Found(tuple(kept), all(found.complete for found in pairs))


class _Search:
    """One search: what was found so far, best of each explanation; ``full`` where something was left out."""

    def __init__(self, network: Network, source: int, target: int, best: int, options: Options) -> None:
        self._network, self._ends, self._best = network, (source, target), best
        self._longest = options.longest
        self.prices = Prices(network, options)
        self.full = False
        self._found: dict[Nodes, Rank] = {}
        self._worst: tuple[int, ...] | Rank = (NEVER,)
        """The rank that a further explanation must beat."""
        self._beyond = 0
        self._near = Adjacency(network, self.prices)
        self._marks = self._near.marked(source), self._near.marked(target)

    def run(self) -> list[Rank]:
        """The best explanations in order."""
        direct = links_between(self._network, self.prices, *self._ends)
        if direct:
            self._take(min(int(self.prices.steps[link.kind]) for link in direct), self._ends, self._ends)
        for bound in (*_BOUNDS, NEVER):
            if bound >= self._beyond:
                self._round(bound)
            if self._worst <= (bound,) or self._beyond == NEVER or self.full:
                break
        return sorted(self._found.values())

    def _round(self, bound: int) -> None:
        """Look at all paths whose cost, but for the meeting, is within a bound; remember the least cost beyond it."""
        source, target = self._ends
        bound = min(bound, self._worst[0])
        halves = (
            Half(self._network, self.prices, (source, target), self._marks, bound),
            Half(self._network, self.prices, (target, source), self._marks[::-1], bound),
        )
        self._beyond = NEVER
        for half, other in (halves, halves[::-1]):
            half.tail = int(other.last.costs.min(initial=NOWHERE))
        for length in range(2, self._longest + 1):
            if length > 2:
                self._deepen(halves, self._longest - length, passing=bound >= COMMONPLACE)
            self._join(*halves)
        self._beyond = min(self._beyond, *(half.beyond for half in halves))
        self.full |= any(half.full for half in halves)

    def _deepen(self, halves: tuple[Half, Half], left: int, *, passing: bool) -> None:
        """Prolong the half that has fewer links to read; ``left`` is how often this is done again.

        At the end it is prolonged only to where it meets the other. What has passed through a commonplace is only prolonged to
        where the other end comes without one, in as many links as are left: a theme of thousands is not read for the few of them
        that are near the other end. Where commonplaces are passed through, both halves are kept as long as each other for that.
        """
        for half in halves:
            half.limit = min(half.limit, self._worst[0])
        half, other = sorted(halves, key=lambda half: (half.links if passing else 0, half.width()))
        if not left:
            nodes = other.last.nodes
            half.deepen(nodes, other.free(), nodes[self.prices.are_common(nodes)])
        elif passing:
            reach = other.reach(self._longest - half.links - 1, half.passed_width())
            half.deepen(None, reach, self.prices.commonplaces)
        else:
            half.deepen()

    def _join(self, one: Half, other: Half) -> None:
        """Look at the paths that the longest beginnings of both halves make: of two that have each passed through a commonplace,
        only where they meet at one."""
        first, second = meeting_places(one.last.nodes, other.last.nodes, len(self._network))
        if not len(first):
            return
        free = (one.last.costs[first] < COMMONPLACE) & ~self.prices.are_common(one.last.nodes[first])
        kept = (other.last.costs[second] < COMMONPLACE) | self.prices.are_common(other.last.nodes[second])
        self._meet(one, other, first, second[kept])
        self._meet(one, other, first[free], second[~kept])

    def _meet(self, one: Half, other: Half, first: Places, second: Places) -> None:
        if not len(first) or not len(second):
            return
        meeting = Meeting(one.last.only(first), other.last.only(second), self.prices)
        for here, there, costs in meeting.chunks(min(one.limit, NOWHERE - 1)):
            near = np.flatnonzero(costs <= self._worst[0])
            ways = one.ways(first[here[near]]), other.ways(second[there[near]])
            self._look(np.concatenate([ways[0], ways[1][:, -2::-1]], axis=1), costs[near])
            if self._worst <= (meeting.done,):
                break
        self._beyond, self.full = min(self._beyond, meeting.beyond), self.full or meeting.full

    def _look(self, ways: Ints, costs: Costs) -> None:
        """Take the paths among candidates, in their order, while they can be among the best; in blocks, as most are not
        needed."""
        simple = np.flatnonzero(_differ(ways))
        ways, costs = ways[simple], costs[simple]
        rising, reach, done = np.sort(costs), _BLOCK, -1
        while len(rising) and done < rising[-1] and self._worst > (done,):
            cap = int(rising[min(reach, len(rising)) - 1])
            block = np.flatnonzero((costs > done) & (costs <= cap))
            block = block[np.lexsort((*ways[block].T[::-1], costs[block]))]
            self._look_through(ways[block], costs[block])
            done, reach = cap, reach * 4

    def _look_through(self, ways: Ints, costs: Costs) -> None:
        kinds = self._network.kinds_of(ways.ravel()).reshape(ways.shape)
        partnership = self._network.kinds.index("partnership") if "partnership" in self._network.kinds else -1
        explained = np.where(kinds == partnership, -1, ways)
        for nodes, explanation, cost in zip(ways, explained, costs.tolist(), strict=True):
            if (cost,) > self._worst:
                return
            self._take(cost, tuple(nodes.tolist()), tuple(explanation.tolist()))

    def _takes_detour(self, nodes: Nodes) -> bool:
        """Whether two nodes are linked that do not follow each other; the two ends may be."""
        pairs = ((one, other) for place, one in enumerate(nodes) for other in nodes[place + 2 :])
        return any(self._near.joins(*pair) for pair in pairs if pair != (nodes[0], nodes[-1]))

    def _take(self, cost: int, nodes: Nodes, explanation: Nodes) -> None:
        """Keep a path where it is among the best, and the best of what it explains."""
        rank = cost, nodes
        if rank >= self._worst or rank >= self._found.get(explanation, (NEVER, ())) or self._takes_detour(nodes):
            return
        self._found[explanation] = rank
        ranked = sorted(self._found, key=self._found.__getitem__)
        for further in ranked[self._best :]:
            del self._found[further]
        if len(ranked) >= self._best:
            self._worst = self._found[ranked[self._best - 1]]


def nearest(network: Network, node: int, kind: str = "actor", most: int = 5, options: Options | None = None) -> list[int]:
    """The nodes of a kind that are closest to another within two links, the closest first: what its side of a path could go
    through."""
    prices = Prices(network, options or Options())
    nothing = np.zeros(len(network), dtype=bool)
    half = Half(network, prices, (node, -1), (nothing, nothing), COMMONPLACE)
    levels = [half.last]
    half.deepen()
    levels.append(half.last)
    nodes = np.concatenate([level.nodes for level in levels])
    costs = np.concatenate([level.costs for level in levels])
    own = np.flatnonzero(network.kinds_of(nodes) == network.kinds.index(kind)) if kind in network.kinds else np.zeros(0, np.int64)
    ordered = own[np.lexsort((nodes[own], costs[own]))]
    return list(dict.fromkeys(nodes[ordered].tolist()))[:most]


def _differ(ways: Ints) -> NDArray[np.bool_]:
    """Which rows have no node twice."""
    ordered = np.sort(ways, axis=1)
    kept: NDArray[np.bool_] = (ordered[:, 1:] != ordered[:, :-1]).all(axis=1)
    return kept
