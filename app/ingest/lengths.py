"""How long one term may be, so that whatever is published can be shown on a page and sent in an address; no file is read here."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

LONGEST_IRI = 8_000
"""What every recipient of an address ought to take (RFC 9110 §4.1)."""

LONGEST_LITERAL = 500_000
"""A whole region's outline has some hundred thousand characters."""


@dataclass(frozen=True)
class TooLong:
    """``reason`` is a key of messages/ingest.toml; both figures are characters."""

    reason: str
    length: int
    limit: int


def too_long(triple: ox.Triple | ox.Quad, literal: int) -> TooLong | None:
    """The first term of a statement that is longer than allowed; ``literal`` is the limit of texts and other values."""
    for term in (triple.subject, triple.predicate, triple.object):
        if isinstance(term, ox.NamedNode) and len(term.value) > LONGEST_IRI:
            return TooLong("long-iri", len(term.value), LONGEST_IRI)
        if isinstance(term, ox.Literal) and len(term.value) > literal:
            return TooLong("long-literal", len(term.value), literal)
    return None
