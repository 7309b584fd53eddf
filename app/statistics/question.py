"""One question to the figures: a measure, what it is broken down by, the conditions; read from words, refused where wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np

from app.errors import BadParameter, UnknownChoice
from app.facts import Facts, Mask, masks
from app.facts.dates import span
from app.facts.extents import Extent
from app.statistics.dimensions import DIMENSIONS, NONE, select
from app.statistics.measures import MEASURES, Measure
from app.terms import TERRITORY

CONDITIONS = (
    "territory",
    "theme",
    "nature",
    "class",
    "form",
    "status",
    "programme",
    "funder",
    "receiver",
    "source",
    "from",
    "to",
)
"""What narrows the entities counted, by name in the address; ``row`` and ``column``, values of a table's lines, do so too."""

_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?\Z")
_LONGEST = 2_000
_TYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


@dataclass(frozen=True)
class Question:
    """``row`` and ``column`` name one line of ``rows`` and of ``columns``: then the question is about that figure alone."""

    measure: str = "actors"
    rows: str = "theme"
    columns: str = ""
    conditions: tuple[tuple[str, str], ...] = ()
    row: str = ""
    column: str = ""

    @classmethod
    def read(cls, given: Mapping[str, str]) -> Self:
        """From the words of an address. Raises :class:`app.errors.BadParameter` for a word that means nothing here."""
        measure = _one_of("measure", given.get("measure") or "actors", MEASURES)
        rows = _one_of("rows", given.get("rows") or "theme", DIMENSIONS)
        columns = given.get("columns") or ""
        if columns:
            _one_of("columns", columns, DIMENSIONS)
        if rows == columns:
            raise BadParameter(name="columns", value=columns, reason="same-as-rows")
        conditions = tuple((name, given[name].strip()) for name in CONDITIONS if given.get(name, "").strip())
        for name, value in conditions:
            if name in ("from", "to"):
                _days(name, value)
        return cls(measure, rows, columns, conditions, _line("row", given), _line("column", given) if columns else "")

    @property
    def what(self) -> Measure:
        return MEASURES[self.measure]

    @property
    def given(self) -> dict[str, str]:
        """The words of the address that asks this."""
        said = {"measure": self.measure, "rows": self.rows, "columns": self.columns, **dict(self.conditions)}
        said |= {"row": self.row, "column": self.column}
        return {name: value for name, value in said.items() if value}

    @property
    def extent(self) -> Extent:
        """What of the facts its figures are made of: the rows counted, and where it is about who takes part, partnerships."""
        asked = {self.rows, self.columns, *dict(self.conditions)}
        with_parties = self.what.how in ("actors", "links", "density") or asked & {"funder", "receiver"}
        return Extent.of_kinds(*self.what.kinds, *(("partnership",) if with_parties else ()))

    def at(self, row: str = "", column: str = "") -> Self:
        """The same question about one figure of its table."""
        return replace(self, row=row, column=column)

    def where(self, **changed: str | None) -> Self:
        """The same question under other conditions; None drops one."""
        found = {**dict(self.conditions), **changed}
        return replace(self, conditions=tuple((name, str(found[name])) for name in CONDITIONS if found.get(name)))

    def mask(self, facts: Facts) -> Mask:
        """The entities that it is about. Raises :class:`app.errors.BadParameter` for a value that this version does not have."""
        found = np.zeros(facts.size, bool)
        for kind in self.what.kinds:
            found |= masks.of_kind(facts, kind)
        if self.what.how == "sum":
            column = facts.column(self.what.column)
            found &= column > np.iinfo(column.dtype).min
        for name, value in self.conditions:
            if name not in ("from", "to"):
                found &= _meeting(facts, name, value)
        first, last = (self._day(name) for name in ("from", "to"))
        if first is not None or last is not None:
            found &= masks.during(facts, first, last)
        if self.row:
            found &= select(facts, self.rows, self.row)
        if self.column and self.columns:
            found &= select(facts, self.columns, self.column)
        return found

    @property
    def is_backwards(self) -> bool:
        """Its period ends before it begins."""
        first, last = (self._day(name) for name in ("from", "to"))
        return first is not None and last is not None and last < first

    def _day(self, name: str) -> int | None:
        value = dict(self.conditions).get(name)
        return None if value is None else _days(name, value)[name == "to"]


def _meeting(facts: Facts, name: str, value: str) -> Mask:
    """The rows that meet one condition; a theme or territory may be of any level."""
    if name == "territory":
        tables = facts.tables.territories
        number = tables.find(str(TERRITORY) + value) or tables.find(value)
        if not number:
            raise BadParameter(name=name, value=value[:200], reason="unknown")
        return masks.within(facts, tables[number])
    dimension = "subtheme" if name == "theme" else name
    if value != NONE and not DIMENSIONS[dimension].number(facts, value):
        raise BadParameter(name=name, value=value[:200], reason="unknown")
    return select(facts, dimension, value)


def _one_of(name: str, value: str, known: Mapping[str, object]) -> str:
    if value not in known:
        raise UnknownChoice(name=name, value=value[:200], choices=", ".join(known))
    return value


def _line(name: str, given: Mapping[str, str]) -> str:
    value = given.get(name, "").strip()
    if len(value) > _LONGEST:
        raise BadParameter(name=name, value=value[:200], reason="too-long", most=_LONGEST)
    return value


def _days(name: str, value: str) -> tuple[int, int]:
    """The first and last day of a year, a month or a day."""
    found = span(value, _TYPES[len(value)]) if _DATE.match(value) else None
    if found is None:
        raise BadParameter(name=name, value=value[:200], reason="day")
    return found[0], found[1]
