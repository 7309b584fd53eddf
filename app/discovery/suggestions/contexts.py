"""What two entities are both linked to: partners, projects, policies; gathered from the network within a bound, without words.

A context of an entity is what it is linked to directly or through a partnership or a project. Two entities that share one are
scored by resource allocation (Zhou, Lü and Zhang, "Predicting missing links via local information", Eur. Phys. J. B 71, 2009): a
context gives what it has in equal parts to all who have it, so that one that a thousand have says a thousandth of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints, distinct
from app.discovery.network import Network
from app.terms import MAILLAGE

CONTEXT_KINDS = ("actor", "project", "programme", "policy", "event", "call", "service", "document")
"""What can be shared; themes and territories are compared by their nearness instead."""

CARRIERS = ("partnership", "project")
"""What two entities that have it in common are linked by; their other ends are contexts."""

MOST_LINKS = 60_000
"""Links of contexts that are followed for one entity, those of the least linked contexts first."""

_LEAST_HUB, _MOST_SHARING = 20, 60
Weights = NDArray[np.float64]


@dataclass(frozen=True)
class Around:
    """An entity's contexts with the weight of its link to each, and all entities that it is linked with already."""

    node: int
    contexts: Ints
    weights: Weights
    linked: Ints


@dataclass(frozen=True)
class Shared:
    """Pairs of a candidate and a context that it shares with the entity; each pair once.

    ``weights`` is the product of both links' weights; ``attached`` how many entities of the candidates' kinds the context has.
    ``hubs`` are contexts that most have: they add the little that allocation gives them, and are no reason. ``complete``
    unless contexts were left out because following them would have taken too long.
    """

    candidates: Ints
    contexts: Ints
    weights: Weights
    attached: NDArray[np.int64]
    hubs: Ints
    complete: bool = True

    @property
    def allocated(self) -> Weights:
        """What each pair adds to the candidate's score."""
        return self.weights / np.maximum(self.attached, 1)


def around(network: Network, node: int) -> Around:
    """The contexts of an entity. The working groups of what it is part of count as linked with it, and what its leaders lead."""
    near = network.neighbours(node)
    targets = near.targets
    weights = network.scheme.weights[near.kinds]
    direct = network.are_of(targets, CONTEXT_KINDS)
    carriers = network.are_of(targets, CARRIERS)
    through, origins = network.around(targets[carriers])
    beyond = network.are_of(through.targets, CONTEXT_KINDS) & (through.targets != node)
    lighter = np.minimum(weights[carriers][origins], network.scheme.weights[through.kinds])[beyond]
    nodes = np.concatenate([targets[direct], through.targets[beyond]])
    contexts, best = _best(nodes, np.concatenate([weights[direct], lighter]))
    linked = np.concatenate([contexts, [node], _units(network, node, contexts), _led_alike(network, node)])
    return Around(node, contexts, best, distinct(linked.astype(np.int32)))


def _units(network: Network, node: int, contexts: Ints) -> Ints:
    """The groups within what an entity is part of; where it is itself a group, who is part of what it is a group of."""
    unit = network.scheme.numbers.get(str(MAILLAGE.unitOf), -1)
    rows, _ = network.around(contexts)
    own = network.neighbours(node)
    wholes = own.targets[(own.kinds == unit) & own.forward]
    members, _ = network.around(wholes)
    return np.concatenate([rows.targets[(rows.kinds == unit) & ~rows.forward], members.targets])


def _led_alike(network: Network, node: int) -> Ints:
    """What is led by those who lead an entity: they need not be told to meet themselves."""
    leads = network.scheme.numbers.get(str(MAILLAGE.leader), -1)
    own = network.neighbours(node)
    rows, _ = network.around(own.targets[(own.kinds == leads) & own.forward])
    led: Ints = rows.targets[(rows.kinds == leads) & ~rows.forward]
    return led


def shared(network: Network, entity: Around, kinds: Sequence[str], most: int = MOST_LINKS) -> Shared:
    """Who shares which context with an entity, among entities of some kinds that it is not linked with yet."""
    degrees = network.degrees(entity.contexts)
    order = np.argsort(degrees, kind="stable")
    order = order[: int(np.searchsorted(np.cumsum(degrees[order]), most, side="right"))]
    contexts, weights = entity.contexts[order], entity.weights[order]
    found, places, reached = _reached(network, contexts, kinds)
    others = found != contexts[places]
    keys, best = _best_pairs(found[others], places[others], reached[others])
    candidates, places = (keys >> 32).astype(np.int32), keys & 0xFFFFFFFF
    attached = np.bincount(places, minlength=len(contexts))
    is_hub = attached > max(_LEAST_HUB, _count(network, kinds) / 2)
    kept = ~np.isin(candidates, entity.linked)
    candidates, places = candidates[kept], places[kept]
    return Shared(
        candidates,
        contexts[places],
        weights[places] * best[kept],
        attached[places],
        contexts[is_hub],
        len(order) == len(entity.contexts),
    )


