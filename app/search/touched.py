"""Which entities' documents a change may alter; not what they then say (document)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pyoxigraph as ox

from app.engine.changes import Change
from app.engine.lookup import Lookup
from app.search.document import AT, CODES, OTHER_NAMES, OWN_NAMES, PLACED, TYPE, is_searched

MOST_DEPENDENT = 5_000
"""Of the entities at one place whose name changes; the others take its new name when they themselves change."""


def touched(state: Lookup, *changes: Change) -> set[str]:
    """The IRIs whose document may differ: subjects, the things they are linked with or no longer, and what is at a place
    that is called or addressed otherwise."""
    found: set[str] = set()
    renamed: set[ox.NamedNode] = set()
    for change in changes:
        for quad in change.quads():
            found |= _ends(quad)
            if quad.predicate in PLACED and isinstance(quad.subject, ox.NamedNode):
                renamed.add(quad.subject)
    for place in renamed:
        found |= set(islice(_at(state, place), MOST_DEPENDENT))
    return {iri for iri in found if is_searched(iri)}


def _ends(quad: ox.Quad) -> set[str]:
    ends = {quad.subject} if quad.predicate == TYPE else {quad.subject, quad.object}
    return {end.value for end in ends if isinstance(end, ox.NamedNode)}


def _at(state: Lookup, place: ox.NamedNode) -> Iterator[str]:
    for predicate in AT:
        for quad in state.quads(None, predicate, place, ox.DefaultGraph()):
            if isinstance(quad.subject, ox.NamedNode):
                yield quad.subject.value


def everything(state: Lookup) -> set[str]:
    """The IRIs of all that has a name or an identifier."""
    found: set[str] = set()
    for predicate in (*OWN_NAMES, *OTHER_NAMES, *CODES):
        statements = state.quads(None, predicate, None, ox.DefaultGraph())
        found.update(quad.subject.value for quad in statements if isinstance(quad.subject, ox.NamedNode))
    return {iri for iri in found if is_searched(iri)}
