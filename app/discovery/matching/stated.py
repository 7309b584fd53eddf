"""The needs, offers and calls of one state, read statement by statement where no engine's query is put; see reading for that."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import product
from typing import NamedTuple

import pyoxigraph as ox

from app.discovery.matching.listing import Call, Listing, Scope, Span
from app.discovery.matching.reading import (
    BY,
    CLASSES,
    TERRITORIES,
    THEMES,
    WEEKS,
    Statements,
    call_of,
    completed,
    day_of,
    is_full,
    listing_of,
)
from app.engine.changes import Change
from app.engine.lookup import Lookup
from app.terms import MAILLAGE, PREFIXES, EngineTerm

_MERGE = ox.DefaultGraph()
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_CLASSES = tuple(map(ox.NamedNode, CLASSES))
_LEADING = tuple(map(ox.NamedNode, (*BY, WEEKS)))
"""From a listing to what it takes something from."""
_START, _END = ox.NamedNode(str(MAILLAGE.startDate)), ox.NamedNode(str(MAILLAGE.endDate))


class Told(NamedTuple):
    """What one entity is on the market: a need or an offer, a call, both or neither."""

    iri: str
    listing: Listing | None = None
    call: Call | None = None


def everything(state: Lookup) -> Iterator[Told]:
    """All of a state."""
    for iri in sorted({iri for one in _CLASSES for iri in _subjects(state, _TYPE, one)}):
        yield told(state, iri)


def told(state: Lookup, iri: str) -> Told:
    """What an entity is, as :func:`app.discovery.matching.reading.read_market` reads it."""
    said: dict[str, tuple[EngineTerm, ...]] = {}
    for quad in state.quads(ox.NamedNode(iri), None, None, _MERGE):
        said[quad.predicate.value] = (*said.get(quad.predicate.value, ()), quad.object)
    listing, call = listing_of(iri, said, _weeks(state, said)), call_of(iri, said)
    if listing and not is_full(listing.scope):
        listing = completed(listing, {actor: _scope(state, actor) for actor in listing.actors})
    return Told(iri, listing, call)


def moved(state: Lookup, change: Change) -> Iterator[Told]:
    """What a change may have made another, as it is in the state after it; also what is no longer on the market."""
    ends = {str(quad.subject) for quad in change.removed if quad.predicate == _TYPE and quad.object in _CLASSES}
    leading = {iri for one, path in product(change.subjects, _LEADING) for iri in _subjects(state, path, one)}
    for iri in sorted({one.value for one in change.subjects} | leading):
        found = told(state, iri)
        if found.listing or found.call or f"<{iri}>" in ends:
            yield found


def _subjects(state: Lookup, path: ox.NamedNode, value: ox.NamedNode) -> Iterator[str]:
    """What points to something."""
    for quad in state.quads(None, path, value, _MERGE):
        if isinstance(quad.subject, ox.NamedNode):
            yield quad.subject.value


def _objects(state: Lookup, subject: ox.NamedNode | ox.BlankNode, path: ox.NamedNode) -> list[EngineTerm]:
    """What something points to or says."""
    return [quad.object for quad in state.quads(subject, path, None, _MERGE)]


def _scope(state: Lookup, entity: str) -> Scope:
    def values(paths: Iterable[str]) -> frozenset[str]:
        found = (one for path in paths for one in _objects(state, ox.NamedNode(entity), ox.NamedNode(path)))
        return frozenset(one.value for one in found if isinstance(one, ox.NamedNode))

    return Scope(values(THEMES), values(TERRITORIES))


def _weeks(state: Lookup, said: Statements) -> tuple[Span, ...]:
    """The days of the weeks in which a listing can be taken up."""
    spans: set[Span] = set()
    for week in said.get(WEEKS, ()):
        if isinstance(week, ox.NamedNode | ox.BlankNode):
            days = [[day_of(term) for term in _objects(state, week, path)] or [None] for path in (_START, _END)]
            spans |= {Span(first, last) for first, last in product(*days)}
    return tuple(sorted(spans - {Span()}, key=str))
