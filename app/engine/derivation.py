"""Has the rules bring the derived graph up to date with a change of source graphs; knows no rule."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from app.engine import merge
from app.engine.changes import Change
from app.engine.desk import Desk
from app.engine.disk import refusals
from app.engine.manifest import Version
from app.engine.shelf import OpenStore

_FEW = 2_000
_SHARE = 100
"""A change of more quads than ``_FEW`` and than one in ``_SHARE`` of the whole is followed faster by deriving everything."""


class _Earlier:
    """The state before a change, opened at the first question. Implements Queryable."""

    def __init__(self, desk: Desk, number: int | None) -> None:
        self._desk = desk
        self._number = number
        self._opened: OpenStore | None = None

    def query(self, text: str) -> Any:
        if self._opened is None:
            self._opened = OpenStore(self._open())
        return self._opened.query(text)

    def _open(self) -> ox.Store:
        if self._number is None:
            return ox.Store()
        path = self._desk.layout.store(self._number)
        with refusals(path, self._number):
            return ox.Store.read_only(str(path))

    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()


def derive(desk: Desk, parent: Version | None, after: OpenStore, change: Change) -> Change:
    """What changed in the derived graph; already made in ``after``, which holds the source change."""
    if desk.rules is None or (change.is_empty and parent is not None and parent.digest == desk.digest):
        return Change()
    graph = desk.derived_graph
    bulk = _is_bulk(desk, parent, change)
    before = _Earlier(desk, parent.number if parent else None)
    try:
        asked = desk.rules.derive(before, after, change, graph, bulk=bulk)
    finally:
        before.close()
    if any(quad.graph_name != graph for quad in asked.quads()):
        raise ValueError(f"the rules may only change {graph}")
    done = _whole(after.store, asked, graph) if bulk else merge.effective(after.store, asked)
    merge.apply(after.store, done)
    return done


def _is_bulk(desk: Desk, parent: Version | None, change: Change) -> bool:
    """Also where the rules may be others than those of the parent, or the parent can no longer be asked."""
    if parent is None or parent.digest != desk.digest or desk.shelf.current_number() != parent.number:
        return True
    return not change.is_small or len(change) > max(_FEW, parent.quads // _SHARE)


def _whole(store: ox.Store, asked: Change, graph: ox.NamedNode) -> Change:
    wanted = merge.as_stored(asked.added)
    present = frozenset(store.quads_for_pattern(None, None, None, graph))
    return Change(wanted - present, present - wanted)
