"""Which nodes are linked with which, under the options of a search: read once for the few that its candidates pass through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.discovery.costs import Prices
from app.discovery.network import Network


class Adjacency:
    """The neighbours of nodes as sets, kept while a search lasts."""

    def __init__(self, network: Network, prices: Prices) -> None:
        self._network, self._prices = network, prices
        self._known: dict[int, frozenset[int]] = {}
        self._degrees: dict[int, int] = {}

    def joins(self, one: int, other: int) -> bool:
        """Read from the node with fewer links."""
        few, many = sorted((one, other), key=self._degree)
        if few not in self._known:
            near = self._network.neighbours(few)
            followed = self._prices.followed(near)
            self._known[few] = frozenset((near.targets if followed is None else near.targets[followed]).tolist())
        return many in self._known[few]

    def marked(self, node: int) -> NDArray[np.bool_]:
        """For every node, whether it is linked with one."""
        near = self._network.neighbours(node)
        followed = self._prices.followed(near)
        marks = np.zeros(len(self._network), dtype=bool)
        marks[near.targets if followed is None else near.targets[followed]] = True
        return marks

    def _degree(self, node: int) -> int:
        if node not in self._degrees:
            self._degrees[node] = self._network.degree(node)
        return self._degrees[node]
