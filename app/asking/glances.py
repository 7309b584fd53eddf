"""What resources are at a glance, from a version's search index; no question is put."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities.glances import Glance
from app.search import Hit, Opened
from app.search.document import Day


@dataclass(frozen=True)
class Glances:
    """Implements :class:`app.entities.glances.AtHand` for the version of an index."""

    search: Opened

    def known(self, wanted: Set[str]) -> Mapping[str, Glance]:
        """See :class:`app.entities.glances.AtHand`. What has no name is not known, since others may have called it something."""
        return {iri: _glance(hit, *hit.days) for iri, hit in self.search.of(wanted).items() if hit.names and hit.days}


def _glance(hit: Hit, start: Day | None, end: Day | None) -> Glance:
    """What the index shows, as if the graph had been asked."""
    texts: dict[str | None, str] = {}
    for text, language in hit.names:
        texts.setdefault(language, text)
    return Glance({"name": texts}, list(hit.types), _literal(start), _literal(end))


def _literal(day: Day | None) -> ox.Literal | None:
    return ox.Literal(day[0], datatype=ox.NamedNode(day[1])) if day else None
