"""The published versions as readers take them: under a lease, and the last good one where the newest is damaged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from app import events
from app.engine.disk import refusals
from app.engine.history import History
from app.engine.layout import Layout, named, numbers
from app.engine.locks import take_lease
from app.engine.lookup import Graph, Object, Subject
from app.engine.manifest import Version
from app.errors import CorruptVersion, NoSuchVersion, VersionPruned


class OpenStore:
    """An open engine, lent: implements Lookup and Queryable until it is closed, in the process that opened it.

    An engine closes with the last reference to it, and one that a fork inherited loses writes: so it is only reached here.
    """

    def __init__(self, store: ox.Store) -> None:
        self._store: ox.Store | None = store
        self._process = os.getpid()

    @property
    def store(self) -> ox.Store:
        """The engine itself; do not keep it. Raises ``RuntimeError`` once closed, or in another process."""
        if self._store is None:
            raise RuntimeError("this store is closed")
        if self._process != os.getpid():
            raise RuntimeError("this store was opened before the fork; open the version again")
        return self._store

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Object | None = None,  # noqa: A002 - the RDF word
        graph: Graph | None = None,
    ) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(subject, predicate, object, graph)

    def query(self, text: str) -> Any:
        return self.store.query(text)

    def close(self) -> None:
        self._store = None


class Reader(OpenStore):
    """One version, open for reading."""

    def __init__(self, version: Version, store: ox.Store) -> None:
        super().__init__(store)
        self.version = version

    @property
    def lookup(self) -> Reader:
        return self


class Shelf:
    """Finds, leases and opens versions, and remembers which cannot be opened."""

    def __init__(self, layout: Layout, history: History) -> None:
        self._layout = layout
        self._history = history
        self._damaged: dict[int, str] = {}

    def current_number(self) -> int:
        """The newest version that is not known to be damaged; two system calls."""
        newest = self._layout.newest()
        if not self._is_damaged(newest):
            return newest
        return next(iter(self.good())) if self.good() else self._refuse(newest)

    def _refuse(self, n: int) -> int:
        raise CorruptVersion(version=n, reason=self.damaged().get(n, ""))

    def good(self) -> list[int]:
        """The versions that are there and not known to be damaged, newest first."""
        return [n for n in reversed(self._layout.present()) if not self._is_damaged(n)]

    def _is_damaged(self, n: int) -> bool:
        return n in self._damaged or self._layout.is_marked(n)

    def mark_damaged(self, n: int, reason: str) -> None:
        """Have every process leave a version alone that cannot be read; here only, where the folder is read-only."""
        self._damaged[n] = reason
        events.tell("error", "version-damaged", version=n, reason=reason)
        with suppress(OSError):
            (self._layout.damaged / named(n)).write_text(reason + "\n", encoding="utf-8")

    def clear_damaged(self, n: int) -> None:
        """A version was made anew."""
        self._damaged.pop(n, None)
        (self._layout.damaged / named(n)).unlink(missing_ok=True)

    def damaged(self) -> dict[int, str]:
        """Why each damaged version cannot be read."""
        folder = self._layout.damaged
        told = {n: (folder / named(n)).read_text(encoding="utf-8").strip() for n in numbers(folder)}
        return {**told, **self._damaged}

    @contextmanager
    def lease(self, n: int | None = None) -> Iterator[Path]:
        """The folder of a version's store, which stays while the lease is held; of the current one by default.

        Raises :class:`app.errors.NoStore`, :class:`app.errors.NoSuchVersion` or :class:`app.errors.VersionPruned`.
        """
        number, handle = self._take(n)
        try:
            yield self._layout.store(number)
        finally:
            os.close(handle)

    def _take(self, n: int | None) -> tuple[int, int]:
        while n is None:
            number = self.current_number()
            handle = take_lease(self._layout.lease(number))
            if handle is not None:
                return number, handle
            if number in self._layout.present() or number == self._layout.newest():
                self.mark_damaged(number, "its files are missing")
        newest = self._layout.newest()
        if not 1 <= n <= newest:
            raise NoSuchVersion(version=n, newest=newest)
        handle = take_lease(self._layout.lease(n))
        if handle is None:
            raise VersionPruned(version=n)
        return n, handle

    @contextmanager
    def reader(self, n: int | None = None) -> Iterator[Reader]:
        """A version, open for reading. Without a number, the newest that opens.

        Raises as :meth:`lease` does, and :class:`app.errors.CorruptVersion`.
        """
        number, handle = self._take(n)
        try:
            reader = self._open(number)
        except CorruptVersion:
            os.close(handle)
            if n is not None:
                raise
            with self.reader() as older:
                yield older
            return
        try:
            yield reader
        finally:
            reader.close()
            os.close(handle)

    def _open(self, number: int) -> Reader:
        path = self._layout.store(number)
        try:
            with refusals(path, number):
                return Reader(self._history.version(number), ox.Store.read_only(str(path)))
        except FileNotFoundError as error:
            self.mark_damaged(number, str(error))
            raise CorruptVersion(version=number, reason=str(error)) from error
        except CorruptVersion as error:
            self.mark_damaged(number, str(error.details["reason"]))
            raise
