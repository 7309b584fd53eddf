"""The plain list of one kind, in alphabetical order, a page at a time; no search and no filters."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.facts import sortable
from app.entities.model import Node, Part
from app.entities.names import Names
from app.entities.questions import Questions, Terms, Window, iris
from app.entities.unnamed import Said, called, said_of
from app.text import Language
from app.vocabulary import Kind, Vocabulary

LIST_SIZE = 50
MOST_SORTED = 20_000
"""A longer list is shown in the engine's own order: sorting it would take longer than a page may."""


@dataclass(frozen=True)
class Line:
    """One entity of a list; one without a name goes by what it says."""

    node: Node
    types: tuple[Node, ...]
    territories: tuple[Node, ...]
    period: str | None
    said: Said | None = None


@dataclass(frozen=True)
class Listing:
    """One page of a list, and the question that gave it."""

    lines: tuple[Line, ...]
    part: Part
    query: str
    is_sorted: bool = True


def read_listing(
    questions: Questions, vocabulary: Vocabulary, kind: Kind, language: Language, total: int, page: int, size: int = LIST_SIZE
) -> Listing:
    """One page of the entities of a kind; a page past the end is the last."""
    part = Part(total, min(page, Part(total, size=size).pages), size)
    window = Window.page(part.page, size)
    name = sortable("kind-list", total, MOST_SORTED)
    terms: dict[str, Terms] = {"class": iris(sorted(vocabulary.subclasses(kind.iri)))}
    if total <= MOST_SORTED:
        terms["language"] = ox.Literal(language)
    text = questions.text(name, window, **terms)
    found = [row["entity"] for row in questions.ask_rows(text)] if total else []
    shown = list(dict.fromkeys(term.value for term in found if isinstance(term, ox.NamedNode)))
    territories = _territories(questions, shown)
    names = Names(vocabulary, language)
    names.ask(questions, {*shown, *(place for places in territories.values() for place in places)})
    said = said_of(questions, names, [iri for iri in shown if not names.is_named(iri)])
    called_by = {iri: called(said.get(iri), names.node(iri), names, vocabulary, language) for iri in shown}
    lines = tuple(_line(called_by[iri], names, territories.get(iri, ()), said.get(iri)) for iri in shown)
    return Listing(lines, part, text, is_sorted=total <= MOST_SORTED)


def _territories(questions: Questions, shown: list[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for row in questions.about_each("territories-of", "entity", shown):
        entity, territory = row["entity"], row["territory"]
        if isinstance(entity, ox.NamedNode) and isinstance(territory, ox.NamedNode):
            found[entity.value] = (*found.get(entity.value, ()), territory.value)
    return found


def _line(node: Node, names: Names, territories: tuple[str, ...], said: Said | None) -> Line:
    types = tuple(names.term(t) for t in sorted(names.types(node.iri)))
    return Line(node, types, tuple(names.node(t) for t in territories), names.period(node.iri), said)
