"""The needs, offers and calls of a version side by side, and the best matches of one of them; reads and words nothing."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from app.discovery.matching import criteria
from app.discovery.matching.criteria import Verdict
from app.discovery.matching.listing import Call, Listing, Scope, Side
from app.discovery.places import Places
from app.discovery.themes import ThemeTree


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

    items: tuple[Match, ...]
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


_NO_DATES = criteria.said("dates", "unknown", "dates-none")
_NO_QUANTITY = criteria.said("capacity", "unknown", "capacity-none")


@dataclass(frozen=True)
class Market:
    """All needs, offers and calls of a version, with the themes and territories that they are compared by."""

    listings: Mapping[str, Listing]
    calls: Mapping[str, Call]
    tree: ThemeTree
    places: Places

    @cached_property
    def _by_kind(self) -> Mapping[tuple[Side, str], list[Listing]]:
        found: dict[tuple[Side, str], list[Listing]] = defaultdict(list)
        for listing in self.listings.values():
            for kind in listing.kinds:
                found[listing.side, kind].append(listing)
        return found

    @cached_property
    def _by_actor(self) -> Mapping[str, list[Listing]]:
        found: dict[str, list[Listing]] = defaultdict(list)
        for listing in self.listings.values():
            for actor in listing.actors:
                found[actor].append(listing)
        return found

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
        found = self._by_kind.get((side, kind), ()) if kind else (one for one in self.listings.values() if one.side == side)
        return sorted(
            (
                one
                for one in found
                if (not theme or one.scope.themes & themes)
                and (not area or self.places.holds(area, one.scope.territories))
                and (near is None or one.scope.territories & near)
                and not is_past(one, on)
            ),
            key=_order,
        )

    def match(self, own: Listing, on: datetime.date | None = None, *, on_themes: bool = False) -> Matches:
        """The listings of the other side that may suit one, the best first.

        Left out, and counted: those that are over on the day ``on``, those that are never valid on a common day, and those
        that share neither theme nor place; with ``on_themes``, all whose themes are far. The actor's own are never matched with
        each other.
        """
        comparison = Comparison(own, self.tree, self.places)
        items: list[Match] = []
        wrong_days = nothing_common = past = 0
        for other in self._candidates(own):
            if is_past(other, on):
                past += 1
                continue
            theme = comparison.theme(other.scope)
            place = None if on_themes and theme.state == "unmet" else comparison.place(other.scope)
            if place is None or theme.state == place.state == "unmet":
                nothing_common += 1
                continue
            dates = comparison.dates(other)
            if dates.state == "unmet":
                wrong_days += 1
                continue
            items.append(Match(own, other, (comparison.kind(other), theme, place, dates, comparison.capacity(other))))
        return Matches(tuple(sorted(items, key=lambda match: match.rank)), wrong_days, nothing_common, past)

    def compare(self, need: Listing, offer: Listing) -> tuple[Verdict, ...]:
        """Every criterion of a need and an offer."""
        its = Comparison(need, self.tree, self.places)
        return its.kind(offer), its.theme(offer.scope), its.place(offer.scope), its.dates(offer), its.capacity(offer)

    def _candidates(self, own: Listing) -> Iterable[Listing]:
        """Each listing of the other side that shares a kind, once."""
        other: Side = "offer" if own.side == "need" else "need"
        found = {one.iri: one for kind in own.kinds for one in self._by_kind.get((other, kind), ())}
        return (one for one in found.values() if not set(one.actors) & set(own.actors))


def is_past(listing: Listing, on: datetime.date | None) -> bool:
    """Whether all that a listing states of its days is over on a day; one that states no end is not."""
    if on is None or not listing.spans:
        return False
    return all(span.last is not None and span.last < on for span in listing.spans)


def _order(listing: Listing) -> tuple[int, str]:
    """What is valid longest first."""
    last = listing.last
    return -last.toordinal() if last else 0, listing.iri
