"""What the data folder's file system can do, and what it refuses; knows nothing of versions."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.errors import CorruptVersion, StorageFull

FICLONE = 0x40049409
"""``ioctl_ficlone(2)``: a copy that shares its blocks until one of both is written."""

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM}
_FULL_TEXTS = ("No space left", "quota exceeded", "File too large", "Read-only file system", "Permission denied")
MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Probe:
    """What was found to work in a folder."""

    hard_link: bool
    reflink: bool
    rename: bool
    lock: bool
    owner: bool

    @property
    def clone(self) -> str:
        """The cheapest way to clone a file: ``link``, ``reflink`` or ``copy``."""
        return "link" if self.hard_link else "reflink" if self.reflink else "copy"

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"clone": self.clone}


def probe(folder: Path) -> Probe:
    """Try on two small files what publishing needs. Raises :class:`app.errors.StorageFull` where none can be written."""
    with refusals(folder), TemporaryDirectory(dir=folder, prefix="probe-") as name:
        first, second = Path(name) / "first", Path(name) / "second"
        first.write_bytes(b"probe")
        return Probe(
            hard_link=_works(os.link, first, Path(name) / "link"),
            reflink=_works(reflink, first, Path(name) / "reflink"),
            rename=_works(os.replace, first, second),
            lock=_works(_lock_exclusively, second),
            owner=second.stat().st_uid == folder.stat().st_uid,
        )


def _works(act: Any, *paths: Path) -> bool:
    try:
        act(*paths)
    except OSError:
        return False
    return True


def _lock_exclusively(path: Path) -> None:
    with path.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def reflink(source: Path, target: Path) -> None:
    """Copy by sharing blocks. Raises ``OSError`` where the file system cannot."""
    with source.open("rb") as old, target.open("wb") as new:
        try:
            fcntl.ioctl(new.fileno(), FICLONE, old.fileno())
        except OSError:
            target.unlink()
            raise


def sync(path: Path) -> None:
    """Have a file's content, or a folder's names, on the disk before going on (``fsync(2)``)."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_all(paths: Sequence[Path]) -> None:
    """Have files and folders on the disk, all at once: a file system with a journal writes it once for many waiters."""
    with ThreadPoolExecutor(min(len(paths), 8)) as threads:
        for done in [threads.submit(sync, path) for path in paths]:
            done.result()


def free_bytes(folder: Path) -> int:
    """What may still be written into a folder's file system."""
    return shutil.disk_usage(folder).free


def require_room(folder: Path, needed: int) -> None:
    """Raises :class:`app.errors.StorageFull` where fewer bytes than ``needed`` are free."""
    free = free_bytes(folder)
    if free < needed:
        raise StorageFull(path=str(folder), reason=f"{free // MEGABYTE} MB < {needed // MEGABYTE} MB")


@contextmanager
def refusals(path: Path, version: int | None = None) -> Iterator[None]:
    """Turn what the system or the engine says of a full disk or of broken files into the service's errors.

    The engine reports a full disk as an ``OSError`` without number, and broken files as a ``RuntimeError``.
    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or any(text in str(error) for text in _FULL_TEXTS):
            raise StorageFull(path=str(path), reason=error.strerror or str(error)) from error
        raise
    except RuntimeError as error:
        if str(error).startswith("Corruption"):
            raise CorruptVersion(version=version, reason=str(error).partition("  ")[0]) from error
        raise
