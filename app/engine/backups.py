"""A whole data folder copied while it is served and written to, and put back; not the restoring of an old version's content.

A backup is itself a data folder: ``MAILLAGE_DATA=DEST maillage serve`` serves it. Files that never change are hard-linked where
the file systems allow it, else copied.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from app.engine.clone import WAYS, Way, is_left, share
from app.engine.disk import refusals, sync
from app.engine.layout import Layout, named, numbers
from app.engine.locks import take_lease, write_lock
from app.engine.manifest import Version, read_version
from app.errors import CorruptVersion, FolderRefused, NoStore

_FOLDERS = ("versions", "changes", "pins")
_ALL_WAYS: tuple[Way, ...] = tuple(WAYS.values())


@dataclass(frozen=True)
class Copied:
    """What a backup or a restoration holds; ``linked`` where it shares its files with what it was made of."""

    newest: int
    versions: tuple[int, ...]
    linked: bool


def back_up(layout: Layout, destination: Path, ways: Sequence[Way] = _ALL_WAYS) -> Copied:
    """Copy all versions that are there, all changes, pins and tokens. Writers and readers go on meanwhile.

    The folder appears under its name only once it is whole. Raises :class:`app.errors.FolderRefused` where something is there
    already, :class:`app.errors.NoStore` and :class:`app.errors.StorageFull`.
    """
    destination = destination.absolute()
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise FolderRefused(path=str(destination), reason="not-empty")
    if destination.is_relative_to(layout.data.resolve()):
        raise FolderRefused(path=str(destination), reason="inside")
    draft = destination.with_name(f".{destination.name}.{os.getpid()}")
    with refusals(destination.parent), ExitStack() as held:
        destination.parent.mkdir(parents=True, exist_ok=True)
        held.callback(shutil.rmtree, draft, ignore_errors=True)
        newest, leased = held.enter_context(_leased(layout))
        copied = _copy(layout, Layout(draft), newest, leased, ways)
        if destination.exists():
            destination.rmdir()
        draft.rename(destination)
        sync(destination.parent)
    return copied


@contextmanager
def _leased(layout: Layout) -> Iterator[tuple[int, tuple[int, ...]]]:
    """The newest version, and all that are there and stay while this lasts."""
    with ExitStack() as held:
        while True:
            newest = layout.newest()
            leased = []
            for n in layout.present():
                handle = take_lease(layout.lease(n)) if n <= newest else None
                if handle is not None:
                    held.callback(os.close, handle)
                    leased.append(n)
            if newest in leased:
                yield newest, tuple(leased)
                return
            held.pop_all().close()


def _copy(source: Layout, target: Layout, newest: int, versions: Sequence[int], ways: Sequence[Way]) -> Copied:
    target.create()
    first = ways
    for n in versions:
        ways = _copy_folder(source.version(n), target.version(n), ways)
        target.lease(n).touch()
    for path in sorted(source.changes.iterdir()):
        if path.name[:6].isdigit() and int(path.name[:6]) <= newest:
            ways = share(path, target.changes / path.name, ways)
    for n in numbers(source.pins):
        (target.pins / named(n)).touch()
    for path in source.data.iterdir():
        if path.is_file() and not path.is_symlink() and not path.name.endswith("lock"):
            shutil.copy2(path, target.data / path.name)  # these are written to
    target.point(newest)
    for folder, _, files in os.walk(target.data):
        for name in files:
            if (Path(folder) / name).stat().st_nlink == 1:
                sync(Path(folder) / name)
        sync(Path(folder))
    return Copied(newest, tuple(versions), linked=ways is first and ways[0] is os.link)


def _copy_folder(source: Path, target: Path, ways: Sequence[Way]) -> Sequence[Way]:
    """A version's store, manifest and indexes; each version has a lease of its own."""
    target.mkdir()
    for entry in sorted(source.iterdir()):
        if entry.is_dir():
            ways = _copy_folder(entry, target / entry.name, ways)
        elif entry.name != "lease" and not is_left(entry.name):
            ways = share(entry, target / entry.name, ways)
    return ways


def put_back(source: Path, layout: Layout, base: str, seconds: float, ways: Sequence[Way] = _ALL_WAYS) -> Copied:
    """Make a data folder of a backup. Nothing is served from it until it is whole.

    Raises :class:`app.errors.FolderRefused` where the data folder has a store already or the backup is of another base, and
    :class:`app.errors.CorruptVersion` for a backup that lacks a file or cannot be opened.
    """
    backup = Layout(source.absolute())
    newest = _check(backup, base)
    with refusals(layout.data):
        layout.create()
        with write_lock(layout.lock, seconds):
            if (layout.data / "current").is_symlink():
                raise FolderRefused(path=str(layout.data), reason="has-store")
            draft = layout.drafts / "restoring"
            shutil.rmtree(draft, ignore_errors=True)
            try:
                copied = _copy(backup, Layout(draft), newest, backup.present(), ways)
                _open(Layout(draft).store(newest), newest)
                _move_in(draft, layout)
            finally:
                shutil.rmtree(draft, ignore_errors=True)
    return copied


def _move_in(draft: Path, layout: Layout) -> None:
    """The pointer comes last: what was put in place before it is swept if this stops halfway."""
    for name in _FOLDERS:
        shutil.rmtree(layout.data / name)
        (draft / name).rename(layout.data / name)
    for path in draft.iterdir():
        if path.is_file() and not path.is_symlink():
            path.replace(layout.data / path.name)
    sync(layout.data)
    (draft / "current").rename(layout.data / "current")
    sync(layout.data)


def _check(backup: Layout, base: str) -> int:
    """The newest version of a backup that has all its files."""
    try:
        newest = backup.newest()
    except (NoStore, NotADirectoryError):
        raise FolderRefused(path=str(backup.data), reason="no-backup" if backup.data.is_dir() else "no-folder") from None
    for n in range(1, newest + 1):
        version = _record(backup, n)
        sides = {"added": version.added, "removed": version.removed}
        derived = {"added": version.derived_added, "removed": version.derived_removed}
        for counts, is_derived in ((sides, False), (derived, True)):
            for side, count in counts.items():
                if count and not backup.quads(n, side, derived=is_derived).is_file():
                    raise CorruptVersion(version=n, reason=f"{backup.quads(n, side, derived=is_derived).name}: missing")
    if version.base != base:
        raise FolderRefused(path=str(backup.data), reason="other-base", base=version.base)
    _open(backup.store(newest), newest)
    return newest


def _record(backup: Layout, n: int) -> Version:
    try:
        return read_version(backup.record(n))
    except FileNotFoundError as error:
        raise CorruptVersion(version=n, reason=f"{backup.record(n).name}: missing") from error


def _open(path: Path, n: int) -> None:
    """Raises :class:`app.errors.CorruptVersion` for a store that does not open."""
    try:
        with refusals(path, n):
            next(iter(ox.Store.read_only(str(path))), None)
    except OSError as error:
        raise CorruptVersion(version=n, reason=str(error)) from error
