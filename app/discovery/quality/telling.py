"""The checks of a report in words, and what they found as rows; no HTTP."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox

from app.discovery.places import Places
from app.discovery.quality.report import Check, chosen
from app.entities.addresses import Addresses
from app.terms import EngineTerm
from app.text import Language, say

COLUMNS = ("check", "entity", "otherActor", "detail", "source", "problem", "solution")


def problem(check: Check, language: Language) -> str:
    """What is wrong with what a check finds."""
    return check.query.problem[language] if check.query else say(f"quality.{check.key}-problem", language)


def solution(check: Check, language: Language) -> str:
    """What to do about it."""
    return check.query.solution[language] if check.query else say(f"quality.{check.key}-solution", language)


def rows_of(
    check: Check, places: Places, addresses: Addresses, source: str | None, area: str | None, language: Language
) -> Iterator[dict[str, EngineTerm]]:
    """A row a finding and source, under :data:`COLUMNS`, of one source (its graph) and area (an IRI) or of all."""
    words = {"problem": ox.Literal(problem(check, language)), "solution": ox.Literal(solution(check, language))}
    for one in chosen(check, places, source, area):
        row: dict[str, EngineTerm] = {"check": ox.Literal(check.key), "entity": ox.NamedNode(one.entity)}
        row |= {**words, "detail": ox.Literal(one.detail)}
        if one.other:
            row["otherActor"] = ox.NamedNode(one.other)
        for graph in one.sources or (None,):
            iri = addresses.source_of(graph) or graph if graph else None
            yield row | ({"source": ox.NamedNode(iri)} if iri else {})
