"""Places in a picture: nobody stands on another, nobody moves, the same calls give the same picture."""

from __future__ import annotations

import math
from itertools import combinations, pairwise

from hypothesis import given
from hypothesis import strategies as st

from app.discovery.placing import APART, Plane

GROWTH = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 25), st.booleans()), max_size=8)


def grown(steps: list[tuple[int, int, bool]]) -> list[dict[int, tuple[float, float]]]:
    """The places after each step: some node, chosen by number, gets some children."""
    plane = Plane()
    plane.put(0, (0.0, 0.0))
    seen = [dict(plane.places)]
    for parent, count, wide in steps:
        known = list(plane.places)
        fresh = list(range(len(known), len(known) + count))
        plane.around(known[parent % len(known)], fresh, near=150.0 if wide else 84.0, fan=math.pi if wide else 1.1)
        seen.append(dict(plane.places))
    return seen


@given(GROWTH)
def test_every_node_has_a_place_of_its_own(steps: list[tuple[int, int, bool]]) -> None:
    places = grown(steps)[-1]
    assert len(places) == 1 + sum(count for _, count, _ in steps)
    assert all(math.dist(a, b) >= APART * 0.94 for a, b in combinations(places.values(), 2))


@given(GROWTH)
def test_what_has_a_place_keeps_it(steps: list[tuple[int, int, bool]]) -> None:
    seen = grown(steps)
    for before, after in pairwise(seen):
        assert before.items() <= after.items()


@given(GROWTH)
def test_the_same_steps_give_the_same_picture(steps: list[tuple[int, int, bool]]) -> None:
    assert grown(steps) == grown(steps)


def test_a_few_children_share_the_circle_evenly() -> None:
    plane = Plane()
    plane.put(0, (0.0, 0.0))
    plane.around(0, [1, 2, 3, 4], near=150.0, fan=math.pi)
    angles = sorted(math.degrees(math.atan2(y, x)) % 360 for node, (x, y) in plane.places.items() if node)
    assert [round(b - a) for a, b in pairwise(angles)] == [90, 90, 90]


def test_what_hangs_on_a_node_stands_away_from_the_first() -> None:
    plane = Plane()
    plane.put(0, (0.0, 0.0))
    plane.put(1, (150.0, 0.0))
    plane.around(1, [2, 3], near=84.0, fan=1.1)
    assert all(plane.places[node][0] > 150 for node in (2, 3))
