"""Has an entity's literals vanish from every version and change of a data folder, as the law lets a person ask.

Versions are immutable and share files, and the engine keeps texts that nothing states any more: so the first version that had one
is made anew from the changes, and each later one from the one before it. Nothing of the old files is used.
"""

from __future__ import annotations

import shutil
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from app.engine.changes import Change
from app.engine.clone import clone_store, share
from app.engine.composition import compose
from app.engine.desk import Desk
from app.engine.disk import refusals, sync, sync_all
from app.engine.erasing import SIDES, Subjects, subjects_of, without
from app.engine.history import History
from app.engine.indexing import write_indexes
from app.engine.layout import Layout
from app.engine.manifest import Version, now
from app.engine.publication import place
from app.engine.shelf import Shelf
from app.engine.swap import Plan, commit, resume, staging
from app.errors import VersionInUse

MESSAGE = "effacement de données"


@dataclass(frozen=True)
class Erased:
    """What an erasure did: how many statements of how many versions; ``waiting`` are versions that someone still reads, and that
    the next write replaces; ``shared`` parts were left, since other entities have them too."""

    statements: int
    shared: int = 0
    versions: tuple[int, ...] = ()
    published: int | None = None
    waiting: tuple[int, ...] = ()


@dataclass(frozen=True)
class _Dropped:
    """How many lines each version's change files lost, by side."""

    counts: dict[int, dict[tuple[str, bool], int]]

    @property
    def total(self) -> int:
        return sum(sum(sides.values()) for sides in self.counts.values())

    def of(self, n: int, side: str, derived: bool) -> int:
        return self.counts.get(n, {}).get((side, derived), 0)


def erase(desk: Desk, iri: str, author: str, about: Collection[str], seconds: float) -> Erased:
    """Erase, and wait so long for readers of the old versions.

    Raises as a write does, and :class:`app.errors.VersionInUse` where an earlier erasure still waits for a reader.
    """
    with desk.locked(), refusals(desk.layout.data):
        unfinished = resume(desk.layout, seconds)
        if unfinished:
            raise VersionInUse(version=unfinished[0])
        newest = desk.layout.newest()
        subjects = subjects_of(desk.layout, newest, iri, f"{desk.base}id/node/", about)
        fresh = staging(desk.layout)
        try:
            plan = _prepare(desk, fresh, newest, subjects, author)
        except BaseException:
            shutil.rmtree(fresh.data, ignore_errors=True)
            raise
        if plan is None:
            shutil.rmtree(fresh.data)
            return Erased(0, subjects.shared)
        commit(desk.layout, plan)
        desk.options.step("committed")
        waiting = resume(desk.layout, seconds)
    return Erased(plan.statements, subjects.shared, plan.versions, plan.published, waiting)


def _prepare(desk: Desk, fresh: Layout, newest: int, subjects: Subjects, author: str) -> Plan | None:
    """Everything that is to come into place, on the disk; None where there is nothing to erase."""
    fresh.create()
    dropped = _rewrite_changes(desk, fresh, newest, subjects)
    if not dropped.counts:
        return None
    first = min(dropped.counts)
    _rewrite_records(desk, fresh, newest, dropped)
    desk.options.step("changes")
    affected = tuple(n for n in desk.layout.present() if n >= first)
    fresh.point(newest)
    before = max((n for n in desk.shelf.good() if n < first), default=None)
    if before is not None:
        _link(desk, fresh, before)
    staged = _staged(desk, fresh)
    for n in affected:
        _rewrite(staged, n, n, staged.history.version(n), before)
        before = n
        desk.options.step("rewritten")
    published = _last(staged, newest, author)
    _rewrite(staged, published.number, newest, published, newest)
    sync_all([path for path in _all(fresh.changes) if path.stat().st_nlink == 1 or path.is_dir()])
    emptied = [_name(fresh, n, *side) for n in dropped.counts for side in SIDES if _is_emptied(desk, n, dropped, *side)]
    return Plan(affected, tuple(emptied), published.number, dropped.total, author, now())


