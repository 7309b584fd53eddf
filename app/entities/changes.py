"""What a version changed, as statements with the names of their things; only the first of a large change."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox

from app.entities.addresses import Addresses
from app.entities.fields import Inside, Writer
from app.entities.model import Node, Value
from app.entities.names import Names
from app.entities.questions import Questions
from app.entities.wording import collation
from app.text import Language
from app.vocabulary import Vocabulary

SHOWN = 200


@dataclass(frozen=True)
class Statement:
    """One statement that was added or removed, in one source."""

    added: bool
    subject: Node
    about: Node
    value: Value
    source: Node | None


def word_changes(
    added: Iterable[ox.Quad],
    removed: Iterable[ox.Quad],
    questions: Questions,
    vocabulary: Vocabulary,
    addresses: Addresses,
    language: Language,
) -> tuple[Statement, ...]:
    """The first statements of each side, grouped by subject; names are those of the version that ``questions`` read."""
    sides = [(True, quad) for quad in islice(added, SHOWN)] + [(False, quad) for quad in islice(removed, SHOWN)]
    names = Names(vocabulary, language)
    names.ask(questions, {iri for _, quad in sides for iri in _mentioned(quad, addresses)})
    writer = Writer(names, vocabulary, language, Inside({}))
    found = [_statement(is_added, quad, writer, addresses) for is_added, quad in sides]
    return tuple(sorted(found, key=lambda s: (collation(s.subject.label), s.subject.iri, s.about.label, s.added)))


def _mentioned(quad: ox.Quad, addresses: Addresses) -> Iterable[str]:
    terms = [term.value for term in (quad.subject, quad.predicate, quad.object) if isinstance(term, ox.NamedNode)]
    source = _source(quad, addresses)
    return [*terms, *([source] if source else [])]


def _source(quad: ox.Quad, addresses: Addresses) -> str | None:
    return addresses.source_of(quad.graph_name.value) if isinstance(quad.graph_name, ox.NamedNode) else None


def _statement(is_added: bool, quad: ox.Quad, writer: Writer, addresses: Addresses) -> Statement:
    subject = quad.subject.value if isinstance(quad.subject, ox.NamedNode) else str(quad.subject)
    source = _source(quad, addresses)
    return Statement(
        added=is_added,
        subject=writer.names.node(subject),
        about=writer.names.term(quad.predicate.value),
        value=writer.value(quad.predicate.value, quad.object),
        source=writer.names.node(source) if source else None,
    )
