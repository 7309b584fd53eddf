"""Makes one base of a base and its delta: rows of what is gone are left out, new rows take their place in the order."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from app.facts import kept
from app.facts.arrays import Ints, unique_rows
from app.facts.facts import Facts
from app.facts.files import Base, Content, Delta
from app.facts.tables import Tables
from app.text import LANGUAGES


def fold(tables: Tables, base: Base, delta: Delta) -> Content:
    """The content that a new base is written from."""
    facts = Facts(tables, base, delta)
    texts = _texts(facts)
    alive = np.flatnonzero(facts.alive).tolist()
    order = np.array(sorted(alive, key=texts.__getitem__), np.int64)
    rows = np.full(facts.size, -1, np.int64)
    rows[order] = np.arange(len(order))
    columns = {name: facts.column(name)[order] for name in kept.COLUMNS}
    pairs = {name: _placed(facts, name, rows) for name in kept.PAIRS}
    partnerships, actors, roles = facts.parties
    parties = unique_rows(rows[partnerships], rows[actors], roles)
    return Content(
        [texts[row] for row in order.tolist()],
        columns,
        pairs,
        (parties[0], parties[1], parties[2]),
        {language: [facts.name_key(row, language) for row in order.tolist()] for language in LANGUAGES},
        {language: rows[facts.by_name(order, language)] for language in LANGUAGES},
    )


def _texts(facts: Facts) -> list[bytes]:
    whole = facts.base.arrays["iris"].tobytes()
    ends = facts.base.arrays["ends"].tolist()
    added = [iri.encode("utf-8") for iri in facts.delta.iris]
    return [whole[first:end] for first, end in pairwise(ends)] + added


def _placed(facts: Facts, name: str, rows: Ints) -> tuple[Ints, Ints]:
    own, values = facts.pairs(name)
    placed = unique_rows(rows[own], rows[values] if kept.PAIRS[name] is None else values)
    return placed[0], placed[1]
