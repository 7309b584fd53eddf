"""Figures and their lines in a reader's words: values of dimensions by name, amounts and shares as the language writes them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pyoxigraph as ox
from babel.numbers import format_currency, format_percent

from app.entities.addresses import Addresses, is_iri
from app.entities.model import Node
from app.entities.names import Names
from app.facts import Facts
from app.statistics.dimensions import DIMENSIONS, NONE
from app.statistics.places import rank
from app.statistics.question import Question
from app.statistics.table import Figure
from app.terms import CODE, MAILLAGE, TERRITORY, THEME
from app.text import LOCALES, Language, number, pick, say
from app.vocabulary import Vocabulary

_TREES = {"theme": str(THEME), "subtheme": str(THEME)} | dict.fromkeys(
    ("territory", "region", "department", "intercommunality", "commune"), str(TERRITORY)
)
_NAMED = ("programme", "policy", "funder", "receiver", "source")
"""Dimensions whose values are entities, named by the graph."""


class Labels:
    """The names of the values of dimensions, in one language. ``names`` is told with :meth:`wanted` what to look up."""

    def __init__(self, facts: Facts, vocabulary: Vocabulary, names: Names, addresses: Addresses, language: Language) -> None:
        self._facts = facts
        self._vocabulary = vocabulary
        self._names = names
        self._addresses = addresses
        self._language = language
        self._kinds = {kind.segment: kind for kind in vocabulary.kinds()}

    def wanted(self, dimension: str, words: Iterable[str]) -> set[str]:
        """The resources of which the names must be known before; a word of an address may be none."""
        found = (self._entity(dimension, word) for word in words if word and word != NONE) if dimension in _NAMED else ()
        return {iri for iri in found if is_iri(iri)}

    def _entity(self, dimension: str, word: str) -> str:
        return f"{self._addresses.base}id/source/{word}" if dimension == "source" else word

    def node(self, dimension: str, word: str) -> Node:
        """A value as it is shown; its IRI where it has a page."""
        if word == NONE:
            return Node("", say("statistics.none", self._language))
        if dimension in _TREES:
            return self._branch(dimension, word)
        if dimension in _NAMED:
            return self._names.node(self._entity(dimension, word))
        if dimension == "kind":
            return Node("", self._kinds[word].plural(self._language) if word in self._kinds else word)
        if dimension in ("class", "form", "nature", "status", "review", "confidence"):
            return self._term(f"{MAILLAGE if dimension == 'class' else CODE}{word}", word)
        return Node("", word)

    def told_apart(self, numbers: Sequence[int]) -> tuple[Node, ...]:
        """Territories of one name, each with its level as its kind; those of the same level with the largest they lie in, too."""
        levels = Counter(self._facts.tables.territory_tree[number].level for number in numbers)
        return tuple(self._placed(number, levels) for number in numbers)

    def _placed(self, number: int, levels: Mapping[str, int]) -> Node:
        tree, names = self._facts.tables.territory_tree, self._facts.tables.territories
        level = tree[number].level
        parents = sorted(tree[number].parents, key=lambda one: rank(tree[one].level))[: 1 if levels[level] > 1 else 0]
        said = [self._term(f"{MAILLAGE}{level}", level).label] if level else []
        around = [self.node("territory", names[parent]).label for parent in parents]
        return replace(self.node("territory", names[number]), kind=", ".join([*said, *around]) or None)

    def _term(self, iri: str, word: str) -> Node:
        texts = self._vocabulary.label(iri)
        found = pick({tag or None: text for tag, text in texts.items()}, self._language) if texts else None
        return Node("", found[0] if found else word, found[1] if found and found[1] != self._language else None)

    def _branch(self, dimension: str, word: str) -> Node:
        tables, is_theme = self._facts.tables, dimension in ("theme", "subtheme")
        names, tree = (tables.themes, tables.theme_tree) if is_theme else (tables.territories, tables.territory_tree)
        number = names.find(_TREES[dimension] + word) or names.find(word)
        found = pick(tree[number].names, self._language)
        iri = names[number] if number else ""
        return Node(iri, found[0] if found else word, found[1] if found and found[1] != self._language else None)


def figure(value: Figure, question: Question, language: Language) -> str:
    """A figure as it is read: a number, euros, or a share."""
    if question.measure == "amounts":
        return euros(value.value, language)
    if question.what.how == "density":
        return share(value.value, language)
    return number(value.value, language)


def euros(cents: float, language: Language) -> str:
    """An amount in cents, in whole euros where it has no cents: ``7 164 €``, ``€7,164.50``."""
    if cents != int(cents):
        return str(format_currency(cents / 100, "EUR", locale=LOCALES[language]))
    whole, rest = divmod(abs(int(cents)), 100)
    sign, said = "-" if cents < 0 else "", number(whole, language)
    if language == "fr":
        return f"{sign}{said},{rest:02}\u00a0€" if rest else f"{sign}{said}\u00a0€"
    return f"{sign}€{said}.{rest:02}" if rest else f"{sign}€{said}"


def share(millionths: float, language: Language) -> str:
    """A share as a percentage."""
    return str(
        format_percent(millionths / 1_000_000, "#,##0.##\u00a0%" if language == "fr" else "#,##0.##%", locale=LOCALES[language])
    )


def plain(value: Figure, question: Question) -> ox.Literal:
    """A figure as a number: euros with cents, a share between 0 and 1."""
    xsd = "http://www.w3.org/2001/XMLSchema#"
    if question.measure == "amounts":
        sign, cents = "-" if value.value < 0 else "", abs(value.value)
        return ox.Literal(f"{sign}{cents // 100}.{cents % 100:02}", datatype=ox.NamedNode(xsd + "decimal"))
    if question.what.how == "density":
        return ox.Literal(f"{value.value / 1_000_000:.6f}", datatype=ox.NamedNode(xsd + "decimal"))
    return ox.Literal(str(value.value), datatype=ox.NamedNode(xsd + "integer"))


def title(question: Question, language: Language) -> str:
    """What a table shows: “Amounts of partnerships, by year and by programme”."""
    by = [say(f"statistics.by-{name}", language) for name in (question.rows, question.columns) if name in DIMENSIONS]
    measure = say(f"statistics.measure-{question.measure}", language)
    return say(
        "statistics.title-two" if len(by) == 2 else "statistics.title-one", language, measure=measure, rows=by[0], columns=by[-1]
    )
