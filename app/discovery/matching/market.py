"""The needs, offers and calls of a version side by side, and the best matches of one of them; reads and words nothing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from app.discovery.matching import criteria
from app.discovery.matching.board import UNMET, Board, Ints
from app.discovery.matching.criteria import Verdict
from app.discovery.matching.listing import Call, Listing, Scope, Side
from app.discovery.on_reading import OnReading
from app.discovery.places import Places
from app.discovery.themes import ThemeTree
from app.remembering import remembered

Key = TypeVar("Key")
_MOST_BOARDS = 100
"""Few: a listing has one kind of resource, seldom several."""


@dataclass(frozen=True)
class Match:
    """Two listings and what each criterion says; ``other`` is the one that was found."""

    own: Listing
    other: Listing
    verdicts: tuple[Verdict, ...]

    @cached_property
    def points(self) -> float:
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def rank(self) -> tuple[float, int, int, str]:
        """The most points first, then the fewest criteria that are not met, then what is valid longest."""
        unmet = sum(verdict.state == "unmet" for verdict in self.verdicts)
        last = self.other.last
        return -self.points, unmet, -last.toordinal() if last else 0, self.other.iri


@dataclass(frozen=True)
class Matches:
    """The matches of one listing, the best first, and how many of the same kind were set aside for which reason."""

    items: Sequence[Match]
    wrong_days: int = 0
    nothing_common: int = 0
    past: int = 0


@dataclass(frozen=True)
class Comparison:
    """One listing compared with many: what depends on themes and territories alone is worked out once for each set of them."""

    own: Listing
    tree: ThemeTree
    places: Places
    _themes: dict[frozenset[str], Verdict] = field(default_factory=dict)
    _places: dict[frozenset[str], Verdict] = field(default_factory=dict)

    def kind(self, other: Listing) -> Verdict:
        return criteria.kind(self.own, other)

    def theme(self, scope: Scope) -> Verdict:
        if scope.themes not in self._themes:
            self._themes[scope.themes] = criteria.theme(self.own.scope, scope, self.tree)
        return self._themes[scope.themes]

    def place(self, scope: Scope) -> Verdict:
        if scope.territories not in self._places:
            self._places[scope.territories] = criteria.place(self.own.scope, scope, self.places)
        return self._places[scope.territories]

    def dates(self, other: Listing) -> Verdict:
        return criteria.dates(self.own, other) if self.own.spans and other.spans else _NO_DATES

    def capacity(self, other: Listing) -> Verdict:
        if self.own.quantity is other.quantity is None:
            return _NO_QUANTITY
        need, offer = (self.own, other) if self.own.side == "need" else (other, self.own)
        return criteria.capacity(need, offer)

    def whole(self, other: Listing) -> tuple[Verdict, ...]:
        """Every criterion."""
        return self.kind(other), self.theme(other.scope), self.place(other.scope), self.dates(other), self.capacity(other)


_NO_DATES = criteria.said("dates", "unknown", "dates-none")
_NO_QUANTITY = criteria.said("capacity", "unknown", "capacity-none")


class Ranked(OnReading[Match]):
    """Matches in their order, each told criterion by criterion only when it is read."""

    def __init__(self, comparison: Comparison, board: Board, order: Ints) -> None:
        self._comparison = comparison
        self._board = board
        self._order = order

    def __len__(self) -> int:
        return len(self._order)

    def _made(self, place: int) -> Match:
        other = self._board.listings[int(self._order[place])]
        return Match(self._comparison.own, other, self._comparison.whole(other))


@dataclass(frozen=True)
class Market:
    """All needs, offers and calls of a version, with the themes and territories that they are compared by."""

    listings: Mapping[str, Listing]
    calls: Mapping[str, Call]
    tree: ThemeTree
    places: Places

    @cached_property
    def _by_kind(self) -> Mapping[tuple[Side, str], list[Listing]]:
        return _grouped(((one.side, kind), one) for one in self.listings.values() for kind in one.kinds)

    @cached_property
    def _by_actor(self) -> Mapping[str, list[Listing]]:
        return _grouped((actor, one) for one in self.listings.values() for actor in one.actors)

    @cached_property
    def _by_week(self) -> Mapping[str, list[Listing]]:
        return _grouped((week, one) for one in self.listings.values() for week in one.weeks)

    @cached_property
    def counts(self) -> Mapping[str, Mapping[Side, int]]:
        """How many needs and offers there are of each kind of resource."""
        kinds = sorted({kind for _, kind in self._by_kind})
        sides: tuple[Side, Side] = ("need", "offer")
        return {kind: {side: len(self._by_kind.get((side, kind), ())) for side in sides} for kind in kinds}

    def of_actor(self, actor: str) -> Sequence[Listing]:
        """The needs and offers of an actor."""
        return sorted(self._by_actor.get(actor, ()), key=_order)

    def choose(
        self,
        side: Side,
        *,
        kind: str | None = None,
        theme: str | None = None,
        area: str | None = None,
        on: datetime.date | None = None,
        near: frozenset[str] | None = None,
    ) -> list[Listing]:
        """The listings of one side that fit a filter: a kind, a theme or one below it, an area, one of the territories ``near``
        a place, still valid on a day."""
        themes = frozenset(self.tree.below(theme)) if theme else frozenset()
        return [
            one
            for one in self._in_order(side, kind)
            if (not theme or one.scope.themes & themes)
            and (not area or self.places.holds(area, one.scope.territories))
            and (near is None or one.scope.territories & near)
            and not is_past(one, on)
        ]

    def _in_order(self, side: Side, kind: str | None) -> list[Listing]:
        """The listings of one side, or of one kind of it: sorted once, as long as a market lasts."""

        def make() -> list[Listing]:
            found = self._by_kind.get((side, kind), ()) if kind else (one for one in self.listings.values() if one.side == side)
            return sorted(found, key=_order)

        return remembered(self._orders, (side, kind), _MOST_BOARDS, make)

    @cached_property
    def _orders(self) -> dict[tuple[Side, str | None], list[Listing]]:
        return {}

    def match(self, own: Listing, on: datetime.date | None = None, *, on_themes: bool = False) -> Matches:
        """The listings of the other side that may suit one, the best first.

        Left out, and counted: those that are over on the day ``on``, those that are never valid on a common day, and those
        that share neither theme nor place; with ``on_themes``, all whose themes are far. The actor's own are never matched with
        each other.
        """
        board = self._board(own)
        theme, place = board.by_theme(own.scope, self.tree), board.by_place(own.scope, self.places)
        dates, capacity = board.by_dates(own), board.by_capacity(own)
        theirs = ~board.marked(listing for actor in own.actors for listing in self._by_actor.get(actor, ()))
        past = theirs & board.past(on)
        far = (theme == UNMET) if on_themes else (theme == UNMET) & (place == UNMET)
        nothing_common = theirs & ~past & far
        left = theirs & ~past & ~far
        wrong_days = left & (dates == UNMET)
        order = board.ranked(left & ~wrong_days, (theme, place, dates, capacity))
        comparison = Comparison(own, self.tree, self.places)
        return Matches(Ranked(comparison, board, order), int(wrong_days.sum()), int(nothing_common.sum()), int(past.sum()))

    def compare(self, need: Listing, offer: Listing) -> tuple[Verdict, ...]:
        """Every criterion of a need and an offer."""
        return Comparison(need, self.tree, self.places).whole(offer)

    @cached_property
    def _boards(self) -> dict[tuple[Side, frozenset[str]], Board]:
        """The boards that were made, by side and kinds."""
        return {}

    def _board(self, own: Listing) -> Board:
        """Each listing of the other side that shares a kind, once."""
        side: Side = "offer" if own.side == "need" else "need"
        found = self._boards.get((side, own.kinds))
        if found is None:
            listings = {one.iri: one for kind in own.kinds for one in self._by_kind.get((side, kind), ())}
            found = Board.of(listings.values())
            if len(self._boards) >= _MOST_BOARDS:
                self._boards.clear()
            self._boards[side, own.kinds] = found
        return found

    def told_by(self, entities: Iterable[str]) -> set[str]:
        """The listings that take something from one of some entities: their actors, their weeks."""
        either = (self._by_actor, self._by_week)
        return {one.iri for entity in entities for listings in either for one in listings.get(entity, ())}

    def after(
        self, again: Set[str], listings: dict[str, Listing], calls: dict[str, Call], tree: ThemeTree, places: Places
    ) -> Market:
        """The market of a later version, where those ``again`` are what ``listings`` and ``calls`` tell; it keeps the rest."""
        is_same = tree is self.tree and places is self.places
        gone = [self.listings[iri] for iri in again if iri in self.listings]
        if is_same and not (gone or listings or calls or again & self.calls.keys()):
            return self
        kept = {iri: one for iri, one in self.listings.items() if iri not in again}
        kept_calls = {iri: one for iri, one in self.calls.items() if iri not in again}
        later = Market(kept | listings, kept_calls | calls, tree, places)
        moved = {(one.side, kind) for one in (*gone, *listings.values()) for kind in one.kinds}
        if is_same:
            known = list(self._boards.items())  # readers of this version may be adding to them
            later._boards.update({key: one for key, one in known if moved.isdisjoint((key[0], k) for k in key[1])})
        return later


def is_past(listing: Listing, on: datetime.date | None) -> bool:
    """Whether all that a listing states of its days is over on a day; one that states no end is not."""
    if on is None or not listing.spans:
        return False
    return all(span.last is not None and span.last < on for span in listing.spans)


def _order(listing: Listing) -> tuple[int, str]:
    """What is valid longest first."""
    last = listing.last
    return -last.toordinal() if last else 0, listing.iri


def _grouped(pairs: Iterable[tuple[Key, Listing]]) -> Mapping[Key, list[Listing]]:
    """The listings of each key, in the order in which they come."""
    found: dict[Key, list[Listing]] = defaultdict(list)
    for key, listing in pairs:
        found[key].append(listing)
    return found
