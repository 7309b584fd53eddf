"""The solutions of a group's triple patterns, tables and unions: the smallest join first, as estimated from what is there.

Conditions hold as soon as their variables are there; columns that nobody needs any more are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from app.columns.plan import Pattern, Table
from app.columns.relations import Leaf, NotCovered, Rows, distinct, join, nothing
from app.columns.scratch import Scratch
from app.columns.terms import Mask
from app.columns.triples import O, P, S, Triples

Spread = dict[tuple[int, int], int]
"""How many different terms a property has on each side."""

FEW = 400
"""So many solutions the engine finds before the columns are looked at."""

_WORTH = 1_000
"""Fewer solutions are not looked through for repetitions."""


@dataclass(frozen=True)
class Condition:
    """Tells which solutions to keep, once they have its variables."""

    names: frozenset[str]
    keep: Callable[[Rows], Mask]


@dataclass
class Source:
    """Triples and terms that a query is asked of. Fewer solutions than ``few`` are left to the engine."""

    triples: Triples
    scratch: Scratch
    spread: Spread
    few: int = FEW

    def leaf(self, pattern: Pattern) -> Leaf:
        return Leaf(self.triples, [slot if isinstance(slot, str) else self._number(slot) for slot in pattern])

    def _number(self, text: bytes) -> int:
        found = self.scratch.terms.find(text)
        return -1 if found is None else found


@dataclass
class _Part:
    """Solutions not yet joined; ``spread`` estimates how many different terms a variable has."""

    held: Leaf | Rows
    spread: dict[str, float]

    @property
    def names(self) -> Collection[str]:
        return self.held.columns.keys() if isinstance(self.held, Rows) else self.held.names


class Matching:
    """One group's joins. ``needed``: the variables asked for behind them; ``once``: repetitions do not matter."""

    def __init__(self, source: Source, conditions: Iterable[Condition], needed: Collection[str], *, once: bool) -> None:
        self._source = source
        self._waiting = list(conditions)
        self._needed = set(needed)
        self._once = once

    def rows(self, patterns: Sequence[Pattern], tables: Sequence[Rows]) -> Rows:
        """Raises :class:`NotCovered` where there are too many."""
        parts = [self._leaf_part(pattern) for pattern in patterns]
        parts += [_Part(table, {}) for table in tables]
        if not parts:
            raise NotCovered
        while len(parts) > 1:
            first, second = self._cheapest(parts)
            rest = [part for part in parts if part is not first and part is not second]
            parts = [*rest, self._joined(first, second, rest)]
        found = self._opened(parts[0].held, None)
        if any(condition.names - found.columns.keys() for condition in self._waiting):
            raise NotCovered
        return distinct(found.only(self._needed), self._source.scratch.count) if self._once else found.only(self._needed)

    def estimate(self, patterns: Sequence[Pattern], tables: Sequence[Table] = ()) -> float:
        """How many solutions are thought to be gone through, if the fewest come first. A table of one row is its terms."""
        if not patterns:
            return 0.0
        named = {
            name: text for table in tables if len(table.rows) == 1 for name, text in zip(table.names, *table.rows, strict=True)
        }
        parts = [self._leaf_part(_with_terms(pattern, named)) for pattern in patterns]
        parts += [_Part(Rows(len(table.rows), nothing(table.names).columns), {}) for table in tables if len(table.rows) != 1]
        parts.sort(key=lambda part: part.held.size)
        size, names, rest = float(parts[0].held.size), set(parts[0].names), parts[1:]
        total = size
        while rest:
            part = min(rest, key=lambda part: _fan_out(part, names))
            rest.remove(part)
            size *= _fan_out(part, names)
            names |= set(part.names)
            total += size
        return total

    def _leaf_part(self, pattern: Pattern) -> _Part:
        leaf = self._source.leaf(pattern)
        spread = {}
        predicate = pattern[P]
        number = self._source.scratch.terms.find(predicate) if isinstance(predicate, bytes) else None
        for place, slot in enumerate(pattern):
            if isinstance(slot, str):
                known = self._source.spread.get((number, place), leaf.size) if number is not None else leaf.size
                spread[slot] = float(max(min(known, leaf.size), 1))
        return _Part(leaf, spread)

    def _cheapest(self, parts: Sequence[_Part]) -> tuple[_Part, _Part]:
        return min(combinations(parts, 2), key=lambda pair: _cost(*pair))

    def _joined(self, first: _Part, second: _Part, rest: Sequence[_Part]) -> _Part:
        """The larger one is looked up, where it is sorted already."""
        if isinstance(second.held, Rows) or (isinstance(first.held, Leaf) and second.held.size < first.held.size):
            first, second = second, first
        shared = sorted(set(first.names) & set(second.names))
        left = self._opened(first.held, shared[0] if shared else None)
        right = self._opened(second.held, None) if isinstance(second.held, Rows) else second.held
        later = self._wanted_later(rest)
        joined = join(left, right, later, self._source.scratch.count)
        joined = self._kept(joined)
        joined = joined.only(self._wanted_later(rest))
        dropped = (set(first.names) | set(second.names)) - joined.columns.keys()
        if self._once and dropped and joined.size > _WORTH:
            joined = distinct(joined, self._source.scratch.count)
        spread = {}
        for name in joined.columns:
            known = [part.spread[name] for part in (first, second) if name in part.spread]
            spread[name] = min([*known, float(max(joined.size, 1))])
        return _Part(joined, spread)

    def _opened(self, held: Leaf | Rows, lead: str | None) -> Rows:
        return self._kept(held if isinstance(held, Rows) else held.rows(lead))

    def _wanted_later(self, rest: Sequence[_Part]) -> set[str]:
        wanted = set(self._needed)
        for part in rest:
            wanted |= set(part.names)
        for condition in self._waiting:
            wanted |= condition.names
        return wanted

    def _kept(self, rows: Rows) -> Rows:
        """The solutions that keep the conditions that can be told by now."""
        for condition in [each for each in self._waiting if each.names <= rows.columns.keys()]:
            self._waiting.remove(condition)
            if rows.size:
                rows = rows.take(condition.keep(rows))
        return rows


