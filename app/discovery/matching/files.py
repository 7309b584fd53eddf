"""The files of a market: a base that later versions share by hard links, and what has changed since; nothing is matched here.

Both are JSON: for each entity its IRI, what it is as a need or an offer, and as a call; null where it is none.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

from app.discovery.matching.listing import Call, Listing, Scope, Span
from app.discovery.matching.stated import Told
from app.engine import clone

Row = Sequence[Any]
"""IRI, listing or None, call or None."""

_BASE, _DELTA = "base.json", "delta.json"


@dataclass(frozen=True)
class Stated:
    """The needs and offers, and the calls, of a version by IRI."""

    listings: Mapping[str, Listing]
    calls: Mapping[str, Call]

    @classmethod
    def read(cls, folder: Path) -> Stated:
        """What a version's folder ``market`` says."""
        rows = {row[0]: row for row in (*_read(folder / _BASE), *_read(folder / _DELTA)["rows"])}
        reader = _Reader()
        return cls(
            {iri: reader.listing(iri, row[1]) for iri, row in rows.items() if row[1]},
            {iri: reader.call(iri, row[2]) for iri, row in rows.items() if row[2]},
        )


def write_base(folder: Path, found: Iterable[Told]) -> None:
    """Everything anew."""
    _write_all(folder, [row_of(one) for one in found])


def size(folder: Path) -> int:
    """How many entities the base of a version has."""
    return int(_read(folder / _DELTA)["base"])


def follow(folder: Path, earlier: Path, found: Sequence[Told], most: int, share: int) -> None:
    """An earlier version's files, and what is another now; folded into a new base beyond ``most`` and a part of it."""
    if not found:
        clone.share(earlier / _BASE, folder / _BASE)
        clone.share(earlier / _DELTA, folder / _DELTA)
        return
    delta = _read(earlier / _DELTA)
    rows = {row[0]: row for row in (*delta["rows"], *map(row_of, found))}
    if len(rows) > max(most, delta["base"] // share):
        whole = {row[0]: row for row in _read(earlier / _BASE)} | rows
        _write_all(folder, [row for row in whole.values() if row[1] or row[2]])
        return
    clone.share(earlier / _BASE, folder / _BASE)
    _write(folder / _DELTA, {"base": delta["base"], "rows": list(rows.values())})


def row_of(one: Told) -> Row:
    """An entity as a row."""
    return one.iri, one.listing and _listing_row(one.listing), one.call and _call_row(one.call)


def _listing_row(one: Listing) -> Row:
    spans = [[_said(span.first), _said(span.last)] for span in one.spans]
    quantity = None if one.quantity is None else str(one.quantity)
    return one.side, sorted(one.kinds), one.actors, _scope_row(one.scope), quantity, spans, one.weeks


def _call_row(one: Call) -> Row:
    return one.publishers, _scope_row(one.scope), _said(one.deadline), one.audience


def _scope_row(scope: Scope) -> Row:
    return sorted(scope.themes), sorted(scope.territories), scope.themes_of, scope.territories_of


def _said(day: datetime.date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass
class _Reader:
    """Makes what rows say; sets and days that come again are the same objects."""

    _sets: dict[tuple[str, ...], frozenset[str]] = field(default_factory=dict)
    _days: dict[str, datetime.date] = field(default_factory=dict)

    def listing(self, iri: str, row: Row) -> Listing:
        side, kinds, actors, scope, quantity, spans, weeks = row
        return Listing(
            iri=iri,
            side=side,
            kinds=self._set(kinds),
            actors=tuple(actors),
            scope=self._scope(scope),
            quantity=None if quantity is None else Decimal(quantity),
            spans=tuple(Span(self._day(first), self._day(last)) for first, last in spans),
            weeks=tuple(weeks),
        )

    def call(self, iri: str, row: Row) -> Call:
        publishers, scope, deadline, audience = row
        texts = tuple((language, text) for language, text in audience)
        return Call(iri, tuple(publishers), self._scope(scope), self._day(deadline), texts)

    def _scope(self, row: Row) -> Scope:
        themes, territories, themes_of, territories_of = row
        return Scope(self._set(themes), self._set(territories), themes_of, territories_of)

    def _set(self, values: Sequence[str]) -> frozenset[str]:
        key = tuple(values)
        if key not in self._sets:
            self._sets[key] = frozenset(key)
        return self._sets[key]

    def _day(self, text: str | None) -> datetime.date | None:
        if text is None:
            return None
        if text not in self._days:
            self._days[text] = datetime.date.fromisoformat(text)
        return self._days[text]


def _write_all(folder: Path, rows: Sequence[Row]) -> None:
    _write(folder / _BASE, rows)
    _write(folder / _DELTA, {"base": len(rows), "rows": []})


def _write(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


def _read(path: Path) -> Any:
    return json.loads(path.read_bytes())
