"""What resources are at a glance, from a version's search index and from what was asked for lately; no question is put."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.glances import Glance
from app.entities.questions import Questions, iris
from app.search import Hit, Opened
from app.search.document import Day

MOST = 5_000
"""Glances that are kept of one version: those at the words of the model, and at what has no name."""


@dataclass(frozen=True)
class Glances:
    """Implements :class:`app.entities.glances.AtHand` for one version; ``kept`` is a memory of that version. Safe for threads."""

    search: Opened
    kept: dict[str, Glance]

    def known(self, wanted: Set[str], questions: Questions) -> Mapping[str, Glance]:
        """See :class:`app.entities.glances.AtHand`. Whoever uses what was asked for lately reads what the question reads."""
        lately = {iri: glance for iri in wanted if (glance := self.kept.get(iri)) is not None}
        if lately:
            questions.heed("nodes", node=iris(sorted(lately)))
        hits = self.search.of(wanted - lately.keys())
        return lately | {iri: _glance(hit, *hit.days) for iri, hit in hits.items() if hit.names and hit.days}

    def keep(self, asked: Mapping[str, Glance]) -> None:
        """See :class:`app.entities.glances.AtHand`."""
        if len(self.kept) + len(asked) > MOST:
            self.kept.clear()
        self.kept.update(asked)


def _glance(hit: Hit, start: Day | None, end: Day | None) -> Glance:
    """What the index shows, as if the graph had been asked."""
    texts: dict[str | None, str] = {}
    for text, language in hit.names:
        texts.setdefault(language, text)
    return Glance({"name": texts}, list(hit.types), _literal(start), _literal(end))


def _literal(day: Day | None) -> ox.Literal | None:
    return ox.Literal(day[0], datatype=ox.NamedNode(day[1])) if day else None
