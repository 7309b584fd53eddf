"""Reads a group graph pattern: triples, and what is around them; the rest of the grammar is not its matter.

Each check on variables keeps to queries whose parts may be evaluated in another order with the same solutions.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count

from app.columns.clauses import Clauses
from app.columns.plan import Bind, Expression, Group, Pattern, Slot, Table, variables_of
from app.columns.relations import NotCovered
from app.columns.tokens import RDF_TYPE

_NOT_TRIPLES = frozenset({"FILTER", "OPTIONAL", "BIND", "VALUES", "MINUS", "{"})
_DEEPEST = 8


@dataclass
class Names:
    """Numbers for variables that a query cannot name, and in which block each blank node's label is used."""

    numbers: count[int] = field(default_factory=count)
    labels: dict[str, tuple[int, int]] = field(default_factory=dict)

    def hidden(self) -> str:
        return f"_:{next(self.numbers)}"


class Patterns:
    """One group, between its braces. ``certain`` and ``late`` are the variables of it that a solution has, or may have."""

    def __init__(self, words: Clauses, names: Names | None = None, depth: int = 0) -> None:
        if depth > _DEEPEST:
            raise NotCovered
        self._words = words
        self._names = names or Names()
        self._depth = depth
        self._block = next(self._names.numbers)
        self._filters: list[Expression] = []
        self._foreign: set[str] = set()
        self.found = Group()
        self.certain: set[str] = set()
        self.late: set[str] = set()

    @property
    def visible(self) -> set[str]:
        return self.certain | self.late

    def group(self) -> Patterns:
        """Reads it. Raises :class:`NotCovered`."""
        self._words.expect("{")
        after_triples = False
        while not self._words.accept("}"):
            word = self._words.word.upper()
            if word in _NOT_TRIPLES:
                self._not_triples(word)
                self._words.accept(".")
                after_triples = False
            elif after_triples:
                raise NotCovered
            else:
                self._same_subject()
                after_triples = not self._words.accept(".")
        self._place_filters()
        return self

    def _not_triples(self, word: str) -> None:
        if word == "FILTER":
            self._words.expect("FILTER")
            self._filter()
            return
        self._block = next(self._names.numbers)
        {
            "OPTIONAL": self._optional,
            "BIND": self._bind,
            "VALUES": self._values,
            "MINUS": self._minus,
            "{": self._union,
        }[word]()

    def _uses(self, names: set[str]) -> None:
        """Variables of a part that is joined."""
        if names & (self.late | self._foreign):
            raise NotCovered
        self.certain |= names

    def _filter(self) -> None:
        words = self._words
        if words.word.upper() in ("EXISTS", "NOT"):
            absent = words.accept("NOT")
            words.expect("EXISTS")
            (self.found.absent if absent else self.found.present).append(self._plain_patterns())
            return
        self._filters += words.conditions()

    def _place_filters(self) -> None:
        for expression in self._filters:
            if not set(expression.names) <= self.visible:
                raise NotCovered
        self.found.filters = self._filters
        for patterns in (*self.found.absent, *self.found.present):
            names = variables_of(patterns)
            if names & self.late or not names & self.certain:
                raise NotCovered

    def _plain_patterns(self) -> list[Pattern]:
        """Braces with nothing but triples in them."""
        inner = Patterns(self._words, self._names, self._depth + 1).group().found
        if inner != Group(patterns=inner.patterns) or not inner.patterns:
            raise NotCovered
        return inner.patterns

    def _optional(self) -> None:
        self._words.expect("OPTIONAL")
        inner = Patterns(self._words, self._names, self._depth + 1).group()
        found = inner.found
        if found != Group(patterns=found.patterns, filters=found.filters) or not found.patterns:
            raise NotCovered
        if inner.certain & (self.late | self._foreign) or not inner.certain & self.certain:
            raise NotCovered
        self.late |= inner.certain - self.certain
        self.found.optional.append(found)

    def _minus(self) -> None:
        self._words.expect("MINUS")
        patterns = self._plain_patterns()
        names = variables_of(patterns)
        if names & self.late or not names & self.certain:
            raise NotCovered
        self._foreign |= names - self.certain
        self.found.minus.append(patterns)

    def _bind(self) -> None:
        words = self._words
        words.expect("BIND")
        words.expect("(")
        expression = words.expression_until("AS")
        name = words.variable()
        words.expect(")")
        if name in self.visible | self._foreign or not set(expression.names) <= self.visible:
            raise NotCovered
        self.late.add(name)
        self.found.binds.append(Bind(name, expression))

    def _values(self) -> None:
        words = self._words
        words.expect("VALUES")
        single = words.kind == "var"
        names = [words.variable()] if single else self._bracketed_variables()
        words.expect("{")
        rows = []
        while not words.accept("}"):
            if not single:
                words.expect("(")
            rows.append(tuple(self._term() for _ in names))
            if not single:
                words.expect(")")
        if len(set(names)) < len(names):
            raise NotCovered
        self._uses(set(names))
        self.found.tables.append(Table(tuple(names), tuple(rows)))

    def _bracketed_variables(self) -> list[str]:
        names = []
        self._words.expect("(")
        while not self._words.accept(")"):
            names.append(self._words.variable())
        if not names:
            raise NotCovered
        return names

    def _union(self) -> None:
        branches = [Patterns(self._words, self._names, self._depth + 1).group()]
        while self._words.accept("UNION"):
            branches.append(Patterns(self._words, self._names, self._depth + 1).group())
        if any(branch.late or not branch.certain for branch in branches):
            raise NotCovered
        shared = set.intersection(*(branch.certain for branch in branches))
        some = {name for branch in branches for name in branch.certain - shared if name.startswith("?")}
        if some & self.visible or some & self._foreign:
            raise NotCovered
        self._uses(shared)
        self.late |= some
        self.found.unions.append([branch.found for branch in branches])

    def _same_subject(self) -> None:
        if self._words.word == "[":
            subject, filled = self._blank_brackets()
            if filled and (self._words.word in (".", "}") or self._words.word.upper() in _NOT_TRIPLES):
                return
        else:
            subject = self._node(subject=True)
        self._properties(subject)

    def _properties(self, subject: Slot) -> None:
        while True:
            path = self._path()
            while True:
                self._state(subject, path, self._object())
                if not self._words.accept(","):
                    break
            if not self._words.accept(";"):
                return
            while self._words.accept(";"):
                pass
            if self._words.word in (".", "}", "]") or self._words.word.upper() in _NOT_TRIPLES:
                return

    def _path(self) -> list[tuple[Slot, bool]]:
        """Steps of a path, each a property and whether it is taken backwards."""
        words = self._words
        if words.kind == "var":
            return [(words.variable(), False)]
        steps: list[tuple[Slot, bool]] = []
        while True:
            backwards = words.accept("^")
            if words.kind == "word" and words.word == "a":
                words.take()
                steps.append((RDF_TYPE, backwards))
            else:
                steps.append((words.iri().encode(), backwards))
            if not words.accept("/"):
                break
        if words.word in ("*", "+", "?", "|"):
            raise NotCovered
        return steps

    def _state(self, subject: Slot, path: list[tuple[Slot, bool]], target: Slot) -> None:
        for place, (step, backwards) in enumerate(path):
            end = target if place == len(path) - 1 else self._names.hidden()
            pattern: Pattern = (end, step, subject) if backwards else (subject, step, end)
            self._uses(variables_of([pattern]))
            self.found.patterns.append(pattern)
            subject = end

    def _object(self) -> Slot:
        return self._blank_brackets()[0] if self._words.word == "[" else self._node()

    def _blank_brackets(self) -> tuple[Slot, bool]:
        self._words.expect("[")
        node = self._names.hidden()
        self.certain.add(node)
        if self._words.accept("]"):
            return node, False
        self._properties(node)
        self._words.expect("]")
        return node, True

    def _node(self, *, subject: bool = False) -> Slot:
        words = self._words
        if words.kind == "var":
            return words.variable()
        if words.kind == "blank":
            label = words.take()
            if self._names.labels.setdefault(label, (id(self), self._block)) != (id(self), self._block):
                raise NotCovered
            return f"{label}_"
        if subject and words.kind not in ("iri", "name"):
            raise NotCovered
        return self._term()

    def _term(self) -> bytes:
        words = self._words
        return words.iri().encode() if words.kind in ("iri", "name") else words.literal()
