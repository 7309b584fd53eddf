"""Why a document that was sent cannot be read, as its sender can act on it: they have no options of a command and no settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import SyntaxRefused, UnreadableInput

_OTHERWISE = frozenset({"too-large", "too-much-memory", "too-slow", "named-graph", "not-rdf-xml"})
"""Reasons whose remedy is an option or a setting of an import (``messages/ingest.toml``)."""


@contextmanager
def told_to_senders() -> Iterator[None]:
    """Gives those reasons the words meant for senders."""
    try:
        yield
    except (SyntaxRefused, UnreadableInput) as error:
        if error.details["reason"] not in _OTHERWISE:
            raise
        raise type(error)(**{**error.details, "reason": f"sent-{error.details['reason']}"}) from error
