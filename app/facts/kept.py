"""What is kept of each entity: which properties make which column or list, and which of several values stands.

Facts are read from the merge: what two sources state alike is one statement. Where they state different values for a column that
holds one, the earliest start, the latest end and the smallest amount stand, and of codes the first by IRI.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from app.terms import MAILLAGE

TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"

UNKEPT = frozenset({"participation", "evidence", "period"})
"""Kinds whose entities are parts of others and have no row."""

COLUMNS: Mapping[str, np.dtype] = {
    "kind": np.dtype(np.int16),
    "legal_form": np.dtype(np.int32),
    "nature": np.dtype(np.int32),
    "status": np.dtype(np.int32),
    "review": np.dtype(np.int32),
    "confidence": np.dtype(np.int32),
    "start": np.dtype(np.int32),
    "start_precision": np.dtype(np.int8),
    "end": np.dtype(np.int32),
    "end_precision": np.dtype(np.int8),
    "deadline": np.dtype(np.int32),
    "amount": np.dtype(np.int64),
    "posts": np.dtype(np.int32),
    "latitude": np.dtype(np.float64),
    "longitude": np.dtype(np.float64),
    "degree": np.dtype(np.int32),
    "key": np.dtype(np.int64),
}
"""One value a row. ``kind`` and the code columns are numbers of :class:`app.facts.tables.Tables` (0: none); days are counted from
1970-01-01; ``amount`` is in cents; ``degree`` counts the statements of links, but those that rules derive, from and to the row;
``key`` is :func:`app.terms.iri_key`, by which other indexes name the row.
What is not known is :func:`missing`."""

PAIRS: Mapping[str, str | None] = {
    "classes": "classes",
    "themes": "themes",
    "main_themes": "themes",
    "territories": "territories",
    "sources": "graphs",
    "places": None,
    "carriers": None,
    "policies": None,
    "programmes": None,
}
"""Lists of values: the table that their numbers are of, or None where they are rows."""

YEAR, MONTH, DAY = 1, 2, 3
"""Precisions of a day; 0 where there is none."""


def missing(name: str) -> float | int:
    """What a column holds where nothing is stated."""
    dtype = COLUMNS[name]
    if dtype.kind == "f":
        return float("nan")
    return 0 if name in _ZERO else int(np.iinfo(dtype).min)


_ZERO = frozenset(
    {"kind", "legal_form", "nature", "status", "review", "confidence", "start_precision", "end_precision", "degree"}
)


def _of(*names: str) -> tuple[str, ...]:
    return tuple(str(MAILLAGE[name]) for name in names)


CODES: Mapping[str, tuple[str, ...]] = {
    "legal_form": _of("legalForm"),
    "nature": _of("partnershipKind", "eventKind", "resourceKind", "documentKind", "policyKind"),
    "status": _of("status"),
    "review": _of("reviewStatus"),
    "confidence": _of("confidence"),
}
FIRST_DAYS: Mapping[str, tuple[str, ...]] = {
    "start": _of("startDate", "startDateTime", "foundingDate", "validFrom", "datePublished", "datePosted"),
}
LAST_DAYS: Mapping[str, tuple[str, ...]] = {
    "end": _of("endDate", "endDateTime", "dissolutionDate"),
    "deadline": _of("deadline", "validThrough"),
}
NUMBERS: Mapping[str, tuple[str, ...]] = {
    "amount": _of("amount"),
    "posts": _of("numberOfPosts"),
    "latitude": _of("latitude"),
    "longitude": _of("longitude"),
}
LISTS: Mapping[str, tuple[str, ...]] = {
    "themes": _of("theme", "mainTheme"),
    "main_themes": _of("mainTheme"),
    "territories": _of("territory", "coversTerritory", "governs"),
}
REFERENCES: Mapping[str, tuple[str, ...]] = {
    "places": _of("place", "headOffice"),
    "carriers": _of(
        "leader", "organizer", "offeredBy", "neededBy", "proposedBy", "publishedBy", "providedBy", "author", "steward"
    ),
    "policies": _of("servesPolicy"),
    "programmes": _of("fundingProgramme", "editionOf"),
}
WEEKS = str(MAILLAGE.weeks)
"""From an entity to periods, whose dates are the entity's own here."""

PARTICIPATION, PARTICIPANT, ROLE = _of("participation", "participant", "role")
