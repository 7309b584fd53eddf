"""The small map: outlines and points fitted to the page, and nothing where there is nothing to show."""

import re

import pyoxigraph as ox
import pytest

from app.entities import outlines
from app.entities.outlines import WIDTH, Drawings, draw

WKT = ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")


def row(role: str, name: str, wkt: str | None = None, at: tuple[str, str] | None = None) -> dict:
    found = {"role": ox.Literal(role), "place": ox.NamedNode(f"http://e/{name}")}
    if wkt is not None:
        found["wkt"] = ox.Literal(wkt, datatype=WKT)
    if at is not None:
        found |= {"latitude": ox.Literal(at[0]), "longitude": ox.Literal(at[1])}
    return found


SQUARE = "POLYGON((2 48, 3 48, 3 49, 2 49, 2 48))"
INNER = "MULTIPOLYGON(((2.4 48.4, 2.6 48.4, 2.6 48.6, 2.4 48.4)), ((2.1 48.1, 2.2 48.1, 2.2 48.2, 2.1 48.1)))"


def numbers(path: str) -> list[float]:
    return [float(text) for text in re.findall(r"-?[\d.]+", path)]


def test_outlines_fit_the_page_and_what_is_around_lies_behind() -> None:
    made = draw([row("here", "commune", INNER), row("around", "departement", SQUARE)])
    assert [shape.role for shape in made.shapes] == ["around", "here"]
    assert made.shapes[1].path.count("M") == 2
    for shape in made.shapes:
        xs, ys = numbers(shape.path)[::2], numbers(shape.path)[1::2]
        assert min(xs) >= 0
        assert max(xs) <= WIDTH
        assert min(ys) >= 0
        assert max(ys) <= made.height
    assert made.named() == ["http://e/commune", "http://e/departement"]


def test_north_is_up_and_east_is_right() -> None:
    made = draw([row("around", "square", SQUARE), row("point", "corner", at=("48.9", "2.9"))])
    point = made.shapes[-1]
    assert point.x > WIDTH / 2
    assert point.y < made.height / 2


def test_a_lone_point_is_in_the_middle() -> None:
    made = draw([row("point", "place", at=("48.7", "2.2"))])
    assert made.shapes[0].x == pytest.approx(WIDTH / 2, abs=1)


def test_a_path_has_each_corner_once_to_a_tenth_of_a_pixel() -> None:
    made = draw([row("here", "triangle", "POLYGON((2 48, 4 48, 4 48, 4.0000001 48, 4 49, 2 48))")])
    # 456 pixels for two degrees of longitude at 48.5 degrees north: 456 / (2 × 0.66262) = 344.1 for one of latitude
    assert (made.width, made.height) == (480, 368)
    assert made.shapes[0].path == "M12 356.1L468 356.1L468 12L12 356.1Z"


def test_heights_are_left_out() -> None:
    flat, high = (
        draw([row("here", "a", f"POLYGON(({', '.join(points)}))")])
        for points in (
            ("2 48", "3 48", "3 49", "2 48"),
            ("2 48 7", "3 48 8", "3 49 9 1", "2 48"),
        )
    )
    assert flat == high


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [row("here", "nowhere")],
        [row("here", "broken", "POLYGON((a b, c d))")],
        [row("here", "empty", "POLYGON EMPTY")],
        [row("point", "text", at=("north", "east"))],
        [row("point", "infinite", at=("inf", "nan"))],
    ],
)
def test_what_cannot_be_drawn_is_not(rows: list) -> None:
    assert draw(rows) is None


def test_what_is_drawn_once_is_given_again_under_each_query(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = []
    monkeypatch.setattr(outlines, "draw", lambda rows: drawn.append(rows) or draw(rows))
    drawings = Drawings(most=2)
    one, other = [row("here", "square", SQUARE)], [row("here", "inner", INNER), row("point", "corner", at=("48.9", "2.9"))]
    for query in ("first", "second"):
        for rows in (one, other):
            assert drawings.draw([dict(each) for each in rows], query) == draw(rows, query)
    assert len(drawn) == 2
    assert drawings.draw([], "nothing is there") is None
    assert drawings.draw(other) == draw(other)
    assert drawings.draw(one) == draw(one), "the one used least recently had gone"
    assert len(drawn) == 4


@pytest.mark.parametrize(
    "other",
    [
        row("around", "square", SQUARE),
        row("here", "elsewhere", SQUARE),
        row("here", "square", INNER),
        row("here", "square", at=("48.9", "2.9")),
        row("here", "square", at=("2.9", "48.9")),
    ],
    ids=["role", "place", "outline", "point", "other point"],
)
def test_other_rows_are_drawn_anew(other: dict) -> None:
    drawings = Drawings()
    rows = [row("here", "square", SQUARE)]
    drawings.draw(rows)
    assert drawings.draw([other]) == draw([other])
    assert drawings.draw([other, *rows]) == draw([other, *rows])
