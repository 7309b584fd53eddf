"""The statements and links of one entity as the graph has them, page by page; nothing is put in words here.

A property with few values is read with all the others in one question; one with many is read alone, one page of it. So the
number of questions depends on the ontology and their answers on the size of a page, not on the size of the graph.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from app.entities.model import PAGE_SIZE, Part
from app.entities.questions import Questions, Row, Window, iris
from app.terms import EngineTerm

MOST_SORTED = 1_000
"""A longer list is shown in the engine's own order: sorting it would take longer than a page may."""

Stated = dict[EngineTerm, tuple[str, ...]]
"""Values, each with the graphs that state it."""

Ordered = Callable[[str, int, slice], Sequence[str] | None]
"""Of what points to an entity by a property, so many in order, those of a slice; None where that is not known."""


@dataclass(frozen=True)
class Counted:
    """Incoming links that are known without asking: by property, but those of the entity to itself; ``others`` are the
    properties of which nothing is known."""

    into: Mapping[str, int]
    others: Sequence[str]


@dataclass(frozen=True)
class Degree:
    """How many values (``out``) and incoming links (``into``) an entity has, by property."""

    out: Mapping[str, int]
    into: Mapping[str, int]

    @classmethod
    def ask(cls, questions: Questions, iri: str, known: Counted | None = None) -> Degree:
        """What a version has; of what is ``known``, only the rest is asked for."""
        found: dict[str, dict[str, int]] = {"out": {}, "in": {}, "self": {}}
        for row in _counts(questions, ox.NamedNode(iri), known):
            if "property" in row and "count" in row:
                found[text_of(row["direction"])][text_of(row["property"])] = int(text_of(row["count"]))
        if known is not None:
            all_ = {path: number + found["self"].get(path, 0) for path, number in known.into.items()}
            found["in"] |= {path: number for path, number in all_.items() if number}
        return cls(found["out"], found["in"])

    def __bool__(self) -> bool:
        return bool(self.out or self.into)


@dataclass
class Facts:
    """What was read: values by property, incoming subjects by property, and the part of each that this is."""

    iri: str
    degree: Degree
    values: dict[str, Stated] = field(default_factory=dict)
    incoming: dict[str, Stated] = field(default_factory=dict)
    pages: Mapping[str, int] = field(default_factory=dict)

    @property
    def node(self) -> ox.NamedNode:
        return ox.NamedNode(self.iri)

    def part(self, total: int, key: str) -> Part:
        """The page of a list that the reader asked for, within its bounds."""
        whole = Part(total)
        return Part(total, min(self.pages.get(key, 1), whole.pages))

    def window(self, part: Part) -> Window:
        return Window.page(part.page, part.size)

    def resources(self, hidden: Collection[str]) -> set[str]:
        """Every IRI that the values and links mention, but for the values of some properties."""
        values = (stated for path, stated in self.values.items() if path not in hidden)
        stated = (term for group in (*values, *self.incoming.values()) for term in group)
        return {term.value for term in stated if isinstance(term, ox.NamedNode)}

    def graphs(self) -> set[str]:
        return {graph for group in (*self.values.values(), *self.incoming.values()) for gs in group.values() for graph in gs}


def _counts(questions: Questions, entity: ox.NamedNode, known: Counted | None) -> list[Row]:
    if known is None:
        return questions.rows("entity-counts", entity=entity)
    return questions.rows("entity-counts-among", entity=entity, property=iris(known.others))


@dataclass(frozen=True)
class Planned:
    """The questions that read what is said of an entity and what points to it: of the properties with few values together, of
    each with many a page."""

    statements: Sequence[str]
    values: Sequence[str]
    links: Sequence[str]

    @property
    def texts(self) -> list[str]:
        """All of them, each of which :meth:`read` puts."""
        return [*self.statements, *self.values, *self.links]

    def read(self, questions: Questions, facts: Facts) -> None:
        """Fill ``facts`` with their answers."""
        for row in (row for text in self.statements for row in questions.ask_rows(text)):
            stated = facts.values.setdefault(text_of(row["property"]), {})
            stated[row["value"]] = (*stated.get(row["value"], ()), text_of(row["graph"]))
        for text in self.values:
            _keep(facts.values, questions.ask_rows(text), "value")
        for text in self.links:
            _keep(facts.incoming, questions.ask_rows(text), "other")


def plan(
    questions: Questions,
    facts: Facts,
    hidden: Collection[str],
    keys: Mapping[str, str],
    ordered: Ordered = lambda *_: None,
) -> Planned:
    """What to ask once the properties of an entity are counted. ``hidden`` are those with blocks of their own; ``keys`` names
    the long lists; what is ``ordered`` needs not be sorted by the engine."""
    out, into = facts.degree.out, {path: n for path, n in facts.degree.into.items() if path not in hidden}
    few, few_in = (sorted(path for path, n in counts.items() if n <= PAGE_SIZE) for counts in (out, into))
    many = sorted(path for path, n in out.items() if n > PAGE_SIZE and path not in hidden)
    many_in = sorted(path for path, n in into.items() if n > PAGE_SIZE)
    return Planned(
        [questions.text("entity-statements", entity=facts.node, property=iris(few))] if few else [],
        [_long_text(questions, facts, "entity-values", path, out[path], keys[path]) for path in many],
        [
            *([questions.text("entity-incoming-unsorted", entity=facts.node, property=iris(few_in))] if few_in else []),
            *(_incoming_text(questions, facts, path, into[path], f"from-{keys[path]}", ordered) for path in many_in),
        ],
    )


def _incoming_text(questions: Questions, facts: Facts, path: str, total: int, key: str, ordered: Ordered) -> str:
    """One page of the many that point to an entity by a property."""
    part = facts.part(total, key)
    others = ordered(path, total, slice(part.first - 1, part.last)) if total <= MOST_SORTED else None
    if others is None:
        return _long_text(questions, facts, "entity-incoming", path, total, key)
    return questions.text("entity-incoming-among", entity=facts.node, property=ox.NamedNode(path), other=iris(others))


def _long_text(questions: Questions, facts: Facts, name: str, path: str, total: int, key: str) -> str:
    """One page of a property that has many values or incoming links."""
    window = facts.window(facts.part(total, key))
    return questions.text(sortable(name, total), window, entity=facts.node, property=ox.NamedNode(path))


def sortable(name: str, total: int, most: int = MOST_SORTED) -> str:
    """The question that sorts, or the one that does not where sorting would take longer than a page may."""
    return name if total <= most else f"{name}-unsorted"


def _keep(kept: dict[str, Stated], rows: Iterable[Row], name: str) -> None:
    for row in rows:
        if name in row:
            stated = kept.setdefault(text_of(row["property"]), {})
            graphs = text_of(row["graphs"]).split() if "graphs" in row else []
            stated[row[name]] = tuple(sorted({*stated.get(row[name], ()), *graphs}))


def text_of(term: EngineTerm) -> str:
    """The value of a term that is an IRI, a literal or a blank node."""
    return term.value if not isinstance(term, ox.Triple) else str(term)
