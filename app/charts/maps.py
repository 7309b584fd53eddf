"""Outlines and points of longitudes and latitudes as shapes of a drawing; knows neither territories nor tiles.

Longitudes are shortened by the cosine of the middle latitude (equirectangular projection), which is true enough for a region.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

WIDTH, TALLEST, MARGIN = 760, 680, 10
_GRAIN = 2
"""Points are rounded to one in so many of a pixel; those that fall on the one before are left out."""

Points = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True)
class Projection:
    """From degrees to pixels, for what fits into a frame of degrees."""

    west: float
    north: float
    shorten: float
    scale: float
    width: int
    height: int

    @classmethod
    def fitting(cls, rings: Sequence[Points]) -> Self | None:
        """The projection that shows some outlines as large as a page may; None for none."""
        if not rings:
            return None
        everything = np.concatenate(rings)
        (west, south), (east, north) = everything.min(axis=0).tolist(), everything.max(axis=0).tolist()
        shorten = math.cos(math.radians((south + north) / 2)) or 1.0
        span_x, span_y = max(east - west, 0.01) * shorten, max(north - south, 0.01)
        scale = min((WIDTH - 2 * MARGIN) / span_x, (TALLEST - 2 * MARGIN) / span_y)
        return cls(west, north, shorten, scale, round(span_x * scale) + 2 * MARGIN, round(span_y * scale) + 2 * MARGIN)

    def place(self, longitude: float, latitude: float, digits: int = 1) -> tuple[float, float]:
        """A point in pixels."""
        x = MARGIN + (longitude - self.west) * self.shorten * self.scale
        return round(x, digits), round(MARGIN + (self.north - latitude) * self.scale, digits)

    def degrees(self, x: float, y: float) -> tuple[float, float]:
        """Longitude and latitude of a pixel."""
        return self.west + (x - MARGIN) / (self.shorten * self.scale), self.north - (y - MARGIN) / self.scale

    def path(self, rings: Iterable[Points]) -> str:
        """Outlines as an SVG path, closed, with no more points than can be seen."""
        return "".join(self._ring(ring) for ring in rings)

    def _ring(self, ring: Points) -> str:
        x = np.rint((MARGIN + (ring[:, 0] - self.west) * self.shorten * self.scale) * _GRAIN)
        y = np.rint((MARGIN + (self.north - ring[:, 1]) * self.scale) * _GRAIN)
        moved = np.concatenate(([True], (np.diff(x) != 0) | (np.diff(y) != 0)))
        pixels = np.stack((x[moved], y[moved]), axis=1) / _GRAIN
        return "M" + "L".join(["%g %g"] * len(pixels)) % tuple(pixels.ravel().tolist()) + "Z"


def steps(values: Sequence[int], most: int = 5) -> list[int]:
    """The step of each value from 1 to ``most`` by rank among the different ones, 0 for nothing."""
    different = sorted({value for value in values if value > 0})
    rank = {value: 1 + min(most - 1, place * most // len(different)) for place, value in enumerate(different)}
    return [rank.get(value, 0) for value in values]
