"""The chart of a question's answer, where its header says how it is drawn; it adds up all of the answer, not what is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from app.charts import SERIES, Chart, Drawing, Series, draw
from app.entities.names import Names
from app.entities.questions import Row
from app.queries import CannedQuery
from app.queries.parts import largest_sums, sums
from app.statistics.wording import euros
from app.terms import EngineTerm
from app.text import number
from app.web.site import Visit

_MOST = 30
_MOST_BARS = 15
_AMOUNTS = ("amount", "total")

Category = tuple[EngineTerm | None, EngineTerm | None]
Sums = Mapping[Category, Decimal]
"""What is drawn: a number for each category and series."""


def summed(query: CannedQuery, rows: Sequence[Row]) -> Sums:
    """The sums that are drawn of an answer whose rows are all at hand."""
    return _added(query, rows, query.chart["y"]) if query.chart else {}


def sums_asked(query: CannedQuery, text: str) -> str:
    """The question of the same sums, for an answer that is too long to be read; of bars, those that are drawn."""
    said = query.chart
    if said["shape"] == "bars" and "series" not in said:
        return largest_sums(text, said["y"], said["x"], _MOST_BARS)
    return sums(text, said["y"], [said[key] for key in ("x", "series") if key in said])


def sums_answered(query: CannedQuery, rows: Sequence[Row]) -> Sums:
    """What the answer to that question says."""
    return _added(query, [row for row in rows if _number(row.get("numbers")) != 0], "sum")


def rows_answered(rows: Sequence[Row]) -> int | None:
    """How many rows the whole answer has, where the answer to that question says so too."""
    told = [_number(row.get("rows")) for row in rows]
    return int(sum(number for number in told if number is not None)) if told and None not in told else None


def _added(query: CannedQuery, rows: Sequence[Row], variable: str) -> Sums:
    found: dict[Category, Decimal] = {}
    for row in rows:
        value = _number(row.get(variable))
        key = (row.get(query.chart["x"]), row.get(query.chart.get("series", "")))
        if value is not None and key[0] is not None:
            found[key] = found.get(key, Decimal(0)) + value
    return found


def chart_of(query: CannedQuery, found: Sums, seen: Visit) -> Drawing | None:
    """The drawing of an answer: values of one category and series are added up, as the header's ``y`` says.

    Categories of bars are the largest ones; those of columns and lines stand in their order.
    """
    said = query.chart
    if not said:
        return None
    categories = _ordered(found, is_ranked=said["shape"] == "bars")
    lines = list(dict.fromkeys(series for _, series in sorted(found, key=lambda key: str(key[1]))))[:SERIES]
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, {term.value for term in (*categories, *lines) if isinstance(term, ox.NamedNode)})
    series = [Series(_word(one, names), [_value(found.get((x, one)), said["shape"]) for x in categories]) for one in lines]
    words = [_word(x, names) for x in categories]
    return draw(Chart(said["shape"], words, series, _writer(said["y"], seen)))  # type: ignore[arg-type]


def _writer(variable: str, seen: Visit) -> Callable[[float], str]:
    """How a value of a variable is written."""
    if variable in _AMOUNTS:
        return lambda value: euros(value * 100, seen.language)
    return lambda value: number(int(value) if value == int(value) else value, seen.language)


def _ordered(found: Sums, *, is_ranked: bool) -> list[EngineTerm | None]:
    totals: dict[EngineTerm | None, Decimal] = {}
    for (x, _), value in found.items():
        totals[x] = totals.get(x, Decimal(0)) + value
    if is_ranked:
        return sorted(totals, key=lambda x: (-totals[x], str(x)))[:_MOST_BARS]
    return sorted(totals, key=str)[-_MOST:]


def _value(value: Decimal | None, shape: str) -> float | None:
    """A line or column that has nothing is at 0; what is only counted where it exists."""
    return float(value) if value is not None else None if shape == "bars" else 0.0


def _word(term: EngineTerm | None, names: Names) -> str:
    if isinstance(term, ox.NamedNode):
        return names.term(term.value).label
    return term.value if isinstance(term, ox.Literal) else ""


def _number(term: EngineTerm | None) -> Decimal | None:
    try:
        found = Decimal(term.value) if isinstance(term, ox.Literal) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None
