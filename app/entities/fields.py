"""The fields of an entity in the order that the shapes lay out; what the shapes do not know comes last, nothing is left out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities import wording
from app.entities.facts import Facts, Stated
from app.entities.model import Field, Group, Part, Value
from app.entities.names import Names
from app.entities.provenance import web_address
from app.entities.questions import Questions, iris
from app.shapes import Shapes
from app.terms import MAILLAGE, PREFIXES, EngineTerm
from app.text import Language, pick, say
from app.vocabulary import Vocabulary

TYPE = PREFIXES["rdf"] + "type"
NAME = str(MAILLAGE.name)
DESCRIPTION = str(MAILLAGE.description)
STATUS, CONFIDENCE = str(MAILLAGE.reviewStatus), str(MAILLAGE.confidence)
_ELSEWHERE = {TYPE, NAME, DESCRIPTION, STATUS, CONFIDENCE, PREFIXES["skos"] + "prefLabel", PREFIXES["rdfs"] + "label"}
_AMOUNT = str(MAILLAGE.amount)


@dataclass(frozen=True)
class Inside:
    """Statements of resources without a name (a period, a geometry), which are shown inside the field that points to them."""

    said: Mapping[str, Mapping[str, Stated]]

    @classmethod
    def ask(cls, questions: Questions, facts: Facts, names: Names) -> Inside:
        """Read the nameless resources among the values, which must have been asked for by ``names`` before."""
        shown = {t.value for p, stated in facts.values.items() if p != TYPE for t in stated if isinstance(t, ox.NamedNode)}
        nameless = sorted(iri for iri in shown if names.types(iri) and not names.is_named(iri))
        said: dict[str, dict[str, Stated]] = {}
        for row in questions.rows("entity-statements", entity=iris(nameless)) if nameless else ():
            entity, about, graph = row["entity"], row["property"], row["graph"]
            if isinstance(entity, ox.NamedNode) and isinstance(about, ox.NamedNode) and isinstance(graph, ox.NamedNode):
                stated = said.setdefault(entity.value, {}).setdefault(about.value, {})
                stated[row["value"]] = (*stated.get(row["value"], ()), graph.value)
        names.ask(questions, {t.value for one in said.values() for v in one.values() for t in v if isinstance(t, ox.NamedNode)})
        return cls(said)


@dataclass(frozen=True)
class Writer:
    """Puts values in a reader's words."""

    names: Names
    vocabulary: Vocabulary
    language: Language
    inside: Inside

    def value(self, about: str, term: EngineTerm, graphs: tuple[str, ...] = ()) -> Value:
        match term:
            case ox.NamedNode():
                return self._resource(term, graphs)
            case ox.Literal():
                return self._literal(about, term, graphs)
        return Value(str(term), graphs=graphs)

    def values(self, about: str, stated: Stated) -> tuple[Value, ...]:
        """In the order of their words; among translations of one text, the reader's language only."""
        chosen = _in_one_language(stated, self.language)
        return tuple(
            sorted((self.value(about, term, graphs) for term, graphs in chosen.items()), key=lambda v: wording.collation(v.text))
        )

    def _resource(self, term: ox.NamedNode, graphs: tuple[str, ...]) -> Value:
        node = self.names.node(term.value)
        if not self.names.types(term.value) and (address := web_address(term)) and not self.names.is_named(term.value):
            return Value(address, link=address, graphs=graphs)
        said = self.inside.said.get(term.value, {})
        parts = tuple((self.names.term(p).label, self.values(p, stated)) for p, stated in said.items() if p != TYPE)
        return Value(node.label, node.language, node=node, graphs=graphs, parts=parts)

    def _literal(self, about: str, term: ox.Literal, graphs: tuple[str, ...]) -> Value:
        language = term.language if term.language != self.language else None
        text = wording.euros(term, self.language) if about == _AMOUNT else wording.literal(term, self.language)
        point = wording.point(term.value) if term.datatype.value == wording.WKT else None
        link = self.vocabulary.register_link(about, term.value) or web_address(term)
        return Value(text, language, link=link, graphs=graphs, point=point)


def _in_one_language(stated: Stated, language: Language) -> Stated:
    tags = {term.language for term in stated if isinstance(term, ox.Literal) and term.language}
    if len(tags) < 2:
        return stated
    best = pick({tag: tag for tag in tags}, language)
    dropped = tags - {best[0]} if best else set()
    return {term: graphs for term, graphs in stated.items() if not (isinstance(term, ox.Literal) and term.language in dropped)}


def lay_out(
    facts: Facts,
    types: Iterable[str],
    writer: Writer,
    shapes: Shapes,
    left_out: Iterable[str],
) -> tuple[tuple[Group, ...], tuple[str, ...]]:
    """The groups with their filled fields, and the names of the fields that are empty."""
    skipped = _ELSEWHERE | set(left_out)
    groups, missing, placed = [], [], set(skipped)
    for group in shapes.layout(list(types)):
        filled = []
        for planned in group.fields:
            if planned.inverse or planned.path in placed:
                continue
            placed.add(planned.path)
            name = wording.best(planned.name, writer.language)
            if planned.path in facts.values:
                filled.append(_field(facts, planned.path, name, writer))
            elif name:
                missing.append(name[0])
        if filled:
            heading = wording.best(group.label, writer.language)
            groups.append(Group(heading[0] if heading else "", tuple(filled)))
    rest = [_field(facts, path, None, writer) for path in sorted(set(facts.values) - placed)]
    if rest:
        groups.append(Group(say("entity.other-fields", writer.language), tuple(rest)))
    return tuple(groups), tuple(missing)


def _field(facts: Facts, path: str, name: tuple[str, str | None] | None, writer: Writer) -> Field:
    term = writer.names.term(path)
    key = key_of(path)
    stated = facts.values[path]
    part = facts.part(facts.degree.out.get(path, len(stated)), key)
    return Field(
        key=key,
        name=name[0] if name else term.label,
        name_language=name[1] if name else term.language,
        values=writer.values(path, stated),
        part=part if part.pages > 1 else Part(len(stated)),
    )


def key_of(path: str) -> str:
    """The short name of a property in an address: its local name."""
    return path.replace("#", "/").rstrip("/").rpartition("/")[2]
