"""A question to the search index, and the queries that it becomes; how its answer is read is said in opened.

A match is worth what it matched: the whole name before its beginning, a word of the name before its stem, a mistyped word, a
theme or a territory, a description. The worth of all words is added up; how linked an entity is decides among equals.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import tantivy
from tantivy import Occur, Query

from app.search import schema
from app.search.words import Word, Words

_WHOLE, START, _CODE = 60.0, 20.0, 100.0
_OTHER_WHOLE, _OTHER_START = 45.0, 10.0
_NAME, _PREFIX, _STEM, _TYPO, _ABOUT, _PLACE, _TEXT = 10.0, 7.0, 5.0, 3.0, 2.5, 2.5, 2.0
UNLED = _NAME
"""The most that one word is worth where no name begins with it."""

_LEAST_PREFIX = 2
"""Letters of a word's beginning that are looked for in whole documents; one is enough for names."""


@dataclass(frozen=True)
class Ask:
    """What is looked for, and which part of the answer is wanted.

    ``kinds`` are path segments, ``classes`` the IRIs of all classes that may be among an entity's own; either empty allows all.
    ``names_only`` leaves descriptions, places and subjects out, as completion does.
    """

    text: str
    kinds: frozenset[str] = frozenset()
    classes: frozenset[str] = frozenset()
    names_only: bool = False
    limit: int = 20
    offset: int = 0