def _rewrite_changes(desk: Desk, fresh: Layout, newest: int, subjects: Subjects) -> _Dropped:
    counts: dict[int, dict[tuple[str, bool], int]] = {}
    for n in range(1, newest + 1):
        for side, derived in SIDES:
            source = desk.layout.quads(n, side, derived=derived)
            gone = without(source, fresh.changes / source.name, subjects.iris)
            if gone:
                counts.setdefault(n, {})[side, derived] = gone
    return _Dropped(counts)


def _is_emptied(desk: Desk, n: int, dropped: _Dropped, side: str, derived: bool) -> bool:
    version = desk.history.version(n)
    had: int = getattr(version, f"derived_{side}" if derived else side)
    return had > 0 and had == dropped.of(n, side, derived)


def _name(layout: Layout, n: int, side: str, derived: bool) -> str:
    return layout.quads(n, side, derived=derived).name


def _rewrite_records(desk: Desk, fresh: Layout, newest: int, dropped: _Dropped) -> None:
    """The manifests, with the counts of what is left; change files that are as they were are linked, empty ones left out."""
    quads = derived_quads = 0
    for n in range(1, newest + 1):
        version = desk.history.version(n)
        quads += dropped.of(n, "added", False) - dropped.of(n, "removed", False)
        derived_quads += dropped.of(n, "added", True) - dropped.of(n, "removed", True)
        told = replace(
            version,
            added=version.added - dropped.of(n, "added", False),
            removed=version.removed - dropped.of(n, "removed", False),
            derived_added=version.derived_added - dropped.of(n, "added", True),
            derived_removed=version.derived_removed - dropped.of(n, "removed", True),
            quads=version.quads - quads,
            derived=version.derived - derived_quads,
        )
        fresh.record(n).write_text(told.to_json(), encoding="utf-8")
        for side, derived in SIDES:
            source, target = desk.layout.quads(n, side, derived=derived), fresh.quads(n, side, derived=derived)
            if _is_emptied(desk, n, dropped, side, derived):
                target.unlink()
            elif source.is_file() and not target.is_file():
                share(source, target, desk.ways)


def _link(desk: Desk, fresh: Layout, n: int) -> None:
    """A version that never held what is erased, to start from."""
    fresh.version(n).mkdir()
    clone_store(desk.layout.store(n), fresh.store(n), desk.ways)
    for index in desk.indexes:
        if (desk.layout.version(n) / index.name).is_dir():
            shutil.copytree(desk.layout.version(n) / index.name, fresh.version(n) / index.name)
    fresh.lease(n).touch()


def _staged(desk: Desk, fresh: Layout) -> Desk:
    """The same desk over the folder where the erasure is prepared."""
    history = History(fresh, desk.options.small)
    return replace(desk, layout=fresh, history=history, shelf=Shelf(fresh, history), gate=None, rules=None)


def _rewrite(staged: Desk, number: int, content: int, version: Version, before: int | None) -> None:
    """Version ``number`` with the content of version ``content``, made from version ``before`` or from nothing."""
    draft = staged.draft(number, content)
    try:
        change, derived = _steps(staged, before, content) if before is not None else (Change(), Change())
        parent = staged.layout.version(before) if before is not None else None
        indexed = write_indexes(staged.indexes, draft.folder, parent, draft, change, derived)
        settled = [*draft.settle(compact=before is None), *indexed]
        sync_all(place(staged.layout, draft.folder, version, settled))
    finally:
        draft.discard()


def _steps(staged: Desk, before: int, after: int) -> tuple[Change, Change]:
    """What changed between two versions in source graphs, and in the derived graph."""
    numbers = range(before + 1, after + 1)
    source, derived = (
        compose([staged.history.change(n, derived=kind) for n in numbers], staged.layout.drafts, staged.options.small)
        for kind in (False, True)
    )
    return source, derived


def _last(staged: Desk, newest: int, author: str) -> Version:
    """A version with the same statements as the newest, so that readers leave that one."""
    version = replace(
        staged.history.version(newest),
        number=newest + 1,
        created=now(),
        author=author,
        message=MESSAGE,
        parent=newest,
        restored_from=None,
        added=0,
        removed=0,
        derived_added=0,
        derived_removed=0,
        warnings=0,
        graphs=(),
    )
    path = staged.layout.record(version.number)
    path.write_text(version.to_json(), encoding="utf-8")
    sync(path)
    return version


def _all(folder: Path) -> Iterator[Path]:
    yield folder
    yield from folder.iterdir()
