"""The net effect of changes one after the other; not how any of them came to be.

Each change is effective: what it adds was absent and what it removes was there. So the signs of one quad alternate, and their
sum is its net effect: +1, 0 or −1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from app.engine.changes import SMALL, Change, QuadFile, Quads, graphs_of, write_quads
from app.engine.sorting import Room, join_packed, only_in_first, pack, sort_lines, unpack


def compose(changes: Sequence[Change], parent: Path | None = None, small: int = SMALL) -> Change:
    """The one change that has the effect of all; where it is large, in temporary files under ``parent`` that last as long."""
    told = [change for change in changes if not change.is_empty]
    if len(told) <= 1:
        return told[0] if told else Change()
    if sum(map(len, told)) <= small:
        return _sum(told)
    room = Room(parent)
    return _append(told, room) if _apart(told) else _subtract(told, room, small)


def _sum(changes: Sequence[Change]) -> Change:
    balance: Counter[ox.Quad] = Counter()
    for change in changes:
        balance.update(change.added)
        balance.subtract(change.removed)
    return Change(
        frozenset(quad for quad, sign in balance.items() if sign > 0),
        frozenset(quad for quad, sign in balance.items() if sign < 0),
    )


def _apart(changes: Sequence[Change]) -> bool:
    """No graph is in two of them."""
    return sum(len(change.graphs) for change in changes) == len(frozenset().union(*(change.graphs for change in changes)))


def _append(changes: Sequence[Change], room: Room) -> Change:
    return Change(*(_joined([_side(change, side) for change in changes], side, room) for side in ("added", "removed")))


def _side(change: Change, side: str) -> Quads:
    return change.added if side == "added" else change.removed


def _joined(parts: Sequence[Quads], side: str, room: Room) -> Quads:
    full = [part for part in parts if len(part)]
    if sum(map(len, full)) == 0:
        return frozenset()
    target = room.file(f"joined-{side}.nq.gz")
    join_packed([_packed(part, f"{side}-{i}", room) for i, part in enumerate(full)], target)
    return QuadFile(target, sum(map(len, full)), frozenset().union(*map(graphs_of, full)), room)


def _packed(quads: Quads, name: str, room: Room) -> Path:
    if isinstance(quads, QuadFile):
        return quads.path
    path = room.file(f"{name}.nq.gz")
    write_quads(path, quads)
    return path


def _subtract(changes: Sequence[Change], room: Room, small: int) -> Change:
    for side in ("added", "removed"):
        parts = [_packed(_side(change, side), f"{side}-{i}", room) for i, change in enumerate(changes)]
        unpack(parts, room.file(f"{side}.nq"))
        sort_lines([room.file(f"{side}.nq")], room.file(f"{side}.sorted"))
        room.file(f"{side}.nq").unlink()
    return Change(_net("added", "removed", room, small), _net("removed", "added", room, small))


def _net(side: str, other: str, room: Room, small: int) -> Quads:
    only_in_first(room.file(f"{side}.sorted"), room.file(f"{other}.sorted"), room.file(f"net-{side}.nq"))
    target = room.file(f"net-{side}.nq.gz")
    count = pack(room.file(f"net-{side}.nq"), target)
    room.file(f"net-{side}.nq").unlink()
    return settled(QuadFile(target, count, None, room), small)


def settled(file: QuadFile, small: int) -> Quads:
    """The quads of a file in memory where they are few."""
    return frozenset(file) if len(file) <= small else file
