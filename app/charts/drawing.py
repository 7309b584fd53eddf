"""Draws bars, columns and lines of a few series; sizes are in pixels of a drawing that the page may scale."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

Shape = Literal["columns", "bars", "lines"]
SERIES = 6
"""Series that a reader can tell apart by colour and mark."""

WIDTH = 640
_LEFT, _RIGHT, _TOP, _BOTTOM = 84, 14, 14, 34
_HEIGHT = 300
_BAR, _GAP, _LABEL = 16, 12, 18
_CHARACTER = 7.2
"""Width of a letter, about: what decides how much of a label fits."""


@dataclass(frozen=True)
class Series:
    """One line or one colour: a value for each category, None where nothing is known."""

    name: str
    values: Sequence[float | None]


@dataclass(frozen=True)
class Chart:
    """What is drawn: ``columns`` stand, ``bars`` lie with their names above them, ``lines`` run through ordered categories."""

    shape: Shape
    categories: Sequence[str]
    series: Sequence[Series]
    write: Callable[[float], str] = field(default=str, compare=False)


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float
    series: int
    title: str


@dataclass(frozen=True)
class Line:
    points: str
    series: int


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    series: int
    title: str


@dataclass(frozen=True)
class Text:
    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"] = "start"
    role: str = "label"


@dataclass(frozen=True)
class Drawing:
    """Shapes in the order of painting; ``rules`` are the levels of the scale, ``legend`` names several series."""

    width: int
    height: int
    rules: tuple[tuple[float, float, float, float], ...] = ()
    boxes: tuple[Box, ...] = ()
    lines: tuple[Line, ...] = ()
    dots: tuple[Dot, ...] = ()
    texts: tuple[Text, ...] = ()
    legend: tuple[str, ...] = ()


def draw(chart: Chart) -> Drawing | None:
    """The drawing of a chart; None where it has nothing to show."""
    known = [value for one in chart.series for value in one.values if value is not None]
    if not chart.categories or not any(known):
        return None
    return {"columns": _columns, "bars": _bars, "lines": _lines}[chart.shape](chart, max(known))


def ticks(most: float) -> list[float]:
    """Round levels from 0 to a little above the largest value: steps of 1, 2 or 5 times a power of ten."""
    rough = most / 4 or 1.0
    power = 10 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= rough * 0.999)
    return [step * n for n in range(math.ceil(most / step - 1e-9) + 1)]


def shorten(text: str, width: float) -> str:
    """As much of a text as fits."""
    room = max(3, int(width / _CHARACTER))
    return text if len(text) <= room else text[: room - 1].rstrip() + "…"


def _legend(chart: Chart) -> tuple[str, ...]:
    return tuple(one.name for one in chart.series) if len(chart.series) > 1 else ()


def _scale(chart: Chart, most: float) -> tuple[float, tuple[tuple[float, float, float, float], ...], list[Text]]:
    """Pixels a unit, the rules across, and what stands beside them."""
    levels = ticks(most)
    height = _HEIGHT - _TOP - _BOTTOM
    unit = height / levels[-1]
    rules = tuple((_LEFT, _y(level, unit), WIDTH - _RIGHT, _y(level, unit)) for level in levels)
    return unit, rules, [Text(_LEFT - 8, _y(level, unit) + 4, chart.write(level), "end", "scale") for level in levels]


def _y(value: float, unit: float) -> float:
    return round(_HEIGHT - _BOTTOM - value * unit, 1)


def _names(chart: Chart, step: float) -> list[Text]:
    """The names of the categories below the axis: every one, or every second, fifth…, as there is room."""
    longest = max(map(len, chart.categories)) * _CHARACTER + 8
    every = next((n for n in (1, 2, 5, 10, 20, 50) if step * n >= min(longest, 90)), 100)
    return [
        Text(round(_LEFT + step * (n + 0.5), 1), _HEIGHT - _BOTTOM + 20, shorten(name, step * every), "middle")
        for n, name in enumerate(chart.categories)
        if n % every == 0
    ]


def _columns(chart: Chart, most: float) -> Drawing:
    unit, rules, texts = _scale(chart, most)
    step = (WIDTH - _LEFT - _RIGHT) / len(chart.categories)
    wide = min(56.0, step * 0.8 / len(chart.series))
    boxes = []
    for s, one in enumerate(chart.series):
        for n, value in enumerate(one.values):
            if value:
                x = _LEFT + step * (n + 0.5) + wide * (s - len(chart.series) / 2)
                title = _title(chart, n, one, value)
                boxes.append(Box(round(x, 1), _y(value, unit), round(max(1.0, wide - 1), 1), round(value * unit, 1), s, title))
    return Drawing(WIDTH, _HEIGHT, rules, tuple(boxes), texts=(*texts, *_names(chart, step)), legend=_legend(chart))


def _lines(chart: Chart, most: float) -> Drawing:
    unit, rules, texts = _scale(chart, most)
    step = (WIDTH - _LEFT - _RIGHT) / len(chart.categories)
    lines, dots = [], []
    for s, one in enumerate(chart.series):
        places = [(round(_LEFT + step * (n + 0.5), 1), _y(v, unit), n, v) for n, v in enumerate(one.values) if v is not None]
        lines.append(Line(" ".join(f"{x:g},{y:g}" for x, y, _, _ in places), s))
        dots += [Dot(x, y, s, _title(chart, n, one, value)) for x, y, n, value in places]
    return Drawing(WIDTH, _HEIGHT, rules, (), tuple(lines), tuple(dots), (*texts, *_names(chart, step)), legend=_legend(chart))


def _bars(chart: Chart, most: float) -> Drawing:
    """Names above their bars, so that long ones are read whole; the value at the end of each bar."""
    room = WIDTH - 130
    unit = room / most
    boxes: list[Box] = []
    texts: list[Text] = []
    y = 4.0
    for n, name in enumerate(chart.categories):
        texts.append(Text(0, y + 13, shorten(name, WIDTH)))
        y += _LABEL
        for s, one in enumerate(chart.series):
            value = one.values[n]
            if value is not None:
                width = round(max(1.0, value * unit), 1) if value else 0
                boxes.append(Box(0, y, width, _BAR - 2, s, _title(chart, n, one, value)))
                texts.append(Text(width + 6, y + 12, chart.write(value), "start", "value"))
            y += _BAR
        y += _GAP
    return Drawing(WIDTH, math.ceil(y), (), tuple(boxes), texts=tuple(texts), legend=_legend(chart))


def _title(chart: Chart, n: int, one: Series, value: float) -> str:
    return " – ".join(filter(None, (one.name, chart.categories[n], chart.write(value))))