def _cost(first: _Part, second: _Part) -> float:
    """How many solutions a join is thought to have."""
    shared = set(first.names) & set(second.names)
    size = float(first.held.size) * second.held.size
    if not shared:
        return size * 1000 + 1e9 if size else 0.0
    for name in shared:
        most = max(first.spread.get(name, first.held.size), second.spread.get(name, second.held.size))
        size /= max(most, 1.0)
    return size


def _with_terms(pattern: Pattern, named: Mapping[str, bytes]) -> Pattern:
    first, second, third = (named.get(slot, slot) if isinstance(slot, str) else slot for slot in pattern)
    return first, second, third


def _fan_out(part: _Part, names: set[str]) -> float:
    """How many solutions a pattern is thought to have for each one with these variables."""
    size = float(part.held.size)
    for name in names & set(part.names):
        size /= max(part.spread.get(name, size), 1.0)
    return size


def spread_of(triples: Triples) -> Spread:
    """How many different subjects and objects each property has; of the sorted triples alone, as an estimate."""
    found: Spread = {}
    for order, place in (((P, S, O), S), ((P, O, S), O)):
        columns = triples.sorted_by[order]
        if not len(columns[P]):
            continue
        starts = np.flatnonzero(np.diff(columns[P], prepend=-1))
        new = (np.diff(columns[place], prepend=-1) != 0) | (np.diff(columns[P], prepend=-1) != 0)
        counts = np.add.reduceat(new.astype(np.int64), starts)
        found |= {(number, place): count for number, count in zip(columns[P][starts].tolist(), counts.tolist(), strict=True)}
    return found
