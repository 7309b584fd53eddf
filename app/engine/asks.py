"""What is asked of a query engine and what it answers; not how any engine does it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, BinaryIO, Literal, Protocol

Lane = Literal["public", "page"]
"""Who asks: strangers, or our own pages; each has workers of its own."""

_PAGE_CHARACTERS = 1_000_000
"""Our own questions name up to hundreds of resources; the setting is for strangers' texts."""

Kind = Literal["solutions", "boolean", "graph"]
"""What a query gives: rows (SELECT), yes or no (ASK), triples (CONSTRUCT, DESCRIBE)."""

Gone = Callable[[], bool]
"""Tells that whoever asked has left, so that the answer is no longer wanted. Called several times a second."""


def longest_text(lane: Lane, characters: int) -> int:
    """How many characters a query may have, by who asks."""
    return characters if lane == "public" else max(characters, _PAGE_CHARACTERS)


@dataclass(frozen=True)
class Ask:
    """One query with all that its answer depends on.

    ``solutions`` and ``graph`` are the media types wanted for each family of results; None where the asker reads none.
    ``version`` None is the current one. ``default_graphs`` and ``named_graphs`` are the protocol's dataset (SPARQL 1.1
    Protocol §2.1.4), which wins over FROM clauses. ``base`` resolves relative IRIs (SPARQL 1.1 Query §4.1.1); without one they
    are refused. ``client`` counts towards the limit of one client. ``patient``: nobody waits for it, so that a question of our
    own pages may take several times as long; a stranger's may not.
    """

    query: str
    lane: Lane = "public"
    solutions: str | None = "application/sparql-results+json"
    graph: str | None = "text/turtle"
    version: int | None = None
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    base: str | None = None
    client: str = ""
    patient: bool = False


@dataclass(frozen=True)
class Answer:
    """A complete, serialised result. ``body`` stands at its start, can be sought, and is closed by who reads it.

    ``seconds`` is what the engine took, after ``queued`` seconds of waiting for it; both 0 where the result was ``cached``.
    """

    kind: Kind
    media_type: str
    version: int
    rows: int
    seconds: float
    body: BinaryIO
    size: int
    queued: float = 0.0
    cached: bool = False


class Engine(Protocol):
    """Answers queries on the versions of one store."""

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        """The whole result, or an error of :mod:`app.errors`; never a cut result.

        Raises subclasses of :class:`app.errors.QueryError`, :class:`app.errors.NotAcceptable` where ``ask`` reads no format
        of the result's family, and :class:`app.errors.NoSuchVersion` or :class:`app.errors.VersionPruned`.
        """
        ...

    def ahead(self, asks: Sequence[Ask]) -> AbstractContextManager[None]:
        """Within the block this thread will ask each of these once: an engine in other processes may work on them, in this order,
        while the thread does something else. What is not asked after all is given up at the end. Raises nothing: what goes
        wrong is told when it is asked."""
        ...

    def version(self) -> int:
        """The number of the current version. Raises :class:`app.errors.NoStore` or :class:`app.errors.EngineUnavailable`."""
        ...

    def status(self) -> Mapping[str, Any]:
        """Figures for ``/health``: JSON values only."""
        ...

    def measured(self, rows: list[Any]) -> list[Any]:
        """Adds what a process has counted (rows of :mod:`app.engine.tally`); the sums of all processes, and what is so now."""
        ...
