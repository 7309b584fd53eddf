"""The only contact with pySHACL: our shapes parsed once and applied to many small graphs; what is judged is decided elsewhere.

pySHACL's own entry point builds its shapes anew for each graph and evaluates one focus node at a time. Here the shapes and their
constraints are built once, and each property shape gets all its focus nodes together. Nothing is fetched (``owl:imports`` is
not read), nothing is inferred, and its advanced and JavaScript features are never switched on.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.query import Result
from rdflib.term import Identifier, Node

from app.terms import SH, EngineTerm, to_engine, to_rdflib

RdfTriple = tuple[Node, Node, Node]


@dataclass(frozen=True, slots=True)
class Violated:
    """A constraint that a value or a focus node breaks, as pySHACL found it; shapes by their ids."""

    focus: EngineTerm
    shape: str
    component: str
    value: EngineTerm | None = None
    constraint: str | None = None


class Judged(Graph):
    """A small graph under judgement, whose SPARQL queries are parsed once for all such graphs."""

    def __init__(self, prepared: dict[str, Query]) -> None:
        super().__init__(store=SimpleMemory())
        self._prepared = prepared

    def __bool__(self) -> bool:
        """True. pySHACL asks ``graph or other`` for each result, and rdflib would count every triple to answer."""
        return True

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """The result of a query on this graph."""
        if isinstance(query_object, str):
            if query_object not in self._prepared:
                self._prepared[query_object] = prepareQuery(query_object)
            query_object = self._prepared[query_object]
        return super().query(query_object, *args, **kwargs)


class Validator:
    """A set of shapes, ready to be applied."""

    def __init__(self, shapes: Iterable[RdfTriple]) -> None:
        graph = Graph()
        for triple in shapes:
            graph.add(triple)
        self._shapes = ShapesGraph(graph)
        if self._shapes.custom_constraints:
            raise ValueError("constraint components of one's own are not supported")
        self._by_node: dict[Node, Shape] = {shape.node: shape for shape in self._shapes.shapes}
        self._properties = {node: list(graph.objects(node, SH.property)) for node in self._by_node}
        self._components: dict[Node, list[Any]] = {}
        self._prepared: dict[str, Query] = {}
        self._executor = SHACLExecutor()

    def graph(self, triples: Iterable[ox.Triple]) -> Judged:
        """The triples as a graph to judge; each term is converted once."""
        terms: dict[EngineTerm, Identifier] = {}
        judged = Judged(self._prepared)
        with _quiet():
            for triple in triples:
                judged.add(tuple(terms.get(t) or terms.setdefault(t, to_rdflib(t)) for t in _terms(triple)))  # type: ignore[arg-type]
        return judged

    def targets(self, data: Graph) -> dict[Node, set[Node]]:
        """The focus nodes that each shape declares in a graph."""
        shapes: dict[Node, Any] = self._by_node
        found: dict[Node, set[Node]] = {node: shape.focus_nodes(data) for node, shape in shapes.items()}
        return {node: focus for node, focus in found.items() if focus}

    def violated(self, data: Graph, focus: Mapping[Node, Collection[Node]]) -> Iterator[Violated]:
        """What focus nodes break of the shapes that they are given to, and of the property shapes of those."""
        given: dict[Node, dict[Node, None]] = {}
        for shape, nodes in focus.items():
            for part in (shape, *self._properties[shape]):
                given.setdefault(part, {}).update(dict.fromkeys(nodes))
        for part, nodes in given.items():
            yield from self._apply(self._by_node[part], data, list(nodes))

    def _apply(self, shape: Shape, data: Graph, nodes: list[Node]) -> Iterator[Violated]:
        if shape.deactivated:
            return
        values = shape.value_nodes(data, nodes)
        for component in self._constraints(shape):
            _, results = component.evaluate(self._executor, data, values, [shape, component])
            for _, node, triples in results:
                yield _read(node, triples)

    def _constraints(self, shape: Shape) -> list[Any]:
        """The constraints that a shape makes itself; its property shapes are applied on their own."""
        if shape.node not in self._components:
            parameters = {p for p, _ in self._shapes.graph.predicate_objects(shape.node) if p in ALL_CONSTRAINT_PARAMETERS}
            kinds = dict.fromkeys(CONSTRAINT_PARAMETERS_MAP[p] for p in sorted(parameters, key=str) if p != SH.property)
            self._components[shape.node] = [kind(shape) for kind in kinds]
        return self._components[shape.node]


def _terms(triple: ox.Triple) -> tuple[EngineTerm, EngineTerm, EngineTerm]:
    return triple.subject, triple.predicate, triple.object


def _read(result: Node, triples: Iterable[tuple[Node, Node, Any]]) -> Violated:
    said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in triples if s == result}
    value, constraint = said.get(SH.value), said.get(SH.sourceConstraint)
    return Violated(
        focus=to_engine(said[SH.focusNode]),
        shape=str(said[SH.sourceShape]),
        component=str(said[SH.sourceConstraintComponent]),
        value=None if value is None else to_engine(value),
        constraint=None if constraint is None else str(constraint),
    )


class _quiet:  # noqa: N801 - reads as a statement: with _quiet()
    """rdflib logs each literal that its datatype does not allow, with a traceback; finding those is the shapes' affair."""

    def __enter__(self) -> None:
        self._logger = logging.getLogger("rdflib.term")
        self._disabled, self._logger.disabled = self._logger.disabled, True

    def __exit__(self, *_: object) -> None:
        self._logger.disabled = self._disabled
