"""Reads all that a page says about one entity: a handful of questions, whatever the size of the graph or of the entity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from app.entities import fields, links, partnerships, provenance
from app.entities.addresses import Addresses
from app.entities.facts import Counted, Degree, Facts, Ordered, plan
from app.entities.fields import Inside, Writer, key_of, lay_out
from app.entities.model import Entity, Node, Value
from app.entities.names import Names
from app.entities.questions import Questions
from app.entities.unnamed import heading_of
from app.shapes import Shapes
from app.text import Language
from app.vocabulary import Vocabulary

_ACTOR = "actor"
_HIDDEN = frozenset((*provenance.EVIDENCE, *(block.path for block in partnerships.BLOCKS)))
"""Properties that have blocks of their own."""


class Beside(Protocol):
    """What a page shows beside what is said of an entity."""

    def begin(self) -> None:
        """Work out what takes no question, while the engine answers the first ones."""
        ...

    def texts(self) -> Sequence[str]:
        """The questions that :meth:`named` puts whatever is answered."""
        ...

    def named(self, kind: str | None) -> Iterable[str]:
        """Of an entity's kind, the resources that are named there."""
        ...


@dataclass(frozen=True)
class Reader:
    """What reading an entity takes: questions to one version, the ontology, the layout, the site's addresses, a language, and the
    names that are known already."""

    questions: Questions
    vocabulary: Vocabulary
    shapes: Shapes
    addresses: Addresses
    language: Language
    names: Names

    def read(
        self,
        iri: str,
        pages: Mapping[str, int],
        known: Counted | None = None,
        ordered: Ordered = lambda *_: None,
        beside: Beside | None = None,
    ) -> Entity | None:
        """The page about an IRI, or None when the graph does not mention it; ``pages`` are the pages of its long lists. What the
        page names ``beside`` what is read here is asked for with the rest."""
        degree = Degree.ask(self.questions, iri, known)
        if not degree:
            return None
        facts = Facts(iri, degree, pages=pages)
        keys = {path: key_of(path) for path in (*degree.out, *degree.into)}
        planned = plan(self.questions, facts, _HIDDEN, keys, ordered)
        first = [*planned.texts, *partnerships.first_texts(self.questions, facts), *(beside.texts() if beside else ())]
        with self.questions.ahead(first):
            if beside:
                beside.begin()
            planned.read(self.questions, facts)
            return self._word(facts, beside)

    def _word(self, facts: Facts, beside: Beside | None) -> Entity:
        types = [t.value for t in facts.values.get(fields.TYPE, {}) if isinstance(t, ox.NamedNode)]
        kind = self.vocabulary.kind_of(types)
        named = beside.named(kind.segment if kind else None) if beside else ()
        engagements = partnerships.Engagements.ask(self.questions, facts)
        passages = provenance.Quoted.ask(self.questions, facts)
        graphs = facts.graphs() | engagements.graphs()
        sources = {self.addresses.source_of(graph) or graph for graph in graphs}
        names = self._names(facts, engagements, sources, passages, named)
        writer = Writer(names, self.vocabulary, self.language, Inside.ask(self.questions, facts, names))
        derived = {path for path in facts.values if self.vocabulary.is_derived(path)}
        groups, missing = lay_out(facts, types, writer, self.shapes, {*derived, partnerships.PARTICIPATION})
        described = provenance.Descriptions.ask(self.questions, sources)
        return Entity(
            iri=facts.iri,
            kind=kind.segment if kind else None,
            title=self._title(facts.iri, names),
            types=tuple(names.term(t) for t in self._own(types)),
            groups=groups,
            links=(
                *partnerships.word(engagements, facts, writer, expected=kind is not None and kind.segment == _ACTOR),
                *links.incoming_links(facts, writer, self.questions),
                *links.derived_links(facts, writer, self.questions),
            ),
            passages=passages.word(facts, names, self.language),
            sources=provenance.number_sources(graphs, described, self.addresses, names, self.language),
            missing=missing,
            status=_single(facts, fields.STATUS, writer),
            confidence=_single(facts, fields.CONFIDENCE, writer),
            summary=_single(facts, fields.DESCRIPTION, writer),
            query=self.questions.text("entity-statements", entity=facts.node),
        )

    def _title(self, iri: str, names: Names) -> Node:
        """Its name, or what it says where it has none."""
        said = None if names.is_named(iri) else heading_of(self.questions, names, iri, self.vocabulary, self.language)
        return said or names.node(iri)

    def _own(self, types: list[str]) -> list[str]:
        """What an entity is, without what our ontology borrows from others' where it has a class of its own."""
        ours = [one for one in types if one in self.vocabulary.terms]
        return sorted(ours or types)

    def _names(
        self,
        facts: Facts,
        engagements: partnerships.Engagements,
        sources: set[str],
        passages: provenance.Quoted,
        named: Iterable[str],
    ) -> Names:
        mentioned = {facts.iri, *named, *facts.values, *facts.incoming} | facts.resources(_HIDDEN) | passages.resources()
        self.names.ask(self.questions, mentioned | engagements.resources() | sources)
        return self.names


def _single(facts: Facts, path: str, writer: Writer) -> Value | None:
    values = writer.values(path, facts.values.get(path, {}))
    return values[0] if values else None
