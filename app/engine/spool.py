"""A result on its way out: a file without a name, bounded in rows and bytes; never a cut result.

A small result stays in memory (memfd_create(2), 8 µs instead of 50), a larger one goes to disk.
"""

from __future__ import annotations

import io
import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.engine.counting import RowCounter
from app.errors import ResultTooLarge

SMALL = {"public": 256 * 1024, "page": 8 * 1024 * 1024}
"""What stays in memory, by lane: our own pages are answered although the disk is full."""


class Spool:
    """A binary writer that ends the query whose result outgrows its limits.

    As a context manager it closes the file when something fails; otherwise the file is the caller's.
    """

    def __init__(self, folder: Path | None, counter: RowCounter, *, rows: int, size: int, small: int) -> None:
        self._small = small
        self.counter = counter
        self.size = 0
        self._folder = folder
        self._most_rows = rows
        self._most_bytes = size
        self._in_memory = hasattr(os, "memfd_create")
        self._file = _in_memory() if self._in_memory else _on_disk(folder)

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self._file.close()

    def write(self, piece: bytes) -> int:
        """Raises :class:`app.errors.ResultTooLarge`."""
        self.size += len(piece)
        if self.size > self._most_bytes:
            raise ResultTooLarge(unit="bytes", limit=self._most_bytes)
        self.counter.feed(piece)
        if self.counter.rows > self._most_rows:
            raise ResultTooLarge(unit="rows", limit=self._most_rows)
        if self._in_memory and self.size > self._small:
            self._move_to_disk()
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def rewind(self) -> BinaryIO:
        """The file at its start."""
        self._file.seek(0)
        return io.BufferedReader(self._file)

    def _move_to_disk(self) -> None:
        self._in_memory = False
        with self._file as held:
            self._file = _on_disk(self._folder)
            held.seek(0)
            shutil.copyfileobj(held, self._file)


def _in_memory() -> io.FileIO:
    return io.FileIO(os.memfd_create("result"), "r+")


def _on_disk(folder: Path | None) -> io.FileIO:
    return tempfile.TemporaryFile(dir=folder, buffering=0)
