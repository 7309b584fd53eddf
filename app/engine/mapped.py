"""The columns of a version in a file that workers map, for analyses of a version that is itself read from the disk.

``python -m app.engine.mapped DATA NUMBER FD`` makes them and writes them to an open file. The file has no name: it ends with the
last process that has it, so nothing of an erased version is left in it, and nothing is to be swept.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Container
from pathlib import Path
from typing import TYPE_CHECKING

import pyoxigraph as ox

from app.engine import sandbox
from app.engine.disk import free_bytes
from app.engine.hand import environment
from app.engine.history import History
from app.engine.layout import Layout, Stamp
from app.engine.manifest import Version
from app.engine.memory import BYTES_A_TRIPLE, SPARE, available
from app.engine.opened import published
from app.errors import EngineUnavailable, StoreError

if TYPE_CHECKING:
    from app.columns import Columns  # numpy, which a worker that only reads from the disk never loads

_BYTES_MADE = 300
"""Measured: what the process that makes them takes for a triple while it does."""

_FEWEST, _MOST, _SHARE = 2_000, 10_000, 50
"""Changes are followed up to one in fifty of the triples, within these: more would delay a query, and columns are soon made."""

_BEHIND = 10


def size_of(version: Version) -> int:
    """Bytes that the file would have, at most."""
    return (version.quads + version.derived) * BYTES_A_TRIPLE


def is_worth(version: Version, most: int, folder: Path) -> bool:
    """Whether columns may be made: they are small enough, and the machine has room for making them and the disk for keeping."""
    needed = size_of(version)
    if not 0 < needed <= most or (version.quads + version.derived) * _BYTES_MADE * SPARE > available():
        return False
    try:
        return needed * SPARE < free_bytes(folder)
    except OSError:
        return False


class Mapped:
    """The columns of one version, brought to later ones by what they changed. A fork of the process follows by itself."""

    def __init__(self, layout: Layout, number: int, stamp: Stamp | None, columns: Columns, erased: int = 0) -> None:
        self._layout = layout
        self._history = History(layout)
        self.number = number
        self._stamp = stamp
        self._erased = erased
        self.columns = columns

    @classmethod
    def load(cls, data: Path, number: int, folder: Path | None = None) -> Mapped:
        """Made by another process, since whoever is forked later may open no version. Raises
        :class:`app.errors.EngineUnavailable` where that fails, as for a graph that columns do not hold."""
        layout = Layout(data)
        stamp, erased = layout.stamp(number), layout.erased()
        with tempfile.TemporaryFile(dir=folder) as file:
            command = [sys.executable, "-P", "-m", "app.engine.mapped", str(data), str(number), str(file.fileno())]
            done = subprocess.run(command, pass_fds=(file.fileno(),), env=environment(), check=False)  # noqa: S603  our own
            if done.returncode != 0 or stamp is None or stamp != layout.stamp(number):
                raise EngineUnavailable(reason=f"version {number}: no columns")
            from app.columns import Columns

            return cls(layout, number, stamp, Columns.mapped(file.fileno()), erased)

    def __len__(self) -> int:
        return len(self.columns)

    def holds(self, number: int) -> bool:
        """Whether this is a version as it lies on the disk."""
        return number == self.number and self._layout.stamp(number) == self._stamp and self._layout.erased() == self._erased

    def reaches(self, number: int) -> bool:
        """Whether a version can be followed to; not after an erasure, which no difference tells."""
        if self._layout.erased() != self._erased or self._layout.stamp(self.number) not in (self._stamp, None):
            return False
        try:
            told = self._history.versions(min(self.number, number) + 1, max(self.number, number))
        except StoreError:
            return False
        changes = sum(each.added + each.removed + each.derived_added + each.derived_removed for each in told)
        return self.columns.changes + changes <= min(max(len(self.columns) // _SHARE, _FEWEST), _MOST)

    def follow(self, number: int, store: Container[ox.Triple]) -> bool:
        """Becomes another version, which is open as ``store``; False where this one is of no more use."""
        stamp = self._layout.stamp(number)
        if stamp is None or not self.reaches(number):
            return False
        try:
            change = self._history.diff(self.number, number, derived=True)
        except StoreError:
            return False
        if not self.columns.follow(store, (quad.triple for quad in change.quads())):
            return False
        self.number, self._stamp = number, stamp
        return True


def main() -> None:
    data, number, descriptor = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    sandbox.die_with_parent()
    sandbox.leave_no_core()
    os.nice(_BEHIND)
    from app.columns import Columns

    try:
        with published(data).reader(number) as reader, os.fdopen(descriptor, "wb") as file:
            columns = Columns.of(reader.store)
            if columns is None:
                sys.exit(1)
            columns.write(file)
    except (StoreError, OSError, MemoryError):
        sys.exit(1)


if __name__ == "__main__":
    main()
