"""From what the validator and the gate's own checks found in a case to findings, graded by who caused them."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

import pyoxigraph as ox

from app.remembering import remembered
from app.shapes import paths
from app.shapes.case import Case, Cases
from app.shapes.findings import Finding, Severity
from app.shapes.lookup import Change, Subject
from app.shapes.merged import TYPE
from app.shapes.reach import SAME_AS
from app.shapes.shapes import Rule, Shapes
from app.shapes.violated import Violated
from app.terms import MAILLAGE, SH, SHAPE, EngineTerm, compact
from app.text import LANGUAGES, say

COMPLETENESS = {
    str(component)
    for component in (SH.MinCountConstraintComponent, SH.QualifiedMinCountConstraintComponent, SH.HasValueConstraintComponent)
}
"""What is due only from the graph that declares a node."""

KNOWN_TERM = str(SHAPE.KnownTermComponent)
DERIVED_PROPERTY = str(SHAPE.DerivedPropertyComponent)
_MOST = 10_000
TYPED = str(SHAPE.TypedComponent)
READABLE = str(SHAPE.ReadableTermComponent)


@dataclass(frozen=True)
class Touched:
    """What a change touched: nodes by graph, and the statements of a node that a verdict about a reference to it rests on.

    ``added`` is all that it adds, by graph and node, unless that is too much to hold.
    """

    nodes: dict[ox.NamedNode, set[Subject]] = field(default_factory=lambda: defaultdict(set))
    details: set[tuple[ox.NamedNode, EngineTerm, ox.NamedNode]] = field(default_factory=set)
    added: dict[ox.NamedNode, dict[Subject, list[ox.Quad]]] = field(default_factory=lambda: defaultdict(dict))

    HELD = 250_000

    @classmethod
    def by(cls, change: Change, of_values: frozenset[ox.NamedNode]) -> Touched:
        """What a change touched of nodes, and of the given properties."""
        touched = cls()
        for quad in change.removed:
            touched._note(quad, of_values)
        for count, quad in enumerate(change.added):
            noted = touched._note(quad, of_values)
            if noted and count < cls.HELD:
                graph, node = noted
                touched.added[graph].setdefault(node, []).append(quad)
            elif count == cls.HELD:
                touched.added.clear()
        return touched

    def _note(self, quad: ox.Quad, of_values: frozenset[ox.NamedNode]) -> tuple[ox.NamedNode, Subject] | None:
        graph, node, predicate = quad.graph_name, quad.subject, quad.predicate
        if not isinstance(graph, ox.NamedNode) or predicate == SAME_AS:
            return None
        self.nodes[graph].add(node)
        if predicate in of_values:
            self.details.add((graph, node, predicate))
        return graph, node


@dataclass(frozen=True)
class Grading:
    """Turns what is wrong in a case into findings."""

    shapes: Shapes
    cases: Cases
    touched: Touched
    entities: str
    _odd_ones: dict[ox.NamedNode, bool] = field(default_factory=dict, repr=False, compare=False)

    def findings(self, case: Case, violated: Iterable[Violated]) -> set[Finding]:
        """All findings of a case, from what the validator found in it."""
        graded = (self._graded(case, one) for one in chain(case.broken, violated))
        return {finding for finding in graded if finding} | set(self._beyond(case))

    def _graded(self, case: Case, violated: Violated) -> Finding | None:
        rule = self.shapes.rule(violated.shape, violated.constraint)
        if not case.declared and violated.component in COMPLETENESS:
            return None
        excused = rule.severity == "Violation" and self._is_reference(rule, violated) and not self._caused(case, rule, violated)
        return Finding(
            severity="Warning" if excused else rule.severity,
            focus=_name(violated.focus),
            path=None if rule.path is None else paths.text(rule.path),
            value=violated.value,
            graph=case.graph.value,
            component=violated.component,
            shape=rule.iri,
            messages=_messages(rule, violated),
            names=rule.names,
        )

    def _is_reference(self, rule: Rule, violated: Violated) -> bool:
        return violated.component in rule.reading.by_type and not isinstance(violated.value, ox.Literal)

    def _caused(self, case: Case, rule: Rule, violated: Violated) -> bool:
        """Whether the change touched the node in this graph, or what this graph says of the node that is referred to."""
        if case.node in self.touched.nodes.get(case.graph, ()):
            return True
        referred = {violated.value} if violated.value else self.cases.ends(case, rule.path or paths.HERE)
        return any((case.graph, node, read) in self.touched.details for node in referred for read in rule.reading.of_values)

    def _beyond(self, case: Case) -> Iterator[Finding]:
        """What SHACL does not say: unknown terms, derived links by hand, nodes without a type, terms that rdflib cannot read."""
        if TYPE not in case.said and str(case.node).startswith(f"<{self.entities}") and not any(map(_is_type, case.stated)):
            yield self._own(case, "Warning", TYPED, str(TYPE.value), None, "untyped")
        if case.is_unreadable or any(map(self._is_odd, case.said)) or any(map(self._is_unknown, case.said.get(TYPE, ()))):
            yield from self._odd(case)

    def _is_odd(self, predicate: ox.NamedNode) -> bool:
        return remembered(
            self._odd_ones,
            predicate,
            _MOST,
            lambda: predicate.value in self.shapes.derived_properties or self._is_unknown(predicate),
        )

    def _odd(self, case: Case) -> Iterator[Finding]:
        for triple in case.own:
            if isinstance(triple.object, ox.Triple):
                yield self._own(case, "Violation", READABLE, triple.predicate.value, triple.object, "unreadable-term")
            if triple.predicate.value in self.shapes.derived_properties:
                yield self._own(case, "Violation", DERIVED_PROPERTY, triple.predicate.value, triple.object, "derived-property")
            elif self._is_unknown(triple.predicate):
                yield self._unknown(case, "property", triple.predicate, triple.predicate.value)
            if triple.predicate == TYPE and self._is_unknown(triple.object):
                yield self._unknown(case, "class", triple.object, TYPE.value)

    def _is_unknown(self, term: EngineTerm) -> bool:
        known = self.shapes.known_terms
        return (
            known is not None and isinstance(term, ox.NamedNode) and term.value.startswith(MAILLAGE) and term.value not in known
        )

    def _unknown(self, case: Case, kind: str, term: EngineTerm, path: str) -> Finding:
        nearest = nearest_term(str(term)[1:-1], self.shapes.known_terms or ())
        key = f"unknown-{kind}" if nearest else f"unknown-{kind}-without-suggestion"
        return self._own(case, "Violation", KNOWN_TERM, path, term, key, term=compact(str(term)[1:-1]), nearest=compact(nearest))

    def _own(
        self, case: Case, severity: Severity, component: str, path: str, value: EngineTerm | None, key: str, **said: str
    ) -> Finding:
        said.setdefault("term", compact(path))
        messages: dict[str, str] = {language: say(f"gate.{key}", language, **said) for language in LANGUAGES}
        shape = component.removesuffix("Component")
        return Finding(severity, _name(case.node), path, value, case.graph.value, component, shape, messages)


def nearest_term(iri: str, known: Iterable[str]) -> str:
    """The known term of the ontology whose name is most like an unknown one; empty where none is like it.

    Names of classes begin with a capital and are compared with such names only.
    """
    name = iri.removeprefix(MAILLAGE)
    names = [term.removeprefix(MAILLAGE) for term in known if term.startswith(MAILLAGE)]
    alike = [other for other in names if other[:1].isupper() == name[:1].isupper()]
    found = difflib.get_close_matches(name, sorted(alike), n=1, cutoff=0.6)
    return str(MAILLAGE) + found[0] if found else ""


def _is_type(quad: ox.Quad) -> bool:
    return quad.predicate == TYPE


def _messages(rule: Rule, violated: Violated) -> dict[str, str]:
    said = {"this": _plain(violated.focus), "value": _plain(violated.value)}
    told = {tag: _filled(text, said) for tag, text in rule.messages.items()}
    if not told:
        return {language: say("gate.broken", language, shape=compact(rule.iri)) for language in LANGUAGES}
    return told


def _filled(text: str, said: dict[str, str]) -> str:
    for name, value in said.items():
        text = text.replace(f"{{${name}}}", value).replace(f"{{?{name}}}", value)
    return text


def _plain(term: EngineTerm | None) -> str:
    return "" if term is None else term.value if not isinstance(term, ox.Triple) else str(term)


def _name(node: EngineTerm) -> str:
    return node.value if isinstance(node, ox.NamedNode) else str(node)
