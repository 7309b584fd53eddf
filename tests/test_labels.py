"""Names beside their marks: over no other name and no other mark, the first ones first."""

from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from app.charts.labels import SIZE, Box, Spot, place

spots = st.builds(
    Spot, st.floats(0, 400), st.floats(0, 400), st.floats(4, 15), st.one_of(st.none(), st.text(min_size=1, max_size=26))
)


def meet(one: Box, other: Box) -> bool:
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


def test_a_name_stands_below_its_mark_where_there_is_room() -> None:
    (label,) = place([Spot(100, 50, 10, "Massy")])
    assert label is not None
    assert (label.anchor, label.dx) == ("middle", 0)
    assert label.box.top >= 60
    assert label.box.bottom - label.box.top == SIZE + 1


def test_a_name_goes_above_where_another_mark_is_below() -> None:
    first, _ = place([Spot(100, 50, 10, "Massy"), Spot(100, 70, 10, None)])
    assert first is not None
    assert first.box.bottom <= 40


def test_a_name_without_room_is_not_shown() -> None:
    around = [Spot(100 + dx, 50 + dy, 10, None) for dx in (-20, 0, 20) for dy in (-20, 0, 20) if dx or dy]
    assert place([Spot(100, 50, 10, "Massy"), *around])[0] is None


def test_nothing_to_name_gives_nothing() -> None:
    assert place([]) == []
    assert place([Spot(0, 0, 5, None), Spot(0, 0, 5, "")]) == [None, None]


@given(st.lists(spots, max_size=12))
def test_no_name_covers_a_mark_or_another_name(drawn: list[Spot]) -> None:
    labels = place(drawn)
    boxes = [label.box for label in labels if label]
    assert not any(meet(one, other) for one, other in combinations(boxes, 2))
    for number, label in enumerate(labels):
        assert label is None or not any(meet(label.box, other.box) for place_, other in enumerate(drawn) if place_ != number)
        assert label is None or label.text == drawn[number].text
