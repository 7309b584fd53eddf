"""A version held in memory, where it fits, and brought to later ones by what they changed; the same statements as on the disk.

``python -m app.engine.memory DATA NUMBER`` writes a version to its output: whoever is forked later may not open one itself.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

import pyoxigraph as ox

from app.engine import merge
from app.engine.changes import Change
from app.engine.hand import environment
from app.engine.history import History
from app.engine.layout import Layout, Stamp
from app.engine.manifest import Version
from app.engine.opened import published
from app.errors import EngineUnavailable, StoreError

if TYPE_CHECKING:
    from app.columns import Columns  # numpy, which a worker that reads from the disk never loads

BYTES_A_QUAD = 400
"""Measured: 290 to 350 with names and descriptions of the usual length."""

BYTES_A_TRIPLE = 150
"""Measured: what the columns of :mod:`app.columns` take, 48 in four orders and the texts of terms."""

_MOST_CHANGES = 20_000
"""A larger difference is not made up for, since a query waits for it: the version is loaded anew."""

SPARE = 2
"""Twice its size must be free."""


def size_of(version: Version) -> int:
    """Bytes that a version would take: each statement stands in its graph and, at most, once more in the merge and columns."""
    return (version.quads + version.derived) * (2 * BYTES_A_QUAD + BYTES_A_TRIPLE)


def fits(version: Version, budget: int) -> bool:
    """Whether a version may be held: it is within the budget, and the machine has room to spare."""
    needed = size_of(version)
    return 0 < needed <= budget and needed * SPARE < available()


def available() -> int:
    """Bytes that new processes may take without swapping, as the kernel estimates (proc_meminfo(5)); 0 where it does not."""
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("MemAvailable:")), 0)


class Memory:
    """One version's store in memory. :meth:`load` makes it; a fork of the process has a copy of its own."""

    def __init__(
        self, layout: Layout, number: int, stamp: Stamp, store: ox.Store, columns: Columns | None = None, erased: int = 0
    ) -> None:
        self._layout = layout
        self._history = History(layout)
        self.number = number
        self._stamp = stamp
        self._erased = erased
        self.store = store
        self.columns = columns
        """The default graph once more, for what is asked of all of it; None where it cannot be held so."""

    @classmethod
    def load(cls, data: Path, number: int) -> Memory:
        """Raises :class:`app.errors.EngineUnavailable` where the version cannot be read as a whole."""
        layout = Layout(data)
        stamp, erased = layout.stamp(number), layout.erased()
        store = ox.Store()
        command = [sys.executable, "-P", "-m", "app.engine.memory", str(data), str(number)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=environment()) as reader:  # noqa: S603  our own module
            try:
                store.bulk_load(cast(IO[bytes], reader.stdout), ox.RdfFormat.N_QUADS)
            except (SyntaxError, ValueError, OSError) as error:
                raise EngineUnavailable(reason=f"version {number}: {error}") from error
        if reader.returncode != 0 or stamp is None or stamp != layout.stamp(number):
            raise EngineUnavailable(reason=f"version {number} was not read")
        from app.columns import Columns  # a worker that reads from the disk never loads numpy

        return cls(layout, number, stamp, store, Columns.of(store), erased)

    def __len__(self) -> int:
        return len(self.store)

    def holds(self, number: int) -> bool:
        """Whether this is a version as it lies on the disk: one that was made anew is another."""
        return number == self.number and self._layout.stamp(number) == self._stamp and self._layout.erased() == self._erased

    def follow(self, number: int) -> bool:
        """Becomes another version by the difference; False, and unchanged, where that is too large or not known, and after an
        erasure, which no difference tells."""
        if number == self.number or self._layout.erased() != self._erased:
            return self.holds(number)
        stamp = self._layout.stamp(number)
        try:
            if stamp is None or self._changes(number) > _MOST_CHANGES:
                return False
            change = self._history.diff(self.number, number, derived=True)
        except StoreError:
            return False
        if not change.is_small:
            return False
        merge.apply(self.store, change)
        self._follow_in_columns(change)
        self.number, self._stamp = number, stamp
        return True

    def _follow_in_columns(self, change: Change) -> None:
        if self.columns is not None and not self.columns.follow(self.store, (quad.triple for quad in change.quads())):
            self.columns = None

    def _changes(self, number: int) -> int:
        between = range(min(self.number, number) + 1, max(self.number, number) + 1)
        told = [self._history.version(n) for n in between]
        return sum(each.added + each.removed + each.derived_added + each.derived_removed for each in told)


def main() -> None:
    data, number = Path(sys.argv[1]), int(sys.argv[2])
    try:
        with published(data).reader(number) as reader:
            reader.store.dump(sys.stdout.buffer, ox.RdfFormat.N_QUADS)
    except (StoreError, BrokenPipeError):
        sys.exit(1)


if __name__ == "__main__":
    main()
