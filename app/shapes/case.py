"""The case of one node in one source graph: what it is judged by, and what is certain of it; the verdict is not given here."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain

import pyoxigraph as ox
from rdflib import RDFS
from rdflib.term import Node

from app.shapes import paths
from app.shapes.lookup import MERGE, Lookup, Subject, around
from app.shapes.merged import TYPE, Merged, Objects, arranged
from app.shapes.paths import Path, Step
from app.shapes.reach import SAME_AS
from app.shapes.shapes import Shapes, Target
from app.shapes.view import View
from app.shapes.violated import Violated
from app.terms import EngineTerm

SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))

Stated = Mapping[ox.NamedNode, Mapping[Subject, Sequence[ox.Quad]]]
"""By source graph and node, all that the graph says of it, ``owl:sameAs`` apart."""

Triples = frozenset[ox.Triple]
_Met = dict[tuple[Step, EngineTerm], list[ox.Triple]]
_MOST_MET = 20_000


@dataclass(eq=False)
class Case:
    """One node in one graph.

    ``said`` is what the graph says of the node, superclasses stated, with the node's types (from the merge where the graph states
    none: ``declared`` is then false). ``doubtful`` are those of its shapes and their property shapes of which the validator must
    say whether it keeps them, ``broken`` is what it certainly breaks of the others. The rest is drawn when it is asked for.
    """

    node: Subject
    graph: ox.NamedNode
    declared: bool
    targets: tuple[Target, ...]
    said: Objects
    doubtful: tuple[Node, ...]
    broken: tuple[Violated, ...]
    stated: Sequence[ox.Quad]
    cases: Cases = field(repr=False)

    @cached_property
    def own(self) -> Triples:
        """The statements about the node."""
        return self.cases.with_superclasses(quad.triple for quad in self.stated)

    @cached_property
    def context(self) -> Triples:
        """What its shapes read of other nodes, superclasses stated."""
        return self.cases.context(self)

    @cached_property
    def asked(self) -> Triples:
        """The statements that the verdicts of the shapes in doubt rest on."""
        read = self.cases.shapes.read_by(self.doubtful) if self.doubtful else frozenset()
        triples = chain(self.own, self.context) if self.doubtful else ()
        return frozenset(triple for triple in triples if read is None or triple.predicate in read)

    @property
    def is_unreadable(self) -> bool:
        """Whether it states an RDF 1.2 triple term."""
        return any(isinstance(quad.object, ox.Triple) for quad in self.stated)

    @cached_property
    def meddles(self) -> bool:
        """Whether it states a subclass that the ontology does not know: the validator would apply it to the cases beside."""
        return any(self.cases.meddles(quad.triple) for quad in self.stated)


@dataclass(frozen=True)
class Cases:
    """Draws up cases from one state, which does not change meanwhile.

    ``stated`` is what is known of it without asking; of the nodes ``sole``, nobody says anything else.
    """

    after: Lookup
    shapes: Shapes
    stated: Stated = field(default_factory=dict, repr=False)
    sole: Mapping[Subject, Sequence[ox.Quad]] = field(default_factory=dict, repr=False)
    _met: _Met = field(default_factory=dict, repr=False, compare=False)

    def case(self, node: Subject, graph: ox.NamedNode) -> Case | None:
        """The case of a node in a graph; None where the graph says nothing of it."""
        stated = self._stated(node, graph)
        if not stated:
            return None
        said = self._merged.said(node, stated) if node in self.sole else arranged(stated, self.shapes.above)
        declared = TYPE in said or any(quad.predicate == TYPE for quad in stated)
        if not declared:
            stated = [*stated, *self.after.quads(node, TYPE, None, MERGE)]
            said = arranged(stated, self.shapes.above)
        targets = self._targets(node, said, stated)
        view = View(node, said, self._merged, with_subclasses=self.shapes.reads_subclasses(targets))
        doubtful, broken = self.shapes.foresight.foreseen(self.shapes.all_parts(targets), view)
        return Case(node, graph, declared, targets, said, doubtful, broken, stated, self)

    def _stated(self, node: Subject, graph: ox.NamedNode) -> Sequence[ox.Quad]:
        known = self.stated.get(graph)
        found = known.get(node) if known else None
        return [q for q in self.after.quads(node, None, None, graph) if q.predicate != SAME_AS] if found is None else found

    @cached_property
    def _merged(self) -> Merged:
        return Merged(self.after, self.shapes.above, self.sole)

    def context(self, case: Case) -> Triples:
        """What the shapes that aim at a case read of other nodes."""
        walker = _Walker(self.after, case.node, case.own, self._met)
        for path in self.shapes.context_of(case.targets):
            walker.walk(path)
        return self.with_superclasses(walker.trodden)

    def ends(self, case: Case, path: Path) -> set[EngineTerm]:
        """The value nodes of a path in a case."""
        return _Walker(self.after, case.node, case.own, self._met).walk(path)

    def _targets(self, node: Subject, said: Objects, stated: Iterable[ox.Quad]) -> tuple[Target, ...]:
        if not isinstance(node, ox.NamedNode | ox.BlankNode):
            return ()
        classes = frozenset(one.value for one in said.get(TYPE, ()) if isinstance(one, ox.NamedNode))
        if not self.shapes.aims_without_class:
            return self.shapes.aimed_at_classes(classes)
        predicates = {quad.predicate.value for quad in stated}
        here = View(node, said, self._merged)
        return self.shapes.aimed_at(
            node.value, classes, predicates, lambda predicate: bool(here.values(paths.step(predicate, inverse=True), node))
        )

    def with_superclasses(self, triples: Iterable[ox.Triple]) -> Triples:
        """The triples, and the superclasses of all types that they state."""
        found = set(triples)
        classed = [(t.subject, t.object) for t in found if t.predicate == TYPE]
        for subject, of_class in classed:
            if isinstance(of_class, ox.NamedNode):
                found.update(ox.Triple(subject, TYPE, above) for above in self.shapes.above(of_class))
        return frozenset(found)

    def meddles(self, triple: ox.Triple) -> bool:
        """Whether a statement makes a class one of another of which the ontology does not say so."""
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
