"""Has the system read a version's files from the disk before somebody waits for them; opens nothing and keeps nothing.

After a machine has started, each first page of a large version would wait for some hundred small reads: measured on 8.5 million
quads, 20 ms for the names on one page instead of 3.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from app.engine.memory import available

_SHARE = 2
"""At most half of the memory that is free is filled so; the system takes it back as soon as a process wants it."""


def begin(folder: Path) -> None:
    """Reads a version's folder ahead, in a thread that no stop waits for."""
    if hasattr(os, "posix_fadvise"):  # Linux has it, macOS has not
        threading.Thread(target=lambda: read_ahead(folder, available() // _SHARE), name="read-ahead", daemon=True).start()


def read_ahead(folder: Path, most: int) -> int:
    """Asks for the files of a folder, the small ones first, until the next would make it more than ``most`` bytes; how many bytes
    were asked for. A file that goes meanwhile is left out."""
    asked = 0
    for size, path in sorted(_files(folder)):
        if asked + size > most:
            break
        with suppress(OSError):
            _ask_for(path)
            asked += size
    return asked


def _files(folder: Path) -> Iterator[tuple[int, Path]]:
    for path in folder.rglob("*"):
        with suppress(OSError):
            if path.is_file():
                yield path.stat().st_size, path


def _ask_for(path: Path) -> None:
    """See ``posix_fadvise(2)``: the system begins to read, and this does not wait for it."""
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_WILLNEED)
    finally:
        os.close(descriptor)
