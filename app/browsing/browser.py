"""The lists of one version: what a selection leaves, in order, a part at a time, with its facets."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from threading import Lock
from typing import TypeVar

import numpy as np
import numpy.typing as npt

from app.browsing.choosing import Chooser, Place
from app.browsing.facets import Facet, Facets
from app.browsing.nearby import Point
from app.browsing.selection import Selection
from app.facts import Facts, Mask
from app.facts.arrays import Ints
from app.facts.extents import TABLES, Extent
from app.facts.kept import missing
from app.facts.tables import Tables
from app.reads import Made
from app.search import Hit, Opened
from app.text import Language

Value = TypeVar("Value")
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


Heed = Callable[[Extent | None], object]
"""Is told how much of the facts is being read; None for all of them."""


class Browser:
    """Lists over the facts and the search index of one version; ``heed`` is told what of the facts is read. Safe for threads."""

    def __init__(self, facts: Facts, search: Opened, heed: Heed = lambda _: None) -> None:
        self._facts = facts
        self._heed = heed
        self.search = search
        self._chooser = Chooser(facts, search)
        self._facets = Facets(facts, self._chooser)
        self._kept: OrderedDict[tuple[object, ...], Made[Listed]] = OrderedDict()
        self._counted: OrderedDict[tuple[object, ...], Made[tuple[Facet, ...]]] = OrderedDict()
        self._lock = Lock()

    @property
    def facts(self) -> Facts:
        """The facts for one who may read any of them."""
        self._heed(None)
        return self._facts

    @property
    def tables(self) -> Tables:
        self._heed(TABLES)
        return self._facts.tables

    @property
    def chooser(self) -> Chooser:
        """Masks of anything, for one who may read any of the facts."""
        self._heed(None)
        return self._chooser

    def rows(self, rows: Ints) -> Facts:
        """The facts for one who reads no more than some rows."""
        self._heed(Extent(rows=frozenset(rows.tolist())))
        return self._facts

    def listed(self, selection: Selection, sort: str, language: Language) -> Listed:
        """What a selection leaves, in an order of :data:`app.browsing.selection.SORTS` (empty for the natural one)."""
        key = (*selection.key, sort, language)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key].given()
        found = Made.by(partial(self._made, selection, lambda: self._list(selection, sort, language)))
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
        found = Made.by(partial(self._made, selection, lambda: self._facets.of(selection, self._chooser.mask(selection))))
        with self._lock:
            self._counted[selection.key] = found
            while len(self._counted) > _KEPT:
                self._counted.popitem(last=False)
        return found.given()

    def hits(self, rows: Ints) -> list[Hit | None]:
        """What the search index shows of some rows, in their order."""
        iris = self._facts.iris(rows.tolist())
        found = self.search.of(iris)
        return [found.get(iri) for iri in iris]

    def positions(self, rows: Ints) -> dict[int, Point]:
        """Longitude and latitude of those rows that are somewhere."""
        places = (self._facts.of("places", row).tolist() for row in rows.tolist())
        self._heed(Extent(rows=frozenset(rows.tolist()).union(*places)))
        return self._chooser.positions.of(rows)

    def positions_within(self, centres: list[Point], km: float) -> Mask:
        """The rows of this version that are at most so far from a point."""
        self._heed(None)
        return self._chooser.positions.within(centres, km)

    def _made(self, selection: Selection, make: Callable[[], Value]) -> Value:
        """A list or its facets. They are made of the rows of its kind, and of who takes part in what; near a place of all rows,
        since others may tell where they are."""
        with_parties = selection.kind == "actor" or selection.partner
        kinds = (selection.kind, *(("partnership",) if with_parties else ()))
        self._heed(None if selection.near else Extent.of_kinds(*kinds))
        return make()

    def _list(self, selection: Selection, sort: str, language: Language) -> Listed:
        rows: Ints = np.flatnonzero(self._chooser.mask(selection))
        place = self._chooser.place(selection.near.place) if selection.near else None
        if sort == "links" or (not sort and not selection.text and len(rows) > MOST_BY_NAME):
            return Listed(self._by(rows, -self._facts.column("degree")[rows].astype(np.int64)), "links", place)
        if sort == "newest":
            return Listed(self._by(rows, self._age(rows)), "newest", place)
        if selection.text and not sort:
            return Listed(self._by(rows, self._rank(selection.text)[rows]), "best", place)
        return Listed(self._facts.by_name(rows, language), "name", place)

    def _by(self, rows: Ints, keys: npt.NDArray[np.int64]) -> Ints:
        ordered: Ints = rows[np.argsort(keys, kind="stable")]
        return ordered

    def _age(self, rows: Ints) -> npt.NDArray[np.int64]:
        """The latest beginning first, what has none last."""
        start = self._facts.column("start")[rows].astype(np.int64)
        return np.where(start == missing("start"), np.iinfo(np.int64).max, -start)

    def _rank(self, text: str) -> npt.NDArray[np.int64]:
        ranks = np.full(self._facts.size, np.iinfo(np.int64).max)
        matched = self._chooser.matches(text)
        ranks[matched[::-1]] = np.arange(len(matched))[::-1]
        return ranks
