"""Which statements can have a part in a question's answer, told from its triple patterns; nothing is run.

A statement that fits none of the patterns, whether it comes or goes, leaves the answer as it is: every part of SPARQL's algebra
that is known here takes from the graph only what its patterns match (SPARQL 1.1 Query §18). What is not known, paths of no length
from anywhere, and functions of time or chance, which do not depend on the graph alone, have no footprint.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox
from rdflib import URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from app.queries.canned import CannedQuery
from app.queries.filters import allowed
from app.terms import EngineTerm

Place = str | frozenset[str] | None
"""What may stand at a place of a pattern: the terms of a parameter, given by its name; one of some IRIs; None for anything."""

Pattern = tuple[Place, Place, Place]
Bound = Mapping[str, Place]
"""What variables may be."""

Terms = Mapping[str, EngineTerm | Sequence[EngineTerm | None] | None]

_STANDING = "urn:x-maillage:parameter:"
_ONE_INSIDE = frozenset({"Project", "Distinct", "Reduced", "OrderBy", "Slice", "Group", "AggregateJoin"})
_FICKLE = frozenset({"Builtin_NOW", "Builtin_RAND", "Builtin_UUID", "Builtin_STRUUID", "Builtin_BNODE", "Function"})


class NoFootprint(ValueError):
    """The question has a part whose answer may depend on any statement, or on more than statements."""


@dataclass(frozen=True)
class Footprint:
    """The patterns of a question; a statement must fit one to have a part in its answer."""

    patterns: tuple[Pattern, ...]

    @classmethod
    def of(cls, query: CannedQuery) -> Footprint:
        """Raises :class:`NoFootprint`."""
        standing = {name: ox.NamedNode(_STANDING + name) for name in query.blanks}
        return cls(tuple(dict.fromkeys(_patterns(prepareQuery(query.bind(standing)).algebra, {}))))

    def touches(self, terms: Terms, changed: Iterable[ox.Triple]) -> bool:
        """Whether a changed statement fits a pattern, the parameters being bound to ``terms``."""
        known = {name: _iris(value) for name, value in terms.items()}
        return any(_fits(pattern, triple, known) for triple in changed for pattern in self.patterns)


def _iris(value: EngineTerm | Sequence[EngineTerm | None] | None) -> Collection[str] | None:
    """The IRIs that a parameter may be; None for anything, also where one is a literal, which the store writes in its own way."""
    values = value if isinstance(value, list | tuple) else (value,)
    iris = {one.value for one in values if isinstance(one, ox.NamedNode)}
    return iris if all(isinstance(one, ox.NamedNode) for one in values) else None


def _fits(pattern: Pattern, triple: ox.Triple, known: Mapping[str, Collection[str] | None]) -> bool:
    return all(_may_be(place, term, known) for place, term in zip(pattern, triple, strict=True))


def _may_be(place: Place, term: Any, known: Mapping[str, Collection[str] | None]) -> bool:
    allowed = known.get(place) if isinstance(place, str) else place
    return allowed is None or (isinstance(term, ox.NamedNode) and term.value in allowed)


def _patterns(part: Any, bound: Bound) -> Iterator[Pattern]:
    """The patterns of a part of the algebra. ``bound`` tells what variables must be in a solution of it that counts afterwards:
    others are joined or filtered away. What is optional or taken away may count, unless what it is beside is so bound."""
    match part:
        case CompValue(name="SelectQuery" | "AskQuery" | "ConstructQuery") if not part.datasetClause:
            yield from _patterns(part.p, {})
        case CompValue(name="BGP"):
            yield from _of_group(part.triples, bound)
        case CompValue(name="Join"):
            yield from _patterns(part.p1, {**bound, **_certain(part)})
            yield from _patterns(part.p2, {**bound, **_certain(part)})
        case CompValue(name="LeftJoin" | "Minus"):
            yield from _patterns(part.p1, bound)
            yield from _patterns(part.p2, _certain(part.p1))
            yield from _of_expression(part.get("expr"), _certain(part.p1))
        case CompValue(name="Union"):
            yield from _patterns(part.p1, bound)
            yield from _patterns(part.p2, bound)
        case CompValue(name="Filter"):
            yield from _patterns(part.p, {**bound, **{name: frozenset(iris) for name, iris in allowed(part.expr)}})
            yield from _of_expression(part.expr, _certain(part.p))
        case CompValue(name="Extend"):
            yield from _patterns(part.p, bound)
            yield from _of_expression(part.expr, _certain(part.p))
        case CompValue(name="Graph"):
            yield from _of_graph(part, bound)
        case CompValue(name="ToMultiSet"):
            yield from _of_many(part.p)
        case CompValue(name=name) if name in _ONE_INSIDE:
            yield from _patterns(part.p, {})
            yield from _of_expression({key: value for key, value in part.items() if key != "p"}, _certain(part.p))
        case _:
            raise NoFootprint(getattr(part, "name", type(part).__name__))


def _of_group(triples: Sequence[tuple[Any, Any, Any]], bound: Bound) -> Iterator[Pattern]:
    """Of patterns that stand together: each finds nodes for the others."""
    nodes = {end for start, path, other in triples if isinstance(path, URIRef) for end in (start, other)}
    for triple in triples:
        yield from _of_triple(triple, bound, nodes)


def _of_graph(part: Any, bound: Bound) -> Iterator[Pattern]:
    if not _finds(part.p):
        raise NoFootprint("the names of graphs")
    yield from _patterns(part.p, bound)


def _finds(part: Any) -> bool:
    """Whether each solution of a part has a statement that it was found by."""
    match part:
        case CompValue(name="BGP"):
            return bool(part.triples)
        case CompValue(name="Join"):
            return _finds(part.p1) or _finds(part.p2)
        case CompValue(name="Union"):
            return _finds(part.p1) and _finds(part.p2)
        case CompValue(name="LeftJoin" | "Minus"):
            return _finds(part.p1)
        case CompValue(name="Filter" | "Extend"):
            return _finds(part.p)
    return False


def _of_many(part: Any) -> Iterator[Pattern]:
    """Given solutions, or a query of its own: what it counts or cuts off does not depend on what is around it."""
    if getattr(part, "name", "") != "values":
        yield from _patterns(part, {})


def _certain(part: Any) -> Bound:
    """What variables are in each solution of a part."""
    match part:
        case CompValue(name="Join"):
            return {**_certain(part.p1), **_certain(part.p2)}
        case CompValue(name="LeftJoin" | "Minus"):
            return _certain(part.p1)
        case CompValue(name="Filter" | "Extend" | "Graph"):
            return _certain(part.p)
        case CompValue(name="ToMultiSet") if getattr(part.p, "name", "") == "values":
            return _given(part.p.res)
    return {}


def _given(rows: Sequence[Mapping[Any, Any]]) -> Bound:
    """What variables are in each of some given solutions, where all of them are IRIs there."""
    found: dict[str, Place] = {}
    for variable in {variable for row in rows for variable in row}:
        terms = {row.get(variable) for row in rows}
        if all(isinstance(term, URIRef) for term in terms):
            iris = frozenset(map(str, terms))
            names = {iri.removeprefix(_STANDING) for iri in iris if iri.startswith(_STANDING)}
            found[str(variable)] = names.pop() if names and len(iris) == 1 else None if names else iris
    return found


def _of_expression(part: Any, bound: Bound) -> Iterator[Pattern]:
    """The patterns that a filter or another expression asks for."""
    if isinstance(part, CompValue):
        if part.name in _FICKLE:
            raise NoFootprint(part.name)
        if part.name in ("Builtin_EXISTS", "Builtin_NOTEXISTS"):
            yield from _patterns(part.graph, bound)
            return
    if isinstance(part, Mapping):
        for value in part.values():
            yield from _of_expression(value, bound)
    elif isinstance(part, list | tuple):
        for value in part:
            yield from _of_expression(value, bound)


def _of_triple(triple: tuple[Any, Any, Any], bound: Bound, nodes: Collection[Any]) -> Iterator[Pattern]:
    """``nodes`` are terms that other patterns beside this one find in the graph."""
    subject, predicate, target = triple
    if isinstance(predicate, Path):
        is_met = any(isinstance(end, Variable) and end in nodes for end in (subject, target))
        yield from _of_path(_place(subject, bound), predicate, _place(target, bound), is_met=is_met)
    else:
        yield _place(subject, bound), _place(predicate, bound), _place(target, bound)


def _of_path(start: Place, path: Any, end: Place, *, is_met: bool = False) -> Iterator[Pattern]:
    """``is_met``: an end is a node that something else finds, so that a path of no length tells nothing new of the graph."""
    match path:
        case URIRef():
            yield start, frozenset({str(path)}), end
        case InvPath():
            yield from _of_path(end, path.arg, start, is_met=is_met)
        case AlternativePath():
            for one in path.args:
                yield from _of_path(start, one, end, is_met=is_met)
        case SequencePath():
            yield from _of_steps(start, path.args, end)
        case MulPath(mod="+"):
            yield from _of_path(None, path.path, None)
        case MulPath() if is_met:
            yield from _of_path(None, path.path, None)
        case _:
            raise NoFootprint(str(path))


def _of_steps(start: Place, steps: Sequence[Any], end: Place) -> Iterator[Pattern]:
    places = [start, *[None] * (len(steps) - 1), end]
    for number, step in enumerate(steps):
        beside = (*steps[max(number - 1, 0) : number], *steps[number + 1 : number + 2])
        yield from _of_path(places[number], step, places[number + 1], is_met=any(isinstance(one, URIRef) for one in beside))


def _place(term: Any, bound: Bound) -> Place:
    if isinstance(term, URIRef):
        name = str(term).removeprefix(_STANDING)
        return frozenset({str(term)}) if name == str(term) else name
    return bound.get(str(term)) if isinstance(term, Variable) else None
