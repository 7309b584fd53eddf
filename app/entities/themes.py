"""Themes and glossary terms as a reader meets them: a tree of two or more levels, or words in alphabetical order; no page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from app.entities.model import Node
from app.entities.questions import Questions, Window, iris
from app.entities.wording import best, collation
from app.terms import MAILLAGE, PREFIXES
from app.text import Language

_MOST = 20_000
_SKOS = PREFIXES["skos"]
_CLASSES = {"theme": (str(MAILLAGE.Theme),), "glossary": (str(MAILLAGE.Theme), str(MAILLAGE.GlossaryTerm))}

Texts = Mapping[str, Mapping[str, Sequence[str]]]
"""What is said of one concept: texts by property and language."""


@dataclass(frozen=True)
class Concept:
    """One theme or word, in the reader's language where it has that language."""

    iri: str
    label: str
    language: str | None
    definition: str | None
    scope: str | None
    synonyms: tuple[str, ...]
    broader: Node | None
    narrower: tuple[Concept, ...] = ()

    @property
    def node(self) -> Node:
        return Node(self.iri, self.label, self.language)


@dataclass(frozen=True)
class Entry:
    """One line of the glossary: a concept under its own name, or a synonym that sends to it."""

    word: str
    concept: Concept
    is_synonym: bool


@dataclass(frozen=True)
class Letter:
    """The entries that begin with one letter, accents folded; ``#`` for what begins with none."""

    letter: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Concepts:
    """All concepts by IRI, and the question that gave them."""

    by_iri: Mapping[str, Concept]
    query: str

    def tree(self) -> tuple[Concept, ...]:
        """The concepts without a broader one, each with its narrower ones, in alphabetical order."""
        children: dict[str | None, list[Concept]] = defaultdict(list)
        for concept in self.by_iri.values():
            parent = concept.broader.iri if concept.broader and concept.broader.iri in self.by_iri else None
            children[parent].append(concept)
        return _branches(children, None, frozenset())

    def letters(self, word: str = "") -> tuple[Letter, ...]:
        """The glossary, or only the entries whose word, synonyms or definition contain a text."""
        wanted = collation(word.strip())
        entries = [entry for entry in _entries(self.by_iri.values()) if _holds(entry, wanted)]
        grouped: dict[str, list[Entry]] = defaultdict(list)
        for entry in sorted(entries, key=lambda e: (collation(e.word), e.is_synonym)):
            first = collation(entry.word)[:1].upper()
            grouped[first if first.isalpha() else "#"].append(entry)
        return tuple(Letter(letter, tuple(found)) for letter, found in sorted(grouped.items()))


def read_concepts(questions: Questions, language: Language, which: str) -> Concepts:
    """The themes (``which`` is ``theme``), or the themes and the glossary's own terms (``glossary``)."""
    text = questions.text("glossary-entries", Window(_MOST), **{"class": iris(_CLASSES[which])})
    said: dict[str, dict[str, dict[str, list[str]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    broader: dict[str, str] = {}
    for row in questions.ask_rows(text):
        concept, about, value = row["concept"], row["about"], row["value"]
        if not isinstance(concept, ox.NamedNode) or not isinstance(about, ox.NamedNode):
            continue
        if isinstance(value, ox.Literal):
            said[concept.value][about.value.removeprefix(_SKOS)][value.language or ""].append(value.value)
        elif isinstance(value, ox.NamedNode):
            broader.setdefault(concept.value, value.value)
    labels = {iri: found for iri, texts in said.items() if (found := _first(texts, "prefLabel", language))}
    concepts = {iri: _concept(iri, said[iri], labels, broader.get(iri), language) for iri in labels}
    return Concepts(concepts, text)


def _concept(
    iri: str, texts: Texts, labels: Mapping[str, tuple[str, str | None]], broader: str | None, language: Language
) -> Concept:
    label, tag = labels[iri]
    definition, scope = (_first(texts, name, language) for name in ("definition", "scopeNote"))
    return Concept(
        iri=iri,
        label=label,
        language=tag,
        definition=definition[0] if definition else None,
        scope=scope[0] if scope else None,
        synonyms=tuple(sorted(texts.get("altLabel", {}).get(language, ()), key=collation)),
        broader=Node(broader, *labels[broader]) if broader in labels and broader else None,
    )


def _first(texts: Texts, name: str, language: Language) -> tuple[str, str | None] | None:
    return best({tag: found[0] for tag, found in texts.get(name, {}).items()}, language)


def _branches(children: Mapping[str | None, list[Concept]], parent: str | None, above: frozenset[str]) -> tuple[Concept, ...]:
    """A concept that is above itself is not followed for ever."""
    found = sorted((c for c in children.get(parent, ()) if c.iri not in above), key=lambda c: collation(c.label))
    return tuple(replace(c, narrower=_branches(children, c.iri, above | {c.iri})) for c in found)


def _entries(concepts: Iterable[Concept]) -> Iterable[Entry]:
    for concept in concepts:
        yield Entry(concept.label, concept, is_synonym=False)
        for synonym in concept.synonyms:
            if collation(synonym) != collation(concept.label):
                yield Entry(synonym, concept, is_synonym=True)


def _holds(entry: Entry, wanted: str) -> bool:
    texts = (entry.word,) if entry.is_synonym else (entry.word, entry.concept.definition or "")
    return any(wanted in collation(text) for text in texts)
