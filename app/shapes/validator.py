"""The only contact with pySHACL: our shapes parsed once and applied to many small graphs; what is judged is decided elsewhere.

pySHACL's entry point parses its shapes for each graph, builds each constraint again for each value node, and writes a text and a
graph about each result, also of the parts of sh:or and sh:not whose results nobody sees. Here shapes and constraints are built
once, a property shape gets all its focus nodes together, and a result is a plain value. (Its argument ``focus_nodes`` is of no
use: with it, every nested shape counts as kept.) Nothing is fetched (``owl:imports`` is not read), nothing is inferred, and its
advanced and JavaScript features are never switched on.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox
from pyshacl.constraints import ALL_CONSTRAINT_PARAMETERS, CONSTRAINT_PARAMETERS_MAP
from pyshacl.errors import ConstraintLoadWarning
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.plugins.stores.memory import SimpleMemory
from rdflib.query import Result
from rdflib.term import IdentifiedNode, Identifier, Literal, Node, URIRef

from app.shapes.known_queries import certain
from app.shapes.violated import RdfTriple, Violated
from app.terms import SH, EngineTerm, to_engine, to_rdflib

PlainResult = tuple[str, Violated, list[Any]]
"""What pySHACL hands on as a result: a text, a node, its triples; here only the second says anything."""


class Judged(Graph):
    """A small graph under judgement, whose SPARQL queries are parsed once for all such graphs."""

    def __init__(self, prepared: dict[str, Query]) -> None:
        super().__init__(store=SimpleMemory(), bind_namespaces="none")
        self._prepared = prepared

    def query(self, query_object: str | Query, *args: Any, **kwargs: Any) -> Result:
        """The result of a query on this graph."""
        if isinstance(query_object, str):
            if query_object not in self._prepared:
                self._prepared[query_object] = prepareQuery(query_object)
            query_object = self._prepared[query_object]
        return super().query(query_object, *args, **kwargs)


class PreparedShape(Shape):
    """A shape whose constraints are built at first use and kept."""

    __slots__ = ("_certain", "_constraints")

    def constraints(self) -> list[Any]:
        """The constraints that the shape makes; their results are :class:`Violated` values in place of pySHACL's graphs."""
        if not hasattr(self, "_constraints"):
            parameters = {str(p): p for p, _ in self.sg.graph.predicate_objects(self.node) if p in ALL_CONSTRAINT_PARAMETERS}
            kinds = dict.fromkeys(CONSTRAINT_PARAMETERS_MAP[parameters[name]] for name in sorted(parameters))
            self._constraints: list[Any] = [_light(made) for kind in kinds if (made := _made(kind, self))]
            self._certain = {id(one): _certain(one) for one in self._constraints}
        return self._constraints

    def broken(
        self, graph: Graph, focus: list[Node], above: list[Any], *, with_properties: bool
    ) -> Iterator[tuple[Any, Any, Any]]:
        """The results for focus nodes; ``above`` is pySHACL's record of the shapes that led here."""
        executor = SHACLExecutor()
        values = self.value_nodes(graph, focus)
        for constraint in self.constraints():
            if with_properties or constraint.shacl_constraint_component != SH.PropertyConstraintComponent:
                asked = self._in_doubt(constraint, values)
                if asked:
                    yield from constraint.evaluate(executor, graph, asked, [*above, self, constraint])[1]

    def _in_doubt(self, constraint: Any, values: dict[Node, Any]) -> dict[Node, Any]:
        """The focus nodes, and their values, of which it is not certain beforehand that they keep a constraint."""
        certain = self._certain[id(constraint)]
        if not certain:
            return values
        return {node: found for node, found in values.items() if not all(keeps(str(node)) for keeps in certain) or _unnamed(node)}

    def validate(
        self, _: SHACLExecutor, target_graph: Graph, focus: Any = None, _evaluation_path: list[Any] | None = None
    ) -> tuple[bool, list[PlainResult]]:
        """Whether nodes conform, with the results; called by pySHACL for the shapes that a constraint refers to."""
        nodes = [focus] if isinstance(focus, IdentifiedNode | Literal) else list(focus)
        broken = [] if self.deactivated else list(self.broken(target_graph, nodes, _evaluation_path or [], with_properties=True))
        return not broken, broken


