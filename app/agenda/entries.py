"""One entry of an agenda as plain values: when, as precisely as it is known, what, where, by whom."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from app.entities.questions import Row
from app.facts import Facts
from app.facts.dates import date
from app.facts.kept import DAY, missing


@dataclass(frozen=True)
class Details:
    """What the graph says beside dates: texts by language, nodes by IRI."""

    start: datetime.datetime | None = None
    end: datetime.datetime | None = None
    descriptions: Mapping[str | None, str] = field(default_factory=dict)
    places: tuple[str, ...] = ()
    localities: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    page: str | None = None
    posted: datetime.date | None = None


@dataclass(frozen=True)
class When:
    """``first`` and ``last`` day, both included, where each is known to the day; ``deadline`` until when one may answer."""

    first: datetime.date | None
    last: datetime.date | None
    deadline: datetime.date | None


def when(facts: Facts, row: int) -> When:
    """The days of an entity; a date that is only known by month or year is not one."""
    values = []
    for name, precise in (("start", "start_precision"), ("end", "end_precision"), ("deadline", None)):
        value = int(facts.column(name)[row])
        known = value != missing(name) and (precise is None or int(facts.column(precise)[row]) == DAY)
        values.append(date(value) if known else None)
    return When(*values)


def read_details(rows: Iterable[Row]) -> dict[str, Details]:
    """The details of each entity from the answer to ``queries/pages/announced.rq``; of several times, the first start and the
    last end."""
    grouped: dict[str, list[Row]] = {}
    for row in rows:
        entity = row.get("entity")
        if isinstance(entity, ox.NamedNode):
            grouped.setdefault(entity.value, []).append(row)
    return {iri: _details(own) for iri, own in grouped.items()}


def _details(rows: Sequence[Row]) -> Details:
    starts, ends = (sorted(filter(None, map(_moment, _values(rows, name))), key=_sortable) for name in ("startTime", "endTime"))
    texts = [term for row in rows if isinstance(term := row.get("description"), ox.Literal)]
    posted = [found for text in _values(rows, "posted") if (found := _day(text))]
    return Details(
        starts[0] if starts else None,
        ends[-1] if ends else None,
        {term.language: term.value for term in reversed(texts)},
        tuple(dict.fromkeys(_values(rows, "place"))),
        tuple(dict.fromkeys(_values(rows, "locality"))),
        tuple(dict.fromkeys(_values(rows, "carrier"))),
        next(iter(_values(rows, "page")), None),
        min(posted, default=None),
    )


def _values(rows: Sequence[Row], name: str) -> list[str]:
    return [term.value for row in rows if isinstance(term := row.get(name), ox.Literal | ox.NamedNode)]


def _moment(text: str) -> datetime.datetime | None:
    """A time; None for what is none, or has none in UTC."""
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment if moment.tzinfo is None or moment.astimezone(datetime.UTC) else None
    except (ValueError, OverflowError):
        return None


def _sortable(moment: datetime.datetime) -> datetime.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=datetime.UTC)


def _day(text: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text[:10])
    except ValueError:
        return None
