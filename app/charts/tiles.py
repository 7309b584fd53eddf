"""Which pictures of a tile server lie below a part of a map, and where; nothing is fetched here, nor unless a setting says so.

Tiles are squares of the web Mercator projection (EPSG:3857, “slippy map” names). Our maps shorten longitudes at one latitude
instead, so each tile is stretched between its true corners: within one tile the difference is below a pixel.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.charts.viewing import View

MOST_TILES = 48
_SIDE, _DEEPEST, _NORTH = 256, 19, 85.0511


@dataclass(frozen=True)
class Tile:
    """A picture and its place in the drawing, in pixels."""

    address: str
    x: float
    y: float
    width: float
    height: float


def tiles(view: View, template: str) -> list[Tile]:
    """The tiles below a view, as sharp as it is enlarged, and no more than a page may ask of a server."""
    west, north = view.projection.degrees(view.left, view.top)
    east, south = view.projection.degrees(view.left + view.width, view.top + view.height)
    pixels = view.projection.shorten * view.projection.scale * view.zoom * 360 / _SIDE
    level = min(max(round(math.log2(max(pixels, 1.0))), 0), _DEEPEST)
    while True:
        columns = range(_column(west, level), _column(east, level) + 1)
        rows = range(_row(north, level), _row(south, level) + 1)
        if len(columns) * len(rows) <= MOST_TILES or level == 0:
            return [_tile(view, template, level, column, row) for row in rows for column in columns]
        level -= 1


def _column(longitude: float, level: int) -> int:
    many: int = 2**level
    return min(max(math.floor((longitude + 180) / 360 * many), 0), many - 1)


def _row(latitude: float, level: int) -> int:
    turned = math.asinh(math.tan(math.radians(min(max(latitude, -_NORTH), _NORTH))))
    many: int = 2**level
    return min(max(math.floor((1 - turned / math.pi) / 2 * many), 0), many - 1)


def _corner(level: int, column: int, row: int) -> tuple[float, float]:
    """Longitude and latitude of a tile's north-west corner."""
    latitude = math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * row / 2**level))))
    return column / 2**level * 360 - 180, latitude


def _tile(view: View, template: str, level: int, column: int, row: int) -> Tile:
    left, top = view.projection.place(*_corner(level, column, row), digits=3)
    right, bottom = view.projection.place(*_corner(level, column + 1, row + 1), digits=3)
    address = template.replace("{z}", str(level)).replace("{x}", str(column)).replace("{y}", str(row))
    return Tile(address, left, top, round(right - left, 3), round(bottom - top, 3))
