"""The list that a figure opens: the entities counted, or of links the pairs of actors. It is found by masks, not by counting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from app.facts import Facts
from app.facts.arrays import Ints
from app.facts.kept import missing
from app.facts.sharing import Chosen
from app.statistics.question import Question
from app.statistics.table import pairs_within, parties_within


@dataclass(frozen=True)
class Link:
    """Two actors, by row, and how many partnerships they share."""

    one: int
    other: int
    partnerships: int


def behind(facts: Facts, question: Question) -> Ints:
    """The rows behind a figure: the latest first, then in the order of their IRIs; of links and densities, the actors."""
    found = Chosen.of(question.mask(facts))
    if question.what.how in ("actors", "links", "density"):
        return np.unique(parties_within(facts, found)[1])
    rows = found.rows
    start = facts.column("start")[rows].astype(np.int64)
    start[start == missing("start")] = np.iinfo(np.int64).min + 1
    return rows[np.argsort(-start, kind="stable")]


def pairs_behind(facts: Facts, question: Question) -> list[Link]:
    """The links behind a figure, the closest first."""
    _, pairs = pairs_within(*parties_within(facts, Chosen.of(question.mask(facts))))
    found, counts = np.unique(pairs, return_counts=True)
    order = np.argsort(-counts, kind="stable")
    return [Link(int(found[n] >> 32), int(found[n] & 0xFFFFFFFF), int(counts[n])) for n in order.tolist()]