class _Results:
    """Makes the results of one constraint, called by pySHACL's name for it."""

    def __init__(self, constraint: Any) -> None:
        self._component, self._shape = constraint.shacl_constraint_component, str(constraint.shape.node)

    def __call__(
        self,
        _graph: Graph,
        focus_node: Identifier,
        value_node: Identifier | None = None,
        constraint_component: Identifier | None = None,
        source_constraint: Identifier | None = None,
        **_: object,
    ) -> PlainResult:
        violated = Violated(
            focus=to_engine(focus_node),
            shape=self._shape,
            component=str(constraint_component or self._component),
            value=None if value_node is None else to_engine(value_node),
            constraint=None if source_constraint is None else str(source_constraint),
        )
        return "", violated, []


def _made(kind: Any, shape: Shape) -> Any:
    """A constraint of a shape; None for what has no meaning there, such as a qualified count in a node shape."""
    try:
        return kind(shape)
    except ConstraintLoadWarning:
        return None


def _light(constraint: Any) -> Any:
    """The constraint without what pySHACL does at each value: results in full, and six searches in each SPARQL text."""
    constraint.make_v_result = _Results(constraint)
    for query in getattr(constraint, "sparql_constraints", ()):
        query.check_invalid_sparql(query.select_text)
        query.check_invalid_sparql = lambda *_, **__: True
    return constraint


def _certain(constraint: Any) -> tuple[Callable[[str], bool], ...]:
    return certain(str(query.select_text) for query in getattr(constraint, "sparql_constraints", ()))


def _unnamed(node: Node) -> bool:
    return not isinstance(node, URIRef | Literal)


class Validator:
    """A set of shapes, ready to be applied."""

    def __init__(self, shapes: Iterable[RdfTriple]) -> None:
        graph = Graph()
        for triple in shapes:
            graph.add(triple)
        read = ShapesGraph(graph)
        if read.custom_constraints:
            raise ValueError("constraint components of one's own are not supported")
        kinds: list[tuple[Any, bool]] = [(shape.node, shape.is_property_shape) for shape in read.shapes]
        self._by_node = {node: PreparedShape(read, node, kind, graph.value(node, SH.path)) for node, kind in kinds}
        cache: dict[Any, Shape] = read._node_shape_cache  # where pySHACL looks up the shapes that a constraint refers to
        cache.update(self._by_node)
        self._properties = {node: list(graph.objects(node, SH.property)) for node in self._by_node}
        self._prepared: dict[str, Query] = {}

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
        for node, nodes in focus.items():
            shape = self._by_node[node]
            parts = () if shape.is_property_shape else self._properties[node]
            for part in () if shape.deactivated else (node, *parts):
                given.setdefault(part, {}).update(dict.fromkeys(nodes))
        return self.violated_parts(data, given)

    def violated_parts(self, data: Graph, given: Mapping[Node, Iterable[Node]]) -> Iterator[Violated]:
        """What focus nodes break of shapes, without the property shapes of those."""
        for part, nodes in given.items():
            shape = self._by_node[part]
            if not shape.deactivated:
                yield from (
                    result for _, result, _ in shape.broken(data, list(nodes), [], with_properties=shape.is_property_shape)
                )


def _terms(triple: ox.Triple) -> tuple[EngineTerm, EngineTerm, EngineTerm]:
    return triple.subject, triple.predicate, triple.object


class _quiet:  # noqa: N801 - reads as a statement: with _quiet()
    """rdflib logs each literal that its datatype does not allow, with a traceback; finding those is the shapes' affair."""

    def __enter__(self) -> None:
        self._logger = logging.getLogger("rdflib.term")
        self._disabled, self._logger.disabled = self._logger.disabled, True

    def __exit__(self, *_: object) -> None:
        self._logger.disabled = self._disabled
