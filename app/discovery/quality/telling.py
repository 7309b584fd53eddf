"""The checks of a report in words, and what they found as rows; no HTTP."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from app.discovery.quality.report import Check, Finding
from app.entities.addresses import Addresses
from app.entities.wording import best
from app.terms import PREFIXES, EngineTerm, expand
from app.text import Language, say
from app.vocabulary import Vocabulary

PROPERTY = re.compile(rf"\b(?:{'|'.join(PREFIXES)}):[a-z]\w*")
"""A property as the solutions name it: ``maillage:mainTheme``."""

COLUMNS = ("check", "entity", "otherActor", "detail", "source", "problem", "solution")


def problem(check: Check, language: Language) -> str:
    """What is wrong with what a check finds."""
    return check.query.problem[language] if check.query else say(f"quality.{check.key}-problem", language)


def solution(check: Check, language: Language) -> str:
    """What to do about it."""
    return check.query.solution[language] if check.query else say(f"quality.{check.key}-solution", language)


def field(term: str, vocabulary: Vocabulary, language: Language) -> str | None:
    """What the ontology calls a property, told as a field; None for one that it does not name."""
    found = best(vocabulary.label(expand(term)), language)
    return say("quality.field", language, name=found[0]) if found else None


def solution_in_full(check: Check, vocabulary: Vocabulary, language: Language) -> str:
    """The same where nothing leads on: each property by its name and its term."""

    def told(match: re.Match[str]) -> str:
        name = field(match[0], vocabulary, language)
        return f"{name}, {match[0]}" if name else match[0]

    return PROPERTY.sub(told, solution(check, language))


def rows_of(
    check: Check, found: Sequence[Finding], addresses: Addresses, vocabulary: Vocabulary, language: Language
) -> Iterator[dict[str, EngineTerm]]:
    """A row for each source of some findings of a check, under :data:`COLUMNS`."""
    remedy = solution_in_full(check, vocabulary, language)
    words = {"problem": ox.Literal(problem(check, language)), "solution": ox.Literal(remedy)}
    for one in found:
        row: dict[str, EngineTerm] = {"check": ox.Literal(check.key), "entity": ox.NamedNode(one.entity)}
        row |= {**words, "detail": ox.Literal(one.detail)}
        if one.other:
            row["otherActor"] = ox.NamedNode(one.other)
        for graph in one.sources or (None,):
            iri = addresses.source_of(graph) or graph if graph else None
            yield row | ({"source": ox.NamedNode(iri)} if iri else {})
