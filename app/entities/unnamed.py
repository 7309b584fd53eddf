"""What entities without a name say, for a list of them: who holds which place in a partnership, which passage bears out what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.model import Node
from app.entities.names import Names
from app.entities.questions import Questions, Row

_LONGEST = 200


@dataclass(frozen=True)
class Said:
    """What one entity is about, in which roles, and the passage that it quotes with its language."""

    about: tuple[Node, ...]
    roles: tuple[Node, ...] = ()
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
            for name in ("participant", "partnership", "subject", "role")
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
    return Said(tuple(names.node(iri) for iri in about), tuple(names.term(iri) for iri in _iris(rows, "role")), text, language)


def _iris(rows: list[Row], name: str) -> list[str]:
    return list(dict.fromkeys(term.value for row in rows if isinstance(term := row.get(name), ox.NamedNode)))
