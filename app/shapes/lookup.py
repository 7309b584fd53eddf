"""What the gate asks of a store and of a change, as two protocols; it knows neither the engine nor its files."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any, Protocol

import pyoxigraph as ox

from app.shapes.paths import Step

Subject = ox.NamedNode | ox.BlankNode | ox.Triple
Term = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple
Progress = Callable[[int, int], None]
"""Told how many nodes are judged, and how many there are."""

MERGE = ox.DefaultGraph()


class Lookup(Protocol):
    """Statements of one state by pattern, and by SPARQL where many are asked for."""

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,  # noqa: A002 - the RDF word
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        """The quads that match; None matches everything, ``ox.DefaultGraph()`` is the merge of all graphs."""
        ...

    def query(self, text: str) -> Any:
        """The engine's own answer to SPARQL, whose default graph is the merge."""
        ...


class Change(Protocol):
    """Quads of source graphs that a change adds and removes. Each side may be read from a file: it is iterated, twice at most."""

    @property
    def added(self) -> Iterable[ox.Quad]:
        """The quads that were not there before."""
        ...

    @property
    def removed(self) -> Iterable[ox.Quad]:
        """The quads that are no longer there."""
        ...


def around(after: Lookup, step: Step, node: Term) -> Iterator[ox.Quad]:
    """The statements of the merge that a step from a node takes.

    One look-up a predicate, or where there are many predicates one look at the node's neighbourhood, unless that is large: a
    theme has a hundred thousand statements that point to it, few of them of a rare property.
    """
    if len(step.predicates) > _FEW:
        near = list(islice(_quads(after, step, node, None), _LARGE))
        if len(near) < _LARGE:
            yield from (quad for quad in near if quad.predicate in step.predicates)
            return
    for predicate in step.predicates:
        yield from _quads(after, step, node, predicate)


_FEW, _LARGE = 4, 256


def _quads(after: Lookup, step: Step, node: Term, predicate: ox.NamedNode | None) -> Iterator[ox.Quad]:
    if step.inverse:
        return after.quads(None, predicate, node, MERGE)
    return iter(()) if isinstance(node, ox.Literal) else after.quads(node, predicate, None, MERGE)
