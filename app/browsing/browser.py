"""The lists of one version: what a selection leaves, in order, a part at a time, with its facets."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

import numpy as np
import numpy.typing as npt

from app.browsing.choosing import Chooser, Place
from app.browsing.facets import Facet, Facets
from app.browsing.nearby import Point
from app.browsing.selection import Selection
from app.facts import Facts, Mask
from app.facts.arrays import Ints
from app.facts.kept import missing
from app.reads import Made
from app.search import Hit, Opened
from app.text import Language

MOST_BY_NAME = 10_000
"""In a longer list one looks for what is most linked first: that is its natural order."""
_KEPT = 32


@dataclass(frozen=True)
class Listed:
    """A selection's rows in order. ``sort`` is the order that they are really in: ``best`` by words."""

    rows: Ints
    sort: str
    place: Place | None = None

    def __len__(self) -> int:
        return len(self.rows)


class Browser:
    """Lists over the facts and the search index of one version. Safe for threads."""

    def __init__(self, facts: Facts, search: Opened) -> None:
        self.facts = facts
        self.search = search
        self.chooser = Chooser(facts, search)
        self._facets = Facets(facts, self.chooser)
        self._kept: OrderedDict[tuple[object, ...], Made[Listed]] = OrderedDict()
        self._counted: OrderedDict[tuple[object, ...], Made[tuple[Facet, ...]]] = OrderedDict()
        self._lock = Lock()

    def listed(self, selection: Selection, sort: str, language: Language) -> Listed:
        """What a selection leaves, in an order of :data:`app.browsing.selection.SORTS` (empty for the natural one)."""
        key = (*selection.key, sort, language)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key].given()
        found = Made.by(lambda: self._list(selection, sort, language))
        with self._lock:
            self._kept[key] = found
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
        return found.given()

    def facets(self, selection: Selection) -> tuple[Facet, ...]:
        """The facets beside a list."""
        with self._lock:
            if selection.key in self._counted:
                self._counted.move_to_end(selection.key)
                return self._counted[selection.key].given()
        found = Made.by(lambda: self._facets.of(selection, self.chooser.mask(selection)))
        with self._lock:
            self._counted[selection.key] = found
            while len(self._counted) > _KEPT:
                self._counted.popitem(last=False)
        return found.given()

    def hits(self, rows: Ints) -> list[Hit | None]:
        """What the search index shows of some rows, in their order."""
        iris = self.facts.iris(rows.tolist())
        found = self.search.of(iris)
        return [found.get(iri) for iri in iris]

    def positions(self, rows: Ints) -> dict[int, Point]:
        """Longitude and latitude of those rows that are somewhere."""
        return self.chooser.positions.of(rows)

    def positions_within(self, centres: list[Point], km: float) -> Mask:
        """The rows of this version that are at most so far from a point."""
        return self.chooser.positions.within(centres, km)

    def _list(self, selection: Selection, sort: str, language: Language) -> Listed:
        rows: Ints = np.flatnonzero(self.chooser.mask(selection))
        place = self.chooser.place(selection.near.place) if selection.near else None
        if sort == "links" or (not sort and not selection.text and len(rows) > MOST_BY_NAME):
            return Listed(self._by(rows, -self.facts.column("degree")[rows].astype(np.int64)), "links", place)
        if sort == "newest":
            return Listed(self._by(rows, self._age(rows)), "newest", place)
        if selection.text and not sort:
            return Listed(self._by(rows, self._rank(selection.text)[rows]), "best", place)
        return Listed(self.facts.by_name(rows, language), "name", place)

    def _by(self, rows: Ints, keys: npt.NDArray[np.int64]) -> Ints:
        ordered: Ints = rows[np.argsort(keys, kind="stable")]
        return ordered

    def _age(self, rows: Ints) -> npt.NDArray[np.int64]:
        """The latest beginning first, what has none last."""
        start = self.facts.column("start")[rows].astype(np.int64)
        return np.where(start == missing("start"), np.iinfo(np.int64).max, -start)

    def _rank(self, text: str) -> npt.NDArray[np.int64]:
        ranks = np.full(self.facts.size, np.iinfo(np.int64).max)
        matched = self.chooser.matches(text)
        ranks[matched[::-1]] = np.arange(len(matched))[::-1]
        return ranks
