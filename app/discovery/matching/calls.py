"""Who could answer a call for projects, and which calls an actor could answer; both sides get the same reasons."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from app.discovery.matching import criteria
from app.discovery.matching.criteria import Verdict
from app.discovery.matching.listing import Call, Scope
from app.discovery.matching.market import Market
from app.discovery.matching.reading import KINDS, read_scopes
from app.entities.questions import Questions, Window, iris

MOST_CANDIDATES = 1_000
"""Compared for one call; where the graph has more, the answer says so."""

MONEY = f"{KINDS}funding"


@dataclass(frozen=True)
class Candidate:
    """An actor or a project, a call, and what each criterion says."""

    iri: str
    call: Call
    verdicts: tuple[Verdict, ...]

    @property
    def rank(self) -> tuple[float, int, str, str]:
        unmet = sum(verdict.state == "unmet" for verdict in self.verdicts)
        return -sum(verdict.points for verdict in self.verdicts), unmet, self.iri, self.call.iri

    @property
    def fits(self) -> bool:
        """Theme and place are not both unknown or unmet, and neither is unmet; nor is the deadline over."""
        states = {verdict.criterion: verdict.state for verdict in self.verdicts}
        return "unmet" not in (states["theme"], states["place"], states["deadline"]) and (
            states["theme"] in ("met", "near") or states["place"] in ("met", "near")
        )


@dataclass(frozen=True)
class Candidates:
    """Those that fit, the best first; ``complete`` unless more were in question than are compared."""

    items: tuple[Candidate, ...]
    complete: bool = True


def candidates_for(call: Call, market: Market, questions: Questions, on: datetime.date | None = None) -> Candidates:
    """Actors and projects on the themes of a call, or on its territories where it states no theme."""
    found, complete = _in_question(call, market, questions)
    scopes = read_scopes(questions, found)
    compared = (compare(iri, scopes[iri], call, market, on) for iri in found if iri not in call.publishers)
    return Candidates(tuple(sorted((one for one in compared if one.fits), key=lambda one: one.rank)), complete)


def open_calls_for(actor: str, scope: Scope, market: Market, on: datetime.date | None = None) -> tuple[Candidate, ...]:
    """The calls that an actor could answer, the best first."""
    compared = (compare(actor, scope, call, market, on) for call in market.calls.values() if actor not in call.publishers)
    return tuple(sorted((one for one in compared if one.fits), key=lambda one: one.rank))


def compare(iri: str, scope: Scope, call: Call, market: Market, on: datetime.date | None) -> Candidate:
    """Every criterion of a candidate and a call."""
    return Candidate(iri, call, tuple(_verdicts(iri, scope, call, market, on)))


def _verdicts(iri: str, scope: Scope, call: Call, market: Market, on: datetime.date | None) -> Iterator[Verdict]:
    yield criteria.theme(call.scope, scope, market.tree)
    yield criteria.place(call.scope, scope, market.places)
    yield criteria.deadline(call, on)
    yield criteria.funding(market.of_actor(iri), MONEY)
    yield criteria.audience(call)


def _in_question(call: Call, market: Market, questions: Questions) -> tuple[list[str], bool]:
    """The nearest first: those on the call's own themes, then those on the themes of the same branches."""
    own = sorted(call.scope.themes)
    branches = {near for theme in own for near in market.tree.branch(theme)} - set(own)
    stages = [own, sorted(branches)] if own else [sorted(call.scope.territories)]
    found: dict[str, None] = {}
    for values in stages:
        room = MOST_CANDIDATES - len(found)
        if not values:
            continue
        window = Window(room + 1 + len(found))
        rows = questions.rows("actors-and-projects-about", window, value=iris(values))
        new = [row["entity"].value for row in rows if hasattr(row["entity"], "value")]
        found |= dict.fromkeys(iri for iri in new if iri not in found)
        if len(found) > MOST_CANDIDATES:
            return list(found)[:MOST_CANDIDATES], False
    return list(found), True
