"""What a page, a file or a command asks of the market: of a filter, of one need, offer or call, of one actor; no words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from app.discovery.matching.calls import Candidate, candidates_for, open_calls_for
from app.discovery.matching.listing import Call, Listing
from app.discovery.matching.market import Market, Match, Matches
from app.discovery.matching.reading import read_scopes
from app.entities.questions import Questions

By = Literal["need", "offer", "call"]
BY: tuple[By, ...] = ("need", "offer", "call")


@dataclass(frozen=True)
class Filter:
    """What a reader looks for: a kind of resource, a theme or one below it, an area, what is still valid on a day, what is in
    one of the territories ``near`` a place."""

    kind: str | None = None
    theme: str | None = None
    area: str | None = None
    on: datetime.date | None = None
    near: frozenset[str] | None = None


@dataclass(frozen=True)
class Found:
    """A need, an offer or a call with its matches, the best first; of an actor (its IRI), the calls that it could answer."""

    own: Listing | Call | str
    pairs: Sequence[Match | Candidate]
    left: Matches = field(default_factory=lambda: Matches(()))
    complete: bool = True


@dataclass(frozen=True)
class Desk:
    """The market of a version, put to work for one reader."""

    market: Market
    questions: Questions
    filter: Filter = Filter()

    def chosen(self, by: By) -> list[Listing] | list[Call]:
        """The needs, offers or calls that the filter lets through."""
        its = self.filter
        if by == "call":
            return self._calls()
        return self.market.choose(by, kind=its.kind, theme=its.theme, area=its.area, on=its.on, near=its.near)

    def found(self, own: Listing | Call) -> Found:
        """The matches of one of them."""
        if isinstance(own, Call):
            candidates = candidates_for(own, self.market, self.questions, self.filter.on)
            return Found(own, candidates.items, complete=candidates.complete)
        matches = self.market.match(own, self.filter.on)
        return Found(own, matches.items, left=matches)

    def about(self, iri: str) -> list[Found] | None:
        """The matches of a need, an offer or a call, or of each that an actor has; None for an actor that has none at all."""
        own = self.market.listings.get(iri) or self.market.calls.get(iri)
        if own is not None:
            return [self.found(own)]
        found = [self.found(listing) for listing in self.market.of_actor(iri)]
        found += [self.found(call) for call in self._calls() if iri in call.publishers]
        if self.market.calls:
            answered = open_calls_for(iri, read_scopes(self.questions, [iri])[iri], self.market, self.filter.on)
            found += [Found(iri, answered)] if answered else []
        return found or None

    def _calls(self) -> list[Call]:
        its, market = self.filter, self.market
        themes = frozenset(market.tree.below(its.theme)) if its.theme else frozenset()
        chosen = (
            call
            for call in market.calls.values()
            if (not its.theme or call.scope.themes & themes)
            and (not its.area or market.places.holds(its.area, call.scope.territories))
            and (its.near is None or call.scope.territories & its.near)
            and not (its.on and call.deadline and call.deadline < its.on)
        )
        return sorted(chosen, key=lambda call: (-call.deadline.toordinal() if call.deadline else 0, call.iri))
