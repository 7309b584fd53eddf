"""A plan's solutions: matched, filtered, grouped, ordered and cut; in the engine's own terms and forms.

The columns of the answer go through the engine's reader of results, so that its writers write them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import cast

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from app.columns.expressions import computed, keep
from app.columns.grouping import grouped, needs_once
from app.columns.matching import Condition, Matching, Source
from app.columns.plan import Bind, Expression, Group, Pattern, Plan, variables_of
from app.columns.relations import (
    MOST_ROWS,
    Index,
    NotCovered,
    Rows,
    concatenated,
    distinct,
    expanded,
    has_match,
    matches,
    unique,
)
from app.columns.scratch import Scratch
from app.columns.terms import UNBOUND, Ids, Mask, sort_key

_MOST_LISTED = 20_000
"""More rows than this are written as they are found."""

SortKey = npt.NDArray[np.int64]


def solutions(plan: Plan, source: Source) -> Rows:
    """The rows of a query, in order. Raises :class:`NotCovered`."""
    scratch = source.scratch
    if plan.keys is None:
        if not plan.order and (plan.limit is not None or plan.offset):
            raise NotCovered  # any rows are right ones, and the engine need not find all
        if not plan.where.unions and _estimate(plan.where, source) < source.few:
            raise NotCovered
        rows = _ungrouped(plan, source)
    else:
        names = {*plan.keys, *(each.name for each in plan.aggregates if each.name is not None)}
        once = needs_once(plan.aggregates)
        rows = _Solving(source, once=once).rows(plan.where, names)
        is_pair = len(names) == len({*plan.keys}) + 1
        rows = grouped(rows, plan.keys, plan.aggregates, scratch, once=once and is_pair)
    for condition in plan.having:
        rows = rows.take(keep(condition, rows, scratch))
    for bind in plan.computed:
        rows = _with(rows, bind, scratch)
    return _ordered(rows, plan, scratch)


def _estimate(group: Group, source: Source) -> float:
    return Matching(source, [], (), once=False).estimate(group.patterns, group.tables)


def serialised(rows: Rows, names: Collection[str], scratch: Scratch) -> ox.QuerySolutions:
    """The engine's own solutions of the same terms."""
    columns = [[scratch.text(number) if number >= 0 else b"" for number in rows.columns[name].tolist()] for name in names]
    lines = ["\t".join(names).encode(), *map(b"\t".join, zip(*columns, strict=True)), b""]
    return cast(ox.QuerySolutions, ox.parse_query_results(b"\n".join(lines), ox.QueryResultsFormat.TSV))


def _ungrouped(plan: Plan, source: Source) -> Rows:
    made = {bind.name for bind in plan.computed}
    names = {*plan.names, *(key.name for key in plan.order), *(n for bind in plan.computed for n in bind.value.names)} - made
    once = plan.distinct
    return _Solving(source, once=once).rows(plan.where, names)


def _with(rows: Rows, bind: Bind, scratch: Scratch) -> Rows:
    if bind.value.text in rows.columns:
        return rows.plus(bind.name, rows.columns[bind.value.text])
    return rows.plus(bind.name, computed(bind.value, rows, scratch))


