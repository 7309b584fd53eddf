"""The case of one node in one source graph: the statements by which it is judged; the verdict is not given here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS
from rdflib.term import Node

from app.shapes import paths
from app.shapes.lookup import MERGE, Lookup, Subject, around
from app.shapes.paths import Path, Step
from app.shapes.shapes import Shapes, Target
from app.shapes.view import View
from app.terms import EngineTerm

TYPE = ox.NamedNode(str(RDF.type))
SAME_AS = ox.NamedNode(str(OWL.sameAs))
SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))

Triples = frozenset[ox.Triple]
_Met = dict[tuple[Step, EngineTerm], list[ox.Triple]]
_MOST_MET = 20_000


@dataclass(frozen=True, slots=True)
class Case:
    """One node in one graph.

    ``own`` is what the graph says of the node, with the node's types (from the merge where the graph states none: ``declared``
    is then false); ``context`` is what its shapes read of other nodes. Both state superclasses explicitly. A case that
    ``meddles`` states a subclass that the ontology does not know, which the validator would apply to the cases beside it.
    ``doubtful`` are those of its shapes and their property shapes that it does not certainly keep, ``asked`` the statements that
    their verdicts rest on.
    """

    node: Subject
    graph: ox.NamedNode
    own: Triples
    context: Triples
    declared: bool
    meddles: bool
    targets: tuple[Target, ...]
    doubtful: tuple[Node, ...]
    asked: Triples


@dataclass(frozen=True)
class Cases:
    """Draws up cases from one state, which does not change meanwhile."""

    after: Lookup
    shapes: Shapes
    _met: _Met = field(default_factory=dict, repr=False, compare=False)

    def case(self, node: Subject, graph: ox.NamedNode) -> Case | None:
        """The case of a node in a graph; None where the graph says nothing of it."""
        stated = [q.triple for q in self.after.quads(node, None, None, graph) if q.predicate != SAME_AS]
        if not stated:
            return None
        declared = any(t.predicate == TYPE for t in stated)
        if not declared:
            stated += [q.triple for q in self.after.quads(node, TYPE, None, MERGE)]
        own = self._with_superclasses(stated)
        walker = _Walker(self.after, node, own, self._met)
        targets = self._targets(node, own, walker)
        for path in self.shapes.context_of(targets):
            walker.walk(path)
        context = self._with_superclasses(walker.trodden)
        doubtful = self.shapes.foresight.doubtful(self.shapes.all_parts(targets), View(node, own, context))
        asked = self._asked(doubtful, own, context) if doubtful else frozenset()
        meddles = any(self._meddles(t) for t in stated)
        return Case(node, graph, own, context, declared, meddles, targets, doubtful, asked)

    def _asked(self, parts: tuple[Node, ...], own: Triples, context: Triples) -> Triples:
        read = self.shapes.read_by(parts)
        return own | context if read is None else frozenset(t for t in chain(own, context) if t.predicate in read)

    def ends(self, case: Case, path: Path) -> set[EngineTerm]:
        """The value nodes of a path in a case."""
        return _Walker(self.after, case.node, case.own, self._met).walk(path)

    def _targets(self, node: Subject, own: Triples, walker: _Walker) -> tuple[Target, ...]:
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            return ()
        classes = {t.object.value for t in own if t.predicate == TYPE and isinstance(t.object, ox.NamedNode)}
        predicates = {t.predicate.value for t in own}
        return self.shapes.aimed_at(node.value, classes, predicates, lambda p: bool(walker.walk(paths.step(p, inverse=True))))

    def _with_superclasses(self, triples: Iterable[ox.Triple]) -> Triples:
        found = set(triples)
        classed = [(t.subject, t.object) for t in found if t.predicate == TYPE]
        for subject, of_class in classed:
            if isinstance(of_class, ox.NamedNode):
                found.update(ox.Triple(subject, TYPE, above) for above in self.shapes.above(of_class))
        return frozenset(found)

    def _meddles(self, triple: ox.Triple) -> bool:
        if triple.predicate != SUBCLASS or not isinstance(triple.subject, ox.NamedNode) or triple.subject == triple.object:
            return False
        return triple.object not in self.shapes.above(triple.subject)


class _Walker:
    """Walks the merge in which the statements of one node are replaced by its own, and remembers what it read of others."""

    def __init__(self, after: Lookup, node: Subject, own: Triples, met: _Met) -> None:
        self._after, self._node, self._met = after, node, met
        self._own: dict[ox.NamedNode, list[ox.Triple]] = defaultdict(list)
        self.trodden: set[ox.Triple] = set()
        for triple in own:
            self._own[triple.predicate].append(triple)

    def walk(self, path: Path) -> set[EngineTerm]:
        return paths.walk(path, (self._node,), self._neighbours)

    def _neighbours(self, step: Step, at: EngineTerm) -> Iterator[EngineTerm]:
        if step.inverse or at == self._node:
            for triple in self._own_statements(step):
                if at == (triple.object if step.inverse else triple.subject):
                    yield triple.subject if step.inverse else triple.object
        if step.inverse or at != self._node:
            for triple in self._around(step, at):
                if triple.subject != self._node and triple.predicate != SAME_AS:
                    self.trodden.add(triple)
                    yield triple.subject if step.inverse else triple.object

    def _around(self, step: Step, at: EngineTerm) -> Iterable[ox.Triple]:
        """What the merge says; of themes, places and the like it is asked again and again."""
        if step.inverse:
            return (quad.triple for quad in around(self._after, step, at))
        found = self._met.get((step, at))
        if found is None:
            if len(self._met) >= _MOST_MET:
                self._met.clear()
            found = self._met[step, at] = [quad.triple for quad in around(self._after, step, at)]
        return found

    def _own_statements(self, step: Step) -> Iterator[ox.Triple]:
        few, many = sorted((step.predicates, self._own.keys()), key=len)
        return (triple for predicate in few if predicate in many for triple in self._own[predicate])


def readable(triples: Iterable[ox.Triple]) -> Iterator[ox.Triple]:
    """The triples that RDF 1.1 can say: rdflib has no others."""
    return (t for t in triples if not isinstance(t.object, ox.Triple))
