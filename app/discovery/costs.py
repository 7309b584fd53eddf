"""What a path costs, so that what means something comes first: the one definition that search, tests and pages share.

A path is a sequence of different nodes, each linked with the next. It passes through themes and territories at one place only,
be it several in a row (a commune, its département, another commune): that a third shares a theme with one end and a town with
the other says nothing of the two. It takes no detour: of its nodes, only those that follow each other are linked, and perhaps
the two ends. Its cost is a whole number of thousandths: the least, over the choices of one link for each step among those that
the options allow, of the sum of

- ``1000 / weight`` for each link;
- ``500 · log2(degree)`` for each node passed through: what very many share says little of any two of them (as in the inverse
  log-degree of Adamic and Adar, “Friends and neighbors on the Web”, Social Networks 25(3), 2003);
- :data:`COMMONPLACE` for each node passed through that is a theme or a territory, more than any path without one costs: to be
  near or alike comes after any doing together;
- :data:`APART` for each node passed through at which the days of the two links do not overlap.

Of two paths of the same cost, the one whose nodes have the lower numbers comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints, Neighbours
from app.discovery.intervals import ALWAYS_AFTER, ALWAYS_BEFORE
from app.discovery.network import Network

COMMONPLACE = 1_000_000
APART = 1_500
COMMON_KINDS = ("theme", "territory")
"""Kinds of nodes that are commonplaces."""

NEVER = 2**62
"""More than any path costs."""

Costs = NDArray[np.int64]


@dataclass(frozen=True)
class Options:
    """What a path may be made of. ``links`` are numbers of kinds of links, None for all; a link whose days lie outside
    ``first`` to ``last`` is not followed; ``without`` are nodes, and ``avoided`` kinds of nodes, that no path passes through."""

    links: frozenset[int] | None = None
    first: int = ALWAYS_BEFORE
    last: int = ALWAYS_AFTER
    longest: int = 4
    without: frozenset[int] = field(default_factory=frozenset)
    avoided: frozenset[str] = field(default_factory=frozenset)


class Prices:
    """The cost function on one network under some options, on arrays."""

    def __init__(self, network: Network, options: Options) -> None:
        self._network, self._options = network, options
        allowed = range(len(network.links)) if options.links is None else options.links
        self.steps = np.array([round(1_000 / link.weight) for link in network.links], np.int64)
        """The cost of a step by the kind of its link."""
        self._allowed = np.isin(np.arange(256), list(allowed))
        self._all_allowed = options.links is None
        self._common = network.numbers_of(COMMON_KINDS)
        cheapest = np.where(network.joining()[:, : len(self.steps)] & self._allowed[: len(self.steps)], self.steps, NEVER // 4)
        self._cheapest = cheapest.min(axis=1, initial=NEVER // 4)
        self._avoided = network.numbers_of(options.avoided)
        self._without = np.array(sorted(options.without), np.int32)

    def nodes(self, nodes: Ints) -> Costs:
        """The cost of passing through each of some nodes."""
        degrees = np.maximum(self._network.degrees(nodes), 1)
        common = self._common[self._network.kinds_of(nodes)]
        costs: Costs = np.rint(500 * np.log2(degrees)).astype(np.int64) + COMMONPLACE * common
        return costs

    def onwards(self, nodes: Ints) -> Costs:
        """The least that a step from each of some nodes may cost."""
        costs: Costs = self._cheapest[self._network.kinds_of(nodes)]
        return costs

    def are_common(self, nodes: Ints) -> NDArray[np.bool_]:
        """Which nodes are commonplaces."""
        common: NDArray[np.bool_] = self._common[self._network.kinds_of(nodes)]
        return common

    @cached_property
    def commonplaces(self) -> Ints:
        """Every commonplace."""
        kinds = [kind for kind in COMMON_KINDS if kind in self._network.kinds]
        return np.concatenate([np.zeros(0, np.int32), *map(self._network.nodes, kinds)])

    def nodes_listed(self, nodes: tuple[int, ...]) -> list[int]:
        """The same for a few."""
        return list(map(int, self.nodes(np.array(nodes, np.int32))))

    def passable(self, nodes: Ints) -> NDArray[np.bool_]:
        """Which nodes a path may pass through."""
        open_ = ~self._avoided[self._network.kinds_of(nodes)] if self._options.avoided else np.ones(len(nodes), dtype=bool)
        return open_ & ~np.isin(nodes, self._without) if len(self._without) else open_

    def apart(self, one: tuple[Ints, Ints], other: tuple[Ints, Ints]) -> Costs:
        """What it costs that the first and last days of links on either side of a node do not overlap."""
        costs: Costs = APART * ((one[0] > other[1]) | (other[0] > one[1])).astype(np.int64)
        return costs

    def followed(self, near: Neighbours) -> NDArray[np.bool_] | None:
        """Which links may be followed; None for all of them."""
        kept = None if self._all_allowed else self._allowed[near.kinds]
        if (self._options.first, self._options.last) != (ALWAYS_BEFORE, ALWAYS_AFTER):
            within = (near.starts <= self._options.last) & (near.ends >= self._options.first)
            kept = within if kept is None else kept & within
        return kept
