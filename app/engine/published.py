"""The published versions as a reading process finds them on disk: the pointer and the leases; nothing is written here.

Light to import on purpose: workers start with it. What versions are made of is :mod:`app.engine.versions`'s.
"""

from __future__ import annotations

import errno
import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from app.errors import CorruptVersion, NoStore, NoSuchVersion, VersionPruned

_TRIES = 5


@dataclass(frozen=True)
class Published:
    """The data folder of one store."""

    data: Path

    def number(self) -> int:
        """The current version, read anew. Raises :class:`app.errors.NoStore`."""
        try:
            return int((self.data / "current").readlink().name)
        except (OSError, ValueError) as error:
            raise NoStore(path=str(self.data)) from error

    @contextmanager
    def lease(self, n: int | None = None) -> Iterator[Path]:
        """The store's folder of a version, which pruning leaves alone as long as the lease is held.

        Raises :class:`app.errors.NoSuchVersion` or :class:`app.errors.VersionPruned`.
        """
        folder, held = self._hold(n)
        try:
            yield folder / "store"
        finally:
            os.close(held)

    def _hold(self, n: int | None) -> tuple[Path, int]:
        for _ in range(_TRIES):
            folder = self.data / "versions" / f"{self.number() if n is None else n:06d}"
            try:
                held = os.open(folder / "lease", os.O_RDONLY | os.O_CLOEXEC)
            except FileNotFoundError:
                if n is None:
                    continue  # pruned between the two steps: the pointer has moved
                raise self._missing(n) from None
            fcntl.flock(held, fcntl.LOCK_SH)
            if _is_still(folder / "lease", held):
                return folder, held
            os.close(held)  # it was pruned while we waited for the lock
        raise CorruptVersion(version=self.number() if n is None else n, reason=os.strerror(errno.ENOENT))

    def _missing(self, n: int) -> NoSuchVersion | VersionPruned:
        newest = self.number()
        return VersionPruned(version=n) if 0 < n < newest else NoSuchVersion(version=n, newest=newest)


def _is_still(path: Path, held: int) -> bool:
    try:
        there = path.stat()
    except FileNotFoundError:
        return False
    return os.path.samestat(there, os.fstat(held))
