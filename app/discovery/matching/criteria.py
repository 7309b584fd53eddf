"""One criterion of a match at a time: met, near, unknown or not met, and why; what is unknown never counts as met."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from app.discovery.matching.listing import Call, Listing, Scope, Span
from app.discovery.naming import Named
from app.discovery.places import Places
from app.discovery.themes import ThemeTree

State = Literal["met", "near", "unknown", "unmet"]
Criterion = Literal["kind", "theme", "place", "dates", "capacity", "deadline", "audience", "funding"]

NEAR_KM = 10
"""Territories whose centres are not further apart are taken as the same neighbourhood."""

FAR_KM = 30
"""Up to here they are near; beyond, the criterion is not met."""


_POINTS: Mapping[State, float] = {"met": 1.0, "near": 0.5, "unknown": 0.0, "unmet": 0.0}


@dataclass(frozen=True)
class Verdict:
    """What one criterion says. ``reason`` is a key of ``app/messages/matching.toml``, ``values`` fill its blanks."""

    criterion: Criterion
    state: State
    reason: str
    values: tuple[tuple[str, Any], ...] = ()

    @property
    def points(self) -> float:
        """One for what is met, a half for what is near, nothing for the rest."""
        return _POINTS[self.state]


def said(criterion: Criterion, state: State, reason: str, **values: Any) -> Verdict:
    return Verdict(criterion, state, reason, tuple(values.items()))


def kind(need: Listing, offer: Listing) -> Verdict:
    """What is sought is what is offered; nothing is matched without it."""
    common = sorted(need.kinds & offer.kinds)
    return said("kind", "met", "kind-met", kind=Named(common[0])) if common else said("kind", "unmet", "kind-unmet")


def theme(one: Scope, other: Scope, tree: ThemeTree) -> Verdict:
    """The nearest themes of two things: the same or one above the other is met, two under one theme are near."""
    if not one.themes or not other.themes:
        return said("theme", "unknown", "theme-unknown")
    pair = tree.nearest(one.themes, other.themes)
    if pair is None:
        return said("theme", "unmet", "theme-unmet", one=Named(min(one.themes)), other=Named(min(other.themes)))
    if pair.one == pair.other:
        return said("theme", "met", "theme-same", theme=Named(pair.one))
    if pair.common in (pair.one, pair.other):
        narrow = pair.other if pair.common == pair.one else pair.one
        return said("theme", "met", "theme-within", theme=Named(narrow), broader=Named(pair.common))
    return said("theme", "near", "theme-near", one=Named(pair.one), other=Named(pair.other), broader=Named(pair.common))


def place(one: Scope, other: Scope, places: Places) -> Verdict:
    """The nearest territories of two things: the same, one in the other, or not far as the crow flies."""
    if not one.territories or not other.territories:
        return said("place", "unknown", "place-unknown")
    pair = places.closest(one.territories, other.territories)
    if pair is None:
        return said("place", "unknown", "place-apart", one=Named(min(one.territories)), other=Named(min(other.territories)))
    if pair.same:
        return said("place", "met", "place-same", place=Named(pair.one))
    named = {"one": Named(pair.one), "other": Named(pair.other)}
    if pair.within:
        inner, outer = (pair.one, pair.other) if pair.other in places.above(pair.one) else (pair.other, pair.one)
        return said("place", "met", "place-within", inner=Named(inner), outer=Named(outer))
    if pair.kilometres is None:
        return said("place", "near", "place-shared", **named, shared=Named(pair.shared or pair.one))
    far = round(pair.kilometres)
    state: State = "met" if pair.kilometres <= NEAR_KM else "near" if pair.kilometres <= FAR_KM else "unmet"
    return said("place", state, "place-far" if state == "unmet" else "place-km", **named, km=far)


def dates(need: Listing, offer: Listing) -> Verdict:
    """Whether two listings are valid on a common day: proven, disproven, or unknown because an end is not stated."""
    if not need.spans or not offer.spans:
        return said("dates", "unknown", "dates-none")
    found = [(_meet(one, other), one, other) for one in need.spans for other in offer.spans]
    for answer, one, other in found:
        if answer:
            first, last = _common(one, other)
            return said("dates", "met", "dates-met", first=first, last=last)
    if all(answer is False for answer, _, _ in found):
        return said("dates", "unmet", "dates-unmet")
    return said("dates", "unknown", "dates-open")


def _meet(one: Span, other: Span) -> bool | None:
    """True or False where the stated days prove it, else None.

    A listing is certainly valid on its first day, on its last, and between them where both are stated.
    """
    for early, late in ((one, other), (other, one)):
        if early.last and late.first and early.last < late.first:
            return False
    sure_one, sure_other = _sure(one), _sure(other)
    if sure_one and sure_other and max(sure_one[0], sure_other[0]) <= min(sure_one[1], sure_other[1]):
        return True
    return None


def _sure(span: Span) -> tuple[datetime.date, datetime.date] | None:
    first, last = span.first or span.last, span.last or span.first
    return (first, last) if first and last else None


def _common(one: Span, other: Span) -> tuple[datetime.date, datetime.date | None]:
    """The days that both share, as far as their ends are stated; only called where they do share some."""
    firsts = [span.first for span in (one, other) if span.first]
    lasts = [span.last for span in (one, other) if span.last]
    first = max(firsts) if firsts else min(lasts)
    return first, min(lasts) if lasts else None


def capacity(need: Listing, offer: Listing) -> Verdict:
    """Whether the offer is as large as the need; a part of it is near."""
    wanted, given = need.quantity, offer.quantity
    if wanted is None or given is None:
        missing = "capacity-none" if wanted is given is None else "capacity-need" if wanted is None else "capacity-offer"
        return said("capacity", "unknown", missing)
    values = {"wanted": _plain(wanted), "given": _plain(given)}
    if given >= wanted:
        return said("capacity", "met", "capacity-met", **values)
    return said("capacity", "near" if given > 0 else "unmet", "capacity-part" if given > 0 else "capacity-unmet", **values)


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def deadline(call: Call, on: datetime.date | None) -> Verdict:
    """Whether one may still answer a call on a day; without a day, only what the call states is told."""
    if call.deadline is None:
        return said("deadline", "unknown", "deadline-none")
    if on is None:
        return said("deadline", "unknown", "deadline-day", day=call.deadline)
    state: State = "met" if on <= call.deadline else "unmet"
    return said("deadline", state, f"deadline-{state}", day=call.deadline)


def audience(call: Call) -> Verdict:
    """Who may answer is a text that only a reader can judge."""
    return (
        said("audience", "unknown", "audience-text", text=call.audience)
        if call.audience
        else said("audience", "unknown", "audience-none")
    )


def funding(needs: Sequence[Listing], money: str) -> Verdict:
    """Whether the candidate made known that it seeks money."""
    stated = [need.iri for need in needs if need.side == "need" and money in need.kinds]
    return said("funding", "met", "funding-met", need=Named(stated[0])) if stated else said("funding", "unknown", "funding-none")
