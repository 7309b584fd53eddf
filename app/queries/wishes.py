"""What the four kinds of people wish, and what answers each wish: ``queries/wishes.toml`` read and checked; no page."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.text import LANGUAGES

AUDIENCES = ("citoyen", "organisation", "collectivite", "ecole")
"""Citizens, organisations, local authorities, schools: as in the observatory's own text."""

FILE = "wishes.toml"
_KEYS = {*LANGUAGES, "questions", "pages"}


@dataclass(frozen=True)
class Way:
    """A page of the site that answers a wish: its path, perhaps with a query, and its words by language."""

    path: str
    text: Mapping[str, str]


@dataclass(frozen=True)
class Wish:
    """One wish in each language; the names of the questions that answer it, the most direct first; further pages."""

    text: Mapping[str, str]
    questions: tuple[str, ...]
    pages: tuple[Way, ...] = ()


Wishes = Mapping[str, tuple[Wish, ...]]
"""By audience, in the order of the observatory's text."""


def read_wishes(folder: Path, questions: Collection[str]) -> Wishes:
    """The wishes of a ``queries/`` folder, none where it has no such file.

    Raises ``ValueError`` for an unknown audience or key, a missing language, or a question that is not among ``questions``.
    """
    path = folder / FILE
    told = tomllib.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    if set(told) - set(AUDIENCES):
        raise ValueError(f"{FILE}: unknown audiences {sorted(set(told) - set(AUDIENCES))}")
    return {audience: tuple(_wish(one, questions) for one in told.get(audience, ())) for audience in AUDIENCES}


def _wish(told: Mapping[str, Any], questions: Collection[str]) -> Wish:
    if set(told) - _KEYS or not set(LANGUAGES) <= set(told):
        raise ValueError(f"{FILE}: {dict(told)} has not the keys {sorted(_KEYS)}")
    unknown = [name for name in told["questions"] if name not in questions]
    if unknown or not told["questions"]:
        raise ValueError(f"{FILE}: “{told['fr']}”: no questions {unknown}")
    ways = tuple(Way(each["path"], {language: each[language] for language in LANGUAGES}) for each in told.get("pages", ()))
    return Wish({language: told[language] for language in LANGUAGES}, tuple(told["questions"]), ways)
