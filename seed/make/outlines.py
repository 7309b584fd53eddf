"""Outlines as whole hundred-thousandths of a degree: joining those of neighbours, their centre, their WKT. No territory, no file.

Neighbouring communes share the very same points along their border, so the outline of a group is made of the edges that belong to
one member only. This needs no geometry library, loses nothing and always gives the same answer.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from typing import Any

Point = tuple[int, int]
Ring = list[Point]
"""Closed: the last point repeats the first."""
Polygon = list[Ring]
"""The outer ring, then the holes."""

UNITS = 100_000


def from_geojson(geometry: dict[str, Any]) -> list[Polygon]:
    """The polygons of a GeoJSON Polygon or MultiPolygon."""
    parts = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[[(round(x * UNITS), round(y * UNITS)) for x, y in ring] for ring in part] for part in parts]


def area(ring: Ring) -> int:
    """Twice the signed area; positive if the ring turns anticlockwise."""
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in itertools.pairwise(ring))


def oriented(polygon: Polygon) -> Polygon:
    """The outer ring anticlockwise, the holes clockwise."""
    return [ring if (area(ring) > 0) == (index == 0) else ring[::-1] for index, ring in enumerate(polygon)]


def join(polygons: Iterable[Polygon]) -> list[Polygon]:
    """The outline of all the polygons together."""
    edges: set[tuple[Point, Point]] = set()
    for polygon in polygons:
        for ring in oriented(polygon):
            for start, end in itertools.pairwise(ring):
                if (end, start) in edges:
                    edges.remove((end, start))
                else:
                    edges.add((start, end))
    rings = trace(edges)
    outer = sorted((ring for ring in rings if area(ring) > 0), key=lambda ring: (-area(ring), ring))
    result = [[ring] for ring in outer]
    for hole in sorted(ring for ring in rings if area(ring) < 0):
        next(polygon for polygon in reversed(result) if inside(hole, polygon[0])).append(hole)
    return result


def trace(edges: set[tuple[Point, Point]]) -> list[Ring]:
    """Closed rings without repeated points, made of directed edges."""
    following: dict[Point, list[Point]] = {}
    for start, end in sorted(edges, reverse=True):
        following.setdefault(start, []).append(end)
    rings: list[Ring] = []
    for first in sorted(following):
        while following[first]:
            path, place = [first], {first: 0}
            while following[path[-1]]:
                point = following[path[-1]].pop()
                if point in place:  # a loop is closed: take it off the path
                    loop = path[place[point] :]
                    rings.append([*loop, point])
                    for gone in loop[1:]:
                        del place[gone]
                    del path[place[point] + 1 :]
                else:
                    place[point] = len(path)
                    path.append(point)
    return [anchored(ring) for ring in rings]


def anchored(ring: Ring) -> Ring:
    """The same ring, begun at its smallest point."""
    index = ring.index(min(ring))
    return ring[index:-1] + ring[: index + 1]


def inside(hole: Ring, ring: Ring) -> bool:
    """Whether the middle of a hole's first edge lies within the ring (crossing number)."""
    x, y = (hole[0][0] + hole[1][0]) / 2, (hole[0][1] + hole[1][1]) / 2
    crossings = 0
    for (x1, y1), (x2, y2) in itertools.pairwise(ring):
        if (y1 > y) != (y2 > y) and x < x1 + (y - y1) * (x2 - x1) / (y2 - y1):
            crossings += 1
    return crossings % 2 == 1


def centre(polygons: Iterable[Polygon]) -> Point:
    """The centre of gravity, holes taken off."""
    rings = [ring for polygon in polygons for ring in oriented(polygon)]
    (x0, y0), weight, sum_x, sum_y = rings[0][0], 0, 0, 0
    for ring in rings:
        moved = [(x - x0, y - y0) for x, y in ring]
        for (x1, y1), (x2, y2) in itertools.pairwise(moved):
            cross = x1 * y2 - x2 * y1
            weight += cross
            sum_x += (x1 + x2) * cross
            sum_y += (y1 + y2) * cross
    return x0 + round(sum_x / (3 * weight)), y0 + round(sum_y / (3 * weight))


def degrees(value: int) -> str:
    """Decimal degrees, without trailing zeros."""
    return f"{value / UNITS:.5f}".rstrip("0").rstrip(".")


def wkt_point(point: Point) -> str:
    """WKT, longitude before latitude."""
    return f"POINT ({degrees(point[0])} {degrees(point[1])})"


def wkt(polygons: list[Polygon]) -> str:
    """WKT, longitude before latitude."""
    written = [
        "(" + ", ".join("(" + ", ".join(f"{degrees(x)} {degrees(y)}" for x, y in ring) + ")" for ring in part) + ")"
        for part in polygons
    ]
    return f"POLYGON {written[0]}" if len(written) == 1 else f"MULTIPOLYGON ({', '.join(written)})"
