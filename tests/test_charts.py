"""Charts as shapes: scales, sizes in proportion, labels that fit, nothing drawn of nothing."""

from __future__ import annotations

import pytest

from app.charts import Chart, Series, draw
from app.charts.drawing import WIDTH, shorten, ticks


@pytest.mark.parametrize(
    ("most", "expected"),
    [
        (4, [0, 1, 2, 3, 4]),
        (7, [0, 2, 4, 6, 8]),
        (100, [0, 50, 100]),
        (0.3, [0, 0.1, 0.2, 0.3]),
        (1_000_000, [0, 500_000, 1_000_000]),
    ],
)
def test_a_scale_has_round_levels_up_to_the_largest_value(most: float, expected: list[float]) -> None:
    assert ticks(most) == pytest.approx(expected)


def test_columns_are_as_high_as_their_values() -> None:
    drawing = draw(Chart("columns", ["2020", "2021"], [Series("a", [10, 20]), Series("b", [0, None])]))
    assert drawing is not None
    assert [box.height for box in drawing.boxes] == [126, 252]
    assert drawing.boxes[0].title == "a – 2020 – 10"
    assert drawing.legend == ("a", "b")


def test_bars_have_their_whole_name_above_and_their_value_beside() -> None:
    name = "Union départementale des associations d’éducation populaire"
    drawing = draw(Chart("bars", [name, "x"], [Series("", [4, 1])], lambda value: f"{value} €"))
    assert drawing is not None
    assert [text.text for text in drawing.texts] == [name, "4 €", "x", "1 €"]
    assert drawing.boxes[0].width == 4 * drawing.boxes[1].width
    assert drawing.legend == ()


def test_a_line_leaves_out_what_is_not_known() -> None:
    drawing = draw(Chart("lines", ["a", "b", "c"], [Series("", [1, None, 2])]))
    assert drawing is not None
    assert len(drawing.dots) == 2


@pytest.mark.parametrize("series", [[], [Series("", [])], [Series("", [0, 0])], [Series("", [None, None])]])
def test_nothing_is_drawn_of_nothing(series: list[Series]) -> None:
    assert draw(Chart("columns", ["a", "b"], series)) is None


def test_many_categories_are_not_all_named() -> None:
    years = [str(year) for year in range(1950, 2030)]
    drawing = draw(Chart("columns", years, [Series("", [1.0] * len(years))]))
    assert drawing is not None
    assert len([text for text in drawing.texts if text.role == "label"]) <= WIDTH / 40


def test_a_text_that_does_not_fit_is_shortened() -> None:
    assert shorten("Essonne", 100) == "Essonne"
    assert shorten("Seine-et-Marne", 60) == "Seine-e…"
