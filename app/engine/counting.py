"""Rows of a serialised result, counted on its bytes as they pass; no row is parsed, and none becomes a Python object.

Exact for what the engine writes (compact JSON, one separator for rows in each format), not for any document of these formats.
"""

from __future__ import annotations

from typing import Protocol


class RowCounter(Protocol):
    """Counts the rows of one result whose bytes come in pieces, cut anywhere."""

    rows: int

    def feed(self, piece: bytes) -> None: ...


class NoRows:
    """For what is one value (ASK) or is counted elsewhere."""

    def __init__(self, rows: int = 0) -> None:
        self.rows = rows

    def feed(self, piece: bytes) -> None:
        pass


class XmlRows:
    """``<result>`` elements; text cannot hold one, since its ``<`` is escaped."""

    _MARK = b"<result>"

    def __init__(self) -> None:
        self.rows = 0
        self._tail = b""

    def feed(self, piece: bytes) -> None:
        seen = self._tail + piece
        self.rows += seen.count(self._MARK)
        self._tail = seen[1 - len(self._MARK) :]


class LineRows:
    """Lines after ``heading`` ones; for TSV and N-Triples, which escape the line ends in their terms."""

    def __init__(self, heading: int = 0) -> None:
        self.rows = 0
        self._heading = heading
        self._lines = 0

    def feed(self, piece: bytes) -> None:
        self._lines += piece.count(b"\n")
        self.rows = max(0, self._lines - self._heading)


class CsvRows:
    """Lines outside quotes, after the header; a doubled quote leaves and enters again."""

    def __init__(self) -> None:
        self.rows = 0
        self._lines = 0
        self._quoted = False

    def feed(self, piece: bytes) -> None:
        parts = piece.split(b'"')
        self._lines += sum(part.count(b"\n") for part in parts[self._quoted :: 2])
        self._quoted ^= len(parts) % 2 == 0
        self.rows = max(0, self._lines - 1)


class JsonRows:
    """Bindings: outside strings the engine writes ``[{`` before the first one only, and ``},{`` between two only.

    Without escapes and plain letters, an ordinary string is two quotes side by side; only what is left needs a second look.
    """

    _PLAIN = bytes(set(range(256)) - set(b'"{}[],:'))

    def __init__(self) -> None:
        self.rows = 0
        self._held = b""
        self._quoted = False
        self._tail = b""
        self._separators = 0
        self._begun = False

    def feed(self, piece: bytes) -> None:
        marks = self._unescaped(piece).translate(None, self._PLAIN)
        if self._quoted:
            _, closed, marks = marks.partition(b'"')
            if not closed:
                return
        parts = marks.replace(b'""', b"").split(b'"')
        self._quoted = len(parts) % 2 == 0
        outside = self._tail + b'"'.join(parts[::2])
        self._separators += outside.count(b"},{")
        self._begun = self._begun or b"[{" in outside
        self._tail = outside[-2:]
        self.rows = self._separators + self._begun

    def _unescaped(self, piece: bytes) -> bytes:
        """The piece without escaped quotes and backslashes; an escape that is cut waits for its second half."""
        seen = self._held + piece
        cut = len(seen) - (len(seen) - len(seen.rstrip(b"\\"))) % 2
        self._held = seen[cut:]
        return seen[:cut].replace(b"\\\\", b"").replace(b'\\"', b"")
