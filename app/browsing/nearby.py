"""Where entities are, and which are near a place: by their own positions, those of their places, else of their communes."""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import numpy.typing as npt

from app.facts import Facts, Mask
from app.facts.arrays import Ints, join
from app.search import Ask, Opened
from app.search.words import meaningful
from app.terms import TERRITORY

_EARTH = 6371.0088
"""Mean radius in kilometres (IUGG)."""
SMALL = ("Commune", "PriorityNeighbourhood")
"""Territories whose centre may stand for what is in them."""
Point = tuple[float, float]
Degrees = npt.NDArray[np.float64]


class Positions:
    """All points of one version: a row may have several."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts

    @cached_property
    def points(self) -> tuple[Ints, Degrees, Degrees]:
        """Rows, longitudes, latitudes; exact ones first."""
        own = self._own
        at = self._of_places(*own)
        centres = self._of_communes(np.concatenate((own[0], at[0])))
        rows, longitudes, latitudes = (np.concatenate(parts) for parts in zip(own, at, centres, strict=True))
        return rows, longitudes, latitudes

    @cached_property
    def _own(self) -> tuple[Ints, Degrees, Degrees]:
        longitudes, latitudes = self._facts.column("longitude"), self._facts.column("latitude")
        rows = np.flatnonzero(np.isfinite(longitudes) & np.isfinite(latitudes) & self._facts.alive)
        return rows, longitudes[rows], latitudes[rows]

    def _of_places(self, rows: Ints, longitudes: Degrees, latitudes: Degrees) -> tuple[Ints, Degrees, Degrees]:
        entities, places = self._facts.pairs("places")
        left, right = join(places, rows)
        return entities[left], longitudes[right], latitudes[right]

    def _of_communes(self, placed: Ints) -> tuple[Ints, Degrees, Degrees]:
        """The centres of their communes, of those that no exact position is known of; of communes, their own centre."""
        tables = self._facts.tables
        centres = {n: one.centre for n, one in tables.territory_tree.branches.items() if one.level in SMALL and one.centre}
        numbers = np.array(sorted(centres), np.int64)
        where = np.array([centres[n] for n in numbers.tolist()], np.float64).reshape(-1, 2)
        rows, values = self._facts.pairs("territories")
        known = np.zeros(self._facts.size, bool)
        known[placed] = True
        free = ~known[rows]
        left, right = join(values[free], numbers)
        named = [(self._facts.row(tables.territories[n]), n) for n in numbers.tolist()]
        communes = [(row, n) for row, n in named if row is not None]
        own = np.array([row for row, _ in communes], np.int64)
        at = np.searchsorted(numbers, np.array([n for _, n in communes], np.int64))
        return (
            np.concatenate((rows[free][left], own)),
            np.concatenate((where[right, 0], where[at, 0])),
            np.concatenate((where[right, 1], where[at, 1])),
        )

    def within(self, centres: list[Point], km: float) -> Mask:
        """Rows with a point at most so far from any of the centres, as the crow flies."""
        rows, longitudes, latitudes = self.points
        mask = np.zeros(self._facts.size, bool)
        for longitude, latitude in centres:
            close = np.abs(latitudes - latitude) <= km / 110
            places = np.flatnonzero(close)
            far = distances(longitudes[places], latitudes[places], longitude, latitude)
            mask[rows[places[far <= km]]] = True
        return mask

    def of(self, rows: Ints) -> dict[int, Point]:
        """One point of each row that has any."""
        found = ((row, self._point(row)) for row in rows.tolist())
        return {row: point for row, point in found if point is not None}

    def _point(self, row: int) -> Point | None:
        """The first of a row's points, found without those of all others."""
        exact = self._exact(row) if self._facts.alive[row] else None
        if exact is None:
            exact = next((point for place in self._facts.of("places", row).tolist() if (point := self._exact(place))), None)
        if exact is not None:
            return exact
        names, tree = self._facts.tables.territories, self._facts.tables.territory_tree
        communes = (tree[number] for number in (*self._facts.of("territories", row).tolist(), names.find(self._facts.iri(row))))
        return next((one.centre for one in communes if one.level in SMALL and one.centre), None)

    def _exact(self, row: int) -> Point | None:
        longitude, latitude = (float(self._facts.column(name)[row]) for name in ("longitude", "latitude"))
        return (longitude, latitude) if math.isfinite(longitude) and math.isfinite(latitude) else None


def distances(longitudes: Degrees, latitudes: Degrees, longitude: float, latitude: float) -> Degrees:
    """Kilometres on the sphere (haversine)."""
    x, y, x0, y0 = (np.radians(one) for one in (longitudes, latitudes, longitude, latitude))
    a = np.sin((y - y0) / 2) ** 2 + np.cos(y) * np.cos(y0) * np.sin((x - x0) / 2) ** 2
    found: Degrees = 2 * _EARTH * np.arcsin(np.sqrt(a))
    return found


def territories_named(search: Opened, facts: Facts, text: str) -> list[str]:
    """The territories that a text means: by IRI, by the word of its address, by INSEE code or postcode, by its whole name.

    Several where several bear the name or share the postcode; where none does, those that it may begin or misspell.
    """
    for iri in (text, str(TERRITORY) + text):
        if facts.tables.territories.find(iri) and facts.row(iri) is not None:
            return [iri]
    found = search.find(Ask(text, kinds=frozenset({"territory"}), names_only=True, limit=30)).hits
    coded = [hit.iri for hit in found if text.replace(" ", "") in hit.codes]
    wanted = meaningful(text)
    named = [hit.iri for hit in found if any(meaningful(name) == wanted for name, _ in (*hit.names, *hit.other_names))]
    return coded or named or [hit.iri for hit in found]


def is_exact(search: Opened, text: str, iris: list[str]) -> bool:
    """Whether a text means the territories that were found for it, rather than only coming near their names."""
    if text in iris or any(iri == str(TERRITORY) + text for iri in iris):
        return True
    wanted = meaningful(text)
    hits = search.of(iris).values()
    return any(text.replace(" ", "") in hit.codes or any(meaningful(name) == wanted for name, _ in hit.names) for hit in hits)
