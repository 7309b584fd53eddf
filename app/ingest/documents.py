"""Which RDF format a file is in, by its suffix, else by its first bytes; nothing is parsed."""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from app.errors import UnreadableInput

SUFFIXES: dict[str, ox.RdfFormat] = {
    "ttl": ox.RdfFormat.TURTLE,
    "turtle": ox.RdfFormat.TURTLE,
    "trig": ox.RdfFormat.TRIG,
    "nt": ox.RdfFormat.N_TRIPLES,
    "nq": ox.RdfFormat.N_QUADS,
    "rdf": ox.RdfFormat.RDF_XML,
    "owl": ox.RdfFormat.RDF_XML,
    "xml": ox.RdfFormat.RDF_XML,
    "jsonld": ox.RdfFormat.JSON_LD,
    "json": ox.RdfFormat.JSON_LD,
    "n3": ox.RdfFormat.N3,
}
"""What each suffix means; also the names by which a format can be asked for."""

_HEAD = 64 * 1024
GZIP = b"\x1f\x8b"
_PACKED = (b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"(\xb5/\xfd", b"\xd0\xcf\x11\xe0")
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)
_XML = re.compile(rb"\s*<(?:\?xml|!--|[A-Za-z][\w.-]*:RDF\b)")
_JSON = re.compile(rb'\s*(?:\{\s*["}]|\[\s*[\[{\]"])')
_COMMENT = re.compile(rb"(?m)^\s*#.*$")
_QUAD = re.compile(rb'\s*(?:<[^>]*>|_:\S+)\s+<[^>]*>\s+(?:<[^>]*>|_:\S+|"(?:[^"\\\n]|\\.)*"\S*)\s+(?:<[^>]*>|_:\S+)\s*\.')
_STATEMENT = re.compile(rb"\s*(?:@prefix|@base|prefix\b|base\b|graph\b|<[^>\s]*>|_:\w|\[|\(|\{|[\w.-]*:[\w.-]*\s)", re.IGNORECASE)


@dataclass(frozen=True)
class Document:
    """A file that can be opened, its format, and whether it is packed with gzip. ``name`` is how the reader knows it."""

    path: Path
    format: ox.RdfFormat
    gzipped: bool
    name: str


def identify(path: Path, format_name: str | None = None, name: str | None = None) -> Document:
    """The document in a file; ``format_name`` (a key of ``SUFFIXES``) wins over suffix and content.

    Raises :class:`app.errors.UnreadableInput`.
    """
    shown = name or str(path)
    head = _read_head(path, shown)
    gzipped = head.startswith(GZIP)
    if gzipped:
        head = _unpack_head(head)
    head = head.removeprefix(b"\xef\xbb\xbf")
    if head.startswith(_PACKED):
        raise UnreadableInput(path=shown, reason="packed")
    if format_name is not None:
        found = SUFFIXES.get(format_name.lower().lstrip("."))
    elif _HTML.match(head):
        raise UnreadableInput(path=shown, reason="web-page")
    else:
        found = _by_suffix(Path(shown), gzipped=gzipped) or _by_content(head)
    if found is None:
        raise UnreadableInput(path=shown, reason="unknown-format", formats=", ".join(SUFFIXES))
    return Document(path, found, gzipped, shown)


def _read_head(path: Path, shown: str) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_HEAD)
    except FileNotFoundError as error:
        raise UnreadableInput(path=shown, reason="no-such-file") from error
    except IsADirectoryError as error:
        raise UnreadableInput(path=shown, reason="a-folder") from error
    except PermissionError as error:
        raise UnreadableInput(path=shown, reason="not-permitted") from error
    except OSError as error:
        raise UnreadableInput(path=shown, reason=error.strerror or str(error)) from error


def _unpack_head(head: bytes) -> bytes:
    try:
        return zlib.decompressobj(wbits=31).decompress(head, _HEAD)
    except zlib.error:
        return b""  # the whole file is judged when it is read


def _by_suffix(path: Path, *, gzipped: bool) -> ox.RdfFormat | None:
    suffixes = [suffix.lower().lstrip(".") for suffix in path.suffixes]
    if gzipped and suffixes and suffixes[-1] in ("gz", "gzip"):
        suffixes.pop()
    return SUFFIXES.get(suffixes[-1]) if suffixes else None


def _by_content(head: bytes) -> ox.RdfFormat | None:
    """TriG stands for all that is written like Turtle: it reads N-Triples and Turtle too."""
    if _XML.match(head):
        return ox.RdfFormat.RDF_XML
    if _JSON.match(head):
        return ox.RdfFormat.JSON_LD
    statements = _COMMENT.sub(b"", head)
    if _QUAD.match(statements):
        return ox.RdfFormat.N_QUADS
    return ox.RdfFormat.TRIG if _STATEMENT.match(statements) else None
