"""What points to an entity by one property, in the order of names, from a version's indexes; nothing is asked or worded here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from numpy.typing import NDArray

from app.discovery.arrays import distinct
from app.discovery.network import Network
from app.facts import Facts
from app.text import Language


def in_order(
    network: Network,
    facts: Facts,
    iri: str,
    path: str,
    language: Language,
    total: int,
    shown: slice,
    heed: Callable[[NDArray[Any] | None], object] = lambda _: None,
) -> list[str] | None:
    """Of the entities that point to one, ``total`` of them, those of a slice in the order of the names that readers of a language
    see, then of IRIs.

    None where the network does not have them all or one of them has no name in the facts: then they must be asked for.
    ``heed`` is told which rows of the facts are read; None stands for any.
    """
    node = network.ordinal(iri)
    kinds = [number for number, link in enumerate(network.links) if link.iri == path and link.carrier == "property"]
    if node is None or not kinds:
        return None
    near = network.neighbours(node)
    sources = distinct(near.targets[~near.forward & (near.kinds == kinds[0])]).tolist()
    if len(sources) != total:
        return None
    rows = facts.rows_of(map(network.iri, sources))
    is_known = bool((rows >= 0).all())
    heed(rows if is_known else None)
    return facts.iris(facts.by_name(rows, language)[shown]) if is_known else None
