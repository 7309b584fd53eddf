"""The versions that one process has open: the current one and at most one other; no query."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from app.errors import CorruptVersion


class Leases(Protocol):
    """Where versions are found: :class:`app.engine.published.Published`, or the repository itself."""

    def lease(self, n: int | None = None) -> AbstractContextManager[Path]: ...


class Opened:
    """Read-only stores by version number, each with its lease held as long as it is open."""

    def __init__(self, leases: Leases, *, most: int = 2) -> None:
        self._leases = leases
        self._most = most
        self._open: dict[int, tuple[ox.Store, ExitStack]] = {}

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(self._open)

    def store(self, number: int) -> ox.Store:
        """The store of a version, opened if need be; the one used least recently makes room.

        Raises :class:`app.errors.NoSuchVersion`, :class:`app.errors.VersionPruned` or :class:`app.errors.CorruptVersion`.
        """
        found = self._open.pop(number, None)
        if found is None:
            while len(self._open) >= self._most:
                self._drop(next(iter(self._open)))
            found = self._read(number)
        self._open[number] = found
        return found[0]

    def keep_only(self, number: int) -> None:
        """Closes every other version, and gives its lease back."""
        for other in [each for each in self._open if each != number]:
            self._drop(other)

    def close(self) -> None:
        for number in list(self._open):
            self._drop(number)

    def _read(self, number: int) -> tuple[ox.Store, ExitStack]:
        with ExitStack() as held:
            path = held.enter_context(self._leases.lease(number))
            try:
                store = ox.Store.read_only(str(path))
            except (OSError, ValueError) as error:
                raise CorruptVersion(version=number, reason=str(error)) from error
            return store, held.pop_all()

    def _drop(self, number: int) -> None:
        store, held = self._open.pop(number)
        del store  # closes its files before others may delete them
        held.close()
