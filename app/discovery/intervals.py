"""Dates as the days that they cover: a year is an interval, an end that nobody says is open; no calendar of opening hours."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from functools import lru_cache

import pyoxigraph as ox

from app.terms import MAILLAGE

ALWAYS_BEFORE, ALWAYS_AFTER = -(2**31) + 1, 2**31 - 1
"""The first and last day of what has no known start or end. Other days count as :meth:`datetime.date.toordinal` does."""

Interval = tuple[int, int]
OPEN: Interval = (ALWAYS_BEFORE, ALWAYS_AFTER)

STARTS = frozenset(str(MAILLAGE[name]) for name in ("startDate", "startDateTime", "validFrom"))
ENDS = frozenset(str(MAILLAGE[name]) for name in ("endDate", "endDateTime", "validThrough"))
MOMENTS = frozenset({str(MAILLAGE.datePublished)})
PERIOD = str(MAILLAGE.period)
TELLING = STARTS | ENDS | MOMENTS | {PERIOD}
"""The properties on which the dates of a link depend."""


@lru_cache(maxsize=20_000)
def days(text: str) -> Interval | None:
    """The days that ``2020``, ``2020-11`` or ``2020-11-16`` (perhaps with a time or a zone) covers; None for anything else."""
    try:
        if len(text) == 4 or text[4] in "Z+":
            return _first(int(text[:4]), 1), _first(int(text[:4]) + 1, 1) - 1
        if len(text) == 7 or text[7] in "Z+":
            year, month = int(text[:4]), int(text[5:7])
            return _first(year, month), _first(year + month // 12, month % 12 + 1) - 1
        day = datetime.date.fromisoformat(text[:10]).toordinal()
    except (ValueError, IndexError):
        return None
    return day, day


def _first(year: int, month: int) -> int:
    return datetime.date(year, month, 1).toordinal()


def hull(said: Iterable[tuple[str, ox.Literal]], *, one_day: bool = False) -> Interval:
    """From the first start to the last end among dates by property.

    ``one_day`` is for what lasts as long as its start says when no end is told: an event.
    """
    first: list[int] = []
    last: list[int] = []
    lasting: list[int] = []
    for path, literal in said:
        covered = days(literal.value)
        if covered is None:
            continue
        if path in STARTS or path in MOMENTS:
            first.append(covered[0])
            lasting.append(covered[1])
        if path in ENDS or path in MOMENTS:
            last.append(covered[1])
    end = max(last) if last else max(lasting) if one_day and lasting else ALWAYS_AFTER
    return min(first, default=ALWAYS_BEFORE), end
