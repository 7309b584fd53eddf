"""Entities of one kind joined by what they share: actors by partnerships, by projects, by themes; derived, never stored."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints
from app.discovery.network import Network


class Pairs(NamedTuple):
    """Pairs of nodes, each once with ``left`` below ``right``, and how many things the two share."""

    left: Ints
    right: Ints
    shared: NDArray[np.int64]


def pairs_through(network: Network, through: str, among: str = "actor", *, most: int = 200) -> Pairs:
    """The pairs of ``among`` (a kind) that have a link with the same node of ``through`` (a kind).

    A node that joins more than ``most`` of them is left out: it says little of each pair and makes their square.
    """
    things, members = _incidence(network, through, among)
    sizes = np.bincount(things, minlength=len(network))[things]
    few = sizes <= most
    things, members, sizes = things[few], members[few], sizes[few]
    left = np.repeat(members, sizes)
    first = np.searchsorted(things, things)  # where the group of each entry starts
    ends = np.cumsum(sizes)
    right = members[np.arange(len(left)) + np.repeat(first - ends + sizes, sizes)]
    keys, shared = np.unique((left.astype(np.int64) << 32 | right)[left < right], return_counts=True)
    return Pairs((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), shared)


def pairs_linked(network: Network, kind: str = "actor") -> Pairs:
    """The pairs of one kind that have links with each other, and how many: members and groups, units and their actor."""
    links = network.all_links()
    own = network.kinds.index(kind)
    links = links[(network.kinds_of(links["source"]) == own) & (network.kinds_of(links["target"]) == own)]
    low, high = np.minimum(links["source"], links["target"]), np.maximum(links["source"], links["target"])
    keys, count = np.unique(low.astype(np.int64) << 32 | high, return_counts=True)
    return Pairs((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), count)


def _incidence(network: Network, through: str, among: str) -> tuple[Ints, Ints]:
    """Which node of ``among`` is linked with which of ``through``, each pair once, by the latter."""
    links = network.all_links()
    ends = np.concatenate([links["source"], links["target"]]), np.concatenate([links["target"], links["source"]])
    kinds = [network.kinds_of(end) for end in ends]
    kept = (kinds[0] == network.kinds.index(through)) & (kinds[1] == network.kinds.index(among))
    keys = np.unique(ends[0][kept].astype(np.int64) << 32 | ends[1][kept])
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32)
