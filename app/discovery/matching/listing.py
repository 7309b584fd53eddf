"""What is matched: a need, an offer, a call, a candidate, as the graph states them; nothing is compared here."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Literal

Side = Literal["need", "offer"]


@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``; None for an end that is not stated."""

    first: datetime.date | None = None
    last: datetime.date | None = None


@dataclass(frozen=True)
class Scope:
    """What something is about and where: IRIs of themes and territories.

    ``themes_of`` and ``territories_of`` are the actor that they were taken from, where the thing itself states none.
    """

    themes: frozenset[str] = frozenset()
    territories: frozenset[str] = frozenset()
    themes_of: str | None = None
    territories_of: str | None = None


@dataclass(frozen=True)
class Listing:
    """A need or an offer of resources; an internship is an offer of places, a volunteer mission a need for volunteers."""

    iri: str
    side: Side
    kinds: frozenset[str]
    actors: tuple[str, ...] = ()
    scope: Scope = Scope()
    quantity: Decimal | None = None
    spans: tuple[Span, ...] = ()
    weeks: tuple[str, ...] = field(default=(), compare=False)
    """The periods that the spans were read from."""

    @cached_property
    def last(self) -> datetime.date | None:
        """The last day that is stated."""
        return max((span.last for span in self.spans if span.last), default=None)


@dataclass(frozen=True)
class Call:
    """A call for projects."""

    iri: str
    publishers: tuple[str, ...] = ()
    scope: Scope = Scope()
    deadline: datetime.date | None = None
    audience: tuple[tuple[str | None, str], ...] = ()
