"""A file as the parser reads it: line by line, so that its place is known, and never more bytes than allowed; no RDF."""

from __future__ import annotations

import gzip
import zlib
from typing import IO, cast

from app.errors import SyntaxRefused, UnreadableInput
from app.ingest.documents import Document

_MARK = b"\xef\xbb\xbf"
_DOCTYPE = b"<!doctype"


class Lines:
    """Hands out one line at each ``read``; ``line`` is the number of the one handed out last, ``size`` the bytes so far.

    A parser that asks for its next bytes only when it needs them has thus just read ``line`` when it tells a statement. A line
    longer than what is asked for comes in pieces. ``without_doctype`` is for RDF/XML: a DOCTYPE may define entities that grow
    without bound, so a document that holds one is refused. Raises :class:`app.errors.InputError` from ``read``.
    """

    def __init__(self, document: Document, *, most: int, without_doctype: bool = False) -> None:
        self.document = document
        self.line = 0
        self.size = 0
        self._most = most
        self._without_doctype = without_doctype
        self._tail = b""
        self._whole = True
        self._raw = document.path.open("rb")
        self._file = cast(IO[bytes], gzip.GzipFile(fileobj=self._raw)) if document.gzipped else self._raw

    @property
    def done(self) -> int:
        """Bytes of the file (packed or not) that were read."""
        return self._raw.tell()

    def read(self, size: int = -1) -> bytes:
        piece = self._piece(size)
        self.line += self._whole and bool(piece)
        self._whole = piece.endswith(b"\n")
        self.size += len(piece)
        if self.size > self._most:
            raise UnreadableInput(path=self.document.name, reason="too-large", megabytes=self._most // 1_000_000)
        if self._without_doctype:
            self._look_for_doctype(piece)
        return piece.removeprefix(_MARK) if self.line == 1 else piece

    def close(self) -> None:
        self._file.close()
        self._raw.close()

    def _piece(self, size: int) -> bytes:
        try:
            piece = self._file.readline(size)
            if self.size == 0 and piece == _MARK:  # nothing would mean the end
                self.size += len(_MARK)
                return self._file.readline(size)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise UnreadableInput(path=self.document.name, reason="broken-gzip") from error
        return piece

    def _look_for_doctype(self, piece: bytes) -> None:
        if _DOCTYPE in (self._tail + piece).lower():
            raise SyntaxRefused(path=self.document.name, line=self.line, column=None, reason="doctype")
        self._tail = piece[-len(_DOCTYPE) :]
