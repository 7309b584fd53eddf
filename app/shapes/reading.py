"""What a shape reads from its focus node, as paths, by recursion over the shapes that it refers to; nothing is evaluated here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDF, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from app.shapes import paths
from app.shapes.paths import HERE, Path, Seq, Step
from app.terms import SH, SHAPE

TYPE = paths.step(str(RDF.type))
READS = SHAPE.reads

_ONE_SHAPE = {
    SH.node: SH.NodeConstraintComponent,
    SH["not"]: SH.NotConstraintComponent,
    SH.property: SH.PropertyConstraintComponent,
    SH.qualifiedValueShape: SH.QualifiedMinCountConstraintComponent,
}
_SHAPE_LISTS = {
    SH["and"]: SH.AndConstraintComponent,
    SH["or"]: SH.OrConstraintComponent,
    SH.xone: SH.XoneConstraintComponent,
}
_PAIRS = (SH.equals, SH.disjoint, SH.lessThan, SH.lessThanOrEquals)
_QUALIFIED = {str(SH.QualifiedMinCountConstraintComponent), str(SH.QualifiedMaxCountConstraintComponent)}


@dataclass(frozen=True)
class Reading:
    """What one shape reads.

    ``paths`` start at the focus node. ``by_type`` are the constraint components whose verdict can come from the type of a
    value node, and ``of_values`` the properties of value nodes that such a verdict rests on.
    """

    paths: tuple[Path, ...]
    by_type: frozenset[str]
    of_values: frozenset[ox.NamedNode]


def read(graph: Graph, shape: Node) -> Reading:
    """Everything that a shape reads. Raises ``ValueError`` for a shape whose reading cannot be told beforehand."""
    tails = [(component, tail) for component, tail in _tails(graph, shape, ()) if component != SH.PropertyConstraintComponent]
    by_type = {str(component) for component, tail in tails if _ends_in_type(tail)}
    if by_type & _QUALIFIED:
        by_type |= _QUALIFIED
    heads = [head for component, tail in tails if str(component) in by_type for head in _heads(tail)]
    return Reading(
        paths=paths.either(_reads(graph, shape, ())),
        by_type=frozenset(by_type),
        of_values=frozenset(predicate for head in heads for predicate in head.predicates),
    )


def _reads(graph: Graph, shape: Node, above: tuple[Node, ...]) -> Iterator[Path]:
    if shape in above:
        raise ValueError(f"{shape}: a shape that refers to itself reads without end")
    at = graph.value(shape, SH.path)
    here = HERE if at is None else paths.read(graph, at)
    if at is not None:
        yield here
    for _, tail in _tails(graph, shape, above):
        yield paths.then(here, tail)
    for predicate in _PAIRS:
        yield from (paths.read(graph, other) for other in graph.objects(shape, predicate))
    for constraint in graph.objects(shape, SH.sparql):
        yield from (paths.read(graph, read_path) for read_path in graph.objects(constraint, READS))


def _tails(graph: Graph, shape: Node, above: tuple[Node, ...]) -> Iterator[tuple[Node, Path]]:
    """What is read from the value nodes, with the component that reads it."""
    if (shape, SH["class"], None) in graph:
        yield SH.ClassConstraintComponent, TYPE
    for parameter, component in _ONE_SHAPE.items():
        for inner in graph.objects(shape, parameter):
            yield from ((component, path) for path in _reads(graph, inner, (*above, shape)))
    for parameter, component in _SHAPE_LISTS.items():
        for members in graph.objects(shape, parameter):
            for inner in Collection(graph, members):
                yield from ((component, path) for path in _reads(graph, inner, (*above, shape)))


def _ends_in_type(path: Path) -> bool:
    last = path.parts[-1] if isinstance(path, Seq) and path.parts else path
    return isinstance(last, Step) and TYPE.predicates <= last.predicates and not last.inverse


def _heads(path: Path) -> Iterator[Step]:
    for found, prefix in paths.occurrences(path):
        if prefix == HERE and not found.inverse:
            yield found
