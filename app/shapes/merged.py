"""What the merge says of nodes, by node and property, asked of the store once for many cases; superclasses are stated.

Where one source alone describes a node, and that source's statements are at hand, they are what the merge says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox
from rdflib import RDF

from app.shapes.lookup import MERGE, Lookup, Subject, around
from app.shapes.paths import Step
from app.terms import EngineTerm

TYPE = ox.NamedNode(str(RDF.type))

Values = Sequence[EngineTerm]
Objects = dict[ox.NamedNode, list[EngineTerm]]
"""What is said of one node: each value of a property once."""

Superclasses = Callable[[ox.NamedNode], Sequence[ox.NamedNode]]

_MOST = 50_000
_NOTHING: Values = ()
_NOT_READ: dict[ox.NamedNode, Values] = {}


def arranged(quads: Iterable[ox.Quad], above: Superclasses) -> Objects:
    """Statements of one node by property. RDF 1.2 triple terms are left out, as everywhere."""
    found: Objects = {}
    for quad in quads:
        value = quad.object
        if not isinstance(value, ox.Triple):
            found.setdefault(quad.predicate, []).append(value)
    types = found.get(TYPE)
    if types:
        found[TYPE] = with_superclasses(types, above)
    return found


def with_superclasses(types: Iterable[EngineTerm], above: Superclasses) -> list[EngineTerm]:
    """The classes and those above them, each once."""
    found: dict[EngineTerm, None] = {}
    for one in types:
        found[one] = None
        if isinstance(one, ox.NamedNode):
            found.update(dict.fromkeys(above(one)))
    return list(found)


class Merged:
    """The merge of one state, which does not change meanwhile. ``sole`` are the statements of nodes that one source describes."""

    def __init__(self, after: Lookup, above: Superclasses, sole: Mapping[Subject, Sequence[ox.Quad]]) -> None:
        self._after, self._above, self._sole = after, above, sole
        self._said: dict[EngineTerm, Objects] = {}
        self._read: dict[EngineTerm, dict[ox.NamedNode, Values]] = {}

    def objects(self, node: EngineTerm, predicate: ox.NamedNode) -> Values:
        """What a node has as a property's values."""
        if isinstance(node, ox.Literal | ox.Triple):
            return _NOTHING
        stated = self._sole.get(node)
        if stated is not None:
            return self.said(node, stated).get(predicate, _NOTHING)
        found = self._read.get(node, _NOT_READ).get(predicate)
        if found is None:
            found = self._ask(node, predicate)
            if len(self._read) >= _MOST:
                self._read.clear()
            self._read.setdefault(node, {})[predicate] = found
        return found

    def subjects(self, step: Step, value: EngineTerm) -> Iterator[Subject]:
        """The nodes that have a value; ``step`` is read from the object."""
        return (quad.subject for quad in around(self._after, step, value))

    def said(self, node: Subject, stated: Sequence[ox.Quad]) -> Objects:
        """Statements that are all that is said of a node, arranged once."""
        found = self._said.get(node)
        if found is None:
            if len(self._said) >= _MOST:
                self._said.clear()
            found = self._said[node] = arranged(stated, self._above)
        return found

    def _ask(self, node: ox.NamedNode | ox.BlankNode, predicate: ox.NamedNode) -> Values:
        quads = self._after.quads(node, predicate, None, MERGE)
        return arranged(quads, self._above).get(predicate, _NOTHING)
