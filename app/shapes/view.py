"""One case's statements arranged to be looked up by node and property; the same ones that the validator would see of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox
from rdflib import RDF, RDFS

from app.shapes import paths
from app.shapes.lookup import Subject
from app.shapes.paths import Path, Step
from app.terms import EngineTerm

_TYPE = ox.NamedNode(str(RDF.type))
_SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))

Objects = dict[ox.NamedNode, list[EngineTerm]]
_FEW = 30
_NOTHING: tuple[EngineTerm, ...] = ()


class View:
    """The statements about a node, and those of other nodes that its shapes read; RDF 1.2 terms are left out, as everywhere."""

    __slots__ = ("_by_object", "_context", "_other", "_own", "node")

    def __init__(self, node: Subject, own: Iterable[ox.Triple], context: Iterable[ox.Triple]) -> None:
        self.node = node
        self._own = _arranged(own)
        self._context = context
        self._other: dict[EngineTerm, Objects] | None = None
        self._by_object: dict[tuple[ox.NamedNode, EngineTerm], list[EngineTerm]] | None = None

    def objects(self, node: EngineTerm, predicate: ox.NamedNode) -> Iterable[EngineTerm]:
        """What a node has as a property's values, each once."""
        if node == self.node:
            return self._own.get(predicate, _NOTHING)
        return self._others().get(node, {}).get(predicate, _NOTHING)

    def own(self, predicate: ox.NamedNode) -> Iterable[EngineTerm]:
        """The same of the node itself, quicker."""
        return self._own.get(predicate, _NOTHING)

    def is_of(self, node: EngineTerm, class_: ox.NamedNode) -> bool | None:
        """Whether a node is of a class: certainly, certainly not, or as subclasses stated in the data may have it."""
        if class_ in self.objects(node, _TYPE):
            return True
        return None if _SUBCLASS in self._own or any(_SUBCLASS in found for found in self._others().values()) else False

    def values(self, path: Path, node: EngineTerm) -> set[EngineTerm]:
        """The nodes at the end of a path."""
        return paths.walk(path, (node,), self._neighbours)

    def _neighbours(self, step: Step, at: EngineTerm) -> Iterator[EngineTerm]:
        for predicate in step.predicates:
            yield from self._subjects(predicate, at) if step.inverse else self.objects(at, predicate)

    def _others(self) -> dict[EngineTerm, Objects]:
        if self._other is None:
            apart: dict[EngineTerm, list[ox.Triple]] = defaultdict(list)
            for triple in self._context:
                apart[triple.subject].append(triple)
            self._other = {node: _arranged(triples) for node, triples in apart.items()}
        return self._other

    def _subjects(self, predicate: ox.NamedNode, value: EngineTerm) -> Iterable[EngineTerm]:
        if len(self._others()) < _FEW:
            apart = ((self.node, self._own), *self._others().items())
            return [node for node, found in apart if value in found.get(predicate, _NOTHING)]
        if self._by_object is None:
            self._by_object = defaultdict(list)
            for node, found in ((self.node, self._own), *self._others().items()):
                for own, values in found.items():
                    for one in values:
                        self._by_object[own, one].append(node)
        return self._by_object.get((predicate, value), _NOTHING)


def _arranged(triples: Iterable[ox.Triple]) -> Objects:
    found: Objects = {}
    for triple in triples:
        value = triple.object
        if not isinstance(value, ox.Triple):
            found.setdefault(triple.predicate, []).append(value)
    return found
