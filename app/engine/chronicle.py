"""In which versions the own statements of a node changed: a small file beside each change, and the look-up over all of them.

A file holds the sorted 8-byte digests of the subjects of a version's source change. Those of small changes are kept in memory,
those of bulk loads are searched on the disk, so that a look-up costs one step a bulk load, whatever the number of versions.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from threading import Lock
from typing import cast

import pyoxigraph as ox

from app.engine.changes import Change, QuadFile, Quads
from app.engine.composition import compose
from app.engine.history import History
from app.engine.layout import Layout
from app.errors import CorruptVersion
from app.remembering import remembered

WIDTH = 8
_IN_MEMORY = 5_000
"""Subjects of a version that are held in memory at most."""

_REMEMBERED = 10_000
"""Nodes whose bulk loads are remembered: a page looks its entity up twice, and again each time that it is shown."""

_READ_AT_MOST = 300_000
"""Quads of change files that are read for one answer: about half a second."""


def write_subjects(path: Path, change: Change) -> None:
    """Write the digests of a change's subjects. The caller syncs the file."""
    path.write_bytes(b"".join(sorted(_digests(change))))


def _digests(change: Change) -> set[bytes]:
    return {digest for side in (change.added, change.removed) for digest in _of(side)}


def _of(quads: Quads) -> Iterator[bytes]:
    subjects = quads.subjects() if isinstance(quads, QuadFile) else (cast(ox.NamedNode, q.subject).value for q in quads)
    return map(digest, subjects)


def digest(iri: str) -> bytes:
    """Eight bytes that stand for an IRI: two of a million are the same with a chance of one in thirty million."""
    return hashlib.blake2b(iri.encode(), digest_size=WIDTH).digest()


class Chronicle:
    """Looks subjects up in all versions. What was read is kept, since it never changes; safe for threads."""

    def __init__(self, layout: Layout, history: History) -> None:
        self._layout = layout
        self._history = history
        self._few: dict[bytes, tuple[int, ...]] = {}
        self._many: list[tuple[int, Path | bytes]] = []
        self._found: dict[tuple[bytes, int], tuple[int, ...]] = {}
        self._read = 0
        self._lock = Lock()

    def changes_of(self, iri: str) -> tuple[int, ...]:
        """The numbers of the versions that added or removed a statement about a node, oldest first.

        Raises :class:`app.errors.NoStore`.
        """
        with self._lock:
            for n in range(self._read + 1, self._layout.newest() + 1):
                self._learn(n)
                self._read = n
        sought, many = digest(iri), list(self._many)
        large = remembered(self._found, (sought, len(many)), _REMEMBERED, lambda: _holding(many, sought))
        return tuple(sorted({*large, *self._few.get(sought, ())}))

    def change_of(self, iri: str, a: int, b: int) -> Change | None:
        """The net change of a node's own statements from version ``a`` to ``b``, pruned or not; None where the changes in
        between are too large to be read while someone waits."""
        if a > b:
            inverse = self.change_of(iri, b, a)
            return inverse.inverse() if inverse is not None else None
        touched = [n for n in self.changes_of(iri) if a < n <= b]
        versions = [self._history.version(n) for n in touched]
        if sum(version.added + version.removed for version in versions) > _READ_AT_MOST:
            return None
        return compose([self._history.about(n, iri) for n in touched])

    def _learn(self, n: int) -> None:
        path = self._layout.subjects(n)
        if path.is_file() and path.stat().st_size > _IN_MEMORY * WIDTH:
            self._many.append((n, path))
            return
        digests = path.read_bytes() if path.is_file() else b"".join(sorted(self._made_now(n)))
        if len(digests) > _IN_MEMORY * WIDTH:
            self._many.append((n, digests))
            return
        for one in _each(digests):
            self._few[one] = (*self._few.get(one, ()), n)

    def _made_now(self, n: int) -> Iterable[bytes]:
        """For a version that an older release wrote."""
        try:
            return _digests(self._history.change(n))
        except CorruptVersion:
            return ()


def _each(digests: bytes) -> Iterator[bytes]:
    return (digests[i : i + WIDTH] for i in range(0, len(digests), WIDTH))


def _holding(many: Sequence[tuple[int, Path | bytes]], sought: bytes) -> tuple[int, ...]:
    """The versions of bulk loads that have a digest."""
    return tuple(n for n, digests in many if _holds(digests, sought))


def _holds(digests: Path | bytes, sought: bytes) -> bool:
    """Whether sorted digests have one, by bisection; of a file, twenty reads for a million."""
    if isinstance(digests, bytes):
        return _bisect(len(digests) // WIDTH, lambda i: digests[i * WIDTH : (i + 1) * WIDTH], sought)
    with digests.open("rb", buffering=0) as file:

        def at(i: int) -> bytes:
            file.seek(i * WIDTH)
            return file.read(WIDTH)

        return _bisect(digests.stat().st_size // WIDTH, at, sought)


def _bisect(count: int, at: Callable[[int], bytes], sought: bytes) -> bool:
    low, high = 0, count
    while low < high:
        middle = (low + high) // 2
        if at(middle) < sought:
            low = middle + 1
        else:
            high = middle
    return low < count and at(low) == sought
