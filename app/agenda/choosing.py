"""Chooses the events and opportunities of a territory and a theme: what is ahead, what is over, what has no date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.facts import Facts, Mask, masks
from app.facts.arrays import Ints
from app.facts.kept import missing

EVENTS, OPPORTUNITIES = ("event",), ("opportunity", "call")


@dataclass(frozen=True)
class Chosen:
    """Rows: ``ahead`` the next first, ``over`` the latest first, ``undated`` in the order of their IRIs."""

    ahead: Ints
    over: Ints
    undated: Ints


def choose(
    facts: Facts,
    kinds: Sequence[str],
    today: int,
    territory: str | None = None,
    theme: str | None = None,
    around: Mask | None = None,
) -> Chosen:
    """Entities of some kinds about a theme (IRI) in a territory (IRI), among the rows ``around``.

    What ends today is still ahead; what has a deadline is over after it, whatever its other dates."""
    mask = np.zeros(facts.size, bool)
    for kind in kinds:
        mask |= masks.of_kind(facts, kind)
    if territory is not None:
        mask &= masks.within(facts, territory)
    if theme is not None:
        mask &= masks.about(facts, theme)
    if around is not None:
        mask &= around
    rows = np.flatnonzero(mask)
    first, last = (days[rows].astype(np.int64) for days in masks.spans(facts))
    deadline = facts.column("deadline")[rows].astype(np.int64)
    unknown = missing("start")
    ends = np.where(deadline == unknown, last, deadline)
    starts = np.where(first == unknown, deadline, first)
    undated = ends == unknown
    ahead, over = ~undated & (ends >= today), ~undated & (ends < today)
    return Chosen(
        rows[ahead][np.argsort(starts[ahead], kind="stable")],
        rows[over][np.argsort(-ends[over], kind="stable")],
        rows[undated],
    )
