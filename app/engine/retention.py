"""Which versions stay whole and which leave only their change; and the sweeping of what killed writers left."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Thread

from app.engine.layout import Layout, named, numbers
from app.engine.locks import unused
from app.engine.rule import Retention


@dataclass(frozen=True)
class Pruned:
    """What pruning did: versions removed, and those that it left because they are pinned or being read."""

    removed: tuple[int, ...] = ()
    pinned: tuple[int, ...] = ()
    in_use: tuple[int, ...] = ()


def prune(
    layout: Layout, keep: Retention, moment: Callable[[int], datetime], spare: frozenset[int], most: int | None = None
) -> Pruned:
    """Remove the files of the versions that the rule does not keep; pinned ones, ``spare`` and those under a lease stay.

    ``moment`` tells when a version was published; ``most`` bounds how many are removed in one go. The caller holds the lock.
    """
    present = layout.present()
    staying = keep.staying({n: moment(n) for n in present})
    old = [n for n in present if n not in staying]
    pinned = set(numbers(layout.pins))
    removed: list[int] = []
    in_use: list[int] = []
    for n in old:
        if n in pinned or n in spare or (most is not None and len(removed) >= most):
            continue
        (removed if take_away(layout, n) else in_use).append(n)
    return Pruned(tuple(removed), tuple(sorted(pinned & set(old))), tuple(in_use))


def take_away(layout: Layout, n: int) -> bool:
    """Move a version to the trash unless someone reads it. It leaves ``versions/`` in one step, so no reader sees half of it."""
    with unused(layout.lease(n)) as free:
        if free:
            layout.version(n).rename(layout.trash / f"{named(n)}-{secrets.token_hex(4)}")
    return free


def empty_trash(layout: Layout) -> None:
    """Delete what was pruned. Any number of processes may do so at once, with or without the lock."""
    with suppress(FileNotFoundError):  # the data folder itself was deleted meanwhile
        for entry in layout.trash.iterdir():
            shutil.rmtree(entry, ignore_errors=True)


def empty_trash_later(layout: Layout) -> None:
    """Delete what was pruned without having the writer wait: a version's own files take 4 ms each. A process ends after it."""
    if any(layout.trash.iterdir()):
        Thread(target=empty_trash, args=(layout,), name="empty-trash").start()


def sweep(layout: Layout, newest: int) -> None:
    """Remove what writers left that were killed before they swung the pointer. The caller holds the write lock."""
    for entry in layout.drafts.iterdir():
        _remove(entry)
    for n in numbers(layout.versions):
        if n > newest:
            _remove(layout.version(n))
    after = newest + 1
    sides = (layout.quads(after, side, derived=derived) for side in ("added", "removed") for derived in (False, True))
    for path in (*sides, layout.gone(after), layout.subjects(after), layout.record(after)):
        path.unlink(missing_ok=True)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()
