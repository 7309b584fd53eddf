"""What is known of every version ever published, pruned ones too: its manifest, what it changed, and the sum of changes."""

from __future__ import annotations

import gzip
import tempfile
from functools import lru_cache
from pathlib import Path

from app.engine.changes import SMALL, Change, QuadFile, Quads
from app.engine.composition import compose
from app.engine.disk import refusals
from app.engine.layout import Layout
from app.engine.manifest import Version, read_version
from app.errors import CorruptVersion, NoSuchVersion


class History:
    """The records in ``changes/``. They change in an erasure only, so what was read is kept."""

    def __init__(self, layout: Layout, small: int = SMALL) -> None:
        self._layout = layout
        self._small = small
        self._record = lru_cache(maxsize=10_000)(self._read_record)
        self._gone: dict[str, tuple[int, ...]] = {}
        self._gone_read = 0
        self._stamp = 0

    def version(self, n: int) -> Version:
        """Raises :class:`app.errors.NoSuchVersion`."""
        newest = self._layout.newest()
        if not 1 <= n <= newest:
            raise NoSuchVersion(version=n, newest=newest)
        self._forget_erased()
        return self._record(n)

    def versions(self, first: int = 1, last: int | None = None) -> list[Version]:
        """Every version ever published from one number to another, oldest first; only their manifests are read."""
        self._forget_erased()
        newest = self._layout.newest()
        return [self._record(n) for n in range(max(first, 1), min(newest if last is None else last, newest) + 1)]

    def _forget_erased(self) -> None:
        """An erasure changes what was read before: its log tells."""
        stamp = self._layout.erased()
        if stamp != self._stamp:
            self._stamp = stamp
            self._record.cache_clear()

    def _read_record(self, n: int) -> Version:
        try:
            return read_version(self._layout.record(n))
        except FileNotFoundError:
            return read_version(self._layout.version(n) / "manifest.json")

    def change(self, n: int, *, derived: bool = False) -> Change:
        """What version ``n`` changed in source graphs, or in the derived graph. Raises :class:`app.errors.CorruptVersion`."""
        version = self.version(n)
        counts = (version.derived_added, version.derived_removed) if derived else (version.added, version.removed)
        return Change(*(self._side(n, side, count, derived) for side, count in zip(("added", "removed"), counts, strict=True)))

    def _side(self, n: int, side: str, count: int, derived: bool) -> Quads:
        if count == 0:
            return frozenset()
        path = self._layout.quads(n, side, derived=derived)
        if not path.is_file():
            raise CorruptVersion(version=n, reason=f"{path.name}: missing")
        file = QuadFile(path, count)
        return file if count > self._small else _whole(file, n)

    def about(self, n: int, iri: str) -> Change:
        """What version ``n`` changed of a node's own statements, in source graphs: the files are read, the rest is not parsed."""
        version = self.version(n)
        sides = (("added", version.added), ("removed", version.removed))
        files = [QuadFile(self._layout.quads(n, side), count) for side, count in sides if count]
        for file in files:
            if not file.path.is_file():
                raise CorruptVersion(version=n, reason=f"{file.path.name}: missing")
        named = {file.path: frozenset(file.about(iri)) for file in files}
        return Change(*(named.get(self._layout.quads(n, side), frozenset()) for side, _ in sides))

    def diff(self, a: int, b: int, *, derived: bool = False) -> Change:
        """The net change from version ``a`` to version ``b`` in source graphs, and with ``derived`` in the derived one too.

        Version 0 is the empty store. Pruned versions count like any other.
        """
        if a > b:
            return self.diff(b, a, derived=derived).inverse()
        for n in {a, b} - {0}:
            self.version(n)
        kinds = (False, True) if derived else (False,)
        with refusals(Path(tempfile.gettempdir())):
            return compose([self.change(n, derived=kind) for n in range(a + 1, b + 1) for kind in kinds], small=self._small)

    def was_described(self, iri: str) -> int | None:
        """The last version that said something about an IRI that lost its last statement since; None if none did."""
        lost = self.deletions(iri)
        return lost[-1] - 1 if lost else None

    def deletions(self, iri: str) -> tuple[int, ...]:
        """The versions in which an IRI lost its last statement, oldest first."""
        newest = self._layout.newest()
        for n in range(self._gone_read + 1, newest + 1):
            for lost in _lines(self._layout.gone(n)):
                self._gone[lost] = (*self._gone.get(lost, ()), n)
            self._gone_read = n
        return self._gone.get(iri, ())


def _whole(file: QuadFile, n: int) -> Quads:
    try:
        quads = frozenset(file)
    except (OSError, EOFError, SyntaxError) as error:
        raise CorruptVersion(version=n, reason=f"{file.path.name}: {error}") from error
    if len(quads) != len(file):
        raise CorruptVersion(version=n, reason=f"{file.path.name}: {len(quads)} of {len(file)} statements")
    return quads


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        return []
    with gzip.open(path, "rt", encoding="utf-8") as text:
        return text.read().splitlines()
