"""Tables of figures as a page shows them: one question, or two side by side; which figures open a list, how strong they are."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from app.charts import Drawing
from app.entities.model import Node, Part
from app.statistics import DIMENSIONS, Question
from app.statistics.table import Table
from app.statistics.wording import Labels, figure, title
from app.web.figures import cell_link, cell_links, labels_for, table_of
from app.web.site import Visit, asked_number
from app.web.statistics.charts import MOST_BARS, chart_of, chart_of_both, writer

_CELLS, _FEWEST, _MOST = 1_000, 10, 100
"""Figures of a page, and lines that it has at the least and at the most: each figure is a link."""


@dataclass(frozen=True)
class Cell:
    """A figure with the list that it opens; ``heat`` from 0 to 6 is how large it is among all."""

    text: str
    link: str | None
    heat: int = 0
    note: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of a page's table."""

    node: Node
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Shown:
    """A table as a page shows it: ``heads`` over the columns, the last of which is all; ``part`` of its lines are shown."""

    title: str
    heads: tuple[Node, ...]
    lines: tuple[Line, ...]
    total: Line | None
    left_out: int = 0
    overlapping: bool = False
    part: Part = Part(0)


def shown(seen: Visit, question: Question, second: Question | None, chart: str, *, is_understood: bool) -> dict[str, Any]:
    """Table and chart, as the template names them; nothing is counted for what is not understood."""
    table, drawing, series = Shown(title(question, seen.language), (), (), None), None, 0
    if is_understood and second:
        table, drawing = _compared(seen, question, second)
    elif is_understood:
        table, drawing, series = _tabled(seen, question, chart)
    return {"shown": table, "drawing": drawing, "series": series}


def _tabled(seen: Visit, question: Question, chart: str) -> tuple[Shown, Drawing | None, int]:
    table = table_of(seen, question)
    part = _part(len(table.rows), len(table.columns) + 1)
    rows = _rows_in(table.rows, part)
    said = labels_for(seen, replace(table, rows=tuple(dict.fromkeys((*rows, *table.rows[:MOST_BARS])))))
    cells = (table[row, column].value for row in table.rows for column in table.columns)
    largest = max(cells, default=0) if chart == "heat" else 0
    links = {column: cell_links(seen, partial(question.at, column=column)) for column in (*table.columns, "")}
    lines = tuple(Line(said.node(question.rows, row), _cells(seen, table, row, links, largest)) for row in rows)
    heads = (*(said.node(question.columns, word) for word in table.columns), _named(seen, "total"))
    total = Line(_named(seen, "total"), _cells(seen, table, "", links)) if lines else None
    drawn = Shown(title(question, seen.language), heads, lines, total, sum(table.left_out), _overlaps(table), part)
    return drawn, *chart_of(seen, table, said, chart)


def _part(rows: int, columns: int) -> Part:
    """The lines that are asked for, the last ones where there are fewer."""
    whole = Part(rows, size=lines_a_page(columns))
    return replace(whole, page=min(asked_number("page") or 1, whole.pages))


def lines_a_page(columns: int) -> int:
    """How many lines of so many figures a page shows."""
    return max(_FEWEST, min(_MOST, _CELLS // columns))


def _rows_in(rows: tuple[str, ...], part: Part) -> tuple[str, ...]:
    return rows[part.first - 1 : part.last]


def _overlaps(table: Table) -> bool:
    """Whether some entity stands in several lines."""
    added = (sum(table[row, ""].value for row in table.rows), sum(table["", column].value for column in table.columns))
    return max(added) > table["", ""].value


def _named(seen: Visit, word: str) -> Node:
    return Node("", seen.say(f"statistics.{word}"))


def _cells(seen: Visit, table: Table, row: str, links: Mapping[str, Callable[[str], str]], largest: int = 0) -> tuple[Cell, ...]:
    """The figures of a line; ``links`` are by column, of the lines that have a word."""
    return tuple(_cell(seen, table, row, column, link if row else None, largest) for column, link in links.items())


def _cell(
    seen: Visit, table: Table, row: str, column: str = "", link: Callable[[str], str] | None = None, largest: int = 0
) -> Cell:
    value = table[row, column]
    text = figure(value, table.question, seen.language)
    note = None
    if value.parts is not None and value.parts[1]:
        note = seen.say("statistics.pairs-of", links=value.parts[0], possible=value.parts[1])
    heat = 1 + min(5, 6 * value.value // (largest + 1)) if largest and value.value > 0 else 0
    if not (value.value or (value.parts and value.parts[1])):
        return Cell(text, None, heat, note)
    return Cell(text, link(row) if link else cell_link(seen, table.question.at(row, column)), heat, note)


def _compared(seen: Visit, question: Question, second: Question) -> tuple[Shown, Drawing | None]:
    """Two tables of the same rows side by side, with the difference."""
    bare, other = (Question.read({**one.given, "columns": ""}) for one in (question, second))
    both = (table_of(seen, bare), table_of(seen, other))
    rows = _rows_of(bare, (row for table in both for row in table.rows))
    part = _part(len(rows), len(both) + 1)
    shown_rows = _rows_in(rows, part)
    said = labels_for(seen, Table(bare, tuple(dict.fromkeys((*shown_rows, *rows[:MOST_BARS]))), (), {}))
    heads = tuple(_told(seen, one, said) for one in (bare, other))
    lines = tuple(Line(said.node(bare.rows, row), _pair(seen, both, row)) for row in shown_rows)
    total = Line(_named(seen, "total"), _pair(seen, both, "")) if lines else None
    over = (*(Node("", head) for head in heads), _named(seen, "difference"))
    left_out = sum(table.left_out[0] for table in both)
    drawn = Shown(title(bare, seen.language), over, lines, total, left_out, part=part)
    return drawn, chart_of_both(seen, both, rows, heads, said)


def _rows_of(question: Question, words: Iterable[str]) -> tuple[str, ...]:
    """The rows of both tables, each once, in order where they have one."""
    rows = tuple(dict.fromkeys(words))
    return tuple(sorted(rows, key=lambda word: word.rjust(8))) if DIMENSIONS[question.rows].ordered else rows


def _pair(seen: Visit, both: tuple[Table, Table], row: str) -> tuple[Cell, ...]:
    cells = tuple(_cell(seen, table, row) for table in both)
    change = both[1][row, ""].value - both[0][row, ""].value
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return (*cells, Cell(sign + writer(seen, both[0].question)(abs(change)), None))


def _told(seen: Visit, question: Question, said: Labels) -> str:
    """The conditions that tell two compared questions apart."""
    conditions = dict(question.conditions)
    parts = [said.node("territory", conditions["territory"]).label] if "territory" in conditions else []
    days = [conditions[name] for name in ("from", "to") if name in conditions]
    return ", ".join([*parts, "–".join(dict.fromkeys(days))] if days else parts) or seen.say("statistics.any")
