"""The data of one entity: its own statements and the links that come in; the same triples in every format."""

from __future__ import annotations

from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.questions import Questions, Window
from app.terms import PREFIXES
from app.text import LANGUAGES, say

MOST_INCOMING = 5_000
MOST_OWN = 20_000
_COMMENT = ox.NamedNode(PREFIXES["rdfs"] + "comment")
_TOPIC = ox.NamedNode(PREFIXES["foaf"] + "primaryTopic")


@dataclass(frozen=True)
class Document:
    """The triples about an entity; ``complete`` unless links were left out, which the triples then say."""

    triples: tuple[ox.Triple, ...]
    complete: bool


def read_document(questions: Questions, iri: str, address: str) -> Document | None:
    """The document at ``address`` about ``iri``, or None when the graph does not mention it."""
    entity = ox.NamedNode(iri)
    own = questions.triples("entity-data", Window(MOST_OWN + 1), entity=entity)
    incoming = questions.triples("entity-data-incoming", Window(MOST_INCOMING + 1), entity=entity)
    if not own and not incoming:
        return None
    complete = len(own) <= MOST_OWN and len(incoming) <= MOST_INCOMING
    about = [] if complete else _say_what_is_missing(ox.NamedNode(address), entity)
    return Document((*own[:MOST_OWN], *incoming[:MOST_INCOMING], *about), complete)


def _say_what_is_missing(document: ox.NamedNode, entity: ox.NamedNode) -> list[ox.Triple]:
    texts = {language: say("entity.data-cut", language, own=MOST_OWN, incoming=MOST_INCOMING) for language in LANGUAGES}
    comments = [ox.Triple(document, _COMMENT, ox.Literal(text, language=language)) for language, text in texts.items()]
    return [ox.Triple(document, _TOPIC, entity), *comments]
