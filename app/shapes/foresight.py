"""What certainly keeps a shape, told from the statements alone, so that the validator is asked of the rest.

Each verdict is True (certainly conforms), False (certainly does not) or None (the validator must say). Whatever is not known
here, a component or an odd literal, gives None: the worst that a gap costs is time. Of what is broken one thing is told here
as the validator would: that a property has no value (sh:minCount), the advice that half of all records get. Tests compare with
pySHACL's own verdicts and results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

import pyoxigraph as ox
from rdflib import Graph
from rdflib.collection import Collection
from rdflib.term import Literal, Node, URIRef

from app.remembering import remembered
from app.shapes import paths
from app.shapes.foresight_values import Test, Verdict, is_day, value_tests
from app.shapes.known_queries import certain
from app.shapes.paths import Path
from app.shapes.query_needs import needs
from app.shapes.view import Nothing, View
from app.shapes.violated import Violated
from app.terms import SH, EngineTerm, to_engine

Values = list[EngineTerm]
Check = Callable[[View, EngineTerm, Values], Verdict]
"""From the view, the focus node and its value nodes."""

_SAYS_NOTHING = {
    str(name)
    for name in (
        *(SH.path, SH.name, SH.description, SH.message, SH.severity, SH.order, SH.group, SH.property, SH.defaultValue),
        *(SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf),
    )
}
_EMPTY = View(ox.NamedNode("urn:nothing"), {}, Nothing())
_MIN_COUNT = str(SH.MinCountConstraintComponent)
_MOST_PLANS = 5_000
_QUALIFIED = (SH.qualifiedValueShape, SH.qualifiedMinCount, SH.qualifiedMaxCount)


@dataclass(frozen=True)
class _Shape:
    """A shape made ready: where its value nodes are, what is checked of them, and the property shapes of each."""

    path: Path | None
    simple: ox.NamedNode | None
    checks: tuple[Check, ...]
    properties: tuple[_Shape, ...]
    reads_more: bool
    """Whether a verdict rests on more than the value nodes: a SPARQL constraint does."""

    is_owed: bool
    """Whether nothing but sh:minCount is broken where there is no value node."""

    def of_nothing(self) -> Verdict:
        """The verdict where there is no value node."""
        return None if self.reads_more else _all(check(_EMPTY, _EMPTY.node, []) for check in self.checks)

    @property
    def own(self) -> frozenset[ox.NamedNode] | None:
        """The properties of the focus node whose values are the value nodes; None for another path."""
        return self.path.predicates if isinstance(self.path, paths.Step) and not self.path.inverse else None


_Planned = tuple[Node, _Shape]


@dataclass(frozen=True)
class _Plan:
    """For the nodes that have values of the same properties: the shapes to look into, and those that certainly miss a value."""

    open: tuple[_Planned, ...]
    missed: tuple[str, ...]


class Foresight:
    """Verdicts of the shapes of one graph, each made ready at first use."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._ready: dict[Node, _Shape] = {}
        self._plans: dict[tuple[Node, ...], dict[frozenset[ox.NamedNode], _Plan]] = {}

    def foreseen(self, shapes: tuple[Node, ...], view: View) -> tuple[tuple[Node, ...], tuple[Violated, ...]]:
        """Of some shapes, their property shapes apart, those that the validator must judge a view's node by, and what the node
        certainly breaks of the others."""
        plan = self._plan(shapes, view.predicates)
        doubtful = tuple(
            shape for shape, ready in plan.open if _verdict(ready, view, view.node, with_properties=False) is not True
        )
        return doubtful, tuple(Violated(view.node, shape, _MIN_COUNT) for shape in plan.missed)

    def _plan(self, shapes: tuple[Node, ...], predicates: frozenset[ox.NamedNode]) -> _Plan:
        return remembered(self._plans.setdefault(shapes, {}), predicates, _MOST_PLANS, lambda: self._planned(shapes, predicates))

    def _planned(self, shapes: tuple[Node, ...], predicates: frozenset[ox.NamedNode]) -> _Plan:
        """Leaves out what a node certainly keeps that has no value of a property."""
        left: list[_Planned] = []
        missed = []
        for shape in shapes:
            ready = self._of(shape)
            if not ready.checks:
                continue
            if ready.own is None or not ready.own.isdisjoint(predicates):
                left.append((shape, ready))
            elif ready.is_owed:
                missed.append(str(shape))
            elif ready.of_nothing() is not True:
                left.append((shape, ready))
        return _Plan(tuple(left), tuple(missed))

    def _of(self, shape: Node) -> _Shape:
        ready = self._ready.get(shape)
        if ready is None:
            ready = self._ready[shape] = self._made(shape)
        return ready

    def _made(self, shape: Node) -> _Shape:
        graph = self._graph
        at = graph.value(shape, SH.path)
        path = None if at is None else paths.read(graph, at)
        simple = ox.NamedNode(str(at)) if isinstance(at, URIRef) else None
        is_asked = (shape, SH.sparql, None) in graph
        properties = tuple(self._of(part) for part in graph.objects(shape, SH.property))
        ready = _Shape(path, simple, tuple(self._checks(self._given(shape))), properties, is_asked, is_owed=False)
        return replace(ready, is_owed=self._is_owed(shape))

    def _is_owed(self, shape: Node) -> bool:
        given = self._given(shape)
        least = [_number(literal) for literal in given.pop(SH.minCount, ())]
        if len(least) != 1 or least[0] is None or least[0] < 1 or SH.sparql in given:
            return False
        return _all(check(_EMPTY, _EMPTY.node, []) for check in self._checks(given)) is True

    def _given(self, shape: Node) -> dict[URIRef, list[Node]]:
        """What a shape says of SHACL's own that could be a constraint."""
        given: dict[URIRef, list[Node]] = {}
        for predicate, value in self._graph.predicate_objects(shape):
            if isinstance(predicate, URIRef) and str(predicate).startswith(SH) and str(predicate) not in _SAYS_NOTHING:
                given.setdefault(predicate, []).append(value)
        return given

    def _checks(self, given: dict[URIRef, list[Node]]) -> Iterable[Check]:
        """In the order of their cost. Anything of SHACL that has no check here makes the shape one for the validator."""
        graph = self._graph
        checks = [*_counts(given), *(_each(test) for test in value_tests(graph, given))]
        checks += [*self._shape_checks(given), *self._qualified(given), *_pairs(given), *_queries(graph, given)]
        return (*checks, _unknown) if given else checks

    def _shape_checks(self, given: dict[URIRef, list[Node]]) -> Iterable[Check]:
        """Constraints that other shapes make of each value node."""
        for inner in map(self._of, given.pop(SH.node, ())):
            yield _each(lambda view, value, inner=inner: _verdict(inner, view, value))  # type: ignore[misc]
        for inner in map(self._of, given.pop(SH["not"], ())):
            yield _each(lambda view, value, inner=inner: _not(_verdict(inner, view, value)))  # type: ignore[misc]
        for name, joined in ((SH["or"], _any), (SH["and"], _all)):
            for members in given.pop(name, ()):
                inners = [self._of(inner) for inner in Collection(self._graph, members)]
                yield _each(
                    lambda view, value, inners=inners, joined=joined: joined(  # type: ignore[misc]
                        _verdict(inner, view, value) for inner in inners
                    )
                )

    def _qualified(self, given: dict[URIRef, list[Node]]) -> Iterable[Check]:
        if SH.qualifiedValueShape not in given or any(len(given.get(name, ())) > 1 for name in _QUALIFIED):
            return
        inner = self._of(given.pop(SH.qualifiedValueShape)[0])
        least, most = (_number(given.pop(name, [None])[0]) for name in _QUALIFIED[1:])

        def check(view: View, _: EngineTerm, values: Values) -> Verdict:
            if (least is None or least <= 0) and most is not None and len(values) <= most:
                return True
            if least is not None and least > 1:
                return None
            verdicts = [_verdict(inner, view, value) for value in values]
            few_enough = most is None or len(verdicts) - verdicts.count(False) <= most
            return True if few_enough and (least is None or verdicts.count(True) >= least) else None

        yield check


