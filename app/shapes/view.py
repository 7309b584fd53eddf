"""What one case's shapes read, by node and property, looked up as they ask; the same that the validator would see of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pyoxigraph as ox
from rdflib import RDFS

from app.shapes import paths
from app.shapes.lookup import Subject
from app.shapes.merged import TYPE, Objects, Values
from app.shapes.paths import Path, Step
from app.terms import EngineTerm

_SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))
_NOTHING: Values = ()


class Others(Protocol):
    """What is said of other nodes than the one in view."""

    def objects(self, node: EngineTerm, predicate: ox.NamedNode) -> Values: ...
    def subjects(self, step: Step, value: EngineTerm) -> Iterator[Subject]: ...


class Nothing:
    """Nothing is said of any node."""

    def objects(self, _node: EngineTerm, _predicate: ox.NamedNode) -> Values:
        return _NOTHING

    def subjects(self, _step: Step, _value: EngineTerm) -> Iterator[Subject]:
        return iter(())


class View:
    """What a source says of a node, and the merge of all others; RDF 1.2 terms are left out, as everywhere.

    ``with_subclasses`` tells that the node's shapes read subclasses, which the validator would then apply.
    """

    __slots__ = ("_others", "_own", "_with_subclasses", "node")

    def __init__(self, node: Subject, own: Objects, others: Others, *, with_subclasses: bool = False) -> None:
        self.node = node
        self._own, self._others = own, others
        self._with_subclasses = with_subclasses or _SUBCLASS in own

    @property
    def predicates(self) -> frozenset[ox.NamedNode]:
        """The properties of which the node has a value."""
        return frozenset(self._own)

    def objects(self, node: EngineTerm, predicate: ox.NamedNode) -> Values:
        """What a node has as a property's values, each once."""
        return self._own.get(predicate, _NOTHING) if node == self.node else self._others.objects(node, predicate)

    def own(self, predicate: ox.NamedNode) -> Values:
        """The same of the node itself, quicker."""
        return self._own.get(predicate, _NOTHING)

    def is_of(self, node: EngineTerm, class_: ox.NamedNode) -> bool | None:
        """Whether a node is of a class: certainly, certainly not, or as subclasses stated in the data may have it."""
        if class_ in self.objects(node, TYPE):
            return True
        return None if self._with_subclasses else False

    def values(self, path: Path, node: EngineTerm) -> set[EngineTerm]:
        """The nodes at the end of a path."""
        return paths.walk(path, (node,), self._neighbours)

    def _neighbours(self, step: Step, at: EngineTerm) -> Iterator[EngineTerm]:
        if step.inverse:
            return self._subjects(step, at)
        return (value for predicate in step.predicates for value in self.objects(at, predicate))

    def _subjects(self, step: Step, value: EngineTerm) -> Iterator[EngineTerm]:
        if any(value in self.own(predicate) for predicate in step.predicates):
            yield self.node
        yield from (subject for subject in self._others.subjects(step, value) if subject != self.node)
