"""A question whose answer is larger than a file may be: the same question for each part of what it was asked of; no route."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.asking import Filled
from app.entities.wording import best, collation
from app.facts.tables import Names, Tables
from app.facts.trees import Tree
from app.web.site import Visit

_MOST = 40


@dataclass(frozen=True)
class Narrower:
    """The choices that would narrow an answer, and the same question for the parts of those that were made (name, address)."""

    names: str
    parts: tuple[tuple[str, str], ...]


def narrower(seen: Visit, question: str, filled: Sequence[Filled], given: Mapping[str, str]) -> Narrower:
    """What to offer beside an answer that no file can hold."""
    names = ", ".join(one.parameter.label[seen.language] for one in filled)
    parts = [
        (label, seen.urls.page(f"/queries/{question}", **{**given, one.parameter.name: iri}))
        for one in filled
        if isinstance(one.term, ox.NamedNode)
        for label, iri in _parts(seen, one.parameter.of_class, one.term.value)
    ]
    return Narrower(names, tuple(parts[:_MOST]))


def _parts(seen: Visit, class_: str | None, iri: str) -> list[tuple[str, str]]:
    """What is directly below a theme or a territory, by name."""
    found = _tree(seen.tables, class_)
    if found is None or not found[0].find(iri):
        return []
    names, tree = found
    named = [(best(tree[one].names, seen.language), names[one]) for one in tree.children(names.find(iri))]
    return sorted(((name[0], one) for name, one in named if name), key=lambda pair: collation(pair[0]))


def _tree(tables: Tables, class_: str | None) -> tuple[Names, Tree] | None:
    match class_:
        case "maillage:Territory":
            return tables.territories, tables.territory_tree
        case "maillage:Theme":
            return tables.themes, tables.theme_tree
    return None
