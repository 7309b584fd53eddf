"""Applies effective changes to an open store and keeps its default graph: every triple of every named graph, once.

A triple enters the merge with the first named graph that states it and leaves with the last. Asking the union of the named graphs
instead would count a triple once a source and join several times slower.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from app.engine.changes import Change, batched_quads, graphs_of

MERGE = ox.DefaultGraph()
_BULK = 10_000
"""More quads than this are added three times faster as tables of their own than through the engine's log."""


def effective(store: ox.Store, change: Change) -> Change:
    """What a small change really does to a store, in the terms that the store keeps (``"01"^^xsd:integer`` becomes ``1``).

    A quad on both sides ends up in the store.
    """
    added, removed = as_stored(change.added), as_stored(change.removed)
    return Change(
        frozenset(quad for quad in added if quad not in store),
        frozenset(quad for quad in removed - added if quad in store),
    )


def as_stored(quads: Iterable[ox.Quad]) -> frozenset[ox.Quad]:
    """The quads as the engine gives them back."""
    scratch = ox.Store()
    scratch.extend(quads)
    return frozenset(scratch)


def apply(store: ox.Store, change: Change, *, merging: bool = True) -> None:
    """Make an effective change in the named graphs and in the merge, or just as it stands where there is no ``merging``."""
    for quads in batched_quads(change.removed):
        for quad in quads:
            store.remove(quad)
    if len(change.added) <= _BULK:
        store.extend(_twice(change.added) if merging else change.added)
    else:
        store.bulk_extend(_twice(change.added) if merging else change.added)
    for quads in batched_quads(change.removed if merging else ()):
        for quad in quads:
            if not stated(store, quad):
                store.remove(merged(quad))
    _drop_empty(store, change)


def _drop_empty(store: ox.Store, change: Change) -> None:
    """A graph without statements is none: the engine would go on naming it."""
    for graph in graphs_of(change.removed):
        if next(store.quads_for_pattern(None, None, None, graph), None) is None:
            store.remove_graph(graph)


def _twice(quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
    for quad in quads:
        yield quad
        yield merged(quad)


def merged(quad: ox.Quad) -> ox.Quad:
    """The same triple in the merge."""
    return ox.Quad(quad.subject, quad.predicate, quad.object, MERGE)


def stated(store: ox.Store, quad: ox.Quad) -> bool:
    """Whether any named graph has the triple."""
    return any(found.graph_name != MERGE for found in store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None))


def described(store: ox.Store, subject: ox.NamedNode) -> bool:
    """Whether anything is said about a node."""
    return any(True for _ in store.quads_for_pattern(subject, None, None, MERGE))
