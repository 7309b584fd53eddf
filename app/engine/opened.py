"""The versions that one process has open: the current one and at most one other; no query."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Protocol

import pyoxigraph as ox

from app.engine.history import History
from app.engine.layout import Layout
from app.engine.shelf import Shelf
from app.errors import CorruptVersion


class OpenVersion(Protocol):
    """One version, open for reading under its lease."""

    @property
    def store(self) -> ox.Store: ...


class VersionSource(Protocol):
    """Where versions are found: :class:`app.engine.shelf.Shelf`, or :class:`app.engine.versions.Repository` itself."""

    def current_number(self) -> int:
        """The newest version that is not known to be damaged. Raises :class:`app.errors.NoStore`."""
        ...

    def reader(self, n: int | None = None) -> AbstractContextManager[OpenVersion]:
        """Raises :class:`app.errors.NoSuchVersion`, ``VersionPruned`` or ``CorruptVersion``, which is then known of."""
        ...


def published(data: Path) -> Shelf:
    """The versions of a data folder, for processes that only read: light to import and to make."""
    layout = Layout(data)
    return Shelf(layout, History(layout))


class Opened:
    """Read-only stores by version number, each with its lease held as long as it is open."""

    def __init__(self, source: VersionSource, *, most: int = 2) -> None:
        self._source = source
        self._most = most
        self._open: dict[int, tuple[OpenVersion, ExitStack]] = {}

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
            held = ExitStack()
            found = held.enter_context(self._source.reader(number)), held
        self._open[number] = found
        return found[0].store

    def current(self) -> int:
        """The number of the newest version that opens, and is now open. Raises :class:`app.errors.NoStore`."""
        while True:
            number = self._source.current_number()
            try:
                self.store(number)
            except CorruptVersion:
                if self._source.current_number() == number:
                    raise
                continue
            return number

    def keep_only(self, number: int) -> None:
        """Closes every other version, and gives its lease back."""
        for other in [each for each in self._open if each != number]:
            self._drop(other)

    def close(self) -> None:
        for number in list(self._open):
            self._drop(number)

    def _drop(self, number: int) -> None:
        """The reader closes its files before its lease lets others delete them."""
        self._open.pop(number)[1].close()
