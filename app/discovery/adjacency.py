"""Which nodes are linked with which, under the options of a search: read once for the few that its candidates pass through."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints
from app.discovery.costs import Prices
from app.discovery.network import Network


class Adjacency:
    """The neighbours of nodes, kept while a search lasts."""

    def __init__(self, network: Network, prices: Prices) -> None:
        self._network, self._prices = network, prices
        self._known: dict[int, Ints] = {}
        self._degrees: dict[int, int] = {}

    def joins(self, one: int, other: int) -> bool:
        """Read from the node with fewer links."""
        few, many = sorted((one, other), key=self._degree)
        if few not in self._known:
            self._known[few] = self._linked(few)
        return bool((self._known[few] == many).any())

    def marked(self, node: int) -> NDArray[np.bool_]:
        """For every node, whether it is linked with one."""
        marks = np.zeros(len(self._network), dtype=bool)
        marks[self._linked(node)] = True
        return marks

    def _linked(self, node: int) -> Ints:
        near = self._network.neighbours(node)
        followed = self._prices.followed(near)
        return near.targets if followed is None else near.targets[followed]

    def _degree(self, node: int) -> int:
        if node not in self._degrees:
            self._degrees[node] = self._network.degree(node)
        return self._degrees[node]
