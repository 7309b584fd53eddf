"""The derived indexes of versions as readers take them: opened once a process for the few versions in use; never written.

A version whose index has the very files of another that is open has that one: with it stays what was worked out of it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Generic, TypeVar

from app.errors import IndexMissing, MaillageError, StoreError
from app.reads import Later, note

Opened = TypeVar("Opened")
Value = TypeVar("Value")
_A_NOTE = 500
"""Bytes, roughly."""

Lease = Callable[[int], AbstractContextManager[Path]]
"""Lends the folder of a version's store, which stays while the context lasts (:meth:`app.engine.versions.Repository.lease`)."""

Mark = frozenset[tuple[object, ...]]
"""What tells the files of an index from any others: under the same names the same inodes, dates and sizes."""


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
        self._kept: dict[int, tuple[Opened, IndexRead]] = {}
        self._lock = Lock()

    def anew(self) -> Indexes[Opened]:
        """The same kind of index, with nothing opened yet."""
        return Indexes(self._lease, self._name, self._load, most=self._most)

    def at(self, number: int) -> Opened:
        """The index of a version.

        Raises :class:`app.errors.IndexMissing`, :class:`app.errors.NoSuchVersion` or :class:`app.errors.VersionPruned`.
        """
        opened, read = self.read(number)
        note(read)
        return opened

    def read(self, number: int) -> tuple[Opened, IndexRead]:
        """The same, and what is noted where it is read."""
        kept = self._kept.get(number)
        return kept if kept is not None else self._open(number)

    def told(self, number: int, name: Hashable, make: Callable[[Opened], Value], size: int = 0) -> Value:
        """What ``make`` works out of the index of a version and of nothing else, for one who reads no more of it; ``name`` says
        what that is, all that it depends on included. It is worked out again of a later version, to compare: so it must be quick,
        or kept with the index. ``size`` is how many bytes it takes."""
        found = make(self.read(number)[0])
        note(Told(name, found, _A_NOTE + size, make, self))
        return found

    def mark(self, number: int) -> Mark | None:
        """What tells the index of a version from others'; None where there is none to be read."""
        try:
            return self.read(number)[1].mark
        except StoreError:
            return None

    def _open(self, number: int) -> tuple[Opened, IndexRead]:
        with self._lock:
            if number not in self._kept:
                with self._lease(number) as store:
                    folder = store.parent / self._name
                    if not folder.is_dir():
                        raise IndexMissing(version=number, index=self._name)
                    found = self._taken_over(folder) or (self._loaded(folder, number), IndexRead(self, _mark(folder)))
                while len(self._kept) >= self._most:
                    self._kept.pop(min(self._kept), None)
                self._kept[number] = found
            return self._kept[number]

    def _loaded(self, folder: Path, number: int) -> Opened:
        """Files that this release cannot read, as an older one may have written them, are as good as none."""
        try:
            return self._load(folder)
        except (FileNotFoundError, KeyError, ValueError) as error:
            raise IndexMissing(version=number, index=self._name) from error

    def _taken_over(self, folder: Path) -> tuple[Opened, IndexRead] | None:
        mark = _mark(folder)
        return next((known for known in list(self._kept.values()) if known[1].mark == mark), None)


@dataclass(frozen=True)
class Told:
    """That something was worked out of an index, and what it was. Implements :class:`app.reads.Note`."""

    name: Hashable
    value: Any = field(hash=False, repr=False)
    size: int
    make: Callable[[Any], Any] = field(compare=False, repr=False)
    indexes: Indexes[Any] = field(repr=False)

    def holds(self, later: Later) -> bool:
        """Whether the same is worked out of the later version's."""
        try:
            found: bool = self.make(self.indexes.read(later.number)[0]) == self.value
        except MaillageError:
            return False
        return found


@dataclass(frozen=True)
class IndexRead:
    """That an index was read. Implements :class:`app.reads.Note`."""

    indexes: Indexes[Any]
    mark: Mark

    @property
    def size(self) -> int:
        return _A_NOTE

    def holds(self, later: Later) -> bool:
        """Whether the later version has the same files."""
        return self.indexes.mark(later.number) == self.mark


def _mark(folder: Path) -> Mark:
    """Of all files below a folder. Two names of one file tell the same inode."""
    return frozenset(
        (name, found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size)
        for root, _, names in os.walk(folder)
        for name in names
        for found in (os.stat(os.path.join(root, name)),)  # noqa: PTH116, PTH118  all fields of one moment
    )
