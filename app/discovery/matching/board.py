"""The listings of one side and some kinds as arrays, one listing compared with all of them at once; no verdict is worded here.

What a criterion says of a pair is decided in criteria; here only its state is told, for thousands of pairs, and a test holds the
two together. Themes and territories are compared once for each different set of them.
"""

from __future__ import annotations

import datetime
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from app.discovery.matching import criteria
from app.discovery.matching.criteria import FAR_KM, NEAR_KM, State
from app.discovery.matching.listing import Listing, Scope, Span
from app.discovery.places import Places, distances
from app.discovery.themes import ThemeTree

UNMET, UNKNOWN, NEAR, MET = range(4)
"""States as numbers."""

_NUMBERS: dict[State, int] = {"unmet": UNMET, "unknown": UNKNOWN, "near": NEAR, "met": MET}
_POINTS = np.array([0.0, 0.0, 0.5, 1.0])
_NO_FIRST, _NO_LAST = np.iinfo(np.int32).min, np.iinfo(np.int32).max
_MOST_REMEMBERED = 500
_DOUBT_KM = 1e-6
"""Distances so near to a bound are computed as criteria does, to the last bit."""

Ints = NDArray[np.int32]
States = NDArray[np.int8]
Mask = NDArray[np.bool_]
Sets = tuple[frozenset[str], ...]


@dataclass(frozen=True)
class Spans:
    """The days of many listings, ``owners`` telling whose each is. ``sure`` are the days on which one is certainly valid."""

    owners: Ints
    firsts: Ints
    lasts: Ints
    sure_firsts: Ints
    sure_lasts: Ints

    @classmethod
    def of(cls, listings: Sequence[Listing]) -> Spans:
        rows = [(place, *_days(span)) for place, one in enumerate(listings) for span in one.spans]
        columns = np.array(rows, np.int32).reshape(-1, 5).T
        return cls(*(np.ascontiguousarray(column) for column in columns))


def _days(span: Span) -> tuple[int, int, int, int]:
    """First and last day as numbers, and the two between which it is certain."""
    first, last = span.first or span.last, span.last or span.first
    sure = (first.toordinal(), last.toordinal()) if first and last else (_NO_LAST, _NO_FIRST)
    return span.first.toordinal() if span.first else _NO_FIRST, span.last.toordinal() if span.last else _NO_LAST, *sure


