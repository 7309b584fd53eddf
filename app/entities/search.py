"""Entities by what people type: a name or a part of it, whatever its accents, or an identifier; not how pages show them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.model import Node
from app.entities.names import Names
from app.entities.questions import Questions, Window
from app.terms import EngineTerm
from app.text import Language
from app.vocabulary import Vocabulary

MOST = 50
MOST_CHARACTERS = 200
_BASE = {"a": "àâä", "c": "ç", "e": "éèêë", "i": "îï", "o": "ôö", "u": "ùûü", "oe": "œ", "'": "’"}
_FOLDED = str.maketrans({letter: base for base, letters in _BASE.items() for letter in letters})
_BETWEEN_DIGITS = str.maketrans("", "", " .-\u00a0\u202f")


@dataclass(frozen=True)
class Match:
    """One entity, and the name that was found when it is not the one that is shown."""

    node: Node
    other_name: str | None = None


@dataclass(frozen=True)
class Found:
    """The best matches, whether there are more, and the question that gave them."""

    matches: tuple[Match, ...]
    more: bool
    query: str


def search(questions: Questions, vocabulary: Vocabulary, language: Language, text: str) -> Found:
    """The entities whose name or identifier matches a text that is not empty, the nearest first."""
    spelt = " ".join(unicodedata.normalize("NFC", text).split())
    query = questions.text(
        "search",
        Window(MOST + 1),
        text=ox.Literal(fold(spelt)),
        language=ox.Literal(language),
        identifier=[ox.Literal(one) for one in sorted({spelt, spelt.translate(_BETWEEN_DIGITS).upper()})],
    )
    rows = questions.ask_rows(query)
    found = {iri.value: row.get("match") for row in rows[:MOST] if isinstance(iri := row.get("entity"), ox.NamedNode)}
    names = Names(vocabulary, language)
    names.ask(questions, found)
    return Found(tuple(_match(names.node(iri), name, fold(spelt)) for iri, name in found.items()), len(rows) > MOST, query)


def _match(node: Node, placed: EngineTerm | None, wanted: str) -> Match:
    """``placed`` is the name that was found, behind the digit of its place; none when an identifier was."""
    if not isinstance(placed, ox.Literal) or wanted in fold(node.label):
        return Match(node)
    return Match(node, placed.value[1:])


def fold(text: str) -> str:
    """A text as ``queries/pages/search.rq`` compares it: small letters without accents."""
    return text.lower().translate(_FOLDED)
