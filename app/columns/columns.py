"""A version's default graph in columns: made of a store, kept current with it, and asked; None where the store is to be asked."""

from __future__ import annotations

from array import array
from collections.abc import Container, Iterable
from typing import IO, Any, BinaryIO, cast

import numpy as np
import pyoxigraph as ox

from app.columns.answering import serialised, solutions
from app.columns.mapping import held_in, write
from app.columns.matching import FEW, Source, Spread, spread_of
from app.columns.plan import Plan
from app.columns.reading import read
from app.columns.relations import NotCovered
from app.columns.scratch import Scratch
from app.columns.terms import Terms, is_held, sort_key
from app.columns.triples import Triples

_FOLD_AT = 20_000
_FOLD_SHARE = 50
"""Changes are folded in when they are more than so many and than one in so many triples."""


class Columns:
    """The triples of the default graph; a fork of the process has a copy of its own that shares what does not change."""

    def __init__(self, terms: Terms, triples: Triples, spread: Spread) -> None:
        self.few = FEW
        self.fold_at = _FOLD_AT
        self._terms = terms
        self._triples = triples
        self._spread = spread

    @classmethod
    def of(cls, store: ox.Store) -> Columns | None:
        """None where the graph has what columns do not hold: triples as terms, texts with a direction."""
        lines = _Lines()
        store.dump(cast(IO[bytes], lines), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        return lines.columns()

    @classmethod
    def mapped(cls, descriptor: int) -> Columns:
        """Those that were written to a file; its pages are the system's, and all processes share them."""
        terms, triples, spread = held_in(descriptor)
        return cls(terms, triples, spread)

    def write(self, file: BinaryIO) -> None:
        """Only right where nothing has changed since they were made."""
        write(file, self._terms, self._triples, self._spread)

    def __len__(self) -> int:
        return len(self._triples)

    @property
    def size(self) -> int:
        """Bytes of the columns and texts as they are sorted."""
        sorted_ = sum(column.nbytes for columns in self._triples.sorted_by.values() for column in columns)
        return sorted_ + len(self._terms.blob) + self._terms.starts.nbytes + self._terms.kinds.nbytes

    @property
    def changes(self) -> int:
        """How many triples there are beside the sorted ones, or are taken from them."""
        return self._triples.changes

    def follow(self, store: Container[ox.Triple], triples: Iterable[ox.Triple]) -> bool:
        """Takes over whether the store has these triples now; False where it is of no more use."""
        stored = ox.Store()  # writes terms as any store does
        stored.extend(ox.Quad(each.subject, each.predicate, each.object, ox.DefaultGraph()) for each in triples)
        for triple in stored:
            texts = [str(term).encode() for term in (triple.subject, triple.predicate, triple.object)]
            if isinstance(triple.object, ox.Triple) or not is_held(texts[2]):
                return False
            present = triple in store
            numbers = [self._terms.add(text) if present else self._terms.find(text) for text in texts]
            if any(number is None for number in numbers):
                continue
            s, p, o = (int(number) for number in numbers if number is not None)
            self._triples.set((s, p, o), present)
        if self._triples.changes > max(self.fold_at, len(self._triples) // _FOLD_SHARE):
            self._triples = self._triples.folded()
            self._spread = spread_of(self._triples)
        return True

    def lines(self) -> list[bytes]:
        """The triples as N-Triples, in no order."""
        return [b" ".join([self._terms[number] for number in triple] + [b"."]) for triple in self._triples.all()]

    def answer(self, text: str) -> ox.QuerySolutions | None:
        """The solutions of a query, as the store gives them; None where the store is to be asked."""
        try:
            return self._answer(read(text))
        except (NotCovered, MemoryError, RecursionError):
            return None

    def _answer(self, plan: Plan) -> ox.QuerySolutions:
        scratch = Scratch(self._terms)
        rows = solutions(plan, Source(self._triples, scratch, self._spread, self.few))
        return serialised(rows, plan.names, scratch)


class _Lines:
    """Takes N-Triples in pieces, as a file that is written to."""

    def __init__(self) -> None:
        self._rest = b""
        self._numbers: dict[bytes, int] = {}
        self._columns: tuple[array[int], ...] = (array("i"), array("i"), array("i"))

    def write(self, piece: bytes) -> int:
        lines = (self._rest + piece).split(b"\n")
        self._rest = lines.pop()
        numbers = self._numbers
        subjects, predicates, objects = self._columns
        for line in lines:
            subject, predicate, rest = line.split(b" ", 2)
            subjects.append(numbers.setdefault(subject, len(numbers)))
            predicates.append(numbers.setdefault(predicate, len(numbers)))
            objects.append(numbers.setdefault(rest[:-2], len(numbers)))
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def columns(self) -> Columns | None:
        if not all(map(is_held, self._numbers)):
            return None
        texts = sorted(self._numbers, key=sort_key)
        place = np.zeros(len(texts), np.int32)
        place[[self._numbers[text] for text in texts]] = np.arange(len(texts), dtype=np.int32)
        held: list[Any] = [place[np.frombuffer(column, np.int32)] for column in self._columns]
        triples = Triples.of(held)
        return Columns(Terms.of(texts), triples, spread_of(triples))
