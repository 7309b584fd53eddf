"""Copies an engine's folder in a moment: its big files never change, so both folders can share them."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.engine.disk import reflink, sync

Way = Callable[[Path, Path], object]

WAYS: Mapping[str, Way] = {"link": os.link, "reflink": reflink, "copy": shutil.copyfile}
"""From the cheapest to the surest."""

_CANNOT = {errno.EPERM, errno.EXDEV, errno.EMLINK, errno.EOPNOTSUPP, errno.ENOTTY, errno.EINVAL, errno.EACCES, errno.ENOSYS}
"""Answers that mean "not this way": another owner's file, another file system, too many links, no such feature."""

_OWN = ("LOCK", "LOG")
"""Files that belong to one open engine."""


def clone_store(source: Path, target: Path, ways: Sequence[Way]) -> None:
    """Make ``target`` the same store as ``source``, which must not change meanwhile.

    Tables (``*.sst``) are written once and shared in the first of ``ways`` that works, the rest is copied: the engine
    appends to its log and manifest, and reuses old logs.
    """
    target.mkdir()
    for entry in os.scandir(source):
        if entry.name.endswith(".sst"):
            ways = _share(Path(entry.path), target / entry.name, ways)
        elif not entry.name.startswith(_OWN):
            shutil.copyfile(entry.path, target / entry.name)


def _share(source: Path, target: Path, ways: Sequence[Way]) -> Sequence[Way]:
    """Clone one file, and tell the ways that are left to try for the next one."""
    for tried, way in enumerate(ways):
        try:
            way(source, target)
        except OSError as error:
            if error.errno not in _CANNOT or tried == len(ways) - 1:
                raise
        else:
            return ways[tried:]
    raise ValueError("no way to clone a file")


def sync_store(folder: Path) -> None:
    """Have a closed store on the disk: what it does not share with an earlier version, then its names."""
    for entry in os.scandir(folder):
        if not entry.name.startswith(_OWN) and entry.stat().st_nlink == 1:
            sync(Path(entry.path))
    sync(folder)


def drop_leftovers(folder: Path) -> None:
    """Remove what a closed engine leaves that no later one reads."""
    for entry in os.scandir(folder):
        if entry.name.startswith("LOG") or entry.name == "LOCK":
            Path(entry.path).unlink()
