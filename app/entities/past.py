"""What happened to one entity: the versions that changed it, what changed between two of them, how it was last called."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pyoxigraph as ox

from app.engine.changes import Change
from app.entities.model import Node
from app.entities.names import Names
from app.entities.questions import Questions, Window
from app.errors import StoreError
from app.text import Language
from app.vocabulary import Vocabulary

MOST = 5_000
"""Statements about an entity that are compared at most, where two whole versions are."""


class Changes(Protocol):
    """Where changes are found: :class:`app.engine.versions.Repository`."""

    def changes_of(self, iri: str) -> tuple[int, ...]:
        """The versions that changed an entity's own statements, oldest first."""
        ...

    def change_of(self, iri: str, a: int, b: int) -> Change | None:
        """The net change of an entity's own statements between two versions; None where it takes too long to read."""
        ...


def change_between(iri: str, a: int, b: int, changes: Changes, questions: Callable[[int], Questions]) -> Change:
    """What changed in an entity's own statements from version ``a`` to ``b``; version 0 is before the first.

    From the changes in between, or where they are too large, from both versions themselves. Raises
    :class:`app.errors.VersionPruned` where these are not there.
    """
    found = changes.change_of(iri, a, b)
    if found is not None:
        return found
    before, after = (_statements(iri, questions(n)) if n else frozenset() for n in (a, b))
    return Change(after - before, before - after)


def _statements(iri: str, questions: Questions) -> frozenset[ox.Quad]:
    entity = ox.NamedNode(iri)
    found = []
    for row in questions.rows("entity-statements", Window(MOST), entity=entity):
        about, graph = row["property"], row["graph"]
        if isinstance(about, ox.NamedNode) and isinstance(graph, ox.NamedNode) and not graph.value.endswith("graphs/derived"):
            found.append(ox.Quad(entity, about, row["value"], graph))
    return frozenset(found)


@dataclass(frozen=True)
class Presence:
    """Where an entity stands that one version does not describe: the version that described it last before, or first after."""

    until: int | None = None
    since: int | None = None


def presence(iri: str, version: int, changes: Changes) -> Presence:
    """Where to look for what version ``version`` does not describe."""
    touched = changes.changes_of(iri)
    before = [n for n in touched if n <= version]
    if before and before[-1] > 1:
        return Presence(until=before[-1] - 1)
    return Presence(since=next((n for n in touched if n > version), None))


def last_seen(iri: str, questions: Questions, vocabulary: Vocabulary, language: Language) -> Node | None:
    """What an entity was in a version; None where that version cannot be asked, or does not name it."""
    names = Names(vocabulary, language)
    try:
        names.ask(questions, [iri])
    except StoreError:
        return None
    return names.node(iri) if names.is_named(iri) else None
