"""An index written by another process from a snapshot of the state, while this one writes the others; for large changes only.

The engine lets one process have a store open for writing, and reading it holds Python's lock. A backup is hard links, made in a
moment, and what is open read-only there never changes. The process is a new one, not a fork, which the engine's threads would not
survive.
"""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self, cast

import pyoxigraph as ox

from app.engine import sandbox
from app.engine.changes import Change, QuadFile, Quads, serialised
from app.engine.hand import environment
from app.engine.lookup import Index
from app.engine.shelf import OpenStore

LARGE = 20_000
"""Quads of a change from which a process, which takes a second to start, is worth it."""

_FAILED = 3


class Apart:
    """An index that takes long enough to be written apart. It can be pickled, and then holds nothing that it has read."""


def pays(index: Index, change: Change, derived: Change) -> bool:
    """Whether an index is better written by another process."""
    return isinstance(index, Apart) and len(change) + len(derived) >= LARGE and (os.cpu_count() or 1) > 1


@dataclass(frozen=True)
class Order:
    """What is to be written where, and from what: the folder of the index, the snapshot, and the files of the changes' sides."""

    index: Index
    own: Path
    earlier: Path | None
    store: Path
    sides: tuple[tuple[Path, int], ...]
    failure: Path


class Elsewhere:
    """An index that another process is writing. Used in a ``with`` block, whose end ends the process and drops the snapshot in
    ``room``, a folder that is not there yet. Raises ``OSError``."""

    def __init__(self, room: Path, after: OpenStore, index: Index, own: Path, earlier: Path | None, *changes: Change) -> None:
        room.mkdir()
        self._room = room
        try:
            after.store.backup(str(room / "store"))
            sides = [side for change in changes for side in (change.added, change.removed)]
            passed = tuple(_passed(room / f"{number}.nq", side) for number, side in enumerate(sides))
            self._order = Order(index, own, earlier, room / "store", passed, room / "failure")
            (room / "order").write_bytes(pickle.dumps(self._order))
            command = [sys.executable, "-P", "-m", "app.engine.apart", str(room / "order")]
            self._process = subprocess.Popen(  # noqa: S603  our own module, by our own Python
                command, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment()
            )
        except BaseException:
            shutil.rmtree(room, ignore_errors=True)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        try:
            self._process.kill()
            self._process.wait()
        finally:
            shutil.rmtree(self._room, ignore_errors=True)

    def finish(self) -> bool:
        """Wait until it is written; False where the process died, for want of memory perhaps. Raises what was raised there."""
        status = self._process.wait()
        if status == _FAILED:
            raise pickle.loads(self._order.failure.read_bytes())  # noqa: S301  written by our own module
        return status == 0


def _passed(path: Path, side: Quads) -> tuple[Path, int]:
    if isinstance(side, QuadFile):
        return side.path, len(side)
    with path.open("wb") as text:
        for lines in serialised(side):
            text.write(lines)
    return path, len(side)


def main() -> None:
    """In the other process, which is of no use once the writer has ended."""
    sandbox.die_with_parent()
    order: Order = pickle.loads(Path(sys.argv[1]).read_bytes())  # noqa: S301  written by our own module
    try:
        added, removed, derived_added, derived_removed = (_taken(*side) for side in order.sides)
        after = OpenStore(ox.Store.read_only(str(order.store)))
        order.index.write(order.own, order.earlier, after, Change(added, removed), Change(derived_added, derived_removed))
    except Exception as error:
        order.failure.write_bytes(pickle.dumps(error))
        sys.exit(_FAILED)


def _taken(path: Path, length: int) -> Quads:
    if path.suffix == ".gz":
        return QuadFile(path, length)
    return frozenset(cast(Iterable[ox.Quad], ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)))


if __name__ == "__main__":
    main()
