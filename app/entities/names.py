"""The name, nature and dates of every resource that a page mentions, from one question; not the statements about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import unquote

import pyoxigraph as ox

from app.entities import wording
from app.entities.glances import Glance
from app.entities.model import Node
from app.entities.questions import Questions, Row
from app.text import Language, pick
from app.vocabulary import Vocabulary

_NAMINGS = ("name", "prefLabel", "label")
"""The columns of names, the first that has any wins."""


class Names:
    """Glances by IRI, read once for a page; a resource that the graph does not name is called by the end of its IRI."""

    def __init__(self, vocabulary: Vocabulary, language: Language) -> None:
        self._vocabulary = vocabulary
        self._language = language
        self._glances: dict[str, Glance] = {}
        self._nodes: dict[str, Node] = {}
        self._asked: set[str] = set()

    def ask(self, questions: Questions, wanted: Iterable[str]) -> None:
        """Look up those resources that have not been yet: what is not at hand is asked for, about a hundred in one question."""
        new = set(wanted) - self._asked
        self._asked |= new
        known = questions.at_hand.known(new) if questions.at_hand and new else {}
        asked = _read(questions.about_each("nodes", "node", new - known.keys(), often=True))
        for iri in new:
            self._nodes.pop(iri, None)
        self._glances |= {**known, **asked}

    def is_named(self, iri: str) -> bool:
        return any(self._glances[iri].texts.values()) if iri in self._glances else False

    def types(self, iri: str) -> list[str]:
        return self._glances[iri].types if iri in self._glances else []

    def period(self, iri: str) -> str | None:
        """When the resource began and ended, in words."""
        glance = self._glances.get(iri)
        return wording.period(glance.start, glance.end, self._language) if glance else None

    def node(self, iri: str) -> Node:
        """The resource as it is shown: made once, as pages show the same ones again and again."""
        found = self._nodes.get(iri)
        if found is None:
            text, language = self._name(iri)
            kind = nature(self._vocabulary, self.types(iri), self._language)
            found = self._nodes[iri] = Node(iri, text, None if language == self._language else language, kind)
        return found

    def term(self, iri: str) -> Node:
        """A class or property, by its label in the ontology."""
        found = wording.best(self._vocabulary.label(iri), self._language)
        text = None if found else wording.borrowed(iri, self._language)
        return Node(iri, *found) if found else Node(iri, text) if text else self.node(iri)

    def _name(self, iri: str) -> tuple[str, str | None]:
        glance = self._glances.get(iri)
        for naming in _NAMINGS:
            if glance and glance.texts.get(naming):
                found = pick(glance.texts[naming], self._language)
                if found:
                    return found
        return ending(iri), None


def _read(rows: Iterable[Row]) -> dict[str, Glance]:
    """The glances that some rows tell."""
    found: dict[str, Glance] = defaultdict(Glance)
    for row in rows:
        node = row.get("node")
        if isinstance(node, ox.NamedNode):
            _keep(found[node.value], row)
    return found


def _keep(glance: Glance, row: Row) -> None:
    """Add a row to a glance; a resource with several names or classes has several rows."""
    for naming in _NAMINGS:
        text = row.get(naming)
        if isinstance(text, ox.Literal):
            glance.texts[naming].setdefault(text.language, text.value)
    type_, start, end = row.get("type"), row.get("start"), row.get("end")
    if isinstance(type_, ox.NamedNode) and type_.value not in glance.types:
        glance.types.append(type_.value)
    glance.start = start if isinstance(start, ox.Literal) else glance.start
    glance.end = end if isinstance(end, ox.Literal) else glance.end


def nature(vocabulary: Vocabulary, types: Iterable[str], language: Language) -> str | None:
    """The classes of a resource in words, without those that are above another of them."""
    own = set(types)
    implied = {above for one in own for above in vocabulary.superclasses(one) if above != one}
    found = [wording.best(vocabulary.label(one), language) for one in sorted(own - implied)]
    return ", ".join(text[0] for text in found if text) or None


def ending(iri: str) -> str:
    """The last piece of an IRI that says something."""
    return unquote(iri.rstrip("/#").replace("#", "/").rpartition("/")[2]) or iri
