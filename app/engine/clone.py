"""Copies an engine's folder in a moment, and files of indexes: the big ones never change, so both folders can share them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.engine.disk import reflink

Way = Callable[[Path, Path], object]
Mark = tuple[int, int, int, int]

WAYS: Mapping[str, Way] = {"link": os.link, "reflink": reflink, "copy": shutil.copyfile}
"""From the cheapest to the surest."""

_CANNOT = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOTTY, errno.EINVAL, errno.EACCES, errno.ENOSYS}
"""Answers that mean "not this way": another owner's file, another file system, too many links, no such feature."""

_LEFT = ("LOCK", "LOG", "OPTIONS-")
"""First letters of the files that an engine leaves and that no later one reads."""


def clone_store(source: Path, target: Path, ways: Sequence[Way]) -> None:
    """Make ``target`` the same store as ``source``, which must not change meanwhile.

    Tables (``*.sst``) are written once and shared in the first of ``ways`` that works; its own manifest and the pointer to
    it, a few kB, are copied, for the engine appends to them.
    """
    target.mkdir()
    for entry in list(os.scandir(source)):
        if entry.name.endswith(".sst") or entry.name == "IDENTITY":
            ways = share(Path(entry.path), target / entry.name, ways)
        elif not is_left(entry.name):
            shutil.copyfile(entry.path, target / entry.name)


def share(source: Path, target: Path, ways: Sequence[Way] = tuple(WAYS.values())) -> Sequence[Way]:
    """Clone one file that never changes again, and tell the ways that are left to try for the next one.

    Raises ``OSError`` for what no other way mends, such as a full disk.
    """
    for tried, way in enumerate(ways):
        try:
            way(source, target)
        except OSError as error:
            if error.errno not in _CANNOT or tried == len(ways) - 1:
                raise
        else:
            return ways[tried:]
    raise ValueError("no way to clone a file")


def mark(path: Path) -> Mark | None:
    """What tells a file from any other, under all of its names; None for one that is not there."""
    try:
        found = os.stat(path)  # noqa: PTH116  all fields of one moment
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino, found.st_mtime_ns, found.st_size


def drop_leftovers(folder: Path) -> None:
    """Remove what a closed engine leaves that no later one reads. It has flushed, so its write-ahead logs are empty of news."""
    for entry in os.scandir(folder):
        if is_left(entry.name):
            os.unlink(entry.path)  # noqa: PTH108


def is_left(name: str) -> bool:
    return name.startswith(_LEFT) or name.endswith(".log")


def unsynced(folder: Path, *, all_new: bool) -> list[Path]:
    """What is to be synced of a closed store: the folder's names, and its small files.

    The engine syncs its tables as it writes them; ``all_new`` has those of a bulk change synced once more, where it costs little.
    """
    entries = [entry for entry in os.scandir(folder) if entry.stat().st_nlink == 1]
    return [folder, *(Path(entry.path) for entry in entries if all_new or not entry.name.endswith(".sst"))]
