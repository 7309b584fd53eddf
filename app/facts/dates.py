"""Dates as numbers of days since 1970-01-01 and as years; as precise as they were stated."""

from __future__ import annotations

import calendar
import datetime
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from app.facts.kept import DAY, MONTH, YEAR

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_LENGTH = {"gYear": 4, "gYearMonth": 7}


@lru_cache(maxsize=50_000)
def span(text: str, datatype: str) -> tuple[int, int, int] | None:
    """The first and the last day that a literal may mean, and how precise it is; None for what is no date."""
    kept = text[: _LENGTH.get(datatype, 10)]
    try:
        match len(kept):
            case 4:
                return day(datetime.date(int(kept), 1, 1)), day(datetime.date(int(kept), 12, 31)), YEAR
            case 7:
                first = datetime.date.fromisoformat(f"{kept}-01")
                return day(first), day(first.replace(day=calendar.monthrange(first.year, first.month)[1])), MONTH
        only = day(datetime.date.fromisoformat(kept))
    except ValueError:
        return None
    return only, only, DAY


def day(date: datetime.date) -> int:
    return date.toordinal() - _EPOCH


def date(number: int) -> datetime.date:
    """The date of a day's number."""
    return datetime.date.fromordinal(number + _EPOCH)


def years(days: npt.NDArray[Any]) -> npt.NDArray[np.int32]:
    """The year of each day; what is missing gives a year below 0."""
    known = days > np.iinfo(np.int32).min
    found = np.full(len(days), -1, np.int32)
    found[known] = days[known].astype("datetime64[D]").astype("datetime64[Y]").astype(np.int32) + 1970
    return found