def _verdict(ready: _Shape, view: View, focus: EngineTerm, *, with_properties: bool = True) -> Verdict:
    if ready.simple is not None:
        values = list(view.own(ready.simple) if focus is view.node else view.objects(focus, ready.simple))
    else:
        values = [focus] if ready.path is None else list(view.values(ready.path, focus))
    found: Verdict = True
    for check in ready.checks:
        verdict = check(view, focus, values)
        if verdict is not True:
            if verdict is False:
                return False
            found = None
    if not with_properties or not ready.properties:
        return found
    return _all((found, *(_verdict(part, view, value) for part in ready.properties for value in values)))


def _number(literal: Node | None) -> int | None:
    value = literal.value if isinstance(literal, Literal) else None
    return value if isinstance(value, int) else None


def _counts(given: dict[URIRef, list[Node]]) -> Iterable[Check]:
    """Values that the engine tells apart may be one to rdflib (language tags), so that few are certain and many are not."""
    for literal in given.pop(SH.minCount, ()):
        least = _number(literal)
        yield lambda _view, _focus, values, least=least: (  # type: ignore[misc]
            True if least is not None and (least <= 0 or (least == 1 and values)) else _enough(values, least)
        )
    for literal in given.pop(SH.maxCount, ()):
        most = _number(literal)
        yield lambda _view, _focus, values, most=most: True if most is not None and len(values) <= most else None  # type: ignore[misc]
    for literal in given.pop(SH.uniqueLang, ()):
        if isinstance(literal, Literal) and literal.value is True:
            yield lambda _view, _focus, values: _unique_languages(values)
    for wanted in given.pop(SH.hasValue, ()):
        term = to_engine(wanted)  # type: ignore[arg-type]
        yield lambda _view, _focus, values, term=term: True if term in values else None  # type: ignore[misc]


