"""What the network looks like as a whole, as values; how it is worked out is in :mod:`app.discovery.structure.shape`."""

from __future__ import annotations

from dataclasses import dataclass

from app.discovery.arrays import Ints

SMALLEST = 3
"""Actors of a community that is told."""

KEPT = 1_000
"""Bridges and central actors that are kept, the first ones."""


@dataclass(frozen=True)
class Community:
    """A group that is more linked within than without: its commonest themes, and its actors, the most linked first."""

    number: int
    actors: int
    themes: tuple[int, ...]
    anchors: tuple[int, ...]
    members: tuple[int, ...]


@dataclass(frozen=True)
class Bridge:
    """An actor by whom others hang together: ``cut_off`` actors would be cut from the rest without it; it has links with
    members of ``communities`` other communities."""

    node: int
    cut_off: int
    communities: int


@dataclass(frozen=True)
class Central:
    """An actor with the number of others that it has to do with, its share of a random walk, and the share of the shortest
    paths between two others that lead through it."""

    node: int
    partners: int
    share: float
    between: float = 0.0


@dataclass(frozen=True)
class Shape:
    """The network of a version as a whole; ``alone`` are actors that have to do with no other actor, funders aside."""

    actors: int
    linked: int
    communities: tuple[Community, ...]
    bridges: tuple[Bridge, ...]
    central: tuple[Central, ...]
    alone: Ints
    starts: int = 0
    """Of how many linked actors the shortest paths were followed: all (``linked``) in a small network, else some drawn."""
