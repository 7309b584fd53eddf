"""Many nodes at once: what is a step away from them, and which graphs describe them; nothing is judged here.

Few nodes are looked up one by one; for many, one query answers in the engine's own terms, several times faster.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

import pyoxigraph as ox
from rdflib import OWL

from app.shapes.lookup import Lookup, Subject, around
from app.shapes.paths import Step
from app.terms import EngineTerm

SAME_AS = ox.NamedNode(str(OWL.sameAs))
MANY = 40
_AT_ONCE = 2_000

Standing = Mapping[ox.NamedNode, int]
"""How many statements of a node each named graph has, ``owl:sameAs`` apart."""


def spread(after: Lookup, step: Step, nodes: set[EngineTerm]) -> set[EngineTerm]:
    """The nodes that are one step of the merge away from some nodes."""
    if len(nodes) < MANY:
        return {there for node in nodes for there in _one(after, step, node)}
    named = [node for node in nodes if isinstance(node, ox.NamedNode | (ox.Literal if step.inverse else ox.NamedNode))]
    found = {there for node in nodes.difference(named) for there in _one(after, step, node)}
    pattern = "?there ?property ?here" if step.inverse else "?here ?property ?there"
    properties = ", ".join(map(str, step.predicates))
    for values in _values("here", named):
        text = f"SELECT DISTINCT ?there WHERE {{ {values} {pattern} FILTER(?property IN ({properties})) }}"
        found.update(row["there"] for row in after.query(text))
    return found


def standings(after: Lookup, nodes: Iterable[Subject]) -> Iterator[tuple[Subject, Standing]]:
    """The nodes that named graphs describe, and how much each graph says of them."""
    asked = list(nodes)
    named = [node for node in asked if isinstance(node, ox.NamedNode)] if len(asked) >= MANY else []
    for node in asked if not named else (node for node in asked if not isinstance(node, ox.NamedNode)):
        if found := _standing(after, node):
            yield node, found
    for values in _values("node", named):
        text = f"""SELECT ?node ?graph (COUNT(*) AS ?said) WHERE {{
            {values} GRAPH ?graph {{ ?node ?property ?value }} FILTER(?property != {SAME_AS}) }} GROUP BY ?node ?graph"""
        gathered: dict[Subject, dict[ox.NamedNode, int]] = {}
        for row in after.query(text):
            gathered.setdefault(row["node"], {})[row["graph"]] = int(row["said"].value)
        yield from gathered.items()


def _one(after: Lookup, step: Step, node: EngineTerm) -> Iterator[EngineTerm]:
    return (quad.subject if step.inverse else quad.object for quad in around(after, step, node))


def _standing(after: Lookup, node: Subject) -> Standing:
    quads = after.quads(node, None, None, None)
    graphs = (quad.graph_name for quad in quads if quad.predicate != SAME_AS)
    return Counter(graph for graph in graphs if isinstance(graph, ox.NamedNode))


def _values(name: str, terms: Sequence[ox.NamedNode | ox.Literal]) -> Iterator[str]:
    """Lines that bind a variable to terms as the engine writes them, few enough for one query each."""
    for start in range(0, len(terms), _AT_ONCE):
        yield f"VALUES ?{name} {{ {' '.join(map(str, terms[start : start + _AT_ONCE]))} }}"
