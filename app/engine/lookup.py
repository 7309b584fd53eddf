"""What the store lends to those who judge or extend a change, and what it asks of them; no implementation of either."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Protocol

import pyoxigraph as ox

from app.engine.changes import Change

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Object = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Graph = ox.NamedNode | ox.BlankNode | ox.DefaultGraph

Progress = Callable[[int, int], None]
"""Told how much is done and how much there is, in nodes, quads or steps; called seldom enough to draw a bar."""


class Lookup(Protocol):
    """Statements of one state by pattern."""

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Object | None = None,  # noqa: A002 - the RDF word
        graph: Graph | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that match; None matches everything, ``ox.DefaultGraph()`` is the merge of all graphs."""
        ...


class Queryable(Protocol):
    """SPARQL on the merged graph of one state. Opened at the first question: a state that is never asked costs nothing."""

    def query(self, text: str) -> Any:
        """The engine's own result: triples of a CONSTRUCT, solutions of a SELECT, a boolean of an ASK."""
        ...


class State(Lookup, Queryable, Protocol):
    """One state by pattern and by SPARQL."""


class Report(Protocol):
    """What the gate found in a change."""

    @property
    def conforms(self) -> bool:
        """False as soon as there is one violation: the change is then refused."""
        ...

    @property
    def counts(self) -> Mapping[str, int]:
        """How much was found of each severity; ``Warning`` goes into the version's manifest."""
        ...


class Gate(Protocol):
    """Decides whether a change may be published."""

    def judge(self, after: State, change: Change, progress: Progress | None = None) -> Report:
        """Judge the state ``after`` a change of source graphs.

        ``change`` is effective (every added quad was absent, every removed one was there), its literals are as stored, and
        derived links are not in it; ``after`` still holds those of the state before. Its sides may be files: iterate, do not
        combine them as sets.
        """
        ...


class Rules(Protocol):
    """Keeps the derived graph."""

    def derive(self, before: Queryable, after: Queryable, change: Change, graph: ox.NamedNode, *, bulk: bool) -> Change:
        """What to add to and remove from ``graph``, the derived one, after a change of source graphs.

        ``after`` holds the source change, merged, and still the links derived from ``before``. What the answer adds again,
        or removes though absent, is ignored. ``bulk`` tells that the change is too large to be followed quad by quad, or that the
        rules themselves may have changed: then the answer's ``added`` is everything that can be derived, and the store
        removes the rest itself.
        """
        ...


class Index(Protocol):
    """Keeps one folder of files beside each version's store, made of its statements: texts to search, links to follow."""

    @property
    def name(self) -> str:
        """The folder's name within a version: ``search``."""
        ...

    @property
    def form(self) -> str:
        """Names the files' format and all that they depend on besides the statements: where it changed, all is built anew."""
        ...

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
        """Fill the empty ``folder`` for the state ``after``, which holds source and derived statements and their merge.

        ``earlier`` is the parent version's folder, which never changes again and whose files may be hard-linked; from it, the
        two effective changes lead to ``after``. None asks for everything to be built, and then the changes tell nothing. No
        iterator or result of ``after`` may outlive the call. What is written is synced by the caller.
        """
        ...
