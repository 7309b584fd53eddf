"""The themes and territories of entities in the network, and how much two of them have in common there."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints
from app.discovery.matching.listing import Scope
from app.discovery.network import Network
from app.discovery.places import Closeness, Places
from app.discovery.themes import Nearness, ThemeTree
from app.remembering import remembered

_MOST_SETS, _NODE_BYTES = 200_000, 4
Values = NDArray[np.float64]
Rank = tuple[tuple[Any, ...], float] | None
"""Where something comes in an order, and its value; None for what is nothing in it."""
_HALF_KM = 10.0
"""At this distance two centres are worth half of being in one place."""


@dataclass(frozen=True)
class Scopes:
    """Compares by theme and by place. What a theme tells depends on how many entities bear it in this network."""

    network: Network
    tree: ThemeTree
    places: Places
    _names: dict[int, str] = field(default_factory=dict, repr=False, compare=False)
    _numbers: dict[str, int | None] = field(default_factory=dict, repr=False, compare=False)
    _sets: dict[bytes, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _information: dict[str, float] = field(default_factory=dict, repr=False, compare=False)

    def of(self, nodes: Ints) -> list[Scope]:
        """What each of some entities is about and where it acts."""
        rows, origins = self.network.around(nodes)
        kinds = self.network.kinds_of(rows.targets)
        themes, territories = (
            self._linked(kinds == self.network.kinds.index(kind), origins, rows.targets, len(nodes))
            for kind in ("theme", "territory")
        )
        return [Scope(*pair) for pair in zip(themes, territories, strict=True)]

    def nearness(self, own: Scope, others: Ints) -> tuple[Values, Values]:
        """What :meth:`theme` and :meth:`place` tell of one scope and that of each of some entities."""
        rows, origins = self.network.around(others)
        kinds = self.network.kinds_of(rows.targets)
        found = []
        for kind, rank in (("theme", partial(self._theme_rank, own)), ("territory", partial(self._place_rank, own))):
            its = kinds == self.network.kinds.index(kind)
            found.append(_of_first(rows.targets[its], origins[its], len(others), rank))
        return found[0], found[1]

    def _theme_rank(self, own: Scope, node: int) -> Rank:
        """Where a theme comes in the order of :meth:`app.discovery.themes.ThemeTree.nearest`, and what it tells."""
        name = self.name(node)
        pairs = [pair for one in own.themes if (pair := self.tree.similarity(one, name))]
        return min(((-pair.similarity, pair.one, pair.other), self._told(pair)) for pair in pairs) if pairs else None

    def _place_rank(self, own: Scope, node: int) -> Rank:
        """The same of a territory, in the order of :meth:`app.discovery.places.Places.closest`."""
        name = self.name(node)
        pairs = [pair for one in own.territories if (pair := self.places.between(one, name))]
        return min((pair.rank, self._near(pair)) for pair in pairs) if pairs else None

    def _linked(self, its: NDArray[np.bool_], origins: NDArray[np.int64], targets: Ints, size: int) -> list[frozenset[str]]:
        """The names of each one's targets; the same set for all who have the same ones."""
        pairs = np.unique(origins[its] << 32 | targets[its])
        ends = (np.searchsorted(pairs >> 32, np.arange(size + 1)) * _NODE_BYTES).tolist()
        own = (pairs & 0xFFFFFFFF).astype(np.int32).tobytes()
        return [self._named(own[begin:end]) for begin, end in pairwise(ends)]

    def _named(self, nodes: bytes) -> frozenset[str]:
        found = self._sets.get(nodes)
        if found is None:
            names = map(self.name, np.frombuffer(nodes, np.int32).tolist())
            found = remembered(self._sets, nodes, _MOST_SETS, lambda: frozenset(names))
        return found

    def name(self, node: int) -> str:
        """The IRI of a node, remembered: themes and territories come again and again."""
        if node not in self._names:
            self._names[node] = self.network.iri(node)
        return self._names[node]

    def number(self, iri: str) -> int | None:
        """The node of a theme or a territory, remembered as well."""
        if iri not in self._numbers:
            self._numbers[iri] = self.network.ordinal(iri)
        return self._numbers[iri]

    def theme(self, one: Scope, other: Scope) -> tuple[float, Nearness | None]:
        """From 0 to 1: Wu and Palmer's similarity of the nearest themes, times what the theme above both tells."""
        pair = self.tree.nearest(one.themes, other.themes)
        return (self._told(pair), pair) if pair else (0.0, None)

    def _told(self, pair: Nearness) -> float:
        return pair.similarity * self.information(pair.common)

    def information(self, theme: str) -> float:
        """From 0 to 1, how much a theme tells: 0 if everything bears it (Resnik's information content, IJCAI 1995, scaled)."""
        if theme not in self._information:
            borne = sum(self._bearers(below) for below in self.tree.below(theme))
            most = max(len(self.network), 2)
            share = math.log(max(borne, 1)) / math.log(most)
            self._information[theme] = max(0.0, 1.0 - share)
        return self._information[theme]

    def place(self, one: Scope, other: Scope) -> tuple[float, Closeness | None]:
        """From 0 to 1: 1 in the same territory, less with the distance; a half where one holds the other."""
        pair = self.places.closest(one.territories, other.territories)
        return (self._near(pair), pair) if pair else (0.0, None)

    def _near(self, pair: Closeness) -> float:
        if pair.same:
            return self._narrow(pair.one)
        if pair.within:
            return 0.5 * min(self._narrow(pair.one), self._narrow(pair.other))
        return 0.1 if pair.kilometres is None else 1.0 / (1.0 + pair.kilometres / _HALF_KM)

    def _narrow(self, territory: str) -> float:
        """A department or a region brings less near than a commune: one over how many levels it holds, as far as is known."""
        depth = len(self.places.above(territory))
        return {1: 0.1, 2: 0.2, 3: 0.6}.get(depth, 1.0) if self.places.holders else 1.0

    def _bearers(self, theme: str) -> int:
        node = self.number(theme)
        return self.network.degree(node) if node is not None else 0


def _of_first(targets: Ints, owners: NDArray[np.int64], size: int, rank: Callable[[int], Rank]) -> Values:
    """The value of the first in rank among what each owner has; 0 for nothing."""
    different, places = np.unique(targets, return_inverse=True)
    ranked = [rank(node) for node in different.tolist()]
    order = sorted((one[0], place) for place, one in enumerate(ranked) if one)
    ranks = np.full(len(ranked), len(order))
    ranks[[place for _, place in order]] = np.arange(len(order))
    first = np.full(size, len(order))
    np.minimum.at(first, owners, ranks[places])
    values = [one[1] for _, place in order if (one := ranked[place])]
    found: Values = np.array([*values, 0.0])[first]
    return found


def scope_of(scopes: Scopes, node: int) -> Scope:
    """The scope of one entity."""
    return scopes.of(np.array([node], dtype=np.int32))[0]
