"""Answers packed as the reader's ``Accept-Encoding`` allows (RFC 9110 §12.5.3): Brotli, Zstandard or gzip; not what they say.

A large result is packed as it is sent. A packed representation is another one, so a strong ``ETag`` names its coding; what has
byte ranges, or is packed already, is left alone.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Literal, get_args

import brotli
import zstandard
from flask import Flask, Response, g, request

Coding = Literal["br", "zstd", "gzip"]
_WHOLE: tuple[Coding, ...] = get_args(Coding)
_STREAMED: tuple[Coding, ...] = ("zstd", "br", "gzip")
"""Whom we prefer where the reader does not: the smallest result, or for much data the quickest."""

_PACKED = re.compile(
    r"text/.+|image/svg\+xml|application/(?:.+\+(?:json|xml)|json|xml|javascript|n-triples|n-quads|trig|sparql-(?:query|update))"
)
_SMALLEST = 500
_LARGE = 1_000_000
_KEPT_SECONDS = 86_400
"""What may be kept for longer belongs to the release, and is packed once, as small as it goes."""

_NAMED = re.compile(rf'-(?:{"|".join(_WHOLE)})"')
_TAG_HEADERS = ("HTTP_IF_NONE_MATCH", "HTTP_IF_MATCH")


def register(app: Flask) -> None:
    """To be called first: what is registered first is what an answer passes last."""
    app.before_request(_forget_codings)
    app.after_request(_pack)


def _forget_codings() -> None:
    """The rest of the app knows its validators without the coding's name."""
    g.given_tags = request.environ.get(_TAG_HEADERS[0], "")
    for header in _TAG_HEADERS:
        if header in request.environ:
            request.environ[header] = _NAMED.sub('"', request.environ[header])


def _pack(response: Response) -> Response:
    if response.status_code == 304:
        return _with_given_tag(response)
    if not _can_be_packed(response):
        return response
    response.vary.add("Accept-Encoding")
    if "Accept-Encoding" not in request.headers:
        return response
    length = response.content_length
    if length is None and not response.is_streamed:
        length = len(response.get_data())
    streamed = length is None or length > _LARGE
    coding = chosen(_STREAMED if streamed else _WHOLE)
    if coding is None or (length is not None and length < _SMALLEST) or (streamed and _ends_unmarked()):
        return response
    _set_body(response, coding, streamed=streamed)
    response.headers["Content-Encoding"] = coding
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.set_etag(f"{tag}-{coding}")
    return response


def _can_be_packed(response: Response) -> bool:
    headers = response.headers
    return (
        response.status_code not in (204, 206)
        and not response.direct_passthrough
        and not response.cache_control.no_transform
        and not any(name in headers for name in ("Content-Encoding", "Content-Range", "Accept-Ranges"))
        and _PACKED.fullmatch(response.mimetype or "") is not None
    )


def _ends_unmarked() -> bool:
    """Without chunks (RFC 9112 §7.1) nothing but its length tells that a result is whole."""
    return bool(request.environ.get("SERVER_PROTOCOL") == "HTTP/1.0")


def _set_body(response: Response, coding: Coding, *, streamed: bool) -> None:
    if request.method == "HEAD":
        response.headers.pop("Content-Length", None)
        response.response = ()
        response.automatically_set_content_length = False
    elif streamed:
        response.headers.pop("Content-Length", None)
        response.response = pieces(coding, response.iter_encoded())
    elif (response.cache_control.max_age or 0) > _KEPT_SECONDS:
        response.set_data(_smallest(coding, response.get_data()))
    else:
        response.set_data(b"".join(pieces(coding, (response.get_data(),))))


def _with_given_tag(response: Response) -> Response:
    """The reader's own copy may be a packed one: its validator is repeated as it was given."""
    tag, is_weak = response.get_etag()
    if tag is not None and not is_weak:
        response.vary.add("Accept-Encoding")
        for coding in _WHOLE:
            if f'"{tag}-{coding}"' in g.get("given_tags", ""):
                response.set_etag(f"{tag}-{coding}")
    return response


def chosen(offered: Iterable[Coding]) -> Coding | None:
    """The coding that the request likes best, the first of those that it likes as much; None for the plain bytes."""
    accepted = request.accept_encodings
    best = max(offered, key=accepted.quality)
    plain = accepted.quality("identity") if "identity" in request.headers.get("Accept-Encoding", "") else 0
    return best if accepted.quality(best) > plain else None


def pieces(coding: Coding, body: Iterable[bytes], *, level: int = 4) -> Iterator[bytes]:
    """A body packed as it passes; ``level`` from 1, quick, to 9, small."""
    packer = _PACKERS[coding](level)
    for piece in body:
        if packed := packer.add(piece):
            yield packed
    yield packer.end()


@lru_cache(maxsize=256)
def _smallest(coding: Coding, body: bytes) -> bytes:
    return b"".join(pieces(coding, (body,), level=9))


class _Brotli:
    def __init__(self, level: int) -> None:
        self._packer = brotli.Compressor(quality=level)

    def add(self, piece: bytes) -> bytes:
        return bytes(self._packer.process(piece))

    def end(self) -> bytes:
        return bytes(self._packer.finish())


class _Zstandard:
    def __init__(self, level: int) -> None:
        self._packer = zstandard.ZstdCompressor(level=level).compressobj()

    def add(self, piece: bytes) -> bytes:
        return self._packer.compress(piece)

    def end(self) -> bytes:
        return self._packer.flush()


class _Gzip:
    def __init__(self, level: int) -> None:
        self._packer = zlib.compressobj(level, wbits=31)

    def add(self, piece: bytes) -> bytes:
        return self._packer.compress(piece)

    def end(self) -> bytes:
        return self._packer.flush()


_PACKERS: dict[Coding, type[_Brotli | _Zstandard | _Gzip]] = {"br": _Brotli, "zstd": _Zstandard, "gzip": _Gzip}
