"""The chart beside a table of figures: which shape suits it, what its series are; drawn in app.charts."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from app.charts import SERIES, Chart, Drawing, Series, draw
from app.statistics import DIMENSIONS, NONE, Question
from app.statistics.table import Table
from app.statistics.wording import Labels, euros, share
from app.text import number
from app.web.site import Visit

MOST_BARS = 15
"""Lines of a table that a chart has at the most, where they have no order of their own."""

_MOST_COMPARED = 12


def chart_of(seen: Visit, table: Table, said: Labels, chart: str) -> tuple[Drawing | None, int]:
    """The chart that suits a table, and how many series it has where those are not all."""
    question = table.question
    if chart in ("none", "heat") or not table.rows:
        return None, 0
    ordered = [_goes_on(question.rows, table.rows), _goes_on(question.columns, table.columns)]
    across = ordered == [False, True]
    down, columns = (table.columns, table.rows) if across else (table.rows, table.columns)
    shape = _shape(chart, len(columns[:SERIES])) if any(ordered) else "bars"
    categories = down[:MOST_BARS] if shape == "bars" else _following(down, shape, question)
    series = [
        Series(
            said.node(question.rows if across else question.columns, word).label if word else "",
            [(table[word, c] if across else table[c, word]).value for c in categories],
        )
        for word in (columns[:SERIES] or ("",))
    ]
    words = [said.node(question.columns if across else question.rows, word).label for word in categories]
    return draw(Chart(shape, words, series, writer(seen, question))), len(series) if len(columns) > SERIES else 0  # type: ignore[arg-type]


def _shape(chart: str, series: int) -> str:
    return "lines" if chart == "lines" or (chart == "auto" and series > 3) else "columns"


def _following(words: Sequence[str], shape: str, question: Question) -> Sequence[str]:
    """The values that follow one another: what has none is no point of a line, and its share says nothing of the others."""
    return [word for word in words if word != NONE or (shape == "columns" and question.what.how != "density")]


def _goes_on(dimension: str, words: Sequence[str]) -> bool:
    """Whether values follow one another, as years do, and there are at least two of them."""
    return bool(dimension) and DIMENSIONS[dimension].ordered and sum(word != NONE for word in words) > 1


def chart_of_both(seen: Visit, both: Sequence[Table], rows: Sequence[str], heads: Sequence[str], said: Labels) -> Drawing | None:
    """Two tables side by side: a series each, called by ``heads``."""
    question = both[0].question
    shape = "columns" if _goes_on(question.rows, rows) else "bars"
    first = rows[:_MOST_COMPARED]
    series = [Series(head, [table[row, ""].value for row in first]) for head, table in zip(heads, both, strict=True)]
    return draw(Chart(shape, [said.node(question.rows, row).label for row in first], series, writer(seen, question)))  # type: ignore[arg-type]


def writer(seen: Visit, question: Question) -> Callable[[float], str]:
    """How a chart writes a number of a measure."""
    if question.measure == "amounts":
        return lambda value: euros(value, seen.language)
    if question.what.how == "density":
        return lambda value: share(value, seen.language)
    return lambda value: number(int(value) if value == int(value) else value, seen.language)
