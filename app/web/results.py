"""Query results read back for a page: the first rows of TSV or N-Triples as cells; the whole file is never held in memory."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import BinaryIO

from app.terms import compact

SHOWN_ROWS = 500
_LINE_BYTES = 200_000
_CELL_CHARACTERS = 1_000
_TERM = re.compile(
    r"""<(?P<iri>[^<>"{}|^`\\\s]*)>
      | "(?P<text>(?:[^"\\]|\\.)*)"(?:@(?P<language>[A-Za-z0-9-]+)|\^\^<(?P<datatype>[^<>\s]*)>)?
      | (?P<plain>[^\t ]+)""",
    re.VERBOSE | re.DOTALL,
)
_BARE = {
    "xsd:integer": re.compile(r"[+-]?\d+"),
    "xsd:decimal": re.compile(r"[+-]?\d*\.\d+"),
    "xsd:double": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+"),
    "xsd:boolean": re.compile(r"true|false"),
}
"""The datatypes whose values may stand without quotes."""
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_LETTERS = {"t": "\t", "n": "\n", "r": "\r", "b": "\b", "f": "\f"}


@dataclass(frozen=True)
class Cell:
    """One term of a result as it is shown; ``iri`` when it is one."""

    text: str
    iri: str | None = None
    language: str | None = None
    datatype: str | None = None


@dataclass(frozen=True)
class Table:
    """The rows that a page shows; ``complete`` when no row was left out."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    complete: bool


def solutions(body: BinaryIO) -> Table:
    """The first rows of SPARQL results in TSV (SPARQL 1.1 Query Results CSV and TSV Formats §4)."""
    header = _line(body) or ""
    columns = tuple(name.removeprefix("?") for name in header.split("\t") if name)
    rows, complete = _lines(body)
    return Table(columns, tuple(tuple(_cell(part) for part in _split(line, len(columns))) for line in rows), complete)


def triples(body: BinaryIO) -> Table:
    """The first triples of N-Triples."""
    rows, complete = _lines(body)
    cells = (tuple(_cell(term[0]) for term in _TERM.finditer(line.removesuffix(".").rstrip())) for line in rows)
    return Table(("subject", "predicate", "object"), tuple(cells), complete)


def _split(line: str, columns: int) -> list[str]:
    parts = line.split("\t")
    return (parts + [""] * columns)[: max(columns, 1)]


def _lines(body: BinaryIO) -> tuple[list[str], bool]:
    found: list[str] = []
    while len(found) < SHOWN_ROWS:
        line = _line(body)
        if line is None:
            return found, True
        found.append(line)
    return found, _line(body) is None


def _line(body: BinaryIO) -> str | None:
    """The next line, cut at a size that a page can show; the rest of a longer one is skipped."""
    raw = body.readline(_LINE_BYTES)
    rest = raw
    while rest and not rest.endswith(b"\n"):
        rest = body.readline(_LINE_BYTES)
    return raw.decode("utf-8", "replace").rstrip("\r\n") if raw else None


def _cell(term: str) -> Cell:
    match = _TERM.fullmatch(term)
    if match is None:
        return Cell(_cut(term))
    if match["iri"] is not None:
        iri = _unescape(match["iri"])
        return Cell(_cut(compact(iri)), iri=iri)
    if match["text"] is not None:
        datatype = compact(match["datatype"]) if match["datatype"] else None
        return Cell(_cut(_unescape(match["text"])), language=match["language"], datatype=datatype)
    return Cell(_cut(term), datatype=next((name for name, written in _BARE.items() if written.fullmatch(term)), None))


def _unescape(text: str) -> str:
    return _ESCAPE.sub(lambda m: chr(int(m[1] or m[2], 16)) if m[1] or m[2] else _LETTERS.get(m[3], m[3]), text)


def _cut(text: str) -> str:
    return text if len(text) <= _CELL_CHARACTERS else text[:_CELL_CHARACTERS] + "…"
