"""How many links of each property lead to an entity that very many point to: counted in the network instead of asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np

from app.discovery.network import Network
from app.entities.facts import Counted

FEW = 20_000
"""Links that are counted as fast by the engine."""


def counted(network: Network, properties: Callable[[], Iterable[str]], iri: str) -> Counted | None:
    """What the network knows of the links to an entity, where they are many. ``properties`` are all that the version uses."""
    node = network.ordinal(iri)
    if node is None or network.degree(node) <= FEW:
        return None
    near = network.neighbours(node)
    numbers = np.bincount(near.kinds[~near.forward], minlength=len(network.links)).tolist()
    own = {link.iri: number for link, number in zip(network.links, numbers, strict=True) if link.carrier == "property"}
    return Counted(own, tuple(sorted(set(properties()) - own.keys())))
