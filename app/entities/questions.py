"""Putting the questions of ``queries/pages`` to one version of the graph; not how the engine answers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import pyoxigraph as ox

from app import reads
from app.entities.glances import AtHand
from app.queries import Catalogue
from app.terms import EngineTerm

Row = Mapping[str, EngineTerm]
_BATCH_CHARACTERS = 20_000
"""Of IRIs in one VALUES line; a question may have the line in three branches."""

Terms = EngineTerm | Sequence[EngineTerm] | None


@dataclass(frozen=True)
class Window:
    """The part of a long list that is read: ``limit`` rows after the first ``offset``."""

    limit: int
    offset: int = 0

    def __str__(self) -> str:
        return f"LIMIT {self.limit:d} OFFSET {self.offset:d}\n"

    @classmethod
    def page(cls, number: int, size: int) -> Window:
        return cls(size, (number - 1) * size)


@dataclass(frozen=True)
class Named:
    """An entity that a text may name; ``exact`` where one of its names is the text, whatever its accents and capitals."""

    iri: str
    label: str
    exact: bool


@dataclass(frozen=True)
class Asked:
    """That a question was put, with its terms. Implements :class:`app.reads.Note`."""

    name: str
    terms: frozenset[tuple[str, tuple[EngineTerm | None, ...]]]
    catalogue: Catalogue = field(compare=False, repr=False)

    @property
    def size(self) -> int:
        return 500 + 200 * sum(len(bound) for _, bound in self.terms)

    def holds(self, later: reads.Later) -> bool:
        """Whether nothing that changed has a part in the answer."""
        footprint = self.catalogue.footprint(self.name)
        return footprint is not None and not footprint.touches(dict(self.terms), later.changed)


class Lately:
    """The latest answers of one version about single resources, ``most`` of them; safe for threads."""

    def __init__(self, most: int = 5_000) -> None:
        self._most = most
        self._rows: dict[tuple[str, str], list[Row]] = {}

    def known(self, name: str, wanted: Iterable[str]) -> dict[str, list[Row]]:
        """The rows that a question has about each of some resources of which it was asked."""
        return {iri: rows for iri in wanted if (rows := self._rows.get((name, iri))) is not None}

    def keep(self, name: str, parameter: str, asked: Iterable[str], rows: Iterable[Row]) -> None:
        """What a question answered about some resources; what it has no rows about is kept as well."""
        found: dict[tuple[str, str], list[Row]] = {(name, iri): [] for iri in asked}
        for row in rows:
            about = row.get(parameter)
            if isinstance(about, ox.NamedNode):
                found.setdefault((name, about.value), []).append(row)
        if len(self._rows) + len(found) > self._most:
            self._rows.clear()
        self._rows.update(found)


@dataclass(frozen=True)
class Questions:
    """The catalogue, and the two ways to have a text answered on one version: rows of a SELECT, triples of a CONSTRUCT.

    Within a block of ``ahead`` each of some texts is asked, so whoever answers may begin with them all. ``named`` finds entities
    of a class (its IRI, None for any) by their names, the nearest first, where there is a search index; ``at_hand`` is what such
    an index tells of resources, so that nobody needs to ask. ``lately`` has what this version answered about single resources.
    """

    catalogue: Catalogue
    ask_rows: Callable[[str], list[Row]]
    ask_triples: Callable[[str], list[ox.Triple]]
    named: Callable[[str, str | None], Sequence[Named]] | None = None
    at_hand: AtHand | None = None
    lately: Lately | None = None
    ahead: Callable[[Sequence[str]], AbstractContextManager[None]] = lambda _: nullcontext()

    def text(self, name: str, window: Window | None = None, /, **terms: Terms) -> str:
        """The whole SPARQL of ``queries/pages/<name>.rq`` with its parameters bound: what runs, and what a reader is shown."""
        text = self.catalogue.get(f"pages/{name}").bind(terms) + (str(window) if window else "")
        bound = frozenset((key, tuple(value) if isinstance(value, list | tuple) else (value,)) for key, value in terms.items())
        reads.expect(text, Asked(f"pages/{name}", bound, self.catalogue))
        return text

    def heed(self, name: str, /, **terms: Terms) -> None:
        """Note that whoever goes on reads what this question would answer, without putting it."""
        reads.asked(self.text(name, **terms))

    def rows(self, name: str, window: Window | None = None, /, **terms: Terms) -> list[Row]:
        return self.ask_rows(self.text(name, window, **terms))

    def about_each(self, name: str, parameter: str, wanted: Iterable[str], *, often: bool = False) -> Iterator[Row]:
        """The rows about many resources, asked in batches whose text stays far below the limit of a query. What is asked
        ``often`` about the same ones is asked once a version: each row then has its resource as ``parameter``."""
        new = set(wanted)
        if often and self.lately is not None and new:
            known = self.lately.known(name, new)
            if known:
                self.heed(name, **{parameter: iris(sorted(known))})
            yield from (row for rows in known.values() for row in rows)
            new -= known.keys()
        for batch in _batches(sorted(new)):
            rows = self.rows(name, **{parameter: iris(batch)})
            if often and self.lately is not None:
                self.lately.keep(name, parameter, batch, rows)
            yield from rows

    def triples(self, name: str, window: Window | None = None, /, **terms: Terms) -> list[ox.Triple]:
        return self.ask_triples(self.text(name, window, **terms))


def _batches(wanted: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    for value in wanted:
        if batch and sum(map(len, batch)) + len(value) > _BATCH_CHARACTERS:
            yield batch
            batch = []
        batch.append(value)
    if batch:
        yield batch


def iris(values: Sequence[str]) -> list[EngineTerm]:
    return [ox.NamedNode(value) for value in values]
