"""The terms of the ontology as a reader meets them: one entry a term, classes as a tree; read from the graph by one question."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.model import Node
from app.entities.questions import Questions, Window
from app.entities.wording import collation
from app.terms import MAILLAGE, ONTOLOGY_IRI, PREFIXES, EngineTerm, compact
from app.text import Language, pick

_MOST = 20_000
_RDFS, _SKOS, _OWL = PREFIXES["rdfs"], PREFIXES["skos"], PREFIXES["owl"]
_TYPE = PREFIXES["rdf"] + "type"
_CLASS = _OWL + "Class"

_COUNTER = re.compile(r"(?:Contre-exemple|Counter-example)\s*:\s*")
"""How the ontology begins what is no example."""

Said = Mapping[str, Sequence[EngineTerm]]


@dataclass(frozen=True)
class Term:
    """One class or property; texts are in the reader's language where the ontology has it. What is no example of it, though one
    might think so, stands apart."""

    iri: str
    name: str
    label: str
    is_class: bool
    definition: str | None
    examples: tuple[str, ...]
    counter_examples: tuple[str, ...]
    scope: tuple[str, ...]
    parents: tuple[Node, ...]
    domains: tuple[Node, ...]
    ranges: tuple[Node, ...]
    sentence: str | None
    derived: bool


@dataclass(frozen=True)
class Branch:
    """A class with its subclasses."""

    term: Term
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Glossary:
    """All terms, in alphabetical order of their labels, and the tree of classes."""

    classes: tuple[Term, ...]
    properties: tuple[Term, ...]
    tree: tuple[Branch, ...]
    query: str


def read_glossary(questions: Questions, language: Language) -> Glossary:
    text = questions.text("ontology-terms", Window(_MOST))
    said: dict[str, dict[str, list[EngineTerm]]] = defaultdict(lambda: defaultdict(list))
    for row in questions.ask_rows(text):
        term, about = row["term"], row["about"]
        if isinstance(term, ox.NamedNode) and isinstance(about, ox.NamedNode):
            said[term.value][about.value].append(row["value"])
    labels = {iri: _text(one, _RDFS + "label", language) for iri, one in said.items()}
    terms = [_term(iri, one, labels, language) for iri, one in said.items() if iri != ONTOLOGY_IRI and labels[iri]]
    ordered = sorted(terms, key=lambda term: collation(term.label))
    classes = tuple(term for term in ordered if term.is_class)
    return Glossary(classes, tuple(term for term in ordered if not term.is_class), _tree(classes), text)


def _term(iri: str, said: Said, labels: Mapping[str, str | None], language: Language) -> Term:
    def nodes(*paths: str) -> tuple[Node, ...]:
        found = [t.value for path in paths for t in said.get(path, ()) if isinstance(t, ox.NamedNode)]
        return tuple(Node(one, labels.get(one) or compact(one)) for one in found)

    examples = _texts(said, _SKOS + "example", language)
    return Term(
        iri=iri,
        name=iri.partition("#")[2] or iri,
        label=labels[iri] or iri,
        is_class=any(t == ox.NamedNode(_CLASS) for t in said.get(_TYPE, ())),
        definition=_text(said, _SKOS + "definition", language),
        examples=tuple(text for text in examples if not _COUNTER.match(text)),
        counter_examples=tuple(_COUNTER.sub("", text) for text in examples if _COUNTER.match(text)),
        scope=_texts(said, _SKOS + "scopeNote", language),
        parents=nodes(_RDFS + "subClassOf", _RDFS + "subPropertyOf"),
        domains=nodes(_RDFS + "domain"),
        ranges=nodes(_RDFS + "range"),
        sentence=_text(said, str(MAILLAGE.sentence), language),
        derived=any(isinstance(t, ox.Literal) and t.value == "true" for t in said.get(str(MAILLAGE.derived), ())),
    )


def _text(said: Said, path: str, language: Language) -> str | None:
    found = pick({t.language: t.value for t in said.get(path, ()) if isinstance(t, ox.Literal)}, language)
    return found[0] if found else None


def _texts(said: Said, path: str, language: Language) -> tuple[str, ...]:
    """All texts in the reader's language, else all there are."""
    literals = [t for t in said.get(path, ()) if isinstance(t, ox.Literal)]
    return tuple(t.value for t in literals if t.language == language) or tuple(t.value for t in literals)


def _tree(classes: Sequence[Term]) -> tuple[Branch, ...]:
    known = {term.iri for term in classes}
    children: dict[str, list[Term]] = defaultdict(list)
    for term in classes:
        for parent in {p.iri for p in term.parents} & known or {""}:
            children[parent].append(term)

    def branch(term: Term, above: frozenset[str]) -> Branch:
        below = above | {term.iri}
        return Branch(term, tuple(branch(child, below) for child in children[term.iri] if child.iri not in below))

    return tuple(branch(term, frozenset()) for term in children[""])
