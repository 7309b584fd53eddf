"""Matches in a reader's words: the two sides, and each criterion with its state and its reason."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from app.discovery import naming
from app.discovery.matching.calls import Candidate
from app.discovery.matching.criteria import Criterion, State, Verdict
from app.discovery.matching.listing import Call, Listing
from app.discovery.matching.market import Match
from app.entities import wording
from app.entities.model import Node
from app.entities.names import Names
from app.terms import PREFIXES
from app.text import Language, say

_FORMS: Mapping[Criterion, str] = {
    "kind": "f",
    "theme": "m",
    "place": "m",
    "dates": "p",
    "capacity": "f",
    "deadline": "f",
    "audience": "m",
    "funding": "m",
}
"""How the French name of each criterion is: feminine, masculine or (feminine) plural; its state agrees with it."""


@dataclass(frozen=True)
class Reason:
    """One criterion in words."""

    criterion: str
    label: str
    state: State
    state_label: str
    text: str


@dataclass(frozen=True)
class Side:
    """One side of a match: the thing, who is behind it, when it holds."""

    node: Node
    actors: tuple[Node, ...] = ()
    period: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A match as it is shown: what was found, and why."""

    side: Side
    reasons: tuple[Reason, ...]
    points: float


@dataclass(frozen=True)
class Words:
    """Names and language to say matches with; ``names`` must know what :func:`mentioned` finds."""

    names: Names
    language: Language

    def listing(self, listing: Listing) -> Side:
        actors = tuple(self.names.node(actor) for actor in listing.actors)
        return Side(self.names.node(listing.iri), actors, self._period(listing), tuple(self._borrowed(listing)))

    def call(self, call: Call) -> Side:
        end = _day(call.deadline) if call.deadline else None
        publishers = tuple(self.names.node(actor) for actor in call.publishers)
        return Side(self.names.node(call.iri), publishers, wording.period(None, end, self.language))

    def match(self, match: Match) -> Proposal:
        return Proposal(self.listing(match.other), tuple(map(self.reason, match.verdicts)), match.points)

    def candidate(self, one: Candidate, *, as_call: bool = False) -> Proposal:
        """Who could answer, or with ``as_call`` the call that it could answer."""
        side = self.call(one.call) if as_call else Side(self.names.node(one.iri))
        return Proposal(side, tuple(map(self.reason, one.verdicts)), -one.rank[0])

    def reason(self, verdict: Verdict) -> Reason:
        return Reason(
            verdict.criterion,
            say(f"matching.criterion-{verdict.criterion}", self.language),
            verdict.state,
            say(f"matching.state-{verdict.state}-{_FORMS[verdict.criterion]}", self.language),
            self._text(verdict),
        )

    def _text(self, verdict: Verdict) -> str:
        values = dict(verdict.values)
        if verdict.reason == "dates-met":
            first, last = _day(values["first"]), _day(values["last"]) if values["last"] else None
            return say("matching.dates-met", self.language, period=_on(first, last, self.language))
        return naming.fill(f"matching.{verdict.reason}", verdict.values, self.names, self.language)

    def _period(self, listing: Listing) -> str | None:
        told = [
            wording.period(_day(span.first) if span.first else None, _day(span.last) if span.last else None, self.language)
            for span in listing.spans
        ]
        return ", ".join(text for text in told if text) or None

    def _borrowed(self, listing: Listing) -> Iterable[str]:
        for key in ("themes_of", "territories_of"):
            actor = getattr(listing.scope, key)
            if actor:
                yield say(f"matching.{key.replace('_', '-')}", self.language, actor=self.names.node(actor).label)


def mentioned(listings: Iterable[Listing] = (), calls: Iterable[Call] = (), pairs: Iterable[Match | Candidate] = ()) -> set[str]:
    """The IRIs whose names are needed to say these."""
    found: set[str] = set()
    for listing in listings:
        found |= {listing.iri, *listing.actors}
    for call in calls:
        found |= {call.iri, *call.publishers}
    for pair in pairs:
        found |= mentioned([pair.other]) if isinstance(pair, Match) else {pair.iri} | mentioned(calls=[pair.call])
        for verdict in pair.verdicts:
            found |= naming.mentioned(verdict.values)
    return found


def _day(value: object) -> ox.Literal:
    return ox.Literal(str(value), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))


def _on(first: ox.Literal, last: ox.Literal | None, language: Language) -> str:
    """``du 16 au 20 novembre 2020``, ``le 3 mai 2021``, ``au moins le 3 mai 2021``."""
    if last is None:
        return say("matching.at-least-on", language, day=wording.literal(first, language))
    if first == last:
        return say("matching.on-day", language, day=wording.literal(first, language))
    return wording.period(first, last, language) or ""
