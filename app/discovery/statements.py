"""The links of one entity, from its statements in one state; the whole graph is read in sweep."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import pyoxigraph as ox

from app.discovery import intervals
from app.discovery.intervals import Interval
from app.discovery.kinds import (
    CAPACITY,
    MEMBER,
    MEMBER_OF,
    NO_KIND,
    PARTICIPANT,
    PARTICIPATION,
    ROLE,
    Scheme,
    Sorter,
)
from app.engine.lookup import Lookup
from app.terms import PREFIXES
from app.vocabulary import Vocabulary

TYPE = PREFIXES["rdf"] + "type"
Link = tuple[str, str, int, int, int]
"""Source and target by IRI, kind, first and last day."""


@dataclass(frozen=True)
class Statements:
    """The links of one state. Only the merge of all sources is read, so that what two sources say is one link."""

    state: Lookup
    vocabulary: Vocabulary
    scheme: Scheme
    sorter: Sorter

    def values(self, subject: str, *paths: str) -> list[str]:
        """The IRIs that an entity is said to have."""
        return [o.value for path in paths for o in self._objects(subject, path) if isinstance(o, ox.NamedNode)]

    def subjects(self, path: str, target: str) -> list[str]:
        """The entities that point to another."""
        found = self.state.quads(None, ox.NamedNode(path), ox.NamedNode(target), ox.DefaultGraph())
        return [quad.subject.value for quad in found if isinstance(quad.subject, ox.NamedNode)]

    def kind(self, iri: str) -> tuple[int, bool]:
        """See :meth:`app.discovery.kinds.Sorter.sort`."""
        return self.sorter.sort(self.values(iri, TYPE))

    def dates(self, iri: str) -> Interval:
        """The days that an entity's own dates and periods cover."""
        own = [(quad.predicate.value, quad.object) for quad in self._about(iri) if quad.predicate.value in intervals.TELLING]
        periods = [term.value for path, term in own if path == intervals.PERIOD and isinstance(term, ox.NamedNode)]
        own += [(quad.predicate.value, quad.object) for one in periods for quad in self._about(one)]
        said = [(path, term) for path, term in own if path in intervals.TELLING and isinstance(term, ox.Literal)]
        return intervals.hull(said, one_day=self._is_event(iri)) if said else intervals.OPEN

    def own_links(self, iri: str) -> Iterator[Link]:
        """The links that an entity's own statements are."""
        numbers = self.scheme.numbers
        stated = [(numbers.get(quad.predicate.value), quad.object) for quad in self._about(iri)]
        found = [(number, term.value) for number, term in stated if number is not None and isinstance(term, ox.NamedNode)]
        start, end = self.dates(iri) if found else intervals.OPEN
        direct = self._direct
        yield from ((iri, target, number, start, end) for number, target in found if number in direct and target != iri)

    def party_links(self, partnership: str) -> Iterator[Link]:
        """The links of a partnership's actors with it, one for each role."""
        parts = self.values(partnership, PARTICIPATION)
        start, end = self.dates(partnership) if parts else intervals.OPEN
        for part in parts:
            kinds = self.told(self.values(part, ROLE), PARTICIPATION)
            for actor in self.values(part, PARTICIPANT):
                yield from ((actor, partnership, kind, start, end) for kind in kinds if actor != partnership)

    def member_links(self, member: str, group: str) -> Iterator[Link]:
        """The links of a member with its group, by all memberships that join the two."""
        for membership in self.subjects(MEMBER, member):
            if member != group and group in self.values(membership, MEMBER_OF):
                start, end = self.dates(membership)
                kinds = self.told(self.values(membership, CAPACITY), MEMBER_OF)
                yield from ((member, group, kind, start, end) for kind in kinds)

    @cached_property
    def _direct(self) -> frozenset[int]:
        return frozenset(self.scheme.carried("property"))

    def told(self, said: Iterable[str], plain: str) -> set[int]:
        """The numbers of the roles or capacities that are known; the plain link where none is."""
        numbers = self.scheme.numbers
        return {numbers[one] for one in said if one in numbers} or {numbers[plain]}

    def _is_event(self, iri: str) -> bool:
        kind = self.kind(iri)[0]
        return kind != NO_KIND and self.scheme.kinds[kind] == "event"

    def _about(self, iri: str) -> list[ox.Quad]:
        return list(self.state.quads(ox.NamedNode(iri), None, None, ox.DefaultGraph()))

    def _objects(self, subject: str, path: str) -> Iterator[ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple]:
        for quad in self.state.quads(ox.NamedNode(subject), ox.NamedNode(path), None, ox.DefaultGraph()):
            yield quad.object
