"""What one public query may take, told to people in a sentence and to machines as one value a setting; enforced elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from app.settings import PREFIX, Settings
from app.terms import PREFIXES
from app.text import LANGUAGES, Language, number, say

SHOWN = {
    "query_seconds": "s",
    "query_memory_mb": "MB",
    "query_rows": "",
    "query_bytes_mb": "MB",
    "query_characters": "",
    "query_depth": "",
    "query_workers": "",
    "query_per_client": "",
    "query_queue": "",
    "query_queue_seconds": "s",
    "update_characters": "",
    "update_seconds": "s",
    "upload_mb": "MB",
    "upload_seconds": "s",
    "literal_characters": "",
}
"""Each limit of a public query, and of what is written, with its unit; a test compares with the settings."""

_SCHEMA = PREFIXES["schema"]
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_COMMENT = ox.NamedNode(PREFIXES["rdfs"] + "comment")


def sentence(settings: Settings, language: Language) -> str:
    values = {name: number(getattr(settings, name), language) for name in SHOWN}
    return say("sparql.limits-sentence", language, allowed=", ".join(settings.service_allow) or "∅", **values)


def statements(endpoint: ox.NamedNode, settings: Settings) -> Iterator[ox.Triple]:
    """The limits of an endpoint, for its service description."""
    for language in LANGUAGES:
        yield ox.Triple(endpoint, _COMMENT, ox.Literal(sentence(settings, language), language=language))
    for name, unit in SHOWN.items():
        limit = ox.BlankNode(f"limit-{name.replace('_', '-')}")
        yield ox.Triple(endpoint, _schema("additionalProperty"), limit)
        yield ox.Triple(limit, _TYPE, _schema("PropertyValue"))
        yield ox.Triple(limit, _schema("propertyID"), ox.Literal(PREFIX + name.upper()))
        yield ox.Triple(limit, _schema("maxValue"), ox.Literal(getattr(settings, name)))
        if unit:
            yield ox.Triple(limit, _schema("unitText"), ox.Literal(unit))
        for language in LANGUAGES:
            yield ox.Triple(limit, _schema("name"), ox.Literal(say(f"settings.about-{name}", language), language=language))


def _schema(name: str) -> ox.NamedNode:
    return ox.NamedNode(_SCHEMA + name)
