"""A path as its reader needs it: each step with all the links that join its two nodes, the one that counts first."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from app.discovery.arrays import Ints
from app.discovery.costs import APART, COMMON_KINDS, Prices
from app.discovery.network import Network


@dataclass(frozen=True, order=True)
class StepLink:
    """One link of a step; ``forward`` as the step goes."""

    kind: int
    start: int
    end: int
    forward: bool


@dataclass(frozen=True)
class Step:
    """Two nodes that follow each other on a path, and all the links that join them and that were allowed.

    The first link is the one that the path's cost counts; ``apart`` says that its days do not overlap with those of the step
    before.
    """

    source: int
    target: int
    links: tuple[StepLink, ...]
    apart: bool = False


@dataclass(frozen=True)
class Path:
    """One explanation, from the first node to the last, and its cost in thousandths."""

    nodes: tuple[int, ...]
    steps: tuple[Step, ...]
    cost: int


def links_between(network: Network, prices: Prices, source: int, target: int) -> list[StepLink]:
    """All that joins two nodes directly; read from the one with fewer links."""
    turned = network.degree(source) > network.degree(target)
    near = network.neighbours(target if turned else source)
    kept = near.targets == (source if turned else target)
    followed = prices.followed(near)
    near = near.only(kept if followed is None else kept & followed)
    columns = near.kinds.tolist(), near.starts.tolist(), near.ends.tolist(), (near.forward ^ turned).tolist()
    return sorted(StepLink(*link) for link in zip(*columns, strict=True))


def joined_steps(network: Network, prices: Prices, nodes: tuple[int, ...]) -> Path:
    """The path through some nodes, by the links that make it cost least."""
    offered = [links_between(network, prices, *pair) for pair in pairwise(nodes)]
    cost, chosen = _cheapest(prices, offered)
    cost += sum(prices.nodes_listed(nodes[1:-1]))
    steps = []
    for turn, (pair, links) in enumerate(zip(pairwise(nodes), offered, strict=True)):
        first = chosen[turn]
        apart = turn > 0 and _are_apart(chosen[turn - 1], first)
        steps.append(Step(*pair, (first, *(link for link in links if link != first)), apart))
    return Path(nodes, tuple(steps), cost)


def also_shared(network: Network, path: Path) -> dict[int, tuple[int, ...]]:
    """For each place of a path at which a partnership stands between two nodes, neither of them a commonplace, the other
    partnerships that the two share."""
    found: dict[int, tuple[int, ...]] = {}
    for place in range(1, len(path.nodes) - 1):
        sides = path.nodes[place - 1], path.nodes[place + 1]
        if network.kind(path.nodes[place]) == "partnership" and not {network.kind(one) for one in sides} & {*COMMON_KINDS}:
            before, after = (_partnerships(network, one) for one in sides)
            others = np.setdiff1d(np.intersect1d(before, after), [path.nodes[place]])
            if len(others):
                found[place] = tuple(others.tolist())
    return found


def _partnerships(network: Network, node: int) -> Ints:
    targets = network.neighbours(node).targets
    partnerships: Ints = targets[network.kinds_of(targets) == network.kinds.index("partnership")]
    return partnerships


def _cheapest(prices: Prices, offered: list[list[StepLink]]) -> tuple[int, list[StepLink]]:
    """The choice of one link for each step that costs least, step by step (Viterbi)."""
    ways = [(int(prices.steps[link.kind]), [link]) for link in offered[0]]
    for links in offered[1:]:
        ways = [
            min((cost + int(prices.steps[link.kind]) + APART * _are_apart(way[-1], link), [*way, link]) for cost, way in ways)
            for link in links
        ]
    return min(ways)


def _are_apart(one: StepLink, other: StepLink) -> bool:
    return one.start > other.end or other.start > one.end
