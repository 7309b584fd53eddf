"""A result on its way to disk: an unlinked file, bounded in rows and bytes; never a cut result."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from app.engine.counting import RowCounter
from app.errors import ResultTooLarge


class Spool:
    """A binary writer that ends the query whose result outgrows its limits.

    As a context manager it closes the file when something fails; otherwise the file is the caller's.
    """

    def __init__(self, folder: Path | None, counter: RowCounter, *, rows: int, size: int) -> None:
        self.file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115  the reader closes it
        self.counter = counter
        self.size = 0
        self._most_rows = rows
        self._most_bytes = size

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if error is not None:
            self.file.close()

    def write(self, piece: bytes) -> int:
        """Raises :class:`app.errors.ResultTooLarge`."""
        self.size += len(piece)
        if self.size > self._most_bytes:
            raise ResultTooLarge(unit="bytes", limit=self._most_bytes)
        self.counter.feed(piece)
        if self.counter.rows > self._most_rows:
            raise ResultTooLarge(unit="rows", limit=self._most_rows)
        left = memoryview(piece)
        while left:
            left = left[self.file.write(left) :]
        return len(piece)

    def flush(self) -> None:
        """Nothing is held back."""

    def rewind(self) -> BinaryIO:
        """The file at its start."""
        self.file.seek(0)
        return io.BufferedReader(self.file)
