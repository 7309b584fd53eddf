"""A site's history and search index as pages read them: what is read is noted, or said to be incomparable (:mod:`app.reads`)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.engine.indexes import Indexes
from app.errors import StoreError
from app.reads import Later, lose, note
from app.search import Ask, Found, Hit, Opened

if TYPE_CHECKING:
    from app.engine.changes import Change
    from app.engine.versions import Version
    from app.web.site import History


@dataclass(frozen=True)
class Changes:
    """That it was read which versions changed a node. Implements :class:`app.reads.Note`."""

    iri: str

    @property
    def size(self) -> int:
        return 500

    def holds(self, later: Later) -> bool:
        return self.iri not in later.subjects


@dataclass(frozen=True)
class HeededHistory:
    """Implements :class:`app.web.site.History` over another. What a version of a given number was like never changes: whoever
    takes that number from the newest version reads that."""

    inner: History

    def versions(self, first: int = 1, last: int | None = None) -> Sequence[Version]:
        lose("versions")
        return self.inner.versions(first, last)

    def published(self) -> int:
        lose("versions")
        return self.inner.published()

    def version(self, n: int) -> Version:
        return self.inner.version(n)

    def present(self) -> list[int]:
        lose("versions")
        return self.inner.present()

    def change(self, n: int, *, derived: bool = False) -> Change:
        return self.inner.change(n, derived=derived)

    def lease(self, n: int) -> AbstractContextManager[Path]:
        lose("files")
        return self.inner.lease(n)

    def changes_of(self, iri: str) -> tuple[int, ...]:
        note(Changes(iri))
        return self.inner.changes_of(iri)

    def change_of(self, iri: str, a: int, b: int) -> Change | None:
        lose("changes")
        return self.inner.change_of(iri, a, b)

    def last_change(self, graph: str | None, n: int) -> int:
        lose("changes")
        return self.inner.last_change(graph, n)

    def deletions(self, iri: str) -> tuple[int, ...]:
        lose("deletions")
        return self.inner.deletions(iri)

    def was_described(self, iri: str) -> int | None:
        lose("deletions")
        return self.inner.was_described(iri)

    def erased(self) -> int:
        return self.inner.erased()

    def health(self) -> dict[str, Any]:
        lose("health")
        return self.inner.health()


@dataclass(frozen=True)
class Documents:
    """That the search index showed something of some entities. Implements :class:`app.reads.Note`."""

    iris: frozenset[str]
    shown: bytes
    searches: Indexes[Opened] = field(repr=False)

    @property
    def size(self) -> int:
        return 500 + 100 * len(self.iris)

    def holds(self, later: Later) -> bool:
        try:
            return _digest(self.searches.read(later.number)[0].of(self.iris)) == self.shown
        except StoreError:
            return False


class HeededSearch(Opened):
    """An index whose answers depend on all that it holds, but for what it shows of given entities."""

    def __init__(self, searches: Indexes[Opened], number: int) -> None:
        self._searches = searches
        self._inner, self._read = searches.read(number)

    @property
    def size(self) -> int:
        note(self._read)
        return self._inner.size

    def find(self, ask: Ask) -> Found:
        note(self._read)
        return self._inner.find(ask)

    def keys(self, text: str, most: int) -> list[int]:
        note(self._read)
        return self._inner.keys(text, most)

    def of(self, iris: Iterable[str]) -> dict[str, Hit]:
        wanted = frozenset(iris)
        found = self._inner.of(wanted)
        if wanted:
            note(Documents(wanted, _digest(found), self._searches))
        return found


def _digest(hits: dict[str, Hit]) -> bytes:
    return hashlib.sha256(repr(sorted(hits.items(), key=lambda one: one[0])).encode()).digest()
