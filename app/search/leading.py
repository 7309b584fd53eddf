"""The best matches of what is being typed, found without opening each whole name that begins so; the same as by opening them.

Tens of thousands of names begin with a usual word, and each is a term of its own. But names' first letters are kept as terms:
with a few letters it is enough to look at the names that begin with them, where these fill the answer; with more, all names with
the same first letters are taken to begin with the whole, and those that would come first are read.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

import tantivy
from tantivy import Query

from app.search import schema
from app.search.asking import START, UNLED, Ask, Queries, restricted
from app.search.document import LEAST_WEIGHT, MOST_WEIGHT
from app.search.words import meaningful

_MARGIN = 20
"""So many may be passed over before the names are opened after all."""

_MOST = 200
"""Farther answers are found by opening the names."""

Place = tuple[Any, tantivy.DocAddress]
"""A score, and where the document is."""


class Best(NamedTuple):
    """Part of an answer in its order, and how many there are in all."""

    hits: Sequence[Place]
    total: int


class Leading:
    """One question to one searcher."""

    def __init__(self, searcher: tantivy.Searcher, to: tantivy.Schema, queries: Queries, ask: Ask) -> None:
        self._searcher = searcher
        self._schema = to
        self._queries = queries
        self._ask = ask

    def best(self) -> Best | None:
        """None where it is not sure to be the same: the names are to be opened."""
        if self._ask.offset + self._ask.limit > _MOST:
            return None
        if (leading := self._queries.leading()) is not None:
            return self._few_letters(leading)
        led = self._queries.led()
        return self._more_letters(led) if led is not None else None

    def _few_letters(self, query: Query) -> Best | None:
        hits = self._searcher.search(
            self._wanted(query), self._ask.limit, count=False, offset=self._ask.offset, weight_by_field=schema.WEIGHT
        ).hits
        if not hits or len(hits) < self._ask.limit or _score(hits[-1]) <= UNLED * MOST_WEIGHT:
            return None
        counted = self._searcher.aggregate(self._wanted(self._queries.matched(typos=False)), _COUNT)
        return Best(hits, int(counted["all"]["value"]))

    def _more_letters(self, query: Query) -> Best | None:
        """Whoever is worth too much falls by so much; if that is still behind the last that is wanted, it is not among them."""
        wanted = self._ask.offset + self._ask.limit
        found = self._searcher.search(self._wanted(query), wanted + _MARGIN, count=True, weight_by_field=schema.WEIGHT)
        sure: list[Place] = []
        overrated: Place | None = None
        for place in found.hits:
            if len(sure) == wanted:
                break
            if self._is_rated_well(place):
                sure.append(place)
            else:
                overrated = overrated or place
        if overrated is not None and (len(sure) < wanted or _score(sure[-1]) <= _score(overrated) - START * LEAST_WEIGHT):
            return None
        return Best(sure[self._ask.offset :], int(found.count))  # type: ignore[attr-defined]  # the library's stub forgets it

    def _is_rated_well(self, place: Place) -> bool:
        """Whether a name of its own begins with the whole, or none even with its first letters."""
        shown = json.loads(bytes(self._searcher.doc(place[1]).get_first(schema.SHOWN) or b"{}"))
        names = [" ".join(meaningful(name)) for name, _ in shown["n"]]
        whole = self._queries.words.whole
        return any(name.startswith(whole) for name in names) or not any(name.startswith(whole[: schema.SHORT]) for name in names)

    def _wanted(self, query: Query) -> Query:
        return restricted(query, self._schema, kinds=self._ask.kinds, classes=self._ask.classes)


_COUNT = {"all": {"value_count": {"field": schema.KEY}}}


def _score(place: Place) -> float:
    return float(place[0])
