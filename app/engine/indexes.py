"""The derived indexes of versions as readers take them: opened once a process for the few versions in use; never written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from threading import Lock
from typing import Generic, TypeVar

from app.errors import IndexMissing

Opened = TypeVar("Opened")
Lease = Callable[[int], AbstractContextManager[Path]]
"""Lends the folder of a version's store, which stays while the context lasts (:meth:`app.engine.versions.Repository.lease`)."""


class Indexes(Generic[Opened]):
    """One kind of index, by version number. Safe for threads; a version is opened by one of them while the others wait.

    ``load`` makes a value of an index's folder and must have opened or read all files by the time it returns: the folder may be
    deleted afterwards.
    """

    def __init__(self, lease: Lease, name: str, load: Callable[[Path], Opened], *, most: int = 3) -> None:
        self._lease = lease
        self._name = name
        self._load = load
        self._most = most
        self._kept: dict[int, Opened] = {}
        self._lock = Lock()

    def anew(self) -> Indexes[Opened]:
        """The same kind of index, with nothing opened yet."""
        return Indexes(self._lease, self._name, self._load, most=self._most)

    def at(self, number: int) -> Opened:
        """The index of a version.

        Raises :class:`app.errors.IndexMissing`, :class:`app.errors.NoSuchVersion` or :class:`app.errors.VersionPruned`.
        """
        kept = self._kept.get(number)
        return kept if kept is not None else self._open(number)

    def _open(self, number: int) -> Opened:
        with self._lock:
            if number not in self._kept:
                with self._lease(number) as store:
                    folder = store.parent / self._name
                    if not folder.is_dir():
                        raise IndexMissing(version=number, index=self._name)
                    opened = self._load(folder)
                while len(self._kept) >= self._most:
                    self._kept.pop(min(self._kept), None)
                self._kept[number] = opened
            return self._kept[number]
