"""A SELECT query's text as a plan; whatever is not of the part of SPARQL that is evaluated here raises ``NotCovered``.

It judges no query: what breaks the grammar, or a rule on where variables may be used, is not covered either, and the engine
says what is wrong.
"""

from __future__ import annotations

from app.columns.clauses import Clauses
from app.columns.patterns import Patterns
from app.columns.plan import Aggregate, Bind, Expression, Key, Plan
from app.columns.relations import NotCovered

_AGGREGATES = {"COUNT", "MIN", "MAX", "SUM", "AVG"}


def read(text: str) -> Plan:
    """Raises :class:`NotCovered`."""
    return _Reader(text).plan()


class _Reader(Clauses):
    """Recursive descent over the words of one query."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self._aggregates: list[Aggregate] = []

    def plan(self) -> Plan:
        self.prologue()
        self.expect("SELECT")
        distinct = self.accept("DISTINCT")
        projected = self._projection()
        self.accept("WHERE")
        where = Patterns(self).group()
        visible = {name for name in where.visible if name.startswith("?")}
        if projected == []:
            raise NotCovered
        plan = Plan(where.found, distinct=distinct)
        grouped = self._group_by(plan, visible)
        self._project(plan, projected, visible, grouped)
        if self.accept("HAVING"):
            if not grouped:
                raise NotCovered
            plan.having = [self._condition_after(plan)]
        self._order_by(plan)
        self._slice(plan)
        if not self.at_end:
            raise NotCovered
        plan.aggregates = self._aggregates
        _check(plan, visible)
        return plan

    def _projection(self) -> list[tuple[str, Expression | None, str | None]]:
        """Each a variable, or an expression with its name, or an aggregate's variable with its name."""
        found: list[tuple[str, Expression | None, str | None]] = []
        while True:
            if self.kind == "var":
                found.append((self.variable(), None, None))
                continue
            if not self.accept("("):
                return found
            if self.is_aggregate(_AGGREGATES):
                made = self._aggregate()
                self.expect("AS")
                found.append((self.variable(), None, made))
                self.expect(")")
            else:
                expression = self.expression_until("AS")
                found.append((self.variable(), expression, None))
                self.expect(")")

    def _aggregate(self) -> str:
        """The variable that will hold an aggregate's value."""
        function = self.take().upper()
        self.expect("(")
        distinct = self.accept("DISTINCT")
        name = None if function == "COUNT" and not distinct and self.accept("*") else self.variable()
        self.expect(")")
        same = (each for each in self._aggregates if (each.function, each.name, each.distinct) == (function, name, distinct))
        known = next(same, None)
        if known is None:
            known = Aggregate(function, name, distinct, f"?aggregate_{len(self._aggregates)}__")
            self._aggregates.append(known)
        return known.into

    def _group_by(self, plan: Plan, visible: set[str]) -> bool:
        if not self.accept("GROUP"):
            if self._aggregates:
                plan.keys = []
            return bool(self._aggregates)
        self.expect("BY")
        plan.keys = []
        while True:
            if self.kind == "var":
                plan.keys.append(self.variable())
            elif self.accept("("):
                expression = self.expression_until("AS")
                name = self.variable()
                self.expect(")")
                if name in visible or not set(expression.names) <= visible:
                    raise NotCovered
                plan.where.binds.append(Bind(name, expression))
                visible.add(name)
                plan.keys.append(name)
            else:
                break
        if not plan.keys or len(set(plan.keys)) < len(plan.keys):
            raise NotCovered
        return True

    def _project(
        self, plan: Plan, projected: list[tuple[str, Expression | None, str | None]], visible: set[str], grouped: bool
    ) -> None:
        known = set(plan.keys or ()) if grouped else set(visible)
        for name, expression, aggregate in projected:
            if name in plan.names:
                raise NotCovered
            plan.names.append(name)
            if expression is None and aggregate is None:
                if name not in known:
                    raise NotCovered
                continue
            if name in visible or name in known:
                raise NotCovered
            if expression is not None:
                if grouped:
                    raise NotCovered
                plan.computed.append(Bind(name, expression))
            else:
                plan.computed.append(Bind(name, Expression(str(aggregate), (str(aggregate),))))
            known.add(name)

    def _condition_after(self, plan: Plan) -> Expression:
        """A condition on groups: its aggregates are computed with the others."""
        if self.word != "(":
            raise NotCovered
        expression = self.bracketed(self._aggregate, _AGGREGATES)
        allowed = {*(plan.keys or ()), *(each.into for each in self._aggregates)}
        if not set(expression.names) <= allowed:
            raise NotCovered
        return expression

    def _order_by(self, plan: Plan) -> None:
        if not self.accept("ORDER"):
            return
        self.expect("BY")
        while True:
            descending = self.word.upper() == "DESC"
            if descending or self.word.upper() == "ASC":
                self.take()
                self.expect("(")
                name = self._aggregate() if self.is_aggregate(_AGGREGATES) else self.variable()
                self.expect(")")
            elif self.kind == "var":
                name = self.variable()
            elif self.is_aggregate(_AGGREGATES):
                name = self._aggregate()
            else:
                break
            plan.order.append(Key(name, descending))
        if not plan.order:
            raise NotCovered

    def _slice(self, plan: Plan) -> None:
        seen = set()
        while (word := self.word.upper()) in ("LIMIT", "OFFSET") and word not in seen:
            seen.add(word)
            self.take()
            if self.kind != "number" or not self.word.isdigit() or len(self.word) > 9:
                raise NotCovered
            number = int(self.take())
            if word == "LIMIT":
                plan.limit = number
            else:
                plan.offset = number


def _check(plan: Plan, visible: set[str]) -> None:
    """Where variables may be used."""
    if plan.keys is None and plan.aggregates:
        raise NotCovered  # only in ORDER BY
    named = {bind.name for bind in plan.computed}
    into = {each.into for each in plan.aggregates}
    scope = {*plan.keys, *into} if plan.keys is not None else visible
    if plan.keys is not None and not set(plan.keys) <= visible:
        raise NotCovered
    if any(each.name is not None and each.name not in visible for each in plan.aggregates):
        raise NotCovered
    if any(not set(bind.value.names) <= scope for bind in plan.computed):
        raise NotCovered
    if any(key.name not in (scope | named) for key in plan.order):
        raise NotCovered
    if plan.distinct and any(key.name not in plan.names for key in plan.order):
        raise NotCovered
