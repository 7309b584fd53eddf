"""Links that are derived, never typed: CONSTRUCT rules of ``queries/rules/``, kept current from each change.

A rule has one template triple ``?subject <predicate> ?object`` and a body of plain triple patterns, with FILTER and VALUES.
It reads only what is stated, so one round is a fixpoint. After a small change only what it can touch is asked: each changed
triple is matched with each pattern of the body and the rule is run with that pattern bound (semi-naive evaluation), on the
old state for removals and on the new one for additions; a link that lost one reason is kept while another holds (delete and
rederive: Gupta, Mumick, Subrahmanian, "Maintaining views incrementally", SIGMOD 1993). After a large change every rule is run
whole.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import URIRef, Variable
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue

from app.queries.canned import CannedQuery
from app.queries.catalogue import Catalogue
from app.queries.filters import allowed
from app.terms import EngineTerm, to_engine

Ask = Callable[[str], Iterable[ox.Triple]]
"""Runs a CONSTRUCT query on one state of the merged graph."""

Slot = str | EngineTerm
"""A place of a pattern: a variable's name, or the constant that stands there."""

Pattern = tuple[Slot, ox.NamedNode, Slot]
Bindings = Mapping[str, EngineTerm]


@dataclass(frozen=True)
class Rule:
    """One rule: its question, the predicate that it derives, and the triple patterns of its body."""

    query: CannedQuery
    predicate: ox.NamedNode
    patterns: tuple[Pattern, ...]
    choices: Mapping[str, tuple[ox.NamedNode, ...]]
    """The IRIs that a FILTER leaves to a variable."""

    @classmethod
    def read(cls, query: CannedQuery) -> Rule:
        """The rule in a file. Raises ``ValueError`` for one that cannot be maintained from changes."""
        algebra = prepareQuery(query.body).algebra
        template = algebra.template
        if algebra.name != "ConstructQuery" or len(template) != 1:
            raise ValueError(f"{query.name}: a rule constructs exactly one triple")
        subject, predicate, target = template[0]
        if (subject, target) != (Variable("subject"), Variable("object")) or not isinstance(predicate, URIRef):
            raise ValueError(f"{query.name}: a rule's template is ?subject <predicate> ?object")
        patterns = tuple(_pattern(query.name, triple) for triple in _triples(query.name, algebra.p))
        names = {slot for pattern in patterns for slot in pattern if isinstance(slot, str)}
        if names - set(query.blanks):
            raise ValueError(f"{query.name}: no VALUES line for {sorted(names - set(query.blanks))}")
        return cls(query, ox.NamedNode(str(predicate)), patterns, dict(_choices(algebra.p)))

    def touched_by(self, triple: ox.Triple) -> Iterator[Bindings]:
        """The bindings under which a pattern of the body matches a triple: of one end, since with both bound the engine may
        join from a hub (13 ms instead of 0.3 measured on 270,000 triples), and a wider run only repeats links that hold.
        """
        for subject, predicate, target in self.patterns:
            if predicate != triple.predicate:
                continue
            bound: dict[str, EngineTerm] = {}
            if _fits(subject, triple.subject, bound) and _fits(target, triple.object, bound):
                yield dict(list(bound.items())[:1])

    def links(self, ask: Ask, bound: Bindings) -> set[ox.Triple]:
        """The links that the rule gives on one state under some bindings."""
        return set(ask(self.query.bind(bound)))

    def all_links(self, ask: Ask) -> set[ox.Triple]:
        """All links of one state. The engine begins with what is bound: with a few roles instead of all pairs of parties, which
        it would leave to the filter to throw away (5 ms instead of 300, measured on 1,300 partnerships)."""
        return set(ask(self.query.bind(self.choices)))


@dataclass(frozen=True)
class Rules:
    """All rules, and the upkeep of what they derive."""

    rules: tuple[Rule, ...]

    @classmethod
    def of(cls, catalogue: Catalogue) -> Rules:
        """The rules of a catalogue. Raises ``ValueError`` when one reads what another derives."""
        rules = tuple(Rule.read(query) for query in catalogue.within("rules"))
        derived = {rule.predicate for rule in rules}
        for rule in rules:
            if derived & {predicate for _, predicate, _ in rule.patterns}:
                raise ValueError(f"{rule.query.name}: a rule reads only what is stated, never what is derived")
        return cls(rules)

    def all_links(self, ask: Ask) -> set[ox.Triple]:
        """Every derived link of one state."""
        return {link for rule in self.rules for link in rule.all_links(ask)}

    def changed_links(
        self, before: Ask, after: Ask, added: Iterable[ox.Triple], removed: Iterable[ox.Triple]
    ) -> tuple[set[ox.Triple], set[ox.Triple]]:
        """The links to add and to remove after a change: ``added`` and ``removed`` are triples of the merged graph."""
        gained = self._reached(after, added)
        lost = {link for link in self._reached(before, removed) - gained if not self._holds(after, link)}
        return gained, lost

    def _reached(self, ask: Ask, triples: Iterable[ox.Triple]) -> set[ox.Triple]:
        runs = {(i, tuple(sorted(b.items()))) for t in triples for i, rule in enumerate(self.rules) for b in rule.touched_by(t)}
        return {link for i, bound in runs for link in self.rules[i].links(ask, dict(bound))}

    def _holds(self, ask: Ask, link: ox.Triple) -> bool:
        ends = {"subject": link.subject, "object": link.object}
        return any(rule.links(ask, ends) for rule in self.rules if rule.predicate == link.predicate)


def _fits(slot: Slot, term: EngineTerm, bound: dict[str, EngineTerm]) -> bool:
    if isinstance(slot, str):
        return bound.setdefault(slot, term) == term
    return slot == term


def _triples(name: str, part: object) -> Iterator[tuple[object, object, object]]:
    """The triple patterns of an algebra of joins, filters and values; anything else cannot be maintained."""
    match part:
        case CompValue(name="BGP"):
            yield from part.triples
        case CompValue(name="Join"):
            yield from _triples(name, part.p1)
            yield from _triples(name, part.p2)
        case CompValue(name="Project" | "Filter" | "Extend"):
            yield from _triples(name, part.p)
        case CompValue(name="ToMultiSet" | "values"):
            return
        case _:
            raise ValueError(f"{name}: a rule's body has only triple patterns, FILTER and VALUES")


def _choices(part: object) -> Iterator[tuple[str, tuple[ox.NamedNode, ...]]]:
    """What filters of the form ``?variable IN (IRIs)`` allow, as far as they hold for every solution."""
    match part:
        case CompValue(name="Filter"):
            for name, iris in allowed(part.expr):
                yield name, tuple(map(ox.NamedNode, iris))
            yield from _choices(part.p)
        case CompValue(name="Project" | "Extend"):
            yield from _choices(part.p)


def _pattern(name: str, triple: tuple[object, object, object]) -> Pattern:
    subject, predicate, target = triple
    if not isinstance(predicate, URIRef):
        raise ValueError(f"{name}: a rule's predicates are constants, without paths")
    return _slot(subject), ox.NamedNode(str(predicate)), _slot(target)


def _slot(term: object) -> Slot:
    return str(term) if isinstance(term, Variable) else to_engine(term)  # type: ignore[arg-type]
