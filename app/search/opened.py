"""The search index of one version, opened read-only: asks and answers; not how answers are shown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import tantivy
from tantivy import Query

from app.search import schema
from app.search.asking import Ask, Queries, restricted
from app.search.document import Day, Text
from app.search.leading import Best, Leading
from app.search.words import Words

Reading = Literal["words", "typos", "some"]
"""How a question had to be read to find anything: all its words, mistyped ones forgiven, or only some of them."""

_SUBJECTS = 50
_LEAST_SUBJECT = 3
"""Letters of a word that may name a theme or a territory."""


@dataclass(frozen=True)
class Hit:
    """One entity that matches, with what the index shows of it; names come with their languages, days with their datatypes."""

    iri: str
    kind: str
    types: tuple[str, ...]
    names: tuple[Text, ...]
    other_names: tuple[Text, ...]
    descriptions: tuple[Text, ...]
    codes: tuple[str, ...]
    places: tuple[str, ...]
    about: tuple[str, ...]
    score: float
    days: tuple[Day | None, Day | None] | None = None
    """When it began and ended; None where the index is of a release that did not tell."""


@dataclass(frozen=True)
class Found:
    """Part of an answer: its hits, how many there are in all, and how many of each kind whatever kinds were asked for."""

    hits: tuple[Hit, ...]
    total: int
    kinds: Mapping[str, int] = field(default_factory=dict)
    reading: Reading = "words"
    words: Words = field(default_factory=lambda: Words.of(""))


class Opened:
    """An index whose files are all open: its folder may be deleted. Safe for threads."""

    def __init__(self, index: tantivy.Index) -> None:
        self._schema = index.schema
        self._searcher = index.searcher()

    @property
    def size(self) -> int:
        """How many entities can be found."""
        return self._searcher.num_docs

    def find(self, ask: Ask) -> Found:
        """The best matches of a question; one without any words finds nothing."""
        words = Words.of(ask.text)
        if not words:
            return Found((), 0, words=words)
        queries = self._queries(words, ask)
        query, reading, found = self._first(queries, ask)
        kinds = {} if ask.names_only else self._kinds(restricted(query, self._schema, classes=ask.classes))
        return Found(self._hits(found.hits), found.total, kinds, reading, words)

    def keys(self, text: str, most: int) -> list[int]:
        """The keys (:func:`app.terms.iri_key`) of the best ``most`` matches of a text, the best first."""
        words, ask = Words.of(text), Ask(text, limit=most)
        if not words:
            return []
        _, _, found = self._first(self._queries(words, ask), ask)
        return [int(value or 0) for value in self._searcher.fast_field_values(schema.KEY, [at for _, at in found.hits])]

    def of(self, iris: Iterable[str]) -> dict[str, Hit]:
        """What the index shows of some entities, by their IRIs."""
        wanted = sorted(set(iris))
        if not wanted:
            return {}
        query = Query.term_set_query(self._schema, schema.IRI, wanted)
        return {hit.iri: hit for hit in self._hits(self._searcher.search(query, len(wanted), count=False).hits)}

    def _queries(self, words: Words, ask: Ask) -> Queries:
        queries = Queries(self._schema, words, ask.names_only)
        if ask.names_only:
            return queries
        return Queries(self._schema, words, False, [self._subjects(queries, place) for place in range(len(words.words))])

    def _first(self, queries: Queries, ask: Ask) -> tuple[Query, Reading, Best]:
        """The answer to the strictest reading that finds anything, with a query that finds all of it, in no order."""
        words = queries.words
        query = queries.matched(typos=False)
        found = Leading(self._searcher, self._schema, queries, ask).best() or self._search(queries.all_words(typos=False), ask)
        if found.total:
            return query, "words", found
        if words.forgiving:
            found = self._search(queries.all_words(typos=True), ask)
            if found.total:
                return queries.matched(typos=True), "typos", found
        if len(words.words) > 1 and any(word.text.isalpha() for word in words.words) and not ask.names_only:
            some = queries.some_words()
            return some, "some", self._search(some, ask)
        return query, "words", found

    def _search(self, query: Query, ask: Ask) -> Best:
        """``total`` is of all, also where the part that is wanted begins after the last."""
        wanted = restricted(query, self._schema, kinds=ask.kinds, classes=ask.classes)
        found = self._searcher.search(wanted, ask.limit, count=True, offset=ask.offset, weight_by_field=schema.WEIGHT)
        return Best(found.hits, int(found.count))  # type: ignore[attr-defined]  # the library's stub forgets it

    def _subjects(self, queries: Queries, place: int) -> list[str]:
        word = queries.words.words[place]
        if len(word.text) < _LEAST_SUBJECT:
            return []
        found = self._searcher.search(queries.subject(word), _SUBJECTS, count=False, weight_by_field=schema.WEIGHT)
        return [hit.iri for hit in self._hits(found.hits)]

    def _kinds(self, query: Query) -> dict[str, int]:
        asked = {"kinds": {"terms": {"field": schema.KIND, "size": 200}}}
        return {one["key"]: one["doc_count"] for one in self._searcher.aggregate(query, asked)["kinds"]["buckets"]}

    def _hits(self, found: Sequence[tuple[Any, tantivy.DocAddress]]) -> tuple[Hit, ...]:
        return tuple(_hit(self._searcher.doc(address), score) for score, address in found)


def load(folder: Path) -> Opened:
    """Open the index in a version's folder, for :class:`app.engine.indexes.Indexes`."""
    return Opened(schema.open_index(folder))


def _hit(document: tantivy.Document, score: float) -> Hit:
    shown = json.loads(bytes(document.get_first(schema.SHOWN) or b"{}"))
    texts = {name: tuple((text, language) for text, language in shown[name]) for name in "nod"}
    types, codes, places, about = (tuple(shown[name]) for name in "tcpa")
    days = (_day(shown["s"]), _day(shown["e"])) if "s" in shown else None
    return Hit(shown["i"], shown["k"], types, texts["n"], texts["o"], texts["d"], codes, places, about, score, days)


def _day(shown: list[str] | None) -> Day | None:
    return (shown[0], shown[1]) if shown else None
