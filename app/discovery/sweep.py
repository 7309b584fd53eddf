"""The links of the whole graph, read property by property: what statements reads of each entity, in a pass over all."""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

import pyoxigraph as ox

from app.discovery import intervals
from app.discovery.intervals import Interval
from app.discovery.kinds import CAPACITY, MEMBER, MEMBER_OF, NO_KIND, PARTICIPANT, PARTICIPATION, ROLE
from app.discovery.statements import TYPE, Link, Statements


class Sweep:
    """Kinds and dates of all entities, held while the links are read."""

    def __init__(self, statements: Statements) -> None:
        self._statements = statements
        self._scheme = statements.scheme
        self.kinds = {iri: statements.sorter.sort(types) for iri, types in self._gathered(TYPE).items()}
        """Number of the kind, and whether it makes a node even without a link, by IRI."""
        self._dates = self._read_dates()

    def links(self) -> Iterator[Link]:
        """All links, each once."""
        return chain(self._direct(), self._parties(), self._members())

    def _direct(self) -> Iterator[Link]:
        for number in self._scheme.carried("property"):
            for subject, target in self._pairs(self._scheme.links[number].iri):
                if subject != target:
                    yield subject, target, number, *self._dates.get(subject, intervals.OPEN)

    def _parties(self) -> Iterator[Link]:
        roles, actors = self._gathered(ROLE), self._gathered(PARTICIPANT)
        found = (
            (actor, partnership, kind)
            for partnership, part in self._pairs(PARTICIPATION)
            for kind in self._statements.told(roles.get(part, ()), PARTICIPATION)
            for actor in actors.get(part, ())
        )
        for actor, partnership, kind in dict.fromkeys(found):
            if actor != partnership:
                yield actor, partnership, kind, *self._dates.get(partnership, intervals.OPEN)

    def _members(self) -> Iterator[Link]:
        capacities, members = self._gathered(CAPACITY), self._gathered(MEMBER)
        found = (
            (member, group, kind, *self._dates.get(membership, intervals.OPEN))
            for membership, group in self._pairs(MEMBER_OF)
            for kind in self._statements.told(capacities.get(membership, ()), MEMBER_OF)
            for member in members.get(membership, ())
        )
        yield from (link for link in dict.fromkeys(found) if link[0] != link[1])

    def _read_dates(self) -> dict[str, Interval]:
        said: dict[str, list[tuple[str, ox.Literal]]] = defaultdict(list)
        for path in intervals.TELLING - {intervals.PERIOD}:
            for quad in self._quads(path):
                if isinstance(quad.object, ox.Literal) and isinstance(quad.subject, ox.NamedNode):
                    said[quad.subject.value].append((path, quad.object))
        more = [(subject, tuple(said.get(period, ()))) for subject, period in self._pairs(intervals.PERIOD)]
        for subject, dates in more:
            said[subject] += dates
        return {iri: intervals.hull(dates, one_day=self._is_event(iri)) for iri, dates in said.items() if dates}

    def _is_event(self, iri: str) -> bool:
        kind = self.kinds.get(iri, (NO_KIND, False))[0]
        return kind != NO_KIND and self._scheme.kinds[kind] == "event"

    def _gathered(self, path: str) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for subject, term in self._pairs(path):
            found[subject].append(term)
        return found

    def _pairs(self, path: str) -> Iterator[tuple[str, str]]:
        for quad in self._quads(path):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                yield quad.subject.value, quad.object.value

    def _quads(self, path: str) -> Iterator[ox.Quad]:
        return self._statements.state.quads(None, ox.NamedNode(path), None, ox.DefaultGraph())


class Gathered:
    """Nodes and links by number, in the order in which they were met; what arrays are made of."""

    def __init__(self, sweep: Sweep) -> None:
        self._sweep = sweep
        self.names: dict[str, int] = {}
        self.kinds = array("B")
        self.columns = tuple(array(code) for code in "iiBii")
        for iri, (_, is_node) in sweep.kinds.items():
            if is_node:
                self._number(iri)
        for source, target, *rest in sweep.links():
            for column, value in zip(self.columns, (self._number(source), self._number(target), *rest), strict=True):
                column.append(value)

    def _number(self, iri: str) -> int:
        number = self.names.get(iri)
        if number is None:
            number = self.names[iri] = len(self.names)
            self.kinds.append(self._sweep.kinds.get(iri, (NO_KIND, False))[0])
        return number
