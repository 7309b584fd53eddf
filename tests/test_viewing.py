"""Parts of a map, marks gathered on it and tiles below it: exact and within bounds, whatever is asked for."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.charts.clusters import gather
from app.charts.maps import Projection
from app.charts.tiles import MOST_TILES, tiles
from app.charts.viewing import MOST, View

SQUARE = np.array([[2.0, 48.0], [2.0, 49.0], [3.0, 49.0], [3.0, 48.0], [2.0, 48.0]])
PROJECTION = Projection.fitting([SQUARE])
assert PROJECTION is not None
WHOLE = View.whole(PROJECTION)


def test_the_whole_is_seen_unless_a_part_is_asked_for() -> None:
    assert View.read(PROJECTION, "", "") == WHOLE
    assert WHOLE.box == f"0 0 {PROJECTION.width} {PROJECTION.height}"
    assert WHOLE.given == {"centre": None, "zoom": None}


def test_a_part_is_said_as_it_is_read() -> None:
    part = View.read(PROJECTION, "2.5,48.5", "4")
    assert part.given == {"centre": "2.5000,48.5000", "zoom": "4"}
    assert part.width * 4 == pytest.approx(PROJECTION.width)
    assert View.read(PROJECTION, "2.5000,48.5000", "4").box == part.box


def test_no_part_leaves_the_drawing() -> None:
    corner = View.read(PROJECTION, "-170,-80", "2")
    assert corner.left == pytest.approx(0)
    assert corner.top + corner.height == pytest.approx(PROJECTION.height)
    assert corner.moved(-1, 1) == corner
    assert corner.moved(1, 0).left > corner.left


@given(st.floats(1.5, 3.5), st.floats(47.5, 49.5), st.floats(1, MOST))
def test_a_part_is_the_same_however_often_it_is_said_and_read(longitude: float, latitude: float, zoom: float) -> None:
    part = View.read(PROJECTION, f"{longitude},{latitude}", f"{zoom:.2f}")
    again = View.read(PROJECTION, part.given["centre"] or "", part.given["zoom"] or "")
    assert again.given == part.given
    assert again.is_like(part)


def test_parts_that_an_address_tells_apart_are_not_alike() -> None:
    part = View.read(PROJECTION, "2.5,48.5", "4")
    assert part.is_like(part)
    assert not any(part.is_like(other) for other in (part.moved(1, 0), part.moved(0, -1), part.enlarged(2), part.enlarged(0.5)))
    assert not part.is_like(View.read(PROJECTION, "2.5005,48.5", "4"))


@pytest.mark.parametrize("centre", ["2.5", "2.5,48.5,1", "a,b", "nan,48", "181,48", "2,91", "inf,48"])
def test_what_is_no_place_is_refused(centre: str) -> None:
    with pytest.raises(ValueError, match="centre"):
        View.read(PROJECTION, centre, "2")


@pytest.mark.parametrize("zoom", ["0", "0.5", "17", "x", "nan", "1e9"])
def test_what_is_no_enlargement_is_refused(zoom: str) -> None:
    with pytest.raises(ValueError, match="zoom"):
        View.read(PROJECTION, "", zoom)


@given(st.floats(2, 3), st.floats(48, 49))
def test_pixels_and_degrees_are_each_others_inverse(longitude: float, latitude: float) -> None:
    x, y = PROJECTION.place(longitude, latitude, digits=9)
    assert PROJECTION.degrees(x, y) == (pytest.approx(longitude, abs=1e-6), pytest.approx(latitude, abs=1e-6))


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), max_size=60), st.floats(1, 60))
def test_each_point_is_in_one_group_and_first_points_are_apart(points: list[tuple[float, float]], apart: float) -> None:
    groups = gather(points, apart)
    assert sorted(place for group in groups for place in group) == list(range(len(points)))
    firsts = [points[group[0]] for group in groups]
    for n, group in enumerate(groups):
        assert all(math.dist(points[place], firsts[n]) < apart or place == group[0] for place in group)
        assert all(math.dist(firsts[n], other) >= apart * (1 - 1e-12) for other in firsts[:n])


def test_what_is_enlarged_comes_apart() -> None:
    points = [(10.0, 10.0), (12.0, 10.0), (90.0, 90.0)]
    assert gather(points, 26) == [[0, 1], [2]]
    assert gather(points, 26 / 16) == [[0], [1], [2]]
    assert gather([], 26) == []


@pytest.mark.parametrize("zoom", [1.0, 3.0, MOST])
def test_tiles_cover_the_view_and_are_few(zoom: float) -> None:
    view = WHOLE.at(300, 300, zoom)
    found = tiles(view, "https://tuiles.example/{z}/{x}/{y}.png")
    assert 1 < len(found) <= MOST_TILES
    assert min(one.x for one in found) <= view.left
    assert min(one.y for one in found) <= view.top
    assert max(one.x + one.width for one in found) >= view.left + view.width
    assert max(one.y + one.height for one in found) >= view.top + view.height


def test_a_tile_lies_where_its_name_says() -> None:
    # OpenStreetMap's own example of “slippy map” names gives tile 10/518/352 for Paris (2.35 E, 48.85 N).
    view = View.read(PROJECTION, "2.35,48.85", "1")
    found = tiles(view, "{z}/{x}/{y}")
    level = int(found[0].address.split("/")[0])
    x, y = PROJECTION.place(2.35, 48.85)
    at_paris = next(one for one in found if one.x <= x < one.x + one.width and one.y <= y < one.y + one.height)
    column, row = (518 >> (10 - level), 352 >> (10 - level)) if level <= 10 else (518, 352)
    assert level <= 10
    assert at_paris.address == f"{level}/{column}/{row}"