def _enough(values: Values, least: int | None) -> Verdict:
    return True if least is not None and sum(isinstance(value, ox.NamedNode) for value in values) >= least else None


def _unique_languages(values: Values) -> Verdict:
    tags = [value.language.lower() for value in values if isinstance(value, ox.Literal) and value.language]
    return True if len(set(tags)) == len(tags) else None


def _pairs(given: dict[URIRef, list[Node]]) -> Iterable[Check]:
    """Values compared with those of another property: certain where one side has none, or both are dates of one form."""
    for name in (SH.lessThanOrEquals, SH.disjoint):
        for other in given.pop(name, ()):
            predicate = ox.NamedNode(str(other))
            ordered = name == SH.lessThanOrEquals
            yield lambda view, focus, values, predicate=predicate, ordered=ordered: (  # type: ignore[misc]
                True if not values else _paired(values, list(view.objects(focus, predicate)), ordered=ordered)
            )


_DATE = ox.NamedNode("http://www.w3.org/2001/XMLSchema#date")


def _paired(values: Values, others: Values, *, ordered: bool) -> Verdict:
    if not others:
        return True
    # The order of the texts of days is that of the days.
    if ordered and all(isinstance(one, ox.Literal) and one.datatype == _DATE and is_day(one.value) for one in (*values, *others)):
        return True if max(one.value for one in values) <= min(one.value for one in others) else None  # type: ignore[union-attr]
    return None


def _queries(graph: Graph, given: dict[URIRef, list[Node]]) -> Iterable[Check]:
    for constraint in given.pop(SH.sparql, ()):
        keys = certain([str(graph.value(constraint, SH.select) or "")])
        wanted = needs(graph, constraint)
        yield lambda view, focus, _values, keys=keys, wanted=wanted: (  # type: ignore[misc]
            True if wanted.are_missing(view, focus) or _has_keys(focus, keys) else None
        )


def _has_keys(focus: EngineTerm, keys: tuple[Callable[[str], bool], ...]) -> bool:
    return bool(keys) and isinstance(focus, ox.NamedNode | ox.Literal) and all(keeps(focus.value) for keeps in keys)


def _each(test: Test) -> Check:
    def check(view: View, _: EngineTerm, values: Values) -> Verdict:
        found: Verdict = True
        for value in values:
            verdict = test(view, value)
            if verdict is not True:
                if verdict is False:
                    return False
                found = None
        return found

    return check


def _unknown(_view: View, _focus: EngineTerm, _values: Values) -> Verdict:
    return None


def _all(verdicts: Iterable[Verdict]) -> Verdict:
    found: Verdict = True
    for verdict in verdicts:
        if verdict is False:
            return False
        if verdict is None:
            found = None
    return found


def _any(verdicts: Iterable[Verdict]) -> Verdict:
    return _not(_all(map(_not, verdicts)))


def _not(verdict: Verdict) -> Verdict:
    return None if verdict is None else not verdict
