"""Putting rewritten versions in the place of the old ones, so that a stop at any moment is gone on from; not the rewriting.

``erasing/`` holds what is to come into place, and ``erasing/plan.json`` once all of it is on the disk. Whoever next takes the
write lock goes on from there; without the plan, the folder is thrown away.
"""

from __future__ import annotations

import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from app.engine.disk import sync
from app.engine.layout import Layout, named, numbers
from app.engine.retention import empty_trash, take_away

_PAUSE = 0.05


@dataclass(frozen=True)
class Plan:
    """What comes into place: rewritten ``versions``, ``emptied`` change files to delete, the version that is ``published``."""

    versions: tuple[int, ...]
    emptied: tuple[str, ...]
    published: int
    statements: int
    author: str
    moment: str


def staging(layout: Layout) -> Layout:
    """Where an erasure is prepared: laid out like a data folder."""
    return Layout(layout.data / "erasing")


def commit(layout: Layout, plan: Plan) -> None:
    """From here on the erasure will be finished, whatever happens. The caller has synced what is to come into place."""
    folder = staging(layout).data
    draft = folder / "plan.draft"
    draft.write_text(json.dumps(asdict(plan)), encoding="utf-8")
    sync(draft)
    draft.rename(folder / "plan.json")
    sync(folder)
    sync(layout.data)


def resume(layout: Layout, seconds: float = 0.0) -> tuple[int, ...]:
    """Finish what was committed, or throw away what was not. The caller holds the write lock.

    The old versions that someone still reads after ``seconds`` are told; they are replaced by whoever next takes the lock. Other
    processes are told twice to read anew: when nothing can be rebuilt any more, and when versions were replaced, since they may
    have opened an old one in between.
    """
    fresh = staging(layout)
    plan = _plan(fresh)
    if plan is None:
        shutil.rmtree(fresh.data, ignore_errors=True)
        return ()
    _replace_changes(layout, fresh, plan)
    _publish(layout, fresh, plan)
    waiting = _replace_versions(layout, fresh, plan, seconds)
    layout.tell_erased()
    if not waiting:
        shutil.rmtree(fresh.data)
    empty_trash(layout)
    return waiting


def _plan(fresh: Layout) -> Plan | None:
    try:
        told = json.loads((fresh.data / "plan.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return Plan(**{**told, "versions": tuple(told["versions"]), "emptied": tuple(told["emptied"])})


def _replace_changes(layout: Layout, fresh: Layout, plan: Plan) -> None:
    """The changes first: nothing can be rebuilt with what is erased any more. The log tells other processes to read anew."""
    done = fresh.data / "changes-replaced"
    if done.exists():
        return
    for path in list(fresh.changes.iterdir()):
        path.replace(layout.changes / path.name)
        path.unlink(missing_ok=True)  # two names of one file: replacing does nothing
    for name in plan.emptied:
        (layout.changes / name).unlink(missing_ok=True)
    sync(layout.changes)
    for n in numbers(layout.data / "dumps"):
        if n >= min(plan.versions, default=plan.published):
            shutil.rmtree(layout.data / "dumps" / named(n), ignore_errors=True)
    _log(layout, plan)
    done.touch()
    sync(fresh.data)


def _log(layout: Layout, plan: Plan) -> None:
    """That something was erased, not what."""
    told = {"time": plan.moment, "author": plan.author, "statements": plan.statements, "versions": len(plan.versions)}
    with layout.erasures.open("a", encoding="utf-8") as log:
        log.write(json.dumps(told, ensure_ascii=False) + "\n")
    sync(layout.erasures)


def _publish(layout: Layout, fresh: Layout, plan: Plan) -> None:
    """The newest version is served next, so that readers leave the old ones."""
    if fresh.version(plan.published).exists():
        fresh.version(plan.published).rename(layout.version(plan.published))
        sync(layout.versions)
    if layout.newest() < plan.published:
        layout.point(plan.published)
        sync(layout.data)


def _replace_versions(layout: Layout, fresh: Layout, plan: Plan, seconds: float) -> tuple[int, ...]:
    waiting = [n for n in plan.versions if fresh.version(n).exists()]
    deadline = time.monotonic() + seconds
    while True:
        waiting = [n for n in waiting if not _replace_version(layout, fresh, n)]
        if not waiting or time.monotonic() >= deadline:
            return tuple(waiting)
        time.sleep(_PAUSE)


def _replace_version(layout: Layout, fresh: Layout, n: int) -> bool:
    """Whether the old files are gone and the new ones in place. Where a stop left neither, the new ones are still to come."""
    old: Path = layout.version(n)
    if old.exists() and not take_away(layout, n):
        return False
    fresh.version(n).rename(old)
    sync(layout.versions)
    shutil.rmtree(layout.data / "dumps" / named(n), ignore_errors=True)  # who made one since was a reader, and has ended
    (layout.damaged / named(n)).unlink(missing_ok=True)
    return True
