"""The effective difference between a graph in an open store and a file that shall replace it; changes neither.

The engine rewrites literals when it stores them, so the file is read through a scratch store first: what is compared is what
would be stored.
"""

from __future__ import annotations

import gzip
from itertools import islice
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

from app.engine.changes import SMALL, Change, QuadFile
from app.engine.composition import settled
from app.engine.sorting import Room, only_in_first, pack, sort_lines

_LINE_END = b" .\n"


def difference(store: ox.Store, graph: ox.NamedNode, source: Path, room: Room, small: int = SMALL) -> Change:
    """What to add to and remove from ``graph`` so that it holds the file's triples: N-Triples or N-Quads, perhaps gzipped.

    In memory when both are small, else by sorted files in ``room``. Raises ``ValueError`` for a file that names another graph.
    """
    size = source.stat().st_size * (10 if source.suffix == ".gz" else 1)
    before = list(islice(store.quads_for_pattern(None, None, None, graph), small + 1))
    if size <= small * 100 and len(before) <= small:
        wanted = ox.Store()
        _load(wanted, source, graph, large=False)
        if not before:
            return Change(frozenset(wanted))
        return Change(
            frozenset(quad for quad in wanted if quad not in store), frozenset(quad for quad in before if quad not in wanted)
        )
    added, removed = _large_difference(store, graph, source, room, empty=not before)
    return Change(settled(added, small), settled(removed, small))


def _load(wanted: ox.Store, source: Path, graph: ox.NamedNode, *, large: bool) -> None:
    with gzip.open(source, "rb") if source.suffix == ".gz" else source.open("rb") as text:
        (wanted.bulk_load if large else wanted.load)(cast(IO[bytes], text), ox.RdfFormat.N_QUADS, to_graph=graph)
    others = [name for name in wanted.named_graphs() if name != graph]
    if others:
        raise ValueError(f"{source} has statements of {others[0]}, not only of {graph}")


def _large_difference(
    store: ox.Store, graph: ox.NamedNode, source: Path, room: Room, *, empty: bool
) -> tuple[QuadFile, QuadFile]:
    wanted = ox.Store(str(room.file("wanted")))
    _load(wanted, source, graph, large=True)
    new, old = room.file("new.nt"), room.file("old.nt")
    wanted.dump(str(new), ox.RdfFormat.N_TRIPLES, from_graph=graph)
    del wanted
    if empty:
        old.touch()
        return _stamped(new, graph, "added", room), _stamped(old, graph, "removed", room)
    store.dump(str(old), ox.RdfFormat.N_TRIPLES, from_graph=graph)
    for lines in (new, old):
        sort_lines([lines], lines.with_suffix(".sorted"))
        lines.unlink()
    return _only(room, "new", "old", graph, "added"), _only(room, "old", "new", graph, "removed")


def _only(room: Room, first: str, second: str, graph: ox.NamedNode, side: str) -> QuadFile:
    lines = room.file(f"{side}.nt")
    only_in_first(room.file(f"{first}.sorted"), room.file(f"{second}.sorted"), lines)
    return _stamped(lines, graph, side, room)


def _stamped(triples: Path, graph: ox.NamedNode, side: str, room: Room) -> QuadFile:
    """N-Quads of one graph from N-Triples: no literal holds a line's end, which is escaped in both formats."""
    target = room.file(f"{side}.nq.gz")
    count = pack(triples, target, _LINE_END, f" {graph}".encode() + _LINE_END)
    triples.unlink()
    return QuadFile(target, count, frozenset({graph}), room)
