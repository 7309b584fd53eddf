"""Statements in, columns and lists out: the same for a whole graph and for the few entities that a write changed.

Every resource gets a number of its own here (``local``); which row it is in an index is decided by who gathers.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from app.facts import kept, naming
from app.facts.arrays import Ints, join, least, unique_rows
from app.facts.dates import span
from app.facts.naming import Naming
from app.facts.tables import Tables
from app.terms import iri_key

_XSD = "http://www.w3.org/2001/XMLSchema#"
_MOST = Decimal(10) ** 15
_TYPE, _CODE, _LIST, _REFERENCE, _FIRST, _LAST, _NUMBER, _NAME = range(8)

Step = tuple[int, str]


def plan() -> dict[str, tuple[Step, ...]]:
    """What is done with the statements of each property."""
    found: dict[str, list[Step]] = {kept.TYPE: [(_TYPE, "classes")]}
    groups = (
        (_CODE, kept.CODES),
        (_LIST, kept.LISTS),
        (_REFERENCE, kept.REFERENCES),
        (_FIRST, kept.FIRST_DAYS),
        (_LAST, kept.LAST_DAYS),
        (_NUMBER, kept.NUMBERS),
        (_NAME, {"own": naming.OWN, "other": naming.OTHER}),
    )
    for step, columns in groups:
        for name, properties in columns.items():
            for one in properties:
                found.setdefault(one, []).append((step, name))
    found |= {
        kept.PARTICIPATION: [(_REFERENCE, "participations")],
        kept.PARTICIPANT: [(_REFERENCE, "participants")],
        kept.ROLE: [(_CODE, "roles")],
        kept.WEEKS: [(_REFERENCE, "weeks")],
    }
    return {one: tuple(steps) for one, steps in found.items()}


PLAN = plan()


@dataclass(frozen=True)
class Gathered:
    """Columns by local number, and lists as two columns, sorted and without repetition. ``parties`` are three columns:
    partnership, actor and role (a code)."""

    iris: list[str]
    columns: Mapping[str, npt.NDArray[Any]]
    pairs: Mapping[str, tuple[Ints, Ints]]
    parties: tuple[Ints, Ints, Ints]
    names: Naming


class Gathering:
    """Takes statements one by one, each as often as sources state it."""

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._numbers: dict[str, int] = {}
        self._said: dict[str, tuple[array[int], array[Any]]] = {}
        self._names = Naming()

    def local(self, iri: str) -> int:
        """The number of a resource here."""
        found = self._numbers.get(iri)
        if found is None:
            found = self._numbers[iri] = len(self._numbers)
        return found

    def note(self, name: str, local: int, value: float | int) -> None:
        """One value of a column or list."""
        said = self._said.get(name)
        if said is None:
            said = self._said[name] = (array("q"), array("d" if name in ("latitude", "longitude") else "q"))
        said[0].append(local)
        said[1].append(value)

    def take(self, local: int, predicate: str, value: Any) -> None:
        """One statement about a resource."""
        for step, name in PLAN.get(predicate, ()):
            if isinstance(value, ox.NamedNode):
                self._take_node(local, step, name, value.value)
            elif isinstance(value, ox.Literal):
                self._take_literal(local, step, name, value)

    def _take_node(self, local: int, step: int, name: str, iri: str) -> None:
        tables = self._tables
        if step == _TYPE:
            self.note(name, local, tables.classes.number(iri))
        elif step == _CODE:
            self.note(name, local, tables.codes.number(iri))
        elif step == _LIST:
            self.note(name, local, tables.names(kept.PAIRS[name] or "").number(iri))
        elif step == _REFERENCE:
            self.note(name, local, self.local(iri))

    def _take_literal(self, local: int, step: int, name: str, value: ox.Literal) -> None:
        if step in (_FIRST, _LAST):
            found = span(value.value, value.datatype.value.removeprefix(_XSD))
            if found is not None:
                first, last, precision = found
                # the least of these keys is the earliest first day or the latest last one, told most precisely
                self.note(name, local, first * 4 + 3 - precision if step == _FIRST else -(last * 4 + precision))
        elif step == _NUMBER:
            number = _number(name, value.value)
            if number is not None:
                self.note(name, local, number)
        elif step == _NAME:
            self._names.take(local, value.value, value.language, own=name == "own")

    def finish(self) -> Gathered:
        """All that was taken. The gathering is used up."""
        size = len(self._numbers)
        columns = {name: np.full(size, kept.missing(name), dtype) for name, dtype in kept.COLUMNS.items()}
        for name in kept.CODES:
            self._finish_codes(name, columns[name])
        for name in kept.NUMBERS:
            least(*self._pair(name), columns[name])
        self._finish_days(columns)
        self._spread_weeks(columns)
        pairs = {name: self._list(name) for name in kept.PAIRS}
        columns["kind"][:] = self._kinds(size, *pairs["classes"])
        for iri, local in self._numbers.items():
            if columns["kind"][local]:
                columns["key"][local] = iri_key(iri)
        return Gathered(list(self._numbers), columns, pairs, self._parties(), self._names)

    def _list(self, name: str) -> tuple[Ints, Ints]:
        locals_, values = unique_rows(*self._pair(name))
        return locals_, values

    def _pair(self, name: str) -> tuple[Ints, Any]:
        locals_, values = self._said.get(name, (array("q"), array("q")))
        return np.array(locals_, np.int64), np.array(values)

    def _finish_codes(self, name: str, into: npt.NDArray[Any]) -> None:
        locals_, values = self._pair(name)
        iris = self._tables.codes.iris
        by_iri = np.array(sorted(range(len(iris)), key=iris.__getitem__))
        rank = np.empty(len(iris), np.int64)
        rank[by_iri] = np.arange(len(iris))
        least(locals_, rank[values.astype(np.int64)], into)
        stated = np.unique(locals_)
        into[stated] = by_iri[into[stated]]

    def _finish_days(self, columns: Mapping[str, npt.NDArray[Any]]) -> None:
        for name, sign in (("start", 1), ("end", -1), ("deadline", -1)):
            locals_, keys = self._pair(name)
            found = np.zeros(len(columns[name]), np.int64)
            least(locals_, keys, found)
            stated = np.unique(locals_)
            days = found[stated] * sign
            columns[name][stated] = days >> 2
            if f"{name}_precision" in columns:
                columns[f"{name}_precision"][stated] = 3 - (days & 3) if sign > 0 else days & 3

    def _spread_weeks(self, columns: Mapping[str, npt.NDArray[Any]]) -> None:
        """Give entities the first and last days of their periods."""
        owners, periods = self._list("weeks")
        for name, sign in (("start", 1), ("end", -1)):
            days, precision = columns[name], columns[f"{name}_precision"]
            known = days != kept.missing(name)
            keys = np.where(known, days.astype(np.int64) * 4 + (3 - precision if sign > 0 else precision), 0) * sign
            told = known[periods]
            own = np.unique(owners[told])
            own = own[known[own]]
            found = np.zeros(len(days), np.int64)
            least(np.concatenate((owners[told], own)), np.concatenate((keys[periods[told]], keys[own])), found)
            stated = np.unique(owners[told])
            days[stated] = found[stated] * sign >> 2
            precision[stated] = 3 - (found[stated] & 3) if sign > 0 else -found[stated] & 3

    def _kinds(self, size: int, locals_: Ints, classes: Ints) -> npt.NDArray[np.int16]:
        known: dict[tuple[int, ...], int] = {}
        found = np.zeros(size, np.int16)
        ends = np.flatnonzero(np.diff(locals_, append=-1)) + 1
        first = 0
        numbers = classes.tolist()
        for end in ends.tolist():
            mine = tuple(numbers[first:end])
            if mine not in known:
                known[mine] = self._tables.kind(mine)
            found[locals_[first]] = known[mine]
            first = end
        return found

    def _parties(self) -> tuple[Ints, Ints, Ints]:
        """Who takes part in which partnership in which role: participations as steps between them are left out."""
        partnerships, participations = self._pair("participations")
        participants = self._list("participants")
        roles = self._list("roles")
        left, right = join(participations, participants[0])
        partnerships, participations, actors = partnerships[left], participations[left], participants[1][right]
        left, right = join(participations, roles[0])
        alone = np.setdiff1d(np.arange(len(participations)), left)
        found = unique_rows(
            np.concatenate((partnerships[left], partnerships[alone])),
            np.concatenate((actors[left], actors[alone])),
            np.concatenate((roles[1][right], np.zeros(len(alone), np.int64))).astype(np.int64),
        )
        return found[0], found[1], found[2]


def _number(name: str, text: str) -> float | int | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    if not number.is_finite() or abs(number) >= _MOST:
        return None
    if name in ("latitude", "longitude"):
        return float(number)
    if name == "amount":
        return int((number * 100).to_integral_value())
    return int(number) if abs(number) < 2**31 else None
