"""Media types of RDF and of query results, and which of them a request asks for; not who writes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

_USUAL = 300
"""Longer ``Accept`` headers are read each time, so that nobody fills the memory with them."""


@dataclass(frozen=True, eq=False)
class Format:
    """One serialisation: its media type, the file suffix that asks for it, and other media types that mean it."""

    media_type: str
    suffix: str
    aliases: tuple[str, ...] = ()


JSON_RESULTS = Format("application/sparql-results+json", "srj", ("application/json",))
XML_RESULTS = Format("application/sparql-results+xml", "srx", ("application/xml", "text/xml"))
SVG = Format("image/svg+xml", "svg")
CSV = Format("text/csv", "csv")
TSV = Format("text/tab-separated-values", "tsv")
TURTLE = Format("text/turtle", "ttl", ("application/x-turtle", "application/turtle"))
JSON_LD = Format("application/ld+json", "jsonld")
N_TRIPLES = Format("application/n-triples", "nt", ("text/plain",))
RDF_XML = Format("application/rdf+xml", "rdf", ("application/xml", "text/xml"))
N_QUADS = Format("application/n-quads", "nq", ("text/x-nquads",))
TRIG = Format("application/trig", "trig", ("application/x-trig",))
N3 = Format("text/n3", "n3", ("text/rdf+n3",))
HTML = Format("text/html", "html", ("application/xhtml+xml",))
PROBLEM_JSON = Format("application/problem+json", "json", ("application/json",))

SOLUTIONS: tuple[Format, ...] = (JSON_RESULTS, XML_RESULTS, CSV, TSV)
"""For SELECT; ASK has the first two, and CSV and TSV as one word. The first is the default."""

GRAPHS: tuple[Format, ...] = (TURTLE, N_TRIPLES, JSON_LD, RDF_XML, N_QUADS, TRIG, N3)
"""For CONSTRUCT, DESCRIBE and entities. The first is the default."""

ENTITY_SUFFIXES: dict[str, Format] = {
    "ttl": TURTLE,
    "jsonld": JSON_LD,
    "json": JSON_LD,
    "nt": N_TRIPLES,
    "rdf": RDF_XML,
}
LINKED = {suffix: form for suffix, form in ENTITY_SUFFIXES.items() if suffix != "json"}
"""The suffixes that pages announce; ``.json`` is the same as ``.jsonld``."""


def choose(accept: str, offered: Sequence[Format]) -> Format | None:
    """The offered format that an ``Accept`` header prefers (RFC 9110 §12.5.1), or None where none is acceptable.

    An empty header accepts everything. Parameters other than ``q`` are ignored, so ``text/turtle;charset=utf-8`` is
    Turtle. Equal weights go to the more specific range, then to the order of ``offered``.
    """
    return (_usual if len(accept) <= _USUAL else _preferred)(accept, tuple(offered))


def _preferred(accept: str, offered: tuple[Format, ...]) -> Format | None:
    ranges = [_read_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    best: tuple[float, int, int] | None = None
    chosen: Format | None = None
    for place, form in enumerate(offered):
        weight, specificity = _weigh(form, ranges)
        rank = (weight, specificity, -place)
        if weight > 0 and (best is None or rank > best):
            best, chosen = rank, form
    return chosen


_usual = lru_cache(maxsize=512)(_preferred)


def _read_range(part: str) -> tuple[str, float]:
    media_range, *parameters = (piece.strip().lower() for piece in part.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return media_range, min(max(float(value), 0.0), 1.0)
            except ValueError:
                return media_range, 0.0
    return media_range, 1.0


def _weigh(form: Format, ranges: Sequence[tuple[str, float]]) -> tuple[float, int]:
    """Weight and specificity (3 exact, 2 alias, 1 ``type/*``, 0 ``*/*``) of the most specific range that covers a format."""
    found = (-1, 0.0)
    for media_range, weight in ranges:
        if media_range == form.media_type:
            specificity = 3
        elif media_range in form.aliases:
            specificity = 2
        elif media_range == form.media_type.split("/")[0] + "/*":
            specificity = 1
        elif media_range in ("*/*", "*"):
            specificity = 0
        else:
            continue
        found = max(found, (specificity, weight))
    return found[1], found[0]