@dataclass(frozen=True)
class Board:
    """Listings in the order of their IRIs; ``themes`` and ``areas`` are places in the tuples of different sets.

    ``over`` is the last day after which all that a listing states is over, ``latest`` the last day that it states, 0 for none;
    ``quantities`` are places in the sorted ``amounts``, -1 for none.
    """

    listings: Sequence[Listing]
    iris: Sequence[str]
    themes: Ints
    theme_sets: Sets
    areas: Ints
    area_sets: Sets
    spans: Spans
    over: Ints
    latest: Ints
    quantities: Ints
    amounts: Sequence[Decimal]
    _theme_states: dict[frozenset[str], States] = field(default_factory=dict, repr=False, compare=False)
    _place_states: dict[frozenset[str], States] = field(default_factory=dict, repr=False, compare=False)
    _areas: list[Areas] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def of(cls, listings: Iterable[Listing]) -> Board:
        """The board of some listings, whatever their order."""
        ordered = sorted(listings, key=lambda one: one.iri)
        themes, theme_sets = _numbered([one.scope.themes for one in ordered])
        areas, area_sets = _numbered([one.scope.territories for one in ordered])
        amounts = sorted({one.quantity for one in ordered if one.quantity is not None})
        ranks = {amount: rank for rank, amount in enumerate(amounts)}
        return cls(
            ordered,
            [one.iri for one in ordered],
            themes,
            theme_sets,
            areas,
            area_sets,
            Spans.of(ordered),
            np.array([_over(one) for one in ordered], np.int32),
            np.array([one.last.toordinal() if one.last else 0 for one in ordered], np.int32),
            np.array([-1 if one.quantity is None else ranks[one.quantity] for one in ordered], np.int32),
            amounts,
        )

    def marked(self, listings: Iterable[Listing]) -> Mask:
        """Those of some listings that are on the board."""
        mask = np.zeros(len(self.listings), bool)
        for one in listings:
            place = bisect_left(self.iris, one.iri)
            if place < len(self.iris) and self.iris[place] == one.iri:
                mask[place] = True
        return mask

    def past(self, on: datetime.date | None) -> Mask:
        """See :func:`app.discovery.matching.market.is_past`."""
        return np.zeros(len(self.over), bool) if on is None else self.over < on.toordinal()

    def by_theme(self, own: Scope, tree: ThemeTree) -> States:
        """What the criterion of themes says of each listing."""
        states = self._theme_states.get(own.themes)
        if states is None:
            told = [criteria.theme(own, Scope(one), tree).state for one in self.theme_sets]
            states = _remember(self._theme_states, own.themes, _coded(told))
        return states[self.themes]

    def by_place(self, own: Scope, places: Places) -> States:
        """What the criterion of places says of each listing."""
        states = self._place_states.get(own.territories)
        if states is None:
            if not self._areas:
                self._areas.append(Areas.of(self.area_sets, places))
            states = _remember(self._place_states, own.territories, place_states(own, self._areas[0], places))
        return states[self.areas]

    def by_dates(self, own: Listing) -> States:
        """What the criterion of dates says of each listing."""
        states = np.full(len(self.listings), UNKNOWN, np.int8)
        if not own.spans:
            return states
        maybe, met = np.zeros(len(states), bool), np.zeros(len(states), bool)
        its = self.spans
        for first, last, sure_first, sure_last in map(_days, own.spans):
            apart = (its.lasts < first) | (its.firsts > last)
            sure = np.maximum(its.sure_firsts, sure_first) <= np.minimum(its.sure_lasts, sure_last)
            maybe[its.owners[~apart]] = True
            met[its.owners[~apart & sure]] = True
        dated = np.zeros(len(states), bool)
        dated[its.owners] = True
        states[dated & ~maybe] = UNMET
        states[met] = MET
        return states

    def by_capacity(self, own: Listing) -> States:
        """What the criterion of capacity says of each listing."""
        states = np.full(len(self.listings), UNKNOWN, np.int8)
        if own.quantity is None:
            return states
        known = self.quantities >= 0
        if own.side == "need":
            enough = self.quantities >= bisect_left(self.amounts, own.quantity)
            some = self.quantities >= bisect_right(self.amounts, 0)
        else:
            enough = self.quantities < bisect_right(self.amounts, own.quantity)
            some = np.full(len(states), own.quantity > 0)
        states[known] = np.where(enough, MET, np.where(some, NEAR, UNMET))[known]
        return states

    def ranked(self, chosen: Mask, states: Sequence[States]) -> Ints:
        """The places of the listings that were chosen, in the order of :attr:`app.discovery.matching.market.Match.rank`."""
        places = np.flatnonzero(chosen).astype(np.int32)
        its = [one[places] for one in states]
        points = np.sum([_POINTS[one] for one in its], axis=0)
        unmet = np.sum([one == UNMET for one in its], axis=0)
        order: Ints = places[np.lexsort((places, -self.latest[places], unmet, -points))]
        return order


@dataclass(frozen=True)
class Areas:
    """Sets of territories, with the centre of those that are one territory that holds no other (``known``)."""

    sets: Sequence[frozenset[str]]
    known: Mask
    points: NDArray[np.float64]

    @classmethod
    def of(cls, sets: Sequence[frozenset[str]], places: Places) -> Areas:
        centres = [places.leaf(next(iter(one))) if len(one) == 1 else None for one in sets]
        points = np.array([centre or (0.0, 0.0) for centre in centres], np.float64).reshape(-1, 2)
        return cls(sets, np.array([centre is not None for centre in centres], bool), points)


def place_states(own: Scope, areas: Areas, places: Places) -> States:
    """What the criterion of places says of each of some sets of territories; of two communes, from all distances at once."""
    told = np.empty(len(areas.sets), np.int8)
    centre = places.leaf(next(iter(own.territories))) if len(own.territories) == 1 else None
    sure = np.zeros(len(told), bool)
    if centre is not None:
        far = distances(np.array([centre]), areas.points)[0]
        doubtful = np.minimum(np.abs(far - NEAR_KM), np.abs(far - FAR_KM)) < _DOUBT_KM
        sure = areas.known & ~doubtful
        told[:] = np.where(far <= NEAR_KM, MET, np.where(far <= FAR_KM, NEAR, UNMET))
    for turn in np.flatnonzero(~sure).tolist():
        told[turn] = _NUMBERS[criteria.place(own, Scope(territories=areas.sets[turn]), places).state]
    return told


def _numbered(sets: Sequence[frozenset[str]]) -> tuple[Ints, Sets]:
    numbers: dict[frozenset[str], int] = {}
    places = [numbers.setdefault(one, len(numbers)) for one in sets]
    return np.array(places, np.int32), tuple(numbers)


def _over(listing: Listing) -> int:
    lasts = [span.last.toordinal() if span.last else _NO_LAST for span in listing.spans]
    return max(lasts, default=_NO_LAST)


def _coded(states: Iterable[State]) -> States:
    return np.array([_NUMBERS[state] for state in states], np.int8)


def _remember(memory: dict[frozenset[str], States], key: frozenset[str], states: States) -> States:
    if len(memory) >= _MOST_REMEMBERED:
        memory.clear()
    memory[key] = states
    return states
