"""A query as it is evaluated here: what :mod:`app.columns.reading` makes of a text; not all that SPARQL can say.

A variable is its name with ``?``, one that cannot be named by the query begins otherwise; a term is its N-Triples text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

Slot = str | bytes
Pattern = tuple[Slot, Slot, Slot]


def variables_of(patterns: list[Pattern]) -> set[str]:
    return {slot for pattern in patterns for slot in pattern if isinstance(slot, str)}


@dataclass(frozen=True)
class Expression:
    """A piece of SPARQL with absolute IRIs, whose value depends on its variables alone."""

    text: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Bind:
    name: str
    value: Expression


@dataclass(frozen=True)
class Table:
    """``VALUES``: every row has all terms."""

    names: tuple[str, ...]
    rows: tuple[tuple[bytes, ...], ...]


@dataclass
class Group:
    """A group graph pattern. Parts of ``optional`` have patterns and filters of their own variables alone."""

    patterns: list[Pattern] = field(default_factory=list)
    filters: list[Expression] = field(default_factory=list)
    binds: list[Bind] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    unions: list[list[Group]] = field(default_factory=list)
    optional: list[Group] = field(default_factory=list)
    present: list[list[Pattern]] = field(default_factory=list)
    absent: list[list[Pattern]] = field(default_factory=list)
    minus: list[list[Pattern]] = field(default_factory=list)

    @property
    def certain(self) -> set[str]:
        """Variables that each solution binds, before anything is computed."""
        names = variables_of(self.patterns)
        for table in self.tables:
            names |= set(table.names)
        for branches in self.unions:
            names |= set.intersection(*(branch.certain for branch in branches))
        return names


@dataclass(frozen=True)
class Aggregate:
    """``function`` of a variable, or of the solutions themselves (``COUNT(*)``) where there is none."""

    function: str
    name: str | None
    distinct: bool
    into: str


@dataclass(frozen=True)
class Key:
    name: str
    descending: bool


@dataclass
class Plan:
    """``keys`` None: no grouping. ``names`` are what is projected, with ``?``."""

    where: Group
    names: list[str] = field(default_factory=list)
    distinct: bool = False
    keys: list[str] | None = None
    aggregates: list[Aggregate] = field(default_factory=list)
    computed: list[Bind] = field(default_factory=list)
    having: list[Expression] = field(default_factory=list)
    order: list[Key] = field(default_factory=list)
    limit: int | None = None
    offset: int = 0