@dataclass(frozen=True)
class Joined:
    """Pairs of entities that share contexts, with what these allocate to each pair, the best first."""

    ones: Ints
    others: Ints
    points: Weights
    complete: bool = True


def pairs_among(network: Network, entities: Ints) -> Joined:
    """The pairs of some entities that share a context and are not linked; a context of more than a few of them is left out."""
    found, contexts, weights = _contexts_of(network, entities)
    attached = np.bincount(contexts, minlength=len(network))
    few = attached[contexts] <= _MOST_SHARING
    ones, others, through, product = _squared(found[few], contexts[few], weights[few])
    keys, inverse = np.unique(ones.astype(np.int64) << 32 | others, return_inverse=True)
    points = np.bincount(inverse, product / attached[through], minlength=len(keys)).astype(np.float64)
    linked = _linked_pairs(network, entities)
    kept = ~np.isin(keys, linked)
    order = np.argsort(-points[kept], kind="stable")
    keys, points = keys[kept][order], points[kept][order]
    return Joined((keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), points, bool(few.all()))


def _contexts_of(network: Network, entities: Ints) -> tuple[Ints, Ints, Weights]:
    """Which of some entities has which context, each pair once."""
    found, places, weights = _reached(network, entities, CONTEXT_KINDS)
    owners = entities[places]
    kept = found != owners
    keys, best = _best_pairs(owners[kept], found[kept].astype(np.int64), weights[kept])
    return (keys >> 32).astype(np.int32), (keys & 0xFFFFFFFF).astype(np.int32), best


def _linked_pairs(network: Network, entities: Ints) -> NDArray[np.int64]:
    """The pairs that have a link, a partnership or a project in common, as keys of both numbers."""
    rows, places = network.around(entities)
    owners = entities[places]
    carried = network.are_of(rows.targets, CARRIERS)
    ones, others, _, _ = _squared(owners[carried], rows.targets[carried], np.ones(int(carried.sum())))
    low, high = np.minimum(owners, rows.targets), np.maximum(owners, rows.targets)
    return np.concatenate([ones.astype(np.int64) << 32 | others, low.astype(np.int64) << 32 | high])


def _squared(members: Ints, groups: Ints, weights: Weights) -> tuple[Ints, Ints, Ints, Weights]:
    """Every pair of members of one group, the lower number first, with the group and the product of weights."""
    order = np.argsort(groups, kind="stable")
    members, groups, weights = members[order], groups[order], weights[order]
    starts = np.searchsorted(groups, groups, side="left")
    sizes = np.searchsorted(groups, groups, side="right") - starts
    left = np.repeat(np.arange(len(groups)), sizes)
    right = np.arange(len(left)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)
    ordered = members[left] < members[right]
    left, right = left[ordered], right[ordered]
    return members[left], members[right], groups[left], weights[left] * weights[right]


def _count(network: Network, kinds: Sequence[str]) -> int:
    """How many entities of some kinds there are."""
    return sum(network.count(kind) for kind in kinds)


def _reached(network: Network, contexts: Ints, kinds: Sequence[str]) -> tuple[Ints, NDArray[np.int64], Weights]:
    """Entities linked with contexts directly or through a partnership, the place of each one's context, and the link's weight."""
    rows, origins = network.around(contexts)
    weights = network.scheme.weights[rows.kinds]
    direct = network.are_of(rows.targets, kinds)
    carriers = network.are_of(rows.targets, CARRIERS)
    through, via = network.around(rows.targets[carriers])
    beyond = network.are_of(through.targets, kinds)
    lighter = np.minimum(weights[carriers][via], network.scheme.weights[through.kinds])
    return (
        np.concatenate([rows.targets[direct], through.targets[beyond]]),
        np.concatenate([origins[direct], origins[carriers][via][beyond]]),
        np.concatenate([weights[direct], lighter[beyond]]),
    )


def _best(nodes: Ints, weights: Weights) -> tuple[Ints, Weights]:
    """Each node once, with its greatest weight."""
    unique, places = np.unique(nodes, return_inverse=True)
    best = np.zeros(len(unique))
    np.maximum.at(best, places, weights)
    return unique.astype(np.int32), best


def _best_pairs(nodes: Ints, places: NDArray[np.int64], weights: Weights) -> tuple[NDArray[np.int64], Weights]:
    keys, inverse = np.unique(nodes.astype(np.int64) << 32 | places, return_inverse=True)
    best = np.zeros(len(keys))
    np.maximum.at(best, inverse, weights)
    return keys, best
