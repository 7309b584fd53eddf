"""The rules of ``queries/rules/`` as the store asks for them: quads of a change in, quads of the derived graph out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyoxigraph as ox

from app.engine.changes import Change
from app.engine.lookup import Queryable

if TYPE_CHECKING:
    from app.queries.rules import Rules


@dataclass(frozen=True)
class DerivedLinks:
    """Implements :class:`app.engine.lookup.Rules`."""

    rules: Rules

    def derive(self, before: Queryable, after: Queryable, change: Change, graph: ox.NamedNode, *, bulk: bool) -> Change:
        """What a change adds to and removes from the derived graph; everything derivable as ``added`` when ``bulk``."""
        if bulk:
            return Change(_in(graph, self.rules.all_links(after.query)))
        added, removed = ((quad.triple for quad in side) for side in (change.added, change.removed))
        gained, lost = self.rules.changed_links(before.query, after.query, added, removed)
        return Change(_in(graph, gained), _in(graph, lost))


def _in(graph: ox.NamedNode, links: Iterable[ox.Triple]) -> frozenset[ox.Quad]:
    return frozenset(ox.Quad(link.subject, link.predicate, link.object, graph) for link in links)
