"""Cut vertices of a graph and what each would cut off (Hopcroft and Tarjan, CACM 16, 1973), without recursion."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray


def cut_off(pointers: NDArray[np.int64], targets: NDArray[np.int32], counted: Sequence[bool]) -> NDArray[np.int64]:
    """How many counted nodes each node keeps together with the largest part of the rest; 0 for one that is no cut vertex.

    The graph is undirected, as compressed sparse rows with each link from both ends.
    """
    return _Walk(pointers.tolist(), targets.tolist(), [int(one) for one in counted]).run()


class _Walk:
    """Depth first; ``low`` is the earliest node that a subtree reaches, ``size`` how many counted nodes it has."""

    def __init__(self, pointers: list[int], targets: list[int], counted: list[int]) -> None:
        count = len(counted)
        self._pointers, self._targets = pointers, targets
        self._found, self._low, self._size = [-1] * count, [0] * count, counted[:]
        self._counted = counted
        self._pieces: list[list[int]] = [[] for _ in range(count)]
        """The sizes of the subtrees that hang on a node alone."""

    def run(self) -> NDArray[np.int64]:
        cut = np.zeros(len(self._found), np.int64)
        for root in range(len(self._found)):
            if self._found[root] < 0:
                self._component(root, cut)
        return cut

    def _component(self, root: int, cut: NDArray[np.int64]) -> None:
        visited = self._walk(root)
        total = self._size[root]
        for node in visited:
            pieces = self._pieces[node]
            rest = total - self._counted[node] - sum(pieces)
            parts = pieces if node == root else [*pieces, rest]
            parts = [part for part in parts if part]
            if len(parts) > 1:
                cut[node] = sum(parts) - max(parts)

    def _walk(self, root: int) -> list[int]:
        """Number the nodes of one component in the order of finding; what returns from a child is done when it is left."""
        order = [root]
        self._found[root] = self._low[root] = 0
        stack = [(root, -1, self._pointers[root])]
        while stack:
            node, parent, place = stack.pop()
            if place < self._pointers[node + 1]:
                stack.append((node, parent, place + 1))
                self._follow(node, parent, self._targets[place], order, stack)
            elif parent >= 0:
                self._leave(node, parent)
        return order

    def _follow(self, node: int, parent: int, target: int, order: list[int], stack: list[tuple[int, int, int]]) -> None:
        if self._found[target] < 0:
            self._found[target] = self._low[target] = len(order)
            order.append(target)
            stack.append((target, node, self._pointers[target]))
        elif target != parent:
            self._low[node] = min(self._low[node], self._found[target])

    def _leave(self, node: int, parent: int) -> None:
        self._low[parent] = min(self._low[parent], self._low[node])
        self._size[parent] += self._size[node]
        if self._low[node] >= self._found[parent]:
            self._pieces[parent].append(self._size[node])
