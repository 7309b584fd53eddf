"""Communities, bridges, centre and margins of the network; numbers and nodes, no words.

Communities: Louvain (Blondel and others, J. Stat. Mech. P10008, 2008) from scikit-network, the same each time; one that hangs
together by others only is split into its parts. Links between them: after Guimerà and Amaral (Nature 433, 2005). Centre: PageRank
(Brin and Page, 1998), the share of time that who follows links at random spends at a node; betweenness (see there).
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components
from sknetwork.clustering import Louvain

from app.discovery.arrays import Ints
from app.discovery.network import Network
from app.discovery.structure.between import between
from app.discovery.structure.cuts import cut_off
from app.discovery.structure.graph import Graph, funders, graph_of, partners, passed
from app.discovery.structure.model import KEPT, SMALLEST, Bridge, Central, Community, Shape

_NAMES, _DAMPING, _ROUNDS = 3, 0.85, 60
_LEAST_HUB, _HUB_SHARE = 20, 1 / 3


def shape_of(network: Network, seed: int = 0) -> Shape:
    """Work out the shape: seconds for a million links."""
    graph = graph_of(network)
    joined = partners(graph, network)
    with_actors = joined[:, np.flatnonzero(graph.is_actor)].tocsr()
    is_hub = np.diff(with_actors.indptr) > max(_LEAST_HUB, _HUB_SHARE * graph.is_actor.sum())
    labels = _communities(joined, ~passed(graph, network) & ~is_hub, seed)
    degrees = np.diff(with_actors.indptr)
    rows = np.flatnonzero(graph.is_actor)
    alone = np.setdiff1d(graph.nodes[rows[degrees[rows] == 0]], funders(network))
    linked = rows[degrees[rows] > 0]
    passing = between(with_actors[linked][:, np.searchsorted(rows, linked)].tocsr())
    through = np.zeros(len(graph))
    through[linked] = passing.shares
    return Shape(
        actors=len(linked) + len(alone),
        linked=len(linked),
        communities=_told(network, graph, labels),
        bridges=_bridges(graph, labels, joined),
        central=_central(graph, degrees, through),
        alone=alone,
        starts=passing.starts,
    )


def _communities(joined: sparse.csr_matrix, members: NDArray[np.bool_], seed: int) -> NDArray[np.int64]:
    """The community of each row; one of its own for a row without links and for one that only joins others."""
    labels = np.arange(joined.shape[0])
    rows = np.flatnonzero(members)
    inner = joined[rows][:, rows]
    if inner.nnz:
        found = np.asarray(Louvain(random_state=seed).fit_predict(inner))
        links = inner.tocoo()
        same = found[links.row] == found[links.col]
        kept = sparse.coo_matrix((links.data[same], (links.row[same], links.col[same])), shape=inner.shape)
        labels[rows] = len(labels) + connected_components(kept, directed=False)[1]
    return np.asarray(np.unique(labels, return_inverse=True)[1], dtype=np.int64)


def _told(network: Network, graph: Graph, labels: NDArray[np.int64]) -> tuple[Community, ...]:
    degrees = np.diff(graph.matrix.indptr)
    linked = degrees > 0
    found: list[Community] = []
    for label, count in Counter(labels[graph.is_actor & linked].tolist()).most_common():
        if count < SMALLEST:
            break
        rows = np.flatnonzero((labels == label) & linked)
        actors = rows[graph.is_actor[rows]]
        order = graph.nodes[actors[np.argsort(-degrees[actors], kind="stable")]]
        anchors = _anchors(network, graph, rows)
        found.append(Community(len(found) + 1, int(count), _themes(network, graph.nodes[rows]), anchors, tuple(order.tolist())))
    return tuple(found)


def _themes(network: Network, nodes: Ints) -> tuple[int, ...]:
    """The commonest themes of some nodes."""
    rows, _ = network.around(nodes)
    themes = rows.targets[network.kinds_of(rows.targets) == network.kinds.index("theme")]
    return tuple(theme for theme, _ in Counter(sorted(themes.tolist())).most_common(_NAMES))


def _anchors(network: Network, graph: Graph, rows: NDArray[np.int64]) -> tuple[int, ...]:
    """The policies and programmes that most of a community's links lead to: what it stands around."""
    kinds = network.kinds_of(graph.nodes[rows])
    anchors = rows[np.isin(kinds, [network.kinds.index(kind) for kind in ("policy", "programme")])]
    weights = np.diff(graph.matrix.indptr)[anchors]
    return tuple(graph.nodes[anchors[np.argsort(-weights, kind="stable")][:_NAMES]].tolist())


def _bridges(graph: Graph, labels: NDArray[np.int64], joined: sparse.csr_matrix) -> tuple[Bridge, ...]:
    cut = cut_off(graph.matrix.indptr.astype(np.int64), graph.matrix.indices, graph.is_actor.tolist())
    others = _other_communities(graph, labels, joined)
    rows = np.flatnonzero(graph.is_actor & ((cut > 0) | (others > 1)))
    order = rows[np.lexsort((graph.nodes[rows], -others[rows], -cut[rows]))][:KEPT]
    return tuple(Bridge(int(graph.nodes[row]), int(cut[row]), int(others[row])) for row in order)


def _other_communities(graph: Graph, labels: NDArray[np.int64], joined: sparse.csr_matrix) -> NDArray[np.int64]:
    """With how many communities other than its own each row has to do; a community of one actor is none."""
    if not len(graph):
        return np.zeros(0, np.int64)
    sizes = np.bincount(labels[graph.is_actor], minlength=int(labels.max()) + 1)
    rows = np.flatnonzero(sizes[labels] > 1)
    belongs = sparse.csr_matrix((np.ones(len(rows)), (rows, labels[rows])), shape=(len(labels), int(labels.max()) + 1))
    met = (joined @ belongs).tocsr()
    own = np.asarray(met[np.arange(len(labels)), labels]).ravel() > 0
    return np.asarray(np.diff(met.indptr) - own, dtype=np.int64)


def _central(graph: Graph, degrees: NDArray[np.int64], through: NDArray[np.float64]) -> tuple[Central, ...]:
    share = _random_walk(graph.matrix)
    rows = np.flatnonzero(graph.is_actor & (degrees > 0))
    order = rows[np.lexsort((graph.nodes[rows], -share[rows]))][:KEPT]
    return tuple(Central(int(graph.nodes[row]), int(degrees[row]), float(share[row]), float(through[row])) for row in order)


def _random_walk(matrix: sparse.csr_matrix) -> NDArray[np.float64]:
    """PageRank by repeated steps; who is at a node without links starts anywhere."""
    count = matrix.shape[0]
    if not count:
        return np.zeros(0)
    strength = np.asarray(matrix.sum(axis=1)).ravel()
    steps = (sparse.diags(np.divide(1.0, strength, out=np.zeros(count), where=strength > 0)) @ matrix).T.tocsr()
    share = np.full(count, 1 / count)
    for _ in range(_ROUNDS):
        lost = share[strength == 0].sum()
        share = _DAMPING * (steps @ share + lost / count) + (1 - _DAMPING) / count
    return np.asarray(share)
