"""On which line of a document something is said; the nearest statement where the very one is not there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import pyoxigraph as ox

from app.ingest.nodes import Component, origins

Wanted = Sequence[str | None]
"""Subject, property and value, each as an N-Triples term, or None where there is none."""

_EXACT, _PROPERTY, _SUBJECT, _OBJECT = range(4)


class Whereabouts:
    """The best line for each wanted statement: the statement itself, else another value of its property (the store writes some
    literals otherwise than the file), else the first statement about its subject, else the first that points to it.
    """

    def __init__(self, wanted: Sequence[Wanted]) -> None:
        self._wanted = wanted
        self._best: dict[int, tuple[int, int]] = {}
        self._by_subject: dict[str, list[int]] = defaultdict(list)
        for place, (subject, _, _) in enumerate(wanted):
            if subject is not None:
                self._by_subject[subject].append(place)

    def look(self, triple: ox.Triple, line: int) -> None:
        """Takes one statement into account. Terms are compared by their N-Triples text."""
        for place in self._by_subject.get(str(triple.subject), ()):
            _, wanted_predicate, wanted_value = self._wanted[place]
            if str(triple.predicate) != wanted_predicate:
                self._offer(place, _SUBJECT, line)
            else:
                self._offer(place, _EXACT if str(triple.object) == wanted_value else _PROPERTY, line)
        if isinstance(triple.object, ox.NamedNode):
            for place in self._by_subject.get(str(triple.object), ()):
                self._offer(place, _OBJECT, line)

    def look_in(self, component: Component, base: str) -> None:
        """Takes blank nodes into account, under the IRIs that they were given."""
        for triple, line in component.statements:
            self.look(triple, line)
        if not any(subject.startswith(f"<{base}id/node/") for subject in self._by_subject):
            return
        for iri, labels in origins(component, base).items():
            for triple, line in component.statements:
                if isinstance(triple.subject, ox.BlankNode) and triple.subject.value in labels:
                    self.look(ox.Triple(ox.NamedNode(iri), triple.predicate, triple.object), line)

    def found(self) -> list[int | None]:
        """The line of each wanted statement, in their order."""
        return [self._best[place][1] if place in self._best else None for place in range(len(self._wanted))]

    def _offer(self, place: int, rank: int, line: int) -> None:
        offered = (rank, line)
        self._best[place] = min(self._best.get(place, offered), offered)
