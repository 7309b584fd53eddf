"""The interface's words in French and English, read from ``app/messages/*.toml``; the data's own labels live in the graph."""

from __future__ import annotations

import datetime
import errno
import os
import tomllib
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

from babel.dates import format_date
from babel.numbers import format_decimal

from app.errors import MaillageError

Language = Literal["fr", "en"]
LANGUAGES: tuple[Language, ...] = ("fr", "en")
LOCALES: Mapping[Language, str] = {"fr": "fr", "en": "en_GB"}
"""How each language writes days, hours and numbers: our English is British, as its spelling is."""

_AREAS = {
    "settings-error": "settings",
    "unreadable-input": "ingest",
    "syntax-refused": "ingest",
    "service-refused": "limits",
    "query-syntax": "limits",
    "format-unfit": "limits",
    "folder-refused": "backups",
    "bad-parameter": "parameters",
    "token-refused": "tokens",
    "update-failed": "writing",
    "load-refused": "writing",
    "precondition-failed": "writing",
    "out-of-scope": "tokens",
}
"""Where the reasons of an error are said."""

_OF_NAMES = ("unknown-blank", "no-blanks")
"""Reasons that find fault with the name of a parameter, whatever its value."""


@cache
def messages() -> Mapping[str, Mapping[str, str]]:
    """Every message by key (``area.name``, the area being the file's name), as ``{"fr": …, "en": …}``."""
    found: dict[str, Mapping[str, str]] = {}
    for path in sorted((Path(__file__).parent / "messages").glob("*.toml")):
        for name, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
            found[f"{path.stem}.{name}"] = texts
    return found


def say(key: str, language: Language, **values: Any) -> str:
    """The text of ``key`` with its ``{placeholders}`` filled.

    A key with the forms ``key-one`` and ``key-many`` is chosen by ``n`` (French counts 0 and 1 as singular, English only 1).
    Numbers are written as the language writes them. Raises ``KeyError`` for a key that no file has.
    """
    texts = messages().get(key)
    if texts is None and "n" in values:
        single = abs(values["n"]) < 2 if language == "fr" else values["n"] == 1
        texts = messages().get(f"{key}-one" if single else f"{key}-many")
    if texts is None:
        raise KeyError(key)
    shown = {name: number(value, language) if isinstance(value, int | float) else value for name, value in values.items()}
    return texts[language].format_map(shown) if values else texts[language]


def explain(error: MaillageError, language: Language) -> str:
    """What went wrong and what to do, from ``app/messages/errors.toml``.

    A ``reason`` that is a key of the error's area (``settings``, ``limits``…) or one with its area (``queries.several``) is said
    in the reader's language, as a ``unit`` is, and so is what the system says; any other is a library's own words and stands.
    """
    values = {name: _plain(value) for name, value in error.details.items()}
    reason = str(values.get("reason"))
    for key in (f"{_AREAS.get(error.key)}.{reason}", reason):
        if key in messages() or f"{key}-many" in messages():
            values["reason"] = say(key, language, **values)
            break
    else:
        if "reason" in values:
            values["reason"] = say_system(reason, language)
    values["place"] = _place(error.details, language)
    unit = f"limits.{values.get('unit')}"
    if unit in messages():
        values["unit"] = say(unit, language)
    ending = f"{str(values.get('reason', '')).strip()} {', '.join(error.details.get('offered', ()))}".strip()
    absent = error.key == "bad-parameter" and not error.details.get("value") and error.details.get("reason") not in _OF_NAMES
    said = say("parameters.absent" if absent else f"errors.{error.key}", language, **{**values, "reason": ending})
    return said.replace(f"{ending}.", ending) if ending.endswith(".") else said  # a sentence brings its own full stop


def say_system(words: str, language: Language) -> str:
    """What the operating system said (``strerror``), alone or inside other words, in the reader's language."""
    for told, key in _system().items():
        if told in words:
            return words.replace(told, say(key, language))
    return words


@cache
def _system() -> Mapping[str, str]:
    """The system's words, each with the key of ours; the longest first, since one may hold another."""
    names = (key.partition(".")[2] for key in messages() if key.startswith("system."))
    told = {os.strerror(getattr(errno, name)): f"system.{name}" for name in names}
    return dict(sorted(told.items(), key=lambda each: -len(each[0])))


def _place(details: Mapping[str, Any], language: Language) -> str:
    """Line and column, as far as they are known."""
    if not details.get("line"):
        return ""
    key = "limits.place" if details.get("column") else "limits.place-line"
    return say(key, language, line=details["line"], column=details.get("column"))


def _plain(value: Any) -> Any:
    """Nothing as a dash, words of a list one behind the other."""
    return "–" if value in (None, "") else " ".join(value) if isinstance(value, list) else value


def number(value: float, language: Language) -> str:
    """``1234.5`` as ``1 234,5`` or ``1,234.5``."""
    if isinstance(value, bool):
        return str(value)
    return f"{value:,}".replace(",", _BETWEEN_THOUSANDS[language]) if isinstance(value, int) else _number(value, language)


_BETWEEN_THOUSANDS: Mapping[Language, str] = {"fr": "\u202f", "en": ","}
"""Between thousands, as Babel has it: it reads its pattern anew for each number, and a page may tell thousands."""


@lru_cache(maxsize=20_000, typed=True)
def _number(value: float, language: Language) -> str:
    return format_decimal(value, locale=LOCALES[language])


@lru_cache(maxsize=20_000)
def date(value: datetime.date, language: Language) -> str:
    """A date in words: ``16 novembre 2020``, ``16 November 2020``."""
    return format_date(value, format="long", locale=LOCALES[language])


def duration(seconds: float, language: Language) -> str:
    """``1,23 s``, or ``12 ms`` where it is less than a second; what is too short to be told is said to be so."""
    milliseconds = round(seconds * 1_000)
    if milliseconds >= 1_000:
        return say("site.seconds", language, seconds=round(seconds, 2))
    return say("site.milliseconds", language, n=milliseconds) if milliseconds else say("site.instant", language)


def pick(texts: Mapping[str | None, str], language: str) -> tuple[str, str | None] | None:
    """The text for a reader from texts by language tag: theirs, French, English, untagged, any; with its tag."""
    for tag in (language, "fr", "en", None, ""):
        if tag in texts:
            return texts[tag], tag or None
    return next(((text, tag or None) for tag, text in sorted(texts.items(), key=lambda item: item[0] or "")), None)
