"""One write: what it changes, the verdict on it, what follows from it, and its publication as a version, or nothing at all."""

from __future__ import annotations

import os
import traceback
from contextlib import AbstractContextManager, ExitStack, suppress
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import pyoxigraph as ox

from app.engine import merge
from app.engine.changes import Change
from app.engine.composition import compose
from app.engine.derivation import derive
from app.engine.desk import ENGINE, PRUNED_PER_WRITE, Desk
from app.engine.disk import refusals, require_room
from app.engine.draft import Draft
from app.engine.guarded import checked
from app.engine.indexing import write_indexes
from app.engine.lookup import Lookup, Progress, Report
from app.engine.manifest import Version, now
from app.engine.publication import Publication, publish
from app.engine.replacement import difference
from app.engine.retention import empty_trash_later
from app.engine.sorting import Room
from app.errors import CorruptVersion, Refused

_ROOM_FACTOR = 3
"""A bulk load needs at least so many times the size of its text; it is refused at once where there is less."""

_MANY, _SHARE = 10_000, 20
"""More statements than these, and than one in twenty of the version, are worth rewriting its tables: a file that lies over others
has joins take half as long again."""


class Transaction:
    """Used in a ``with`` block, which holds the write lock. Leaving it without :meth:`commit` changes nothing."""

    def __init__(self, desk: Desk, author: str, message: str, restored_from: int | None = None, *, judged: bool = True) -> None:
        self._desk = desk
        self._author, self._message, self._restored_from, self._judged = author, message, restored_from, judged
        self._held = ExitStack()
        self._draft: Draft | None = None
        self._steps: list[Change] = []
        self._compact = False
        self._republish = False
        self.report: Report | None = None
        """What the gate said of what was last committed; None before, and without a gate."""

    def __enter__(self) -> Self:
        self._held.enter_context(self._desk.locked())
        self._parent = self._desk.parent()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None) -> None:
        try:
            if isinstance(error, CorruptVersion) and self._is_parents(error) and self._parent:
                self._desk.shelf.mark_damaged(self._parent.number, str(error.details.get("reason")))
            traceback.clear_frames(where)  # the frames of what failed may hold the store, and with it the disk's space
            if self._draft is not None:
                self._draft.discard()
        finally:
            self._draft = None
            self._held.close()
            empty_trash_later(self._desk.layout)

    @property
    def lookup(self) -> Lookup:
        """The state as this transaction has changed it so far."""
        return self._open()

    @property
    def parent(self) -> Version | None:
        """The version that is changed; None before the first."""
        return self._parent

    @property
    def parent_store(self) -> Path | None:
        """The files of the version that is changed, to be read by another process; the lock keeps them. None before the first.

        Raises :class:`app.errors.CorruptVersion` where they cannot be read: another write must come first.
        """
        if self._parent is None:
            return None
        if self._desk.shelf.current_number() != self._parent.number:
            raise CorruptVersion(version=self._parent.number, reason=self._desk.shelf.damaged().get(self._parent.number, ""))
        return self._desk.layout.store(self._parent.number)

    def room(self) -> Room:
        """A folder beside the drafts, on the same disk as the versions."""
        return Room(self._desk.layout.drafts)

    @property
    def change(self) -> Change:
        """What this transaction has changed so far, in source graphs; a large one can be read until the block is left."""
        self._steps = (
            [compose(self._steps, self._desk.layout.drafts, self._desk.options.small)] if len(self._steps) > 1 else self._steps
        )
        return self._steps[0] if self._steps else Change()

    def apply(self, change: Change) -> Change:
        """Add and remove quads of source graphs; what that really changed.

        Statements of the default graph go to ``graphs/default``. Raises :class:`app.errors.ProtectedGraph`, and
        ``ValueError`` for blank nodes, which must have been given IRIs before.
        """
        store = self._open().store
        with self._refusals():
            asked = checked(change, self._desk)
            done = merge.effective(store, asked) if asked.is_small else asked
            return self._make(done)

    def replace_graph(self, graph: str, nquads: Path) -> Change:
        """Have a source graph hold a file's triples (N-Triples or N-Quads, perhaps gzipped) and no others; what that changed."""
        name = self._named(graph)
        size = nquads.stat().st_size * (_ROOM_FACTOR if nquads.suffix != ".gz" else 10 * _ROOM_FACTOR)
        with self._refusals():
            require_room(self._desk.layout.data, size)
            return self._make(checked(self._difference(name, nquads), self._desk))

    def remove_graph(self, graph: str) -> Change:
        """Remove all statements of a source graph; what that changed."""
        name = self._named(graph)
        with self._refusals():
            return self._make(self._difference(name, Path(os.devnull)))

    def compact(self) -> None:
        """Have the engine rewrite its tables for reading: the version is published even where no statement changes."""
        self._compact = True

    def republish(self) -> None:
        """Publish a version even where no statement changes: its indexes are brought up to date."""
        self._republish = True

    def judge(self, progress: Progress | None = None) -> Report | None:
        """The gate's report on the change so far; None without a gate."""
        gate = self._desk.gate
        return gate.judge(self._open(), self.change, progress) if gate is not None else None

    def commit(self, progress: Progress | None = None) -> Version | None:
        """Judge, derive and publish; None where nothing changed.

        Raises :class:`app.errors.Refused` with the gate's report, or :class:`app.errors.StorageFull`.
        """
        change = self.change
        if change.is_empty and not self._compact and not self._republish:
            return None
        warnings = self._require_conform(progress) if self._judged and not change.is_empty else 0
        step = self._desk.options.step
        step("judged")
        with self._refusals():
            told = self._conclude(change, warnings)
            step("derived")
            draft = self._open()
            indexed = write_indexes(
                self._desk.indexes,
                draft.folder,
                self._parent_folder(),
                draft,
                change,
                told.derived,
                progress if self._republish else None,
            )
            step("indexed")
            settled = [*draft.settle(compact=self._compact or _is_bulk(told)), *indexed]
            step("settled")
            publish(self._desk.layout, draft.folder, told, settled, step)
        self._draft, self._steps, self._compact, self._parent = None, [], False, told.version
        self._republish = False
        self._prune()
        return told.version

    def _require_conform(self, progress: Progress | None) -> int:
        self.report = report = self.judge(progress)
        if report is None:
            return 0
        if not report.conforms:
            raise Refused(report, violations=report.counts.get("Violation", 0))
        return report.counts.get("Warning", 0)

    def _conclude(self, change: Change, warnings: int) -> Publication:
        draft = self._open()
        derived = derive(self._desk, self._parent, draft, change)
        subjects = sorted({quad.subject.value for quad in change.removed if isinstance(quad.subject, ox.NamedNode)})
        gone = [iri for iri in subjects if not merge.described(draft.store, ox.NamedNode(iri))]
        version = replace(self._describe(change, derived), warnings=warnings, restored_from=self._restored_from)
        return Publication(version, change, derived, gone)

    def _describe(self, change: Change, derived: Change) -> Version:
        desk, parent = self._desk, self._parent
        return Version(
            number=desk.newest() + 1,
            created=now(),
            author=self._author,
            message=self._message,
            base=desk.base,
            parent=parent.number if parent else None,
            added=len(change.added),
            removed=len(change.removed),
            derived_added=len(derived.added),
            derived_removed=len(derived.removed),
            quads=(parent.quads if parent else 0) + len(change.added) - len(change.removed),
            derived=(parent.derived if parent else 0) + len(derived.added) - len(derived.removed),
            digest=desk.digest,
            software=desk.options.software,
            engine=ENGINE,
            stored_default=desk.options.stored_default,
            graphs=change.graph_names,
        )

    def _prune(self) -> None:
        keep = self._desk.options.keep
        if keep is not None:
            with suppress(OSError):  # the version is published; the next write prunes again
                self._desk.prune(keep, PRUNED_PER_WRITE)
            self._desk.options.step("pruned")

    def _open(self) -> Draft:
        if self._draft is None:
            newest = self._parent.number if self._parent else 0
            self._draft = self._desk.draft(newest + 1, newest)
        return self._draft

    def _parent_folder(self) -> Path | None:
        """Where the indexes are that this write goes on from; the lock keeps the parent from being pruned."""
        return self._desk.layout.version(self._parent.number) if self._parent is not None else None

    def _is_parents(self, error: CorruptVersion) -> bool:
        """The files that the draft shares with its parent are broken, not those of another version that was read meanwhile."""
        return self._draft is not None and self._parent is not None and error.details["version"] in (None, self._parent.number)

    def _refusals(self) -> AbstractContextManager[None]:
        return refusals(self._desk.layout.data, self._parent.number if self._parent else None)

    def _named(self, graph: str) -> ox.NamedNode:
        name = ox.NamedNode(graph)
        checked(Change(frozenset({ox.Quad(name, name, name, name)})), self._desk)
        return name

    def _difference(self, graph: ox.NamedNode, source: Path) -> Change:
        return difference(self._open().store, graph, source, Room(self._desk.layout.drafts), self._desk.options.small)

    def _make(self, done: Change) -> Change:
        if not done.is_empty:
            merge.apply(self._open().store, done, merging=not self._desk.options.stored_default)
            self._steps.append(done)
            self._desk.options.step("applied")
        return done


def _is_bulk(told: Publication) -> bool:
    """Whether a change leaves tables that are to be rewritten before they are published."""
    size = len(told.change) + len(told.derived)
    return not told.change.is_small or size > max(_MANY, (told.version.quads + told.version.derived) // _SHARE)
