"""The shapes of a ``shapes/`` folder, read once; the only reader of that folder. They are applied by the gate."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import OWL, RDF, RDFS, Graph, Literal, URIRef
from rdflib.term import Node

from app.remembering import remembered
from app.shapes import layout, paths, reading, wording
from app.shapes.findings import Severity
from app.shapes.layout import Group
from app.shapes.paths import Path, Step
from app.shapes.reading import Reading
from app.shapes.violated import RdfTriple
from app.shapes.wording import ClassRules, Labels
from app.terms import SH, SHAPE, compact, to_rdflib

if TYPE_CHECKING:
    from app.shapes.foresight import Foresight
    from app.shapes.validator import Validator

Superclasses = Callable[[str], Collection[str]]
"""All classes above a class, by IRI, with or without itself."""

Pointing = Callable[[str], bool]


@dataclass(frozen=True, eq=False)
class Target:
    """A shape that chooses its focus nodes, and the paths that it and its property shapes read from them."""

    node: Node
    classes: frozenset[str]
    nodes: frozenset[str]
    subjects_of: frozenset[str]
    objects_of: frozenset[str]
    paths: tuple[Path, ...]


@dataclass(frozen=True)
class Rule:
    """What a finding says of the shape that it comes from: its public name, severity, path, field name and messages."""

    iri: str
    severity: Severity
    path: Path | None
    names: Mapping[str, str]
    messages: Mapping[str, str]
    reading: Reading


_MOST_LAYOUTS = 500
_MOST_CLASSES = 5_000
"""An entity may have any set of classes; those of real ones are few."""

_SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))


@dataclass(frozen=True)
class Shapes:
    """All shapes, with what they need to know of the ontology.

    ``known_terms`` are the IRIs that the ontology defines in its namespace (None: not checked), ``derived_properties`` those
    that only rules state.
    """

    graph: Graph
    superclasses: Superclasses
    known_terms: frozenset[str] | None = None
    derived_properties: frozenset[str] = frozenset()
    _layouts: dict[frozenset[str], tuple[Group, ...]] = field(default_factory=dict, repr=False)
    _rules: dict[tuple[str, str | None], Rule] = field(default_factory=dict, repr=False)
    _contexts: dict[tuple[Target, ...], tuple[Path, ...]] = field(default_factory=dict, repr=False)
    _aims: dict[frozenset[str], tuple[Target, ...]] = field(default_factory=dict, repr=False)
    _subclasses: dict[tuple[Target, ...], bool] = field(default_factory=dict, repr=False)
    _parts: dict[tuple[Target, ...], tuple[Node, ...]] = field(default_factory=dict, repr=False)
    _reads: dict[tuple[Node, ...], frozenset[ox.NamedNode] | None] = field(default_factory=dict, repr=False)
    _readings: dict[Node, Reading] = field(default_factory=dict, repr=False)
    _above: dict[ox.NamedNode, tuple[ox.NamedNode, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def load(
        cls,
        folder: FilePath,
        superclasses: Superclasses = lambda _: frozenset(),
        known_terms: Collection[str] | None = None,
        derived_properties: Collection[str] = (),
    ) -> Shapes:
        """The shapes in the ``*.ttl`` files of a folder. Raises ``ValueError`` for a shape that the gate could not judge by."""
        return cls.parse(
            (path.read_bytes() for path in sorted(folder.glob("*.ttl"))), superclasses, known_terms, derived_properties
        )

    @classmethod
    def parse(
        cls,
        documents: Iterable[bytes],
        superclasses: Superclasses = lambda _: frozenset(),
        known_terms: Collection[str] | None = None,
        derived_properties: Collection[str] = (),
    ) -> Shapes:
        """The shapes in Turtle documents."""
        graph = Graph()
        for document in documents:
            for quad in ox.parse(document, format=ox.RdfFormat.TURTLE, rename_blank_nodes=True):
                graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
        terms = None if known_terms is None else frozenset(known_terms)
        shapes = cls(graph, superclasses, terms, frozenset(derived_properties))
        shapes.refuse_unsupported()
        return shapes

    def refuse_unsupported(self) -> None:
        """Raise ``ValueError`` for what would make the meaning of a change unclear."""
        for shape in self.graph.subjects(SH.property, unique=True):
            if (shape, SH.path, None) in self.graph:
                raise ValueError(f"{self.name_of(shape)}: sh:property inside a property shape; use sh:node")
        for predicate in (SH.target, SH.rule, SH.js):
            for shape in self.graph.subjects(predicate):
                raise ValueError(f"{self.name_of(shape)}: {predicate} belongs to the advanced features, which are never run")
        for target in self.targets:
            for shape in (target.node, *self.graph.objects(target.node, SH.property)):
                self._read(shape)

    @property
    def triples(self) -> list[RdfTriple]:
        """The shapes graph's triples."""
        return list(self.graph)

    @cached_property
    def validator(self) -> Validator:
        """The shapes ready to be applied in this process."""
        from app.shapes.validator import Validator  # pySHACL, which a process that judges nothing never loads

        return Validator(self.triples)

    @cached_property
    def foresight(self) -> Foresight:
        """Tells what certainly keeps them."""
        from app.shapes.foresight import Foresight

        return Foresight(self.graph)

    @cached_property
    def targets(self) -> tuple[Target, ...]:
        """The shapes that choose focus nodes."""
        kinds = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf)
        nodes = {shape for kind in kinds for shape in self.graph.subjects(kind)} | set(self._class_shapes())
        return tuple(self._target(node) for node in sorted(nodes, key=str))

    @cached_property
    def _by_class(self) -> Mapping[str, tuple[Target, ...]]:
        names = {name for target in self.targets for name in target.classes}
        return {name: tuple(target for target in self.targets if name in target.classes) for name in names}

    @cached_property
    def _without_class(self) -> tuple[Target, ...]:
        return tuple(target for target in self.targets if target.nodes or target.subjects_of or target.objects_of)

    def aimed_at(self, node: str, classes: Iterable[str], predicates: Collection[str], pointing: Pointing) -> tuple[Target, ...]:
        """The shapes that aim at a node, from its classes and the predicates of its statements.

        ``pointing`` tells whether any statement of a predicate has the node as its object.
        """
        found = dict.fromkeys(target for name in classes for target in self._by_class.get(name, ()))
        for target in self._without_class:
            aims = node in target.nodes or not target.subjects_of.isdisjoint(predicates)
            if aims or any(pointing(predicate) for predicate in target.objects_of):
                found[target] = None
        return tuple(target for target in self.targets if target in found) if len(found) > 1 else tuple(found)

    @property
    def aims_without_class(self) -> bool:
        """Whether some shape aims at nodes otherwise than by their classes."""
        return bool(self._without_class)

    def aimed_at_classes(self, classes: frozenset[str]) -> tuple[Target, ...]:
        """The shapes that aim at the nodes of some classes, where none aims otherwise."""
        return remembered(self._aims, classes, _MOST_CLASSES, lambda: self.aimed_at("", classes, (), lambda _: False))

    def reads_subclasses(self, targets: tuple[Target, ...]) -> bool:
        """Whether some shapes read which class is a subclass of which."""
        if targets not in self._subclasses:
            steps = (step for target in targets for path in target.paths for step, _ in paths.occurrences(path))
            self._subclasses[targets] = any(_SUBCLASS in step.predicates for step in steps)
        return self._subclasses[targets]

    def context_of(self, targets: tuple[Target, ...]) -> tuple[Path, ...]:
        """The paths by which shapes read more than a focus node's own statements."""
        if targets not in self._contexts:
            read = paths.either(path for target in targets for path in target.paths)
            self._contexts[targets] = tuple(path for path in read if not isinstance(path, Step) or path.inverse)
        return self._contexts[targets]

    def _class_shapes(self) -> Iterator[Node]:
        """Shapes that are classes themselves: implicit class targets."""
        for kind in (RDFS.Class, OWL.Class):
            for node in self.graph.subjects(RDF.type, kind):
                if any((node, RDF.type, shape) in self.graph for shape in (SH.NodeShape, SH.PropertyShape)):
                    yield node

    def _target(self, node: Node) -> Target:
        def iris(predicate: URIRef) -> frozenset[str]:
            return frozenset(str(value) for value in self.graph.objects(node, predicate))

        classes = iris(SH.targetClass) | ({str(node)} if node in set(self._class_shapes()) else set())
        objects_of = iris(SH.targetObjectsOf)
        above = (paths.step(predicate, inverse=True) for predicate in objects_of)
        read = (path for part in self.parts(node) for path in self._read(part).paths)
        return Target(node, classes, iris(SH.targetNode), iris(SH.targetSubjectsOf), objects_of, paths.either((*above, *read)))

    def _read(self, part: Node) -> Reading:
        if part not in self._readings:
            self._readings[part] = reading.read(self.graph, part)
        return self._readings[part]

    def parts(self, node: Node) -> tuple[Node, ...]:
        """A shape and its property shapes."""
        return (node, *self.graph.objects(node, SH.property))

    def all_parts(self, targets: tuple[Target, ...]) -> tuple[Node, ...]:
        """Some shapes and their property shapes, each once; a shape that is switched off has none."""
        if targets not in self._parts:
            used = (target.node for target in targets if not self._is_off(target.node))
            self._parts[targets] = tuple(dict.fromkeys(part for node in used for part in self.parts(node)))
        return self._parts[targets]

    def read_by(self, parts: tuple[Node, ...]) -> frozenset[ox.NamedNode] | None:
        """The properties whose statements decide whether some shapes are kept, types included; None for any."""
        if parts not in self._reads:
            self._reads[parts] = self._read_by(parts)
        return self._reads[parts]

    def _read_by(self, parts: tuple[Node, ...]) -> frozenset[ox.NamedNode] | None:
        everything = (SH.sparql, SH.closed)
        if any((inner, kind, None) in self.graph for part in parts for inner in self._within(part) for kind in everything):
            return None
        steps = (step for part in parts for path in self._read(part).paths for step, _ in paths.occurrences(path))
        always = (ox.NamedNode(str(RDF.type)), ox.NamedNode(str(RDFS.subClassOf)))
        return frozenset((*always, *(predicate for step in steps for predicate in step.predicates)))

    def _within(self, node: Node) -> set[Node]:
        """A shape and all that it leads to in the shapes graph."""
        found, front = {node}, [node]
        while front:
            front = [there for at in front for there in self.graph.objects(at) if there not in found]
            found.update(front)
        return found

    def _is_off(self, node: Node) -> bool:
        off = self.graph.value(node, SH.deactivated)
        return isinstance(off, Literal) and off.value is True

    @cached_property
    def paths(self) -> tuple[Path, ...]:
        """Every path that any shape reads from its focus nodes."""
        return paths.either(path for target in self.targets for path in target.paths)

    @cached_property
    def of_values(self) -> frozenset[ox.NamedNode]:
        """Every property of a value node on which a verdict about a reference can rest."""
        parts = (part for target in self.targets for part in self.parts(target.node))
        return frozenset(predicate for part in parts for predicate in self._read(part).of_values)

    def above(self, of_class: ox.NamedNode) -> tuple[ox.NamedNode, ...]:
        """The classes above a class, without itself."""
        if of_class not in self._above:
            names = set(self.superclasses(of_class.value)) - {of_class.value}
            self._above[of_class] = tuple(ox.NamedNode(name) for name in sorted(names))
        return self._above[of_class]

    def rule(self, shape: str, constraint: str | None = None) -> Rule:
        """What is said of a shape, by its id in the shapes graph, and of the SPARQL constraint that was broken."""
        key = (shape, constraint)
        if key not in self._rules:
            node = self._node(shape)
            path = self.graph.value(node, SH.path)
            own = self.texts(self._node(constraint), SH.message) if constraint else {}
            self._rules[key] = Rule(
                iri=self.name_of(node),
                severity=_severity(self.graph.value(node, SH.severity)),
                path=None if path is None else paths.read(self.graph, path),
                names=self.texts(node, SH.name),
                messages=own or self.texts(node, SH.message),
                reading=self._read(node),
            )
        return self._rules[key]

    def _node(self, name: str) -> Node:
        return self._nodes[name]

    @cached_property
    def _nodes(self) -> Mapping[str, Node]:
        return {str(node): node for node in self.graph.subjects(unique=True)}

    def name_of(self, node: Node) -> str:
        """The IRI of a shape, or of the nearest shape that it is written in."""
        while not isinstance(node, URIRef):
            above = next(iter(self.graph.subjects(None, node)), None)
            if above is None:
                return str(SHAPE)
            node = above
        return str(node)

    def texts(self, node: Node, predicate: URIRef) -> dict[str, str]:
        """The texts of a shape by language."""
        found = (text for text in self.graph.objects(node, predicate) if isinstance(text, Literal))
        return {text.language or "": str(text) for text in sorted(found, key=str)}

    def layout(self, classes: Collection[str]) -> list[Group]:
        """How an entity of these classes is laid out: the groups of fields, in order."""
        key = frozenset(classes).union(*(self.superclasses(name) for name in classes))
        found = remembered(self._layouts, key, _MOST_LAYOUTS, lambda: tuple(layout.groups(self, key)))
        return list(found)

    def rules(self, labels: Labels = lambda iri: {"": compact(iri)}) -> list[ClassRules]:
        """The data-entry rules, class by class, in both languages; ``labels`` name classes."""
        return wording.class_rules(self, labels)


def _severity(node: Node | None) -> Severity:
    if node == SH.Warning:
        return "Warning"
    return "Info" if node == SH.Info else "Violation"