@dataclass(frozen=True)
class Queries:
    """Makes the library's queries for the words of one question; ``subjects`` are the themes and territories of each word."""

    schema: tantivy.Schema
    words: Words
    names_only: bool
    subjects: Sequence[Sequence[str]] = ()

    def all_words(self, *, typos: bool) -> Query:
        """Each word must match, or the whole be an identifier; the whole name and its beginning come first."""
        start = self._beginning(schema.STARTS, schema.WHOLE, self.words.whole)
        return self._or_code(self._raised(self._matched(typos), start))

    def matched(self, *, typos: bool) -> Query:
        """What :meth:`all_words` finds, in no order: no name needs to be looked at as a whole."""
        return self._or_code(self._matched(typos))

    def _matched(self, typos: bool) -> Query:
        clauses = [(Occur.Must, clause) for clause in self._clauses(typos)]
        return Query.boolean_query(clauses) if clauses else Query.empty_query()

    def led(self) -> Query | None:
        """The same as :meth:`all_words`, but that a name is taken to begin with the whole once its first letters do; so some are
        worth ``START`` too much. None where the whole has no more letters, or may be an identifier."""
        if self.words.codes or len(self.words.whole) <= schema.SHORT:
            return None
        return self._raised(self._matched(typos=False), self._term(schema.STARTS, self.words.whole[: schema.SHORT]))

    def leading(self) -> Query | None:
        """What :meth:`all_words` finds for the first letters of one word, as far as it is worth more than ``UNLED``: names that
        begin with them, or are nothing else. The rest is worth less here too. None for any other question."""
        text = self.words.whole
        if self.words.codes or not self.names_only or len(text) > schema.SHORT or self.words.words != (Word(text, last=True),):
            return None
        start, other = self._term(schema.STARTS, text), self._term(schema.OTHER, text)
        ways = [
            _worth(start, _PREFIX + START),
            _worth(self._term(schema.NAMES, text), _NAME - _PREFIX),
            _worth(self._term(schema.WHOLE, text), _WHOLE),
            _worth(Query.boolean_query([(Occur.Must, other), (Occur.Must, start)]), _OTHER_WHOLE),
            _worth(Query.boolean_query([(Occur.Must, other), (Occur.MustNot, start)]), _OTHER_WHOLE + _PREFIX),
        ]
        return Query.boolean_query([(Occur.Should, way) for way in ways])

    def some_words(self) -> Query:
        """At least one word matches; the more the better."""
        return self._or_code(Query.boolean_query([(Occur.Should, clause) for clause in self._clauses(typos=True)]))

    def subject(self, word: Word) -> Query:
        """The themes and territories that a word may mean."""
        kinds = Query.term_set_query(self.schema, schema.KIND, ["theme", "territory"])
        return Query.boolean_query([(Occur.Must, kinds), (Occur.Must, _best(self._named(word, typos=False)))])

    def _clauses(self, typos: bool) -> list[Query]:
        subjects = [*self.subjects, *([()] * len(self.words.words))]
        return [self._word(word, subject, typos) for word, subject in zip(self.words.words, subjects, strict=False)]

    def _word(self, word: Word, subjects: Sequence[str], typos: bool) -> Query:
        ways = self._named(word, typos)
        if not self.names_only:
            ways += self._described(word, subjects)
        return _best(ways)

    def _named(self, word: Word, typos: bool) -> list[Query]:
        ways = [_worth(self._term(schema.NAMES, word.text), _NAME)]
        if len(word.text) > schema.SHORT or not word.last:  # what is still that short has no stem yet
            ways += [_worth(self._terms(schema.STEMS[one], word.stems(one)), _STEM) for one in schema.LANGUAGES]
        if word.last and len(word.text) >= (1 if self.names_only else _LEAST_PREFIX):
            ways.append(_worth(self._beginning(schema.BEGINNINGS, schema.NAMES, word.text), _PREFIX))
        if typos and word.typos:
            ways.append(_worth(self._fuzzy(schema.NAMES, word.text, word.typos, prefix=word.last), _TYPO))
        return ways

    def _described(self, word: Word, subjects: Sequence[str]) -> list[Query]:
        ways = [_worth(self._terms(schema.TEXTS[one], word.stems(one)), _TEXT) for one in schema.LANGUAGES]
        ways.append(_worth(self._terms(schema.PLACES, word.variants), _PLACE))
        ways.append(_worth(self._term(schema.CODES, word.text.upper()), _PLACE))
        if subjects:
            ways.append(_worth(self._terms(schema.ABOUT, subjects), _ABOUT))
        return ways

    def _raised(self, matched: Query, start: Query) -> Query:
        return Query.boolean_query([(Occur.Must, matched), *((Occur.Should, one) for one in self._as_a_whole(start))])

    def _as_a_whole(self, start: Query) -> Iterable[Query]:
        whole = self.words.whole
        yield _worth(self._term(schema.WHOLE, whole), _WHOLE)
        yield _worth(start, START)
        yield _worth(self._term(schema.OTHER, whole), _OTHER_WHOLE)
        if len(whole) > schema.SHORT:
            yield _worth(self._fuzzy(schema.OTHER, whole, 0, prefix=True), _OTHER_START)

    def _or_code(self, matched: Query) -> Query:
        if not self.words.codes:
            return matched
        return _best([matched, _worth(self._terms(schema.CODES, self.words.codes), _CODE)])

    def _term(self, field: str, value: str) -> Query:
        return Query.term_query(self.schema, field, value, index_option="basic")

    def _terms(self, field: str, values: Sequence[str]) -> Query:
        return self._term(field, values[0]) if len(values) == 1 else Query.term_set_query(self.schema, field, list(values))

    def _beginning(self, short: str, long: str, text: str) -> Query:
        """What begins with a text: one term for a few letters, a walk through the terms for more."""
        return self._term(short, text) if len(text) <= schema.SHORT else self._fuzzy(long, text, 0, prefix=True)

    def _fuzzy(self, field: str, text: str, distance: int, *, prefix: bool) -> Query:
        return Query.fuzzy_term_query(self.schema, field, text, distance=distance, prefix=prefix)


def restricted(query: Query, to: tantivy.Schema, *, kinds: Iterable[str] = (), classes: Iterable[str] = ()) -> Query:
    """A query of which only entities of some kinds and classes are wanted."""
    wanted = [(schema.KIND, sorted(kinds)), (schema.CLASSES, sorted(classes))]
    must = [(Occur.Must, _worth(Query.term_set_query(to, field, values), 0.0)) for field, values in wanted if values]
    return Query.boolean_query([(Occur.Must, query), *must]) if must else query


def _worth(query: Query, points: float) -> Query:
    return Query.const_score_query(query, points)


def _best(queries: list[Query]) -> Query:
    return queries[0] if len(queries) == 1 else Query.disjunction_max_query(queries)
