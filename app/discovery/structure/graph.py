"""The network without themes, territories and funders' links, as a matrix: what communities and bridges are found in."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray

from app.discovery.arrays import Ints
from app.discovery.network import Network
from app.terms import CODE

LEFT_OUT = ("theme", "territory", "place", "source", "evidence", "glossary", "period", "observation", "indicator")
"""What joins everybody, or nobody: kinds of nodes that are not followed here."""

MOST_JOINED = 200
"""A partnership or project with more links than this joins nobody: it says little of each pair, and makes their square."""

_FUNDS = str(CODE) + "role/funds"


@dataclass(frozen=True)
class Graph:
    """An undirected graph with weights; row ``n`` is the node ``nodes[n]`` of the network."""

    nodes: Ints
    matrix: sparse.csr_matrix
    is_actor: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.nodes)


def graph_of(network: Network, *, with_funders: bool = False) -> Graph:
    """Entities and their links. Who funds is left out unless asked for: a funder of everybody would join all communities."""
    left_out = [network.kinds.index(kind) for kind in LEFT_OUT if kind in network.kinds]
    every = network.nodes()
    nodes = every[~np.isin(network.kinds_of(every), left_out) & (network.kinds_of(every) < len(network.kinds))]
    links = network.all_links()
    if not with_funders:
        links = links[links["kind"] != network.scheme.numbers.get(_FUNDS, -1)]
    kept = np.isin(links["source"], nodes) & np.isin(links["target"], nodes)
    links = links[kept]
    rows, columns = np.searchsorted(nodes, links["source"]), np.searchsorted(nodes, links["target"])
    weights = np.array([link.weight for link in network.links])[links["kind"]]
    shape = (len(nodes), len(nodes))
    one_way = sparse.coo_matrix((weights, (rows, columns)), shape=shape).tocsr()
    matrix = one_way.maximum(one_way.T).tocsr()
    matrix.sort_indices()
    return Graph(nodes, matrix, network.kinds_of(nodes) == network.kinds.index("actor"))


def funders(network: Network) -> Ints:
    """Who funds: left out here for joining everybody, which makes none of them isolated."""
    links = network.all_links()
    paid = links[links["kind"] == network.scheme.numbers.get(_FUNDS, -1)]
    return np.unique(np.concatenate([paid["source"], paid["target"]]))


def passed(graph: Graph, network: Network) -> NDArray[np.bool_]:
    """The rows that join others rather than being joined: partnerships and projects."""
    kinds = network.kinds_of(graph.nodes)
    return np.isin(kinds, [network.kinds.index(kind) for kind in ("partnership", "project")])


def partners(graph: Graph, network: Network) -> sparse.csr_matrix:
    """Which rows are joined by a link or by what two have in common, without themselves; what joins very many is not passed."""
    ones = sparse.csr_matrix((np.ones(graph.matrix.nnz), graph.matrix.indices, graph.matrix.indptr), shape=graph.matrix.shape)
    passing = passed(graph, network) & (np.diff(graph.matrix.indptr) <= MOST_JOINED)
    joined = (ones + ones @ sparse.diags(passing.astype(float)) @ ones).tocsr()
    joined.setdiag(0)
    joined.eliminate_zeros()
    return joined
