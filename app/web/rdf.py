"""Triples written in the format that a request chose; not which triples."""

from __future__ import annotations

from collections.abc import Iterable

import pyoxigraph as ox

from app.media import Format
from app.terms import PREFIXES


def serialise(triples: Iterable[ox.Triple], form: Format) -> bytes:
    """The document, in an order that is the same for the same triples."""
    target = ox.RdfFormat.from_media_type(form.media_type)
    if target is None:
        raise ValueError(form.media_type)
    ordered = sorted(triples, key=lambda t: (str(t.subject), _rank(t.predicate.value), str(t.object)))
    written = ox.serialize(ordered, format=target, prefixes=PREFIXES)
    return written if written is not None else b""


def content_type(media_type: str) -> str:
    """The header of a document: text says that it is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def _rank(predicate: str) -> tuple[bool, str]:
    """Types first, as a reader expects."""
    return not predicate.endswith("#type"), predicate
