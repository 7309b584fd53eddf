"""What a reason needs to be said: names of what it mentions, days and numbers as the language writes them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from app.entities.names import Names
from app.text import Language, date, pick, say


@dataclass(frozen=True)
class Named:
    """A value of a reason that has a name in the graph."""

    iri: str


def mentioned(values: Iterable[tuple[str, Any]]) -> set[str]:
    """The IRIs that some values name."""
    return {value.iri for _, value in values if isinstance(value, Named)}


def fill(key: str, values: Iterable[tuple[str, Any]], names: Names, language: Language) -> str:
    """The message of ``key`` with its values in words."""
    return say(key, language, **{name: plain(value, names, language) for name, value in values})


def plain(value: Any, names: Names, language: Language) -> Any:
    """A name, a day, a text in the reader's language; anything else as it is."""
    match value:
        case Named():
            return names.node(value.iri).label
        case datetime.date():
            return day(value, language)
        case tuple():
            found = pick(dict(value), language)
            return found[0] if found else ""
    return value


def day(value: datetime.date, language: Language) -> str:
    """``1er janvier 2021``; in French, the first of a month is an ordinal."""
    text = date(value, language)
    return f"1er {text[2:]}" if language == "fr" and value.day == 1 else text
