"""Betweenness: of the shortest paths between two other nodes, the share that leads through each; exact, or from some nodes only.

The counting of Brandes (J. Math. Sociol. 25, 2001), for many starts at once as products of sparse and dense matrices. Where all
starts would take too long, some are drawn and the sum is scaled up (Brandes and Pich, Int. J. Bifurcation Chaos 17, 2007). Paths
are followed to a bound (Borgatti and Everett, Soc. Networks 28, 2006), which no network of people reaches: on a chain, time and
memory would grow with its length at each of its links.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

MOST_WORK = 60_000_000
"""Links times starts that are followed: a second or two, five for 200,000 actors with 800,000 links."""

_FEWEST_STARTS = 32
_CELLS = 400_000
"""Numbers of one matrix of nodes by starts, of which there is one for each link of the longest path."""

FARTHEST = 50
"""Links of the longest paths that are followed."""


@dataclass(frozen=True)
class Between:
    """The share of each node, from 0 to 1, and from how many ``starts`` of ``nodes`` it was counted."""

    shares: NDArray[np.float64]
    starts: int
    nodes: int

    @property
    def is_exact(self) -> bool:
        return self.starts == self.nodes


def between(links: sparse.csr_matrix, seed: int = 0, most_work: int = MOST_WORK) -> Between:
    """Of an undirected graph without weights, each link from both ends. Pairs that nothing joins have no path."""
    graph = sparse.csr_matrix((np.ones(links.nnz), links.indices, links.indptr), shape=links.shape)
    count = graph.shape[0]
    starts = np.arange(count)
    wanted = max(_FEWEST_STARTS, most_work // max(1, graph.nnz))
    if wanted < count:
        starts = np.sort(np.random.default_rng(seed).choice(count, wanted, replace=False))
    total = np.zeros(count)
    at_once = max(1, _CELLS // max(1, count))
    for first in range(0, len(starts), at_once):
        total += _from(graph, starts[first : first + at_once])
    pairs = (count - 1) * (count - 2)
    scaled = total * (count / max(1, len(starts))) / pairs if pairs > 0 else total
    return Between(scaled, len(starts), count)


def _from(graph: sparse.csr_matrix, starts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The sum over some starts of how much of the shortest paths from each leads through each node."""
    columns = np.arange(len(starts))
    edge = np.zeros((graph.shape[0], len(starts)))
    edge[starts, columns] = 1
    reached = edge > 0
    levels = [edge]
    while len(levels) <= FARTHEST:
        edge = np.asarray(graph @ edge)
        edge[reached] = 0
        if not edge.any():
            break
        reached |= edge > 0
        levels.append(edge)
    owed = np.zeros_like(levels[0])
    for nearer, further in zip(levels[-2::-1], levels[:0:-1], strict=True):
        share = np.divide(1 + owed, further, out=np.zeros_like(owed), where=further > 0)
        owed += nearer * np.asarray(graph @ share)
    owed[starts, columns] = 0
    summed: NDArray[np.float64] = owed.sum(axis=1)
    return summed
