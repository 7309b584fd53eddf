"""RDF documents that a request carries, kept in files while they are read: a body, or each part of a form; nothing is parsed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

from flask import request
from werkzeug.exceptions import BadRequest
from werkzeug.http import parse_options_header
from werkzeug.sansio.multipart import Data, Epilogue, Field, File, MultipartDecoder, NeedData

from app.errors import BodyRefused, PartRefused, UnreadableInput
from app.ingest.documents import GZIP, SUFFIXES
from app.media import GRAPHS
from app.updating.writing import Body
from app.web.site import current_site
from app.web.sparql_request import refused_body

MULTIPART = "multipart/form-data"
_PIECE = 64 * 1024
_MOST_PARTS = 100
_OVERHEAD = 64 * 1024
_GZIP_NAMES = ("gzip", "x-gzip")
_PACKED = ("", "identity", *_GZIP_NAMES)
_UNTOLD = ("", "application/octet-stream")
"""What a form says of a file whose type its sender does not know."""

_SUFFIXES = {name: form.suffix for form in GRAPHS for name in (form.media_type, *form.aliases)}
"""The formats by all the media types that mean them; RDF/XML alone is written as XML."""


@contextmanager
def bodies(name: str) -> Iterator[list[Body]]:
    """The documents of this request; ``name`` is what errors call a body without a name of its own.

    Raises :class:`app.errors.BodyRefused`, and what Flask raises for a body that is too long.
    """
    request.max_content_length = current_site().settings.upload_mb * 1_000_000 + _OVERHEAD
    if request.content_encoding not in (*_PACKED, None):
        raise BodyRefused(received=f"Content-Encoding: {request.content_encoding}", offered="gzip")
    with TemporaryDirectory(prefix="maillage-upload-") as folder:
        yield _parts(Path(folder), name) if request.mimetype == MULTIPART else [_body(Path(folder), name)]


def _body(folder: Path, name: str) -> Body:
    suffix = _suffix(request.mimetype)
    path = folder / "body"
    with path.open("wb") as file:
        while piece := request.stream.read(_PIECE):
            file.write(piece)
    _require_packed_as_told(path, f"{name}.{suffix}")
    return Body(path, suffix, f"{name}.{suffix}")


def _require_packed_as_told(path: Path, name: str) -> None:
    """Raises :class:`app.errors.UnreadableInput` for what is said to be packed with gzip and is not."""
    if request.content_encoding in _GZIP_NAMES:
        with path.open("rb") as file:
            if file.read(len(GZIP)) != GZIP:
                raise UnreadableInput(path=name, reason="broken-gzip")


def _suffix(media_type: str) -> str:
    found = _SUFFIXES.get(media_type.strip().lower())
    if found is None:
        raise refused_body(media_type, ", ".join([*(form.media_type for form in GRAPHS), MULTIPART]))
    return found


def _suffix_of(part: Field | File) -> str:
    """The format of a part: its media type says it, else the name of its file, as where a client knows no type for it."""
    media_type = parse_options_header(part.headers.get("Content-Type"))[0].strip().lower()
    file_name = part.filename or "" if isinstance(part, File) else ""
    ending = file_name.removesuffix(".gz").rpartition(".")[2].lower()
    if media_type in _UNTOLD and ending in SUFFIXES:
        return ending
    if media_type not in _SUFFIXES:
        offered = ", ".join(form.media_type for form in GRAPHS)
        raise PartRefused(part=(file_name or part.name)[:200], received=media_type, offered=offered)
    return _SUFFIXES[media_type]


def _parts(folder: Path, name: str) -> list[Body]:
    """Each part is a document with a media type of its own, whether it says that it is a file or not (RFC 7578 §4)."""
    boundary = request.mimetype_params.get("boundary", "").encode("ascii", "replace")
    if not boundary:
        raise BadRequest
    decoder = MultipartDecoder(boundary, max_parts=_MOST_PARTS)
    found: list[Body] = []
    file: BinaryIO | None = None
    try:
        while not isinstance(event := decoder.next_event(), Epilogue):
            match event:
                case NeedData():
                    decoder.receive_data(request.stream.read(_PIECE) or None)
                case Field() | File():
                    suffix = _suffix_of(event)
                    own = event.filename if isinstance(event, File) and event.filename else f"{name}.{suffix}"
                    found.append(Body(folder / str(len(found)), suffix, own))
                    file = found[-1].path.open("wb")
                case Data() if file is not None:
                    file.write(event.data)
                    if not event.more_data:
                        file.close()
    except ValueError as error:
        raise BadRequest from error
    finally:
        if file is not None:
            file.close()
    return found
