"""Where territories lie: which holds which, and how far apart they are as the crow flies; no outlines, no map."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from app.entities.questions import Questions, Window
from app.remembering import remembered

Point = tuple[float, float]
"""Longitude and latitude in degrees (WGS 84)."""

_EARTH_KM = 6371.0088
_WKT_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)")
_ROWS = 50_000
_MOST_ROWS = 1_000_000
_MOST_REMEMBERED = 200_000
_MOST_AREAS = 200
_MOST_PAIRS = 1_000_000


@dataclass(frozen=True)
class Closeness:
    """How two territories lie: the same, one ``within`` the other, or ``kilometres`` between their nearest communes.

    ``shared`` is the smallest territory that holds both, where nothing nearer can be said of them and one is known.
    """

    one: str
    other: str
    same: bool = False
    within: bool = False
    kilometres: float | None = None
    shared: str | None = None

    @property
    def rank(self) -> tuple[int, float, str, str]:
        """The nearest first."""
        place = 0 if self.same else 1 if self.within else 2 if self.kilometres is not None else 3
        return place, self.kilometres or 0.0, self.one, self.other


@dataclass(frozen=True)
class Places:
    """The territories that hold each territory, directly, and the centres that are known."""

    holders: Mapping[str, frozenset[str]]
    centres: Mapping[str, Point]
    _above: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _below: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)
    _inside: dict[str, NDArray[np.float64]] = field(default_factory=dict, repr=False, compare=False)
    _memory: dict[tuple[frozenset[str], frozenset[str]], Closeness | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def read(cls, questions: Questions) -> Places:
        """All territories of a version."""
        holders: dict[str, set[str]] = {}
        centres: dict[str, Point] = {}
        for start in range(0, _MOST_ROWS, _ROWS):
            rows = questions.rows("territory-tree", Window(_ROWS, start))
            for row in rows:
                territory, within, centre = row["territory"], row.get("within"), row.get("centre")
                if isinstance(territory, ox.NamedNode) and isinstance(within, ox.NamedNode):
                    holders.setdefault(territory.value, set()).add(within.value)
                point = point_of(centre.value) if isinstance(centre, ox.Literal) else None
                if isinstance(territory, ox.NamedNode) and point:
                    centres[territory.value] = point
            if len(rows) < _ROWS:
                break
        return cls({one: frozenset(above) for one, above in holders.items()}, centres)

    def above(self, territory: str) -> frozenset[str]:
        """The territory and all that hold it."""
        return remembered(self._above, territory, _MOST_REMEMBERED, lambda: self._holding_all(territory))

    def _holding_all(self, territory: str) -> frozenset[str]:
        found, new = {territory}, [territory]
        while new:
            for holder in self.holders.get(new.pop(), ()):
                if holder not in found:
                    found.add(holder)
                    new.append(holder)
        return frozenset(found)

    def below(self, area: str) -> frozenset[str]:
        """The area and all that lies in it."""
        return remembered(
            self._below, area, _MOST_AREAS, lambda: frozenset(one for one in self.holders if area in self.above(one)) | {area}
        )

    @cached_property
    def _leaves(self) -> tuple[list[str], NDArray[np.float64]]:
        """The territories that hold no other, with their centres."""
        names = sorted(one for one in self.centres if one not in self._holding)
        return names, np.array([self.centres[one] for one in names]).reshape(-1, 2)

    def near(self, territory: str, kilometres: float) -> list[str]:
        """The smallest territories whose centres lie within a distance of a territory's, itself too if it is one of them."""
        centre = self.centres.get(territory)
        names, points = self._leaves
        if centre is None or territory not in self._leaf_names:
            return []
        apart = distances(np.array([centre]), points)[0]
        return [names[place] for place in np.flatnonzero(apart <= kilometres)]

    def around(self, centres: Collection[Point], kilometres: float) -> frozenset[str]:
        """The smallest territories whose centres lie within a distance of any of some points."""
        names, points = self._leaves
        if not centres or not names:
            return frozenset()
        apart = distances(np.array(list(centres)), points).min(axis=0)
        return frozenset(names[place] for place in np.flatnonzero(apart <= kilometres))

    @cached_property
    def _holding(self) -> frozenset[str]:
        """The territories in which others lie."""
        return frozenset().union(*self.holders.values())

    @cached_property
    def _leaf_names(self) -> frozenset[str]:
        return frozenset(self._leaves[0])

    def leaf(self, territory: str) -> Point | None:
        """The centre of a territory that holds no other; None for any other."""
        return self.centres[territory] if territory in self._leaf_names else None

    def holds(self, area: str, territories: Collection[str]) -> bool:
        """Whether one of some territories is an area or lies in it."""
        return any(area in self.above(one) for one in territories)

    def closest(self, ones: Collection[str], others: Collection[str]) -> Closeness | None:
        """The two nearest territories of two sets; None where nothing can be said of any two."""
        key = (frozenset(ones), frozenset(others))

        def make() -> Closeness | None:
            pairs = (self.between(one, other) for one, other in product(sorted(key[0]), sorted(key[1])))
            return min((pair for pair in pairs if pair), key=lambda pair: pair.rank, default=None)

        return remembered(self._memory, key, _MOST_REMEMBERED, make)

    def between(self, one: str, other: str) -> Closeness | None:
        """How two territories lie to one another."""
        if one == other:
            return Closeness(one, other, same=True, kilometres=0.0)
        if one in self._leaf_names and other in self._leaf_names:
            return Closeness(one, other, kilometres=distance(self.centres[one], self.centres[other]))
        if one in self.above(other) or other in self.above(one):
            return Closeness(one, other, within=True)
        far = self.kilometres(one, other)
        if far is not None:
            return Closeness(one, other, kilometres=far)
        shared = self._shared(one, other)
        return Closeness(one, other, shared=shared) if shared else None

    def kilometres(self, one: str, other: str) -> float | None:
        """Between the centres of the nearest communes of two territories, as the crow flies."""
        first, second = self._points(one), self._points(other)
        if not len(first) or not len(second):
            return None
        if len(first) * len(second) > _MOST_PAIRS:
            first, second = first.mean(axis=0, keepdims=True), second.mean(axis=0, keepdims=True)
        return float(distances(first, second).min())

    def _points(self, territory: str) -> NDArray[np.float64]:
        """The centres of the smallest territories that lie in one; its own where none is known."""
        names, points = self._leaves
        if territory in self._leaf_names or territory not in self._holding:
            centre = self.centres.get(territory)
            return np.array([centre] if centre else []).reshape(-1, 2)
        below = self.below(territory)
        inside = remembered(self._inside, territory, _MOST_AREAS, lambda: points[[name in below for name in names]])
        centre = self.centres.get(territory)
        return inside if len(inside) or centre is None else np.array([centre])

    def _shared(self, one: str, other: str) -> str | None:
        both = self.above(one) & self.above(other)
        return max(both, key=lambda area: (len(self.above(area)), area), default=None)


def point_of(wkt: str) -> Point | None:
    """The point of a WKT literal, or None for any other shape."""
    found = _WKT_POINT.search(wkt)
    try:
        return (float(found[1]), float(found[2])) if found else None
    except ValueError:
        return None


def distance(one: Point, other: Point) -> float:
    """Kilometres between two points on a sphere (haversine formula: Sinnott, Sky & Telescope 1984)."""
    (west, south), (east, north) = one, other
    cosines = math.cos(math.radians(south)) * math.cos(math.radians(north))
    inner = math.sin(math.radians(north - south) / 2) ** 2 + cosines * math.sin(math.radians(east - west) / 2) ** 2
    return 2 * _EARTH_KM * math.asin(math.sqrt(min(1.0, inner)))


def distances(ones: NDArray[np.float64], others: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same from each of some points to each of others."""
    first, second = np.radians(ones)[:, None, :], np.radians(others)[None, :, :]
    halves = np.sin((second - first) / 2) ** 2
    inner = halves[:, :, 1] + np.cos(first[:, :, 1]) * np.cos(second[:, :, 1]) * halves[:, :, 0]
    return np.asarray(2 * _EARTH_KM * np.arcsin(np.sqrt(np.minimum(1.0, inner))))
