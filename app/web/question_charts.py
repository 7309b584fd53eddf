"""The chart of a question's answer, where its header says how it is drawn; the rows are the table's."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from app.charts import SERIES, Chart, Drawing, Series, draw
from app.entities.names import Names
from app.entities.questions import Row
from app.queries import CannedQuery
from app.statistics.wording import euros
from app.terms import EngineTerm
from app.text import number
from app.web.site import Visit

_MOST = 30
_AMOUNTS = ("amount", "total")


def chart_of(query: CannedQuery, columns: Sequence[str], rows: Sequence[Row], seen: Visit) -> Drawing | None:
    """The drawing of an answer: values of one category and series are added up, as the header's ``y`` says.

    Categories of bars are the largest ones; those of columns and lines stand in their order.
    """
    said = query.chart
    if not said or not {said["x"], said["y"]} <= set(columns):
        return None
    sums: dict[tuple[EngineTerm | None, EngineTerm | None], Decimal] = {}
    for row in rows:
        value = _number(row.get(said["y"]))
        key = (row.get(said["x"]), row.get(said.get("series", "")))
        if value is not None and key[0] is not None:
            sums[key] = sums.get(key, Decimal(0)) + value
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, {term.value for key in sums for term in key if isinstance(term, ox.NamedNode)})
    categories = _ordered(sums, is_ranked=said["shape"] == "bars")
    lines = list(dict.fromkeys(series for _, series in sorted(sums, key=lambda key: str(key[1]))))[:SERIES]
    series = [Series(_word(one, names), [_value(sums.get((x, one)), said["shape"]) for x in categories]) for one in lines]
    words = [_word(x, names) for x in categories]
    return draw(Chart(said["shape"], words, series, _writer(said["y"], seen)))  # type: ignore[arg-type]


def _writer(variable: str, seen: Visit) -> Callable[[float], str]:
    """How a value of a variable is written."""
    if variable in _AMOUNTS:
        return lambda value: euros(value * 100, seen.language)
    return lambda value: number(int(value) if value == int(value) else value, seen.language)


def _ordered(sums: dict[tuple[EngineTerm | None, EngineTerm | None], Decimal], *, is_ranked: bool) -> list[EngineTerm | None]:
    totals: dict[EngineTerm | None, Decimal] = {}
    for (x, _), value in sums.items():
        totals[x] = totals.get(x, Decimal(0)) + value
    if is_ranked:
        return sorted(totals, key=lambda x: (-totals[x], str(x)))[: _MOST // 2]
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
