"""Keeps the search index of each version: built once, then each write deletes and adds the documents that it touches."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import tantivy

from app.engine.apart import Apart
from app.engine.changes import Change
from app.engine.clone import share
from app.engine.lookup import State
from app.search import document, schema
from app.search.document import Text
from app.search.touched import everything, touched
from app.vocabulary import Vocabulary

NAME = "search"
_SMALL_HEAP = 15_000_000
_BULK_HEAP = 256_000_000
_MOST_IN_MEMORY = 5_000
"""Documents of one write whose segment is first made in memory."""
_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
_CHANGING = ("meta.json", ".managed.json")
_LOCKS = (".tantivy-meta.lock", ".tantivy-writer.lock")
_FORM = "form"


class Classes:
    """Kinds and labels of classes, from a vocabulary that is read at the first write only."""

    def __init__(self, vocabulary: Callable[[], Vocabulary]) -> None:
        self._load = vocabulary
        self._known: dict[frozenset[str], tuple[str, tuple[Text, ...]]] = {}

    def __reduce__(self) -> tuple[type[Classes], tuple[Callable[[], Vocabulary]]]:
        return Classes, (self._load,)

    @cached_property
    def _vocabulary(self) -> Vocabulary:
        return self._load()

    def __call__(self, types: frozenset[str]) -> tuple[str, tuple[Text, ...]]:
        """See :data:`app.search.document.Kind`."""
        if types not in self._known:
            kind = self._vocabulary.kind_of(types)
            labels = sorted((text, tag) for one in types for tag, text in (self._vocabulary.label(one) or {}).items() if tag)
            self._known[types] = (kind.segment if kind else "", tuple(labels))
        return self._known[types]


@dataclass(frozen=True)
class SearchIndex(Apart):
    """Implements :class:`app.engine.lookup.Index`. ``digest`` names the state of the ontology, whose labels are searched."""

    classes: Classes
    digest: str
    name: str = NAME

    @property
    def form(self) -> str:
        return f"{schema.FORMAT} {self.digest}"

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
        """See :class:`app.engine.lookup.Index`. A small write makes one small segment; the others are hard-linked."""
        if earlier is None:
            with _disk_errors():
                self._fill(schema.create(folder).writer(_BULK_HEAP, 1), everything(after), after, renew=False)
            _readable(folder)
            return
        changed = touched(after, change, derived)
        try:
            self._go_on(earlier, folder, changed, after, in_memory=len(changed) <= _MOST_IN_MEMORY)
        except (OSError, ValueError):  # the memory's file system is small, perhaps: the disk's own is not
            _empty(folder)
            with _disk_errors():
                self._go_on(earlier, folder, changed, after, in_memory=False)
        _readable(folder)

    def _go_on(self, earlier: Path, folder: Path, changed: set[str], after: State, *, in_memory: bool) -> None:
        with _workshop(earlier, folder, in_memory=in_memory) as place:
            if changed:
                self._fill(schema.open_index(place).writer(_SMALL_HEAP, 1), changed, after, renew=True)

    def _fill(self, writer: tantivy.IndexWriter, wanted: set[str], after: State, *, renew: bool) -> None:
        for iri in sorted(wanted):
            if renew:
                writer.delete_documents_by_term(schema.IRI, iri)
            found = document.read(after, iri, self.classes)
            if found is not None:
                writer.add_document(found)
        writer.commit()
        writer.wait_merging_threads()


@contextmanager
def _workshop(earlier: Path, folder: Path, *, in_memory: bool) -> Iterator[Path]:
    """Where the library goes on from an earlier index. It syncs each file that it writes, one after the other; what is made
    in memory is synced by the store's writer with all the rest, at once."""
    if not in_memory or not os.access(_MEMORY, os.W_OK):
        _share(earlier, folder, share)
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="maillage-search-", dir=_MEMORY) as name:
        _share(earlier, Path(name), lambda old, new: new.symlink_to(old.resolve()))
        yield Path(name)
        _take(Path(name), folder)


def _share(earlier: Path, folder: Path, link: Callable[[Path, Path], object]) -> None:
    """Segments never change and are shared; the lists of them are copied."""
    for old in earlier.iterdir():
        if old.name in _CHANGING:
            shutil.copyfile(old, folder / old.name)
        elif old.name not in (*_LOCKS, _FORM):
            link(old, folder / old.name)


def _take(made: Path, folder: Path) -> None:
    for path in made.iterdir():
        if path.is_symlink():
            share(path.readlink(), folder / path.name)
        elif path.name not in _LOCKS:
            shutil.copyfile(path, folder / path.name)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """The library tells a full disk as a ``ValueError`` with the system's words."""
    try:
        yield
    except ValueError as error:
        raise OSError(str(error)) from error


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        path.unlink()


def _readable(folder: Path) -> None:
    """The library makes its lists readable by its own user alone."""
    for name in _CHANGING:
        (folder / name).chmod(0o644)
