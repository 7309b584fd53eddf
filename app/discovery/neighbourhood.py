"""What lies around an entity in the network, and where each thing is drawn: links, the other parties of partnerships; no words.

    around = gather(network, centre, [opened, …])    # nodes with places, ties between them, and what was left out

Opening one node more keeps every place that was given before: the same list of opened nodes gives the same picture.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from app.discovery.arrays import Ints, Neighbours
from app.discovery.network import Network
from app.discovery.placing import APART, Plane

MOST = 2_000
"""Nodes of one picture."""
PER_NODE = 150
"""Links that opening a node adds; the others are counted by kind."""
HUB = 50
"""From so many links on, a node says little of what it joins."""
_PARTIES = 12
_OPENED_PARTNERSHIPS = 60
_WIDEST = 5_000
"""A node with more links is not read for ties with others: those are read from their other ends."""


@dataclass(frozen=True)
class Spot:
    """One node of the picture. ``parent`` is the node from which it was reached; the centre has none."""

    node: int
    parent: int | None
    degree: int
    x: float
    y: float
    opened: bool = False

    @property
    def is_hub(self) -> bool:
        return self.degree >= HUB


@dataclass(frozen=True)
class Tie:
    """One link between two nodes of the picture, as its sentence says it; days as in app.discovery.intervals."""

    source: int
    target: int
    kind: int
    start: int
    end: int


@dataclass(frozen=True)
class Rest:
    """Links of one kind that were not drawn, since there are too many."""

    node: int
    kind: int
    count: int


@dataclass(frozen=True)
class Around:
    """The picture: the centre is the first of ``spots``."""

    spots: tuple[Spot, ...]
    ties: tuple[Tie, ...]
    rests: tuple[Rest, ...]

    @property
    def centre(self) -> Spot:
        return self.spots[0]


def gather(network: Network, centre: int, opened: Sequence[int] = ()) -> Around:
    """The centre with its links, then each opened node with its own, as far as they are in the picture by then."""
    picture = _Picture(network)
    picture.begin(centre)
    for node in (centre, *opened):
        picture.open(node)
    return picture.finished()


def themes_of(network: Network, nodes: Sequence[int]) -> dict[int, frozenset[int]]:
    """The themes of each node that has any; a theme has itself."""
    told = {number for number, link in enumerate(network.links) if link.iri.endswith(("#theme", "#mainTheme"))}
    small = np.array([node for node, degree in zip(nodes, _degrees(network, nodes), strict=True) if degree < _WIDEST], np.int32)
    links, origins = network.around(small)
    found: dict[int, set[int]] = {node: {node} for node in nodes if network.kind(node) == "theme"}
    kept = np.isin(links.kinds, list(told)) & links.forward
    for place, target in zip(origins[kept].tolist(), links.targets[kept].tolist(), strict=True):
        found.setdefault(int(small[place]), set()).add(target)
    return {node: frozenset(themes) for node, themes in found.items()}


def _degrees(network: Network, nodes: Sequence[int]) -> list[int]:
    found: list[int] = network.degrees(np.array(nodes, np.int32)).tolist()
    return found


@dataclass
class _Picture:
    """A picture as it grows."""

    network: Network
    plane: Plane = field(default_factory=Plane)
    spots: dict[int, Spot] = field(default_factory=dict)
    rests: list[Rest] = field(default_factory=list)

    def begin(self, centre: int) -> None:
        self.plane.put(centre, (0.0, 0.0))
        self._add(None, [centre])

    def open(self, node: int) -> None:
        """A node with its links, and the partnerships among these with the others who take part in them."""
        spot = self.spots.get(node)
        if spot is None or spot.opened:
            return
        self.spots[node] = replace(spot, opened=True)
        links = self.network.neighbours(node)
        chosen = _chosen(links)
        self._count_rest(node, links, chosen)
        targets = list(dict.fromkeys(links.targets[chosen].tolist()))
        fresh = [other for other in targets if other not in self.spots][: MOST - len(self.spots)]
        self._fan(node, fresh, wide=spot.parent is None)
        for partnership in [n for n in targets if self.network.kind(n) == "partnership"][:_OPENED_PARTNERSHIPS]:
            self._add_parties(partnership)

    def finished(self) -> Around:
        spots = tuple(replace(s, x=x, y=y) for s in self.spots.values() for x, y in [self.plane.places[s.node]])
        return Around(spots, tuple(self._ties()), tuple(self.rests))

    def _add_parties(self, partnership: int) -> None:
        if partnership not in self.spots or self.network.degree(partnership) > 4 * _PARTIES:
            return
        links = self.network.neighbours(partnership)
        roles = {number for number, kind in enumerate(self.network.links) if kind.carrier == "participation"}
        parties = [node for node, kind in zip(links.targets.tolist(), links.kinds.tolist(), strict=True) if kind in roles]
        fresh = [node for node in dict.fromkeys(parties) if node not in self.spots][:_PARTIES]
        self._fan(partnership, fresh[: MOST - len(self.spots)], wide=False)

    def _fan(self, parent: int, children: list[int], *, wide: bool) -> None:
        """Children around their parent: all around the centre on about two rings, else in the direction that leads away."""
        near = max(150.0, len(children) * APART / (4 * math.pi)) if wide else 84.0
        self.plane.around(parent, children, near=near, fan=math.pi if wide or len(children) > 14 else 1.1)
        self._add(parent, [child for child in children if child in self.plane.places])

    def _add(self, parent: int | None, nodes: list[int]) -> None:
        for node, degree in zip(nodes, _degrees(self.network, nodes), strict=True):
            self.spots[node] = Spot(node, parent, degree, 0.0, 0.0)

    def _count_rest(self, node: int, links: Neighbours, chosen: Ints) -> None:
        left = np.ones(len(links.targets), dtype=bool)
        left[chosen] = False
        counts = Counter(links.kinds[left].tolist())
        self.rests += [Rest(node, kind, count) for kind, count in sorted(counts.items())]

    def _ties(self) -> Iterable[Tie]:
        """Every link between two nodes of the picture, once."""
        nodes = np.array([spot.node for spot in self.spots.values() if spot.degree <= _WIDEST], np.int32)
        inside = np.fromiter(self.spots, np.int32, len(self.spots))
        links, origins = self.network.around(nodes)
        kept = np.isin(links.targets, inside)
        found: dict[Tie, None] = {}
        columns = (nodes[origins[kept]], *(column[kept] for column in links))
        for node, target, kind, start, end, forward in zip(*(column.tolist() for column in columns), strict=True):
            source, aim = (node, target) if forward else (target, node)
            found[Tie(source, aim, kind, start, end)] = None
        return found


def _chosen(links: Neighbours) -> Ints:
    """Which links of a node are drawn: all, or of each kind as many in turn, those that began last first; by kind in the end."""
    order = np.lexsort((links.targets, -links.starts.astype(np.int64), links.kinds))
    if len(order) > PER_NODE:
        kinds = links.kinds[order]
        turns = np.arange(len(order)) - np.searchsorted(kinds, kinds)  # the place of each among its kind
        order = order[np.sort(np.argsort(turns, kind="stable")[:PER_NODE])]
    return order.astype(np.int32)
