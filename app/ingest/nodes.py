"""Blank nodes get IRIs that depend on what is said of them, so that the same file again changes nothing; no file is read here.

Blank nodes that statements join make a component. Each component is labelled by RDFC-1.0 (W3C Recommendation of 2024-05-21) on
its own, so an edit elsewhere in the file moves none of its IRIs. Two components that say exactly the same become one: blank
nodes only say that something exists, so nothing is lost.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

Place = int
"""The line on which a statement stands."""

Statement = tuple[ox.Triple, Place]


@dataclass
class Component:
    """Statements that share blank nodes, each with its line."""

    statements: list[Statement] = field(default_factory=list)
    nodes: int = 0

    @property
    def line(self) -> Place:
        return min(place for _, place in self.statements)


def components(statements: Iterable[Statement]) -> list[Component]:
    """The statements that hold blank nodes, by connected component (a disjoint-set forest over the nodes)."""
    parent: dict[str, str] = {}
    kept = list(statements)
    for triple, _ in kept:
        nodes = list(blank_nodes(triple))
        for node in nodes:
            parent.setdefault(node, node)
        parent[_root(parent, nodes[-1])] = _root(parent, nodes[0])
    found: dict[str, Component] = defaultdict(Component)
    for statement in kept:
        found[_root(parent, next(blank_nodes(statement[0])))].statements.append(statement)
    for node in parent:
        found[_root(parent, node)].nodes += 1
    return list(found.values())


def name(component: Component, base: str) -> list[ox.Triple]:
    """The statements with IRIs ``<base>id/node/<hash>``. The cost may be exponential in the number of alike nodes."""
    triples, iris = _canonical(component, base)
    return [_renamed(triple, iris) for triple in triples]


def origins(component: Component, base: str) -> dict[str, frozenset[str]]:
    """For each IRI of :func:`name`, the labels of the blank nodes that it may stand for.

    The engine does not tell which node got which label, so they are matched by what is said of them directly.
    """
    triples, iris = _canonical(component, base)
    alike = defaultdict(set)
    for node, signature in _signatures(triple for triple, _ in component.statements).items():
        alike[signature].add(node)
    return {iris[label].value: frozenset(alike[signature]) for label, signature in _signatures(triples).items()}


def _canonical(component: Component, base: str) -> tuple[list[ox.Triple], dict[str, ox.NamedNode]]:
    dataset = ox.Dataset(ox.Quad(*triple) for triple, _ in component.statements)
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    triples = [quad.triple for quad in dataset]
    text = "".join(sorted(f"{triple} .\n" for triple in triples))
    iris = {}
    for label in {node for triple in triples for node in blank_nodes(triple)}:
        digest = hashlib.sha256(f"{text}{label}".encode()).hexdigest()
        iris[label] = ox.NamedNode(f"{base}id/node/{digest[:32]}")
    return triples, iris


def blank_nodes(triple: ox.Triple) -> Iterator[str]:
    """Labels of the blank nodes of a statement, subject first."""
    if isinstance(triple.subject, ox.BlankNode):
        yield triple.subject.value
    if isinstance(triple.object, ox.BlankNode):
        yield triple.object.value


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


def _renamed(triple: ox.Triple, iris: dict[str, ox.NamedNode]) -> ox.Triple:
    subject, object_ = triple.subject, triple.object
    return ox.Triple(
        iris[subject.value] if isinstance(subject, ox.BlankNode) else subject,
        triple.predicate,
        iris[object_.value] if isinstance(object_, ox.BlankNode) else object_,
    )


def _signatures(triples: Iterable[ox.Triple]) -> dict[str, frozenset[str]]:
    said: dict[str, set[str]] = defaultdict(set)
    for triple in triples:
        subject, object_ = triple.subject, triple.object
        ends = ["_" if isinstance(end, ox.BlankNode) else str(end) for end in (subject, object_)]
        if isinstance(subject, ox.BlankNode):
            said[subject.value].add(f"{triple.predicate} {ends[1]}")
        if isinstance(object_, ox.BlankNode):
            said[object_.value].add(f"{ends[0]} {triple.predicate} ^")
    return {node: frozenset(signature) for node, signature in said.items()}
