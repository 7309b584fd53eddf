"""What entities without a name say, in lists and headings: who holds which place in a partnership, which passage attests what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from app.entities import wording
from app.entities.model import Node
from app.entities.names import Names
from app.entities.questions import Questions, Row
from app.entities.sentences import fill, flat
from app.text import Language, say
from app.vocabulary import Vocabulary

_LONGEST = 200


@dataclass(frozen=True)
class Said:
    """What one entity is about, in which roles, of which properties, and the passage that it quotes with its language."""

    about: tuple[Node, ...]
    roles: tuple[Node, ...] = ()
    properties: tuple[Node, ...] = ()
    passage: str | None = None
    language: str | None = None


def said_of(questions: Questions, names: Names, entities: Sequence[str]) -> Mapping[str, Said]:
    """By IRI; nothing for those that are neither a participation nor a piece of evidence."""
    rows: dict[str, list[Row]] = {}
    for row in questions.about_each("parts-said", "entity", entities):
        if isinstance(entity := row["entity"], ox.NamedNode):
            rows.setdefault(entity.value, []).append(row)
    names.ask(
        questions,
        {
            iri
            for found in rows.values()
            for name in ("participant", "partnership", "subject", "role", "property")
            for iri in _iris(found, name)
        },
    )
    return {entity: _said(found, names) for entity, found in rows.items()}


def _said(rows: list[Row], names: Names) -> Said:
    about = [iri for name in ("participant", "partnership", "subject") for iri in _iris(rows, name)]
    passages = [row["passage"] for row in rows if isinstance(row.get("passage"), ox.Literal)]
    passage = passages[0] if passages else None
    text, language = (passage.value, passage.language) if isinstance(passage, ox.Literal) else (None, None)
    if text and len(text) > _LONGEST:
        text = text[:_LONGEST].rstrip() + "…"
    roles, properties = (tuple(names.term(iri) for iri in _iris(rows, name)) for name in ("role", "property"))
    return Said(tuple(names.node(iri) for iri in about), roles, properties, text, language)


def called(said: Said | None, own: Node, names: Names, vocabulary: Vocabulary, language: Language) -> Node:
    """An entity under what it says in a list: the passage that it quotes, or the sentence of a participation; else as it is."""
    if said is None or not (said.passage or said.roles):
        return own
    if said.passage is not None:
        return replace(own, label=say("list.quoted", language, text=_bare(said.passage)), language=said.language)
    return replace(own, label=_sentence(said, names, vocabulary, language))


def _bare(passage: str) -> str:
    """The words of a passage without the quotation marks around the whole of it, which quoting it would double."""
    is_quoted = passage.startswith("«") and passage.endswith("»") and passage.count("«") == 1
    return passage[1:-1].strip() if is_quoted else passage


def heading_of(questions: Questions, names: Names, entity: str, vocabulary: Vocabulary, language: Language) -> Node | None:
    """What to call an entity that has no name: the sentence of a participation, the subject and property that evidence bears
    out; None for what is neither."""
    said = said_of(questions, names, [entity]).get(entity)
    if said is None or not said.about:
        return None
    if said.passage is None:
        return Node(entity, _sentence(said, names, vocabulary, language))
    subject = said.about[0]
    held = None if names.is_named(subject.iri) else said_of(questions, names, [subject.iri]).get(subject.iri)
    text = _sentence(held, names, vocabulary, language) if held and held.passage is None else subject.label
    about = ", ".join(one.label for one in said.properties)
    return Node(entity, say("entity.proven", language, about=text, value=about) if about else text)


def _sentence(said: Said, names: Names, vocabulary: Vocabulary, language: Language) -> str:
    """As the page of the partnership says it; of several roles, that one takes part."""
    participant, *partnerships = said.about
    named = next((one for one in partnerships if names.is_named(one.iri)), None)
    pattern = wording.best(vocabulary.sentence(said.roles[0].iri), language) if len(said.roles) == 1 else None
    things = {"participant": participant, "partnership": named or say("entity.this-partnership", language)}
    return flat(fill(pattern[0] if pattern else say("entity.plain-role", language), things))


def _iris(rows: list[Row], name: str) -> list[str]:
    return list(dict.fromkeys(term.value for row in rows if isinstance(term := row.get(name), ox.NamedNode)))
