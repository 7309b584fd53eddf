"""What a change may not contain: graphs that the service computes, and blank nodes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import pyoxigraph as ox

from app.engine.changes import Change
from app.errors import ProtectedGraph


class Graphs(Protocol):
    """The graphs with a meaning of their own."""

    @property
    def derived_graph(self) -> ox.NamedNode: ...
    @property
    def merge_graph(self) -> ox.NamedNode: ...
    @property
    def default_graph(self) -> ox.NamedNode: ...
    @property
    def keeps_default(self) -> bool:
        """The default graph is stored as it is, and so are blank nodes."""
        ...


def checked(change: Change, graphs: Graphs) -> Change:
    """The change with every statement in a source graph.

    Raises :class:`app.errors.ProtectedGraph`, and ``ValueError`` where a blank node is left: an import gives them stable IRIs, so
    that the same file again changes nothing.
    """
    protected, keeps_default = (graphs.derived_graph, graphs.merge_graph), graphs.keeps_default
    unnamed = False
    for quad in change.quads():
        graph = quad.graph_name
        if graph in protected:
            raise ProtectedGraph(graph=str(graph)[1:-1])
        if not keeps_default and _has_blank((quad.subject, quad.object, graph)):
            raise ValueError(f"a blank node must be given an IRI before it is stored: {quad}")
        unnamed = unnamed or isinstance(graph, ox.DefaultGraph)
    if not unnamed or graphs.keeps_default:
        return change
    return Change(
        *(frozenset(_in_source(quad, graphs.default_graph) for quad in side) for side in (change.added, change.removed))
    )


def _in_source(quad: ox.Quad, default: ox.NamedNode) -> ox.Quad:
    if isinstance(quad.graph_name, ox.DefaultGraph):
        return ox.Quad(quad.subject, quad.predicate, quad.object, default)
    return quad


def _has_blank(terms: Iterable[object]) -> bool:
    return any(
        isinstance(term, ox.BlankNode) or (isinstance(term, ox.Triple) and _has_blank((term.subject, term.object)))
        for term in terms
    )
