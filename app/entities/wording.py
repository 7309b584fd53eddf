"""Literals and periods in a reader's words: dates, numbers, euros, yes and no; plain text out, never markup."""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox
from babel.dates import format_date, format_time
from babel.numbers import format_currency, format_decimal

from app.terms import compact
from app.text import LOCALES, Language, date, messages, pick, say

_XSD = "http://www.w3.org/2001/XMLSchema#"
_LONGEST = 4_000
WKT = "http://www.opengis.net/ont/geosparql#wktLiteral"
_DEGREES = r"(-?[0-9]{1,3}(?:\.[0-9]+)?)"
_POINT = re.compile(rf"(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>\s*)?POINT\s*\(\s*{_DEGREES}\s+{_DEGREES}\s*\)")


def best(texts: Mapping[Any, str] | None, language: Language) -> tuple[str, str | None] | None:
    """The text for a reader with its language tag, from texts by language; None where there is none."""
    return pick({tag or None: text for tag, text in texts.items()}, language) if texts else None


def borrowed(iri: str, language: Language, part: str = "") -> str | None:
    """What a term of another vocabulary is called here, or (``part`` ``-sentence``) how it is said; None for most."""
    return messages().get(f"borrowed.{compact(iri).replace(':', '-')}{part}", {}).get(language)


def collation(text: str) -> str:
    """The key by which readers sort: neither case nor accents count."""
    folded = text.casefold()
    if folded.isascii():
        return folded
    return "".join(c for c in unicodedata.normalize("NFKD", folded) if c < "\x80" or not unicodedata.combining(c))


def literal(term: ox.Literal, language: Language) -> str:
    """A literal as the reader's language writes it; one whose text does not fit its datatype is shown as it stands."""
    kind = term.datatype.value
    if kind == WKT:
        return geometry(term.value, language)
    writer = _WRITERS.get(kind.removeprefix(_XSD))
    try:
        text = writer(term.value, language) if writer else term.value
    except (ValueError, OverflowError, ArithmeticError):
        text = term.value
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def euros(term: ox.Literal, language: Language) -> str:
    """An amount: ``7 164 €``, with cents only where there are some."""
    try:
        amount = float(term.value)
        pattern = None if amount % 1 else ("#,##0\u00a0¤" if language == "fr" else "¤#,##0")
        return format_currency(amount, "EUR", pattern, locale=LOCALES[language], currency_digits=pattern is None)
    except (ValueError, OverflowError, ArithmeticError):
        return term.value


def geometry(wkt: str, language: Language) -> str:
    """A WKT geometry in words: where a point is, or what shape it has; it may run to a megabyte."""
    place = point(wkt)
    if place is not None:
        latitude, longitude = (_number(f"{degrees:.6f}".rstrip("0").rstrip("."), language) for degrees in place)
        return say("values.point", language, latitude=latitude, longitude=longitude)
    shape = wkt[wkt.find(">") + 1 :] if wkt.startswith("<") else wkt
    name = shape.strip().partition("(")[0].strip()
    if name.startswith("POINT"):
        return wkt.strip()
    key = f"values.shape-{name.removesuffix(' Z').lower()}"
    said = say(key, language) if key in messages() else name or "?"
    return say("values.geometry", language, shape=said, n=shape.count(",") + 1)


def point(wkt: str) -> tuple[float, float] | None:
    """Latitude and longitude of a WKT point in degrees; None for other shapes, other systems and what is not on the Earth."""
    found = _POINT.fullmatch(wkt.strip()) if len(wkt) < _LONGEST else None
    if found is None:
        return None
    longitude, latitude = float(found[1]), float(found[2])
    return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def period(start: ox.Literal | None, end: ox.Literal | None, language: Language) -> str | None:
    """From when to when: ``2020-2021``, ``du 16 au 20 novembre 2020``, ``depuis 2019``, ``jusqu’au 4 mai 2021``."""
    if start and end:
        return _between(start, end, language)
    if start:
        return say("values.since-day" if _is_day(start) else "values.since", language, when=literal(start, language))
    if end:
        return say("values.until-day" if _is_day(end) else "values.until", language, when=literal(end, language))
    return None


def _between(start: ox.Literal, end: ox.Literal, language: Language) -> str:
    if start == end:
        return literal(start, language)
    first, last = _day(start), _day(end)
    if first and last and first <= last:
        if _is_year(first, last):
            return str(first.year)
        return say("values.between-days", language, start=_shortened(first, last, language), end=_long(last, language))
    if _kind(start) == _kind(end) == "gYear":
        return f"{start.value}-{end.value}"
    return say("values.between", language, start=literal(start, language), end=literal(end, language))


def _kind(term: ox.Literal) -> str:
    return term.datatype.value.removeprefix(_XSD)


def _is_day(term: ox.Literal) -> bool:
    return _day(term) is not None


def _is_year(first: datetime.date, last: datetime.date) -> bool:
    return first.year == last.year and (first.month, first.day, last.month, last.day) == (1, 1, 12, 31)


def _day(term: ox.Literal) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(term.value) if _kind(term) == "date" else None
    except ValueError:
        return None


def _shortened(first: datetime.date, last: datetime.date, language: Language) -> str:
    """The first day of a period, without the month and year that the last day repeats."""
    if first.year != last.year:
        return _long(first, language)
    day = "1er" if language == "fr" and first.day == 1 else str(first.day)
    return day if first.month == last.month else f"{day} {_month_name(first.month, language)}"


@cache
def _month_name(month: int, language: Language) -> str:
    """Kept: Babel reads its locale anew for each date, and lists have one a line."""
    return str(format_date(datetime.date(2000, month, 1), "MMMM", locale=LOCALES[language]))


def _long(day: datetime.date, language: Language) -> str:
    text = date(day, language)
    return f"1er {text[2:]}" if language == "fr" and day.day == 1 else text


def _date(text: str, language: Language) -> str:
    return _long(datetime.date.fromisoformat(text[:10]), language)


def _moment(text: str, language: Language) -> str:
    moment = datetime.datetime.fromisoformat(text)
    time = format_time(moment.time(), "short", locale=LOCALES[language])
    return say("values.moment", language, date=_date(text, language), time=time)


def _month(text: str, language: Language) -> str:
    first = datetime.date.fromisoformat(f"{text[:7]}-01")
    return str(format_date(first, "MMMM yyyy", locale=LOCALES[language]))


def _number(text: str, language: Language) -> str:
    return str(format_decimal(text, locale=LOCALES[language], decimal_quantization=False))


def _truth(text: str, language: Language) -> str:
    return say("values.yes" if text in ("true", "1") else "values.no", language)


_WRITERS: dict[str, Callable[[str, Language], str]] = {
    "date": _date,
    "dateTime": _moment,
    "gYearMonth": _month,
    "boolean": _truth,
    **dict.fromkeys(("integer", "decimal", "double", "float"), _number),
}
