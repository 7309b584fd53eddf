"""What must be so for a SPARQL constraint to have a solution at all, read from its text and algebra; nothing is run."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.term import Node, URIRef, Variable

from app.shapes.view import View
from app.terms import SH, EngineTerm

_THIS = Variable("this")
_NARROWING = ("SelectQuery", "Project", "Distinct", "Reduced", "OrderBy", "Filter", "Extend", "ToMultiSet")
_ORDER = re.compile(
    r"SELECT \$this \?value WHERE \{ \$this \S+ \?start \. \$this \S+ \?value \. "
    r"FILTER\(STR\(\?value\) < SUBSTR\(STR\(\?start\), 1, STRLEN\(STR\(\?value\)\)\)\) \}"
)
_PLAIN = re.compile("[0-9TZ:+-]+")


@dataclass(frozen=True)
class Needs:
    """The properties that every solution takes from ``$this``; and, where a solution is an end before a beginning, those two."""

    predicates: frozenset[ox.NamedNode]
    order: tuple[ox.NamedNode, ox.NamedNode] | None = None

    def are_missing(self, view: View, focus: EngineTerm) -> bool:
        """Whether the query certainly has no solution for a node."""
        if any(not view.objects(focus, predicate) for predicate in self.predicates):
            return True
        if self.order is None:
            return False
        start, end = self.order
        return _in_order(view.objects(focus, start), view.objects(focus, end))


def needs(graph: Graph, constraint: Node) -> Needs:
    """Nothing is needed, as far as is known, where the text is out of the ordinary."""
    text = str(graph.value(constraint, SH.select) or "")
    if "$PATH" in text or "?PATH" in text:
        return Needs(frozenset())
    declared = [one for scheme in graph.objects(constraint, SH.prefixes) for one in graph.objects(scheme, SH.declare)]
    prefixes = {str(graph.value(one, SH.prefix)): str(graph.value(one, SH.namespace)) for one in declared}
    found = list(_required(prepareQuery(text, initNs=prefixes).algebra))
    by_variable = {value: ox.NamedNode(str(predicate)) for predicate, value in found}
    is_order = len(found) == 2 and _ORDER.fullmatch(" ".join(text.split())) is not None
    order = (by_variable[Variable("start")], by_variable[Variable("value")]) if is_order else None
    return Needs(frozenset(ox.NamedNode(str(predicate)) for predicate, _ in found), order)


def _required(part: Any) -> Iterator[tuple[URIRef, Node]]:
    """Of the parts that only narrow or join, the patterns that must match; of any other, nothing."""
    if part.name == "BGP":
        yield from ((p, o) for s, p, o in part.triples if s == _THIS and isinstance(p, URIRef))
    elif part.name == "Join":
        yield from _required(part.p1)
        yield from _required(part.p2)
    elif part.name in _NARROWING:
        yield from _required(part.p)


def _in_order(starts: Iterable[EngineTerm], ends: Iterable[EngineTerm]) -> bool:
    """Whether no end comes before a beginning, as far as both go; of plain dates only, whose texts order as their days."""
    first, last = _dates(starts), _dates(ends)
    return None not in (*first, *last) and not any(end < start[: len(end)] for end in last for start in first if start and end)


def _dates(terms: Iterable[EngineTerm]) -> list[str | None]:
    return [term.value if isinstance(term, ox.Literal) and _PLAIN.fullmatch(term.value) else None for term in terms]
