"""The two locks of the data folder: one writer at a time, and readers that keep a version from being pruned.

Both are ``flock(2)`` on a file: they hold between processes and threads, and end with the process however it ends.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.errors import WriterBusy

_PAUSES = (0.001, 0.005, 0.02)
"""Seconds between two tries for the write lock; the last one repeats."""


@contextmanager
def write_lock(path: Path, seconds: float) -> Iterator[None]:
    """Be the only writer, after waiting so long at most. Raises :class:`app.errors.WriterBusy`."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o664)
    try:
        _lock_within(handle, seconds)
        yield
    finally:
        os.close(handle)


def _lock_within(handle: int, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    tries = 0
    while not _try_lock(handle, fcntl.LOCK_EX):
        if time.monotonic() >= deadline:
            raise WriterBusy(seconds=seconds)
        time.sleep(_PAUSES[min(tries, len(_PAUSES) - 1)])
        tries += 1


def _try_lock(handle: int, mode: int) -> bool:
    try:
        fcntl.flock(handle, mode | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def take_lease(path: Path) -> int | None:
    """A handle that shares a version's lease until it is closed; None where the version is not there (any more).

    Between opening the file and locking it, pruning may have moved the version away: what was locked must still be what
    the path names.
    """
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
        if os.path.samestat(os.fstat(handle), os.stat(path)):  # noqa: PTH116 - compared with fstat's answer
            return handle
    except FileNotFoundError:
        pass
    os.close(handle)
    return None


@contextmanager
def unused(path: Path) -> Iterator[bool]:
    """Whether nobody holds a lease, and while this lasts nobody can take it."""
    try:
        handle = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        yield True
        return
    try:
        yield _try_lock(handle, fcntl.LOCK_EX)
    finally:
        os.close(handle)
