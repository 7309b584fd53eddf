"""Where the nodes of a picture stand: what is there stays put, what is new finds a free place around its parent; no data."""

from __future__ import annotations

import math
from collections.abc import Iterator

Point = tuple[float, float]
APART = 48.0
"""The least distance between two nodes, in the units of the picture."""
_RING = 52.0
_FARTHEST = 6_000.0


class Plane:
    """Places by node, in the order in which they were given; the same calls give the same places."""

    def __init__(self) -> None:
        self.places: dict[int, Point] = {}
        self._cells: dict[tuple[int, int], list[Point]] = {}

    def put(self, node: int, place: Point) -> None:
        self.places[node] = place
        self._cells.setdefault(_cell(place), []).append(place)

    def around(self, parent: int, children: list[int], *, near: float, fan: float) -> None:
        """Children on rings around their parent, from the distance ``near`` outwards, in their order by angle.

        ``fan`` is how far they may stand from the direction that leads away from the first node, in radians; π is all around.
        """
        place, away = self.places[parent], self._away(parent)
        free: list[tuple[float, Point]] = []
        for angle, point in _candidates(place, away, near, fan, len(children)):
            if len(free) == len(children):
                break
            if self._is_free(point):
                free.append((angle, point))
                self._cells.setdefault(_cell(point), []).append(point)
        for child, (_, point) in zip(children, sorted(free), strict=False):
            self.places[child] = point

    def _away(self, node: int) -> float:
        (x0, y0), (x, y) = next(iter(self.places.values())), self.places[node]
        return math.atan2(y - y0, x - x0) if (x, y) != (x0, y0) else -math.pi / 2

    def _is_free(self, point: Point) -> bool:
        column, row = _cell(point)
        near = (self._cells.get((column + i, row + j), ()) for i in (-1, 0, 1) for j in (-1, 0, 1))
        return all(math.dist(point, other) >= APART * 0.95 for cell in near for other in cell)


def _candidates(place: Point, away: float, near: float, fan: float, count: int) -> Iterator[tuple[float, Point]]:
    """Places on growing rings, on each from the middle of the fan to its sides; a few share the first ring evenly."""
    radius, spread = near, 2 * fan / max(1, count)
    while radius < _FARTHEST:
        step = max(APART / radius, spread)
        most = int(fan / step) if fan < math.pi else int(math.pi / step)
        for turn in range(2 * most + 1 if fan < math.pi else max(1, 2 * most)):
            angle = (turn + 1) // 2 * step * (1 if turn % 2 else -1)
            spot = (place[0] + radius * math.cos(away + angle), place[1] + radius * math.sin(away + angle))
            yield angle, (round(spot[0], 1), round(spot[1], 1))
        radius, spread = radius + _RING, 0.0
        fan = min(math.pi, fan * 1.15)


def _cell(point: Point) -> tuple[int, int]:
    return math.floor(point[0] / APART), math.floor(point[1] / APART)
