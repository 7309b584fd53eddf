"""Triples written in the format that a request chose; not which triples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from app.media import N3, TRIG, TURTLE, Format
from app.terms import PREFIXES


def serialise(triples: Iterable[ox.Triple], form: Format, prefixes: Mapping[str, str] = PREFIXES) -> bytes:
    """The document, in an order that is the same for the same triples."""
    target = ox.RdfFormat.from_media_type(form.media_type)
    if target is None:
        raise ValueError(form.media_type)
    ordered = sorted(triples, key=lambda t: (str(t.subject), _rank(t.predicate.value), str(t.object)))
    written = ox.serialize(ordered, format=target, prefixes=dict(prefixes))
    return _with_sorted_prefixes(written or b"") if form in (TURTLE, TRIG, N3) else written or b""


def _with_sorted_prefixes(document: bytes) -> bytes:
    """The same document with the prefixes that it uses in alphabetical order, so that the same triples are the same bytes."""
    lines = document.split(b"\n")
    body = b"\n".join(line for line in lines if not line.startswith(b"@prefix "))
    prefixes = sorted(line for line in lines if line.startswith(b"@prefix ") and line.split()[1] in body)
    return b"\n".join([*prefixes, b"", body]) if prefixes else body


def content_type(media_type: str) -> str:
    """The header of a document: text says that it is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _rank(predicate: str) -> tuple[bool, str]:
    """Types first, as a reader expects."""
    return not predicate.endswith("#type"), predicate