class _Solving:
    """Group graph patterns of one query."""

    def __init__(self, source: Source, *, once: bool) -> None:
        self._source = source
        self._scratch = source.scratch
        self._once = once

    def rows(self, group: Group, needed: Collection[str]) -> Rows:
        """Its solutions with the variables that are needed."""
        certain = group.certain
        late = [each for each in group.filters if not set(each.names) <= certain]
        early = [each for each in group.filters if set(each.names) <= certain]
        optional = [variables_of(part.patterns) for part in group.optional]
        first = set(needed).union(*optional, *(each.names for each in late), *(bind.value.names for bind in group.binds))
        conditions = [self._filter(each) for each in early] + self._comparisons(group, certain)
        rows = self._matched(group, conditions, first)
        for part, names in zip(group.optional, optional, strict=True):
            rows = self._with_option(rows, part, certain & names, first)
        for bind in group.binds:
            rows = _with(rows, bind, self._scratch)
        for each in late:
            rows = rows.take(keep(each, rows, self._scratch))
        rows = rows.only(needed)
        return distinct(rows, self._scratch.count) if self._once and (optional or group.binds) else rows

    def _matched(self, group: Group, conditions: list[Condition], needed: Collection[str]) -> Rows:
        tables = [self._table(table.names, table.rows) for table in group.tables]
        tables += [self._union(branches) for branches in group.unions]
        return Matching(self._source, conditions, needed, once=self._once).rows(group.patterns, tables)

    def _table(self, names: tuple[str, ...], lines: tuple[tuple[bytes, ...], ...]) -> Rows:
        numbers = [[self._scratch.number(text) for text in line] for line in lines]
        held = np.array(numbers, np.int32).reshape(len(lines), len(names))
        return Rows(len(lines), {name: held[:, place].copy() for place, name in enumerate(names)})

    def _union(self, branches: list[Group]) -> Rows:
        names = sorted({name for branch in branches for name in branch.certain if name.startswith("?")})
        parts = []
        for branch in branches:
            rows = self.rows(branch, names)
            for name in names:
                if name not in rows.columns:
                    rows = rows.plus(name, np.full(rows.size, UNBOUND, np.int32))
            parts.append(rows)
        return concatenated(parts, names)

    def _filter(self, expression: Expression) -> Condition:
        return Condition(frozenset(expression.names), lambda rows: keep(expression, rows, self._scratch))

    def _comparisons(self, group: Group, certain: set[str]) -> list[Condition]:
        """``EXISTS``, ``NOT EXISTS`` and ``MINUS``."""
        return [
            *(self._comparison(patterns, certain, True) for patterns in group.present),
            *(self._comparison(patterns, certain, False) for patterns in (*group.absent, *group.minus)),
        ]

    def _comparison(self, patterns: list[Pattern], certain: set[str], wanted: bool) -> Condition:
        shared = sorted(variables_of(patterns) & certain)

        def kept(rows: Rows) -> Mask:
            others = Matching(self._source, [], shared, once=True).rows(patterns, [])
            matched = has_match(rows, others, shared, self._scratch.count)
            return matched if wanted else ~matched

        return Condition(frozenset(shared), kept)

    def _with_option(self, left: Rows, part: Group, shared: set[str], needed: set[str]) -> Rows:
        conditions = [self._filter(each) for each in part.filters]
        names = {name for name in variables_of(part.patterns) if name in needed and name.startswith("?")} | shared
        right = Matching(self._source, conditions, names, once=self._once).rows(part.patterns, [])
        low, counts, by = matches(left, right, sorted(shared), False, self._scratch.count)
        kept = np.maximum(counts, 1)
        size = int(kept.sum())
        if size > MOST_ROWS:
            raise NotCovered
        index = np.repeat(np.arange(left.size), kept)
        places = expanded(low, kept, size)
        found = (counts > 0)[index]
        rows = left.take(index)
        for name in sorted(names - shared):
            column = np.full(size, UNBOUND, np.int32)
            column[found] = right.columns[name][by[places[found]] if by is not None else places[found]]
            rows = rows.plus(name, column)
        return rows


def _ordered(rows: Rows, plan: Plan, scratch: Scratch) -> Rows:
    """Projected, each once where that is asked, in order and cut."""
    if plan.distinct:
        rows = distinct(rows.only(plan.names), scratch.count)
    end = rows.size if plan.limit is None else plan.offset + plan.limit
    is_cut = plan.offset > 0 or end < rows.size
    if not plan.order:
        if is_cut or rows.size > _MOST_LISTED:
            raise NotCovered  # any groups are right ones; long lists the engine writes as it finds them
        return rows.only(plan.names)
    keys = [_sort_key(rows, key.name, key.descending, scratch) for key in plan.order]
    by: Index = np.lexsort(tuple(reversed(keys)))
    for place in (plan.offset, end):
        by = _told_apart(rows.only(plan.names), keys, by, place, scratch)
    return rows.take(by[plan.offset : end]).only(plan.names)


def _sort_key(rows: Rows, name: str, descending: bool, scratch: Scratch) -> SortKey:
    used = unique(rows.columns[name], scratch.count)
    ranks = scratch.ranks(used)
    if ranks is None:
        raise NotCovered
    key = ranks[np.searchsorted(used, rows.columns[name])]
    return -key if descending else key


def _told_apart(rows: Rows, keys: list[SortKey], by: Index, place: int, scratch: Scratch) -> Index:
    """Where a cut would part rows that are equal in all that they are sorted by, these in the order of their terms' texts.

    The engine keeps any of them, as they were loaded; so it is the same ones each time, and the next page has the others.
    """
    if not 0 < place < len(by) or any(key[by[place - 1]] != key[by[place]] for key in keys):
        return by
    low, high = 0, len(by)
    for key in keys:
        values = key[by[low:high]]
        value = key[by[place]]
        low, high = low + int(np.searchsorted(values, value)), low + int(np.searchsorted(values, value, "right"))
    tied = by[low:high]
    texts = [_text_ranks(column[tied], scratch) for column in rows.columns.values()]
    by = by.copy()
    by[low:high] = tied[np.lexsort(tuple(reversed(texts)))]
    return by


def _text_ranks(column: Ids, scratch: Scratch) -> SortKey:
    used = np.unique(column)
    if len(used) and int(used[-1]) < scratch.terms.base:
        return column.astype(np.int64)
    texts = [sort_key(scratch.text(number)) if number >= 0 else b"" for number in used.tolist()]
    ranks = np.zeros(len(used), np.int64)
    ranks[sorted(range(len(used)), key=texts.__getitem__)] = np.arange(len(used))
    return ranks[np.searchsorted(used, column)]
