"""Territories and themes as fields of a form: a territory asked for by its name, the themes in use as a list; no route."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from app.entities.model import Node
from app.entities.names import Names
from app.entities.wording import collation
from app.errors import BadParameter
from app.facts.extents import TABLES
from app.statistics.dimensions import used
from app.statistics.places import find_territories
from app.statistics.wording import Labels
from app.terms import TERRITORY, THEME
from app.web.figures import labels
from app.web.site import Visit


@dataclass(frozen=True)
class Place:
    """A territory that was asked for by name: the word of the one found, or those that it may be, told apart."""

    text: str
    word: str = ""
    candidates: tuple[Node, ...] = ()
    reason: str | None = None

    def require(self, name: str) -> None:
        """Raises :class:`app.errors.BadParameter` for one that was not understood."""
        if self.reason:
            offered = [one.iri for one in self.candidates]
            raise BadParameter(name=name, value=self.text[:200], reason=f"statistics.{self.reason}", offered=offered)


def asked_place(seen: Visit, name: str) -> Place:
    """The territory that a parameter of the address names."""
    text = request.args.get(name, "").strip()
    if not text:
        return Place("")
    with seen.reading(TABLES):
        tables, found = seen.tables, find_territories(seen.facts, text)
    said = labels(seen, Names(seen.site.vocabulary, seen.language))
    nodes = said.told_apart(found)
    if len(found) == 1:
        return Place(nodes[0].label, tables.territories[found[0]].removeprefix(str(TERRITORY)))
    return Place(text, "", nodes, "several-territories" if found else "unknown-territory")


def large_territories(seen: Visit, said: Labels) -> list[tuple[str, str]]:
    """Regions, departments and intercommunalities, to be offered while one types."""
    tree, names = seen.tables.territory_tree, seen.tables.territories
    large = [number for level in ("Region", "Department", "Intercommunality") for number in tree.of_level(level)]
    words = [names[number].removeprefix(str(TERRITORY)) for number in large]
    return [(word, said.node("territory", word).label) for word in words]


def used_in(seen: Visit, name: str) -> list[int]:
    """The values of a dimension that anything has."""
    return seen.told(f"used {name}", lambda facts: used(facts, name))


def theme_options(seen: Visit, said: Labels) -> list[tuple[str, str]]:
    """Themes in use, each followed by its sub-themes."""
    known = set(used_in(seen, "subtheme"))
    tree, names = seen.tables.theme_tree, seen.tables.themes

    def lines(numbers: Sequence[int], depth: int) -> list[tuple[str, str]]:
        found = []
        words = [(theme, names[theme].removeprefix(str(THEME))) for theme in numbers if theme in known]
        for theme, word in sorted(words, key=lambda one: collation(said.node("theme", one[1]).label)):
            found.append((word, "\u2003" * depth + said.node("theme", word).label))
            found += lines(tree.children(theme), depth + 1) if depth < 8 else []
        return found

    return lines(tree.roots(), 0)
