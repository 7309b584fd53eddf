"""A result on its way out: bytes in hand, or a file without a name, bounded in rows and bytes; never a cut result.

A few bytes need no file, a small result is a file in memory (memfd_create(2), 8 µs instead of 50), a larger one goes to disk.
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

IN_HAND = 32 * 1024
"""What is passed on as bytes: less than making a file, handing it over and reading it takes."""

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
        self._in_memory = False
        self._file: io.BytesIO | io.FileIO = io.BytesIO()

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
        if self.size > IN_HAND and isinstance(self._file, io.BytesIO):
            self._in_memory = hasattr(os, "memfd_create") and self.size <= self._small
            self._move_to(_in_memory() if self._in_memory else _on_disk(self._folder))
        if self._in_memory and self.size > self._small:
            self._in_memory = False
            self._move_to(_on_disk(self._folder))
        left = memoryview(piece)
        while left:
            left = left[self._file.write(left) :]
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def rewind(self) -> BinaryIO:
        """The result at its start."""
        self._file.seek(0)
        return self._file if isinstance(self._file, io.BytesIO) else io.BufferedReader(self._file)

    def _move_to(self, file: io.FileIO) -> None:
        with self._file as held:
            self._file = file
            held.seek(0)
            shutil.copyfileobj(held, self._file)


def _in_memory() -> io.FileIO:
    return io.FileIO(os.memfd_create("result"), "r+")


def _on_disk(folder: Path | None) -> io.FileIO:
    return tempfile.TemporaryFile(dir=folder, buffering=0)
