"""The rows that a selection leaves, as a mask over all facts."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from functools import reduce

import numpy as np

from app.browsing.nearby import Point, Positions, is_exact, territories_named
from app.browsing.selection import Selection
from app.facts import Facts, Mask, masks
from app.facts.arrays import Ints
from app.facts.dates import day
from app.search import Opened

MOST_MATCHES = 50_000
"""Of the words typed in a list, so many best matches are taken."""


@dataclass(frozen=True)
class Place:
    """What the place of "near" was taken for: territories, or those to choose from where it was not certain."""

    territories: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    centres: tuple[Point, ...] = ()


class Chooser:
    """Makes the masks of one version."""

    def __init__(self, facts: Facts, search: Opened) -> None:
        self._facts = facts
        self._search = search
        self.positions = Positions(facts)

    def mask(self, selection: Selection) -> Mask:
        """Rows that all facets and conditions leave."""
        found = masks.of_kind(self._facts, selection.kind).copy()
        for facet, values in selection.values.items():
            found &= self.any_of(facet, values)
        if selection.text:
            words = np.zeros(self._facts.size, bool)
            words[self.matches(selection.text)] = True
            found &= words
        if selection.first_year is not None or selection.last_year is not None:
            found &= masks.during(self._facts, _first(selection.first_year), _last(selection.last_year))
        if selection.partner:
            found &= self._linked(selection.kind, selection.partner)
        if selection.near:
            place = self.place(selection.near.place)
            found &= self.positions.within(list(place.centres), selection.near.km)
        return found

    def any_of(self, facet: str, values: tuple[str, ...]) -> Mask:
        """Rows with at least one of the values of a facet."""
        return reduce(np.logical_or, (self._with(facet, value) for value in values))

    def _with(self, facet: str, value: str) -> Mask:
        facts = self._facts
        match facet:
            case "class":
                return masks.of_class(facts, value)
            case "theme":
                return masks.about(facts, value)
            case "territory":
                return masks.within(facts, value)
            case "source":
                return masks.stated_by(facts, value)
            case "role":
                return masks.acting(facts, value)
        return masks.coded(facts, facet, value)

    def _linked(self, kind: str, partner: str) -> Mask:
        """Partners of an actor; partnerships that it takes part in; anything else that it leads, organises, offers…"""
        if kind == "actor":
            return masks.partners_of(self._facts, partner)
        if kind == "partnership":
            return masks.engaging(self._facts, partner)
        mask = np.zeros(self._facts.size, bool)
        row = self._facts.row(partner)
        if row is not None:
            rows, carriers = self._facts.pairs("carriers")
            mask[rows[carriers == row]] = True
        return mask

    def matches(self, text: str) -> Ints:
        """The rows of what matches some words, the best first."""
        rows = self._facts.rows_by_key(np.array(self._search.keys(text, MOST_MATCHES), np.int64))
        found: Ints = rows[rows >= 0]
        return found

    def place(self, text: str) -> Place:
        """Where "near" is."""
        found = territories_named(self._search, self._facts, text)
        if not found or not is_exact(self._search, text, found):
            return Place(candidates=tuple(found[:8]))
        tables = self._facts.tables
        centres = [tables.territory_tree[tables.territories.find(iri)].centre for iri in found]
        return Place(tuple(found), (), tuple(one for one in centres if one is not None))


def _first(year: int | None) -> int | None:
    return day(datetime.date(year, 1, 1)) if year is not None else None


def _last(year: int | None) -> int | None:
    return day(datetime.date(year, 12, 31)) if year is not None else None
