"""Which part of a drawn map is looked at: a centre in degrees and how much it is enlarged, as an address says them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Self

from app.charts.maps import Projection

MOST = 16.0
"""Outlines are drawn for the whole frame: enlarged further, their corners would show."""
_STEP = 0.4
"""Of what is seen, for one step aside."""
_DIGITS = 4
"""Of a degree, in an address: some ten metres."""


@dataclass(frozen=True)
class View:
    """A part of a drawing: its middle in pixels of the whole, and how many times it is enlarged (from 1)."""

    projection: Projection
    x: float
    y: float
    zoom: float = 1.0

    @classmethod
    def whole(cls, projection: Projection) -> Self:
        return cls(projection, projection.width / 2, projection.height / 2)

    @classmethod
    def read(cls, projection: Projection, centre: str, zoom: str) -> Self:
        """From an address: ``centre=2.35,48.85`` (longitude, latitude), ``zoom=4``. Raises ``ValueError`` with the name of the
        parameter that cannot be read."""
        seen = cls.whole(projection)
        if zoom.strip():
            seen = seen._at(seen.x, seen.y, _number("zoom", zoom, 1.0, MOST))
        if centre.strip():
            parts = centre.split(",")
            if len(parts) != 2:
                raise ValueError("centre")
            longitude, latitude = _number("centre", parts[0], -180.0, 180.0), _number("centre", parts[1], -90.0, 90.0)
            seen = seen._at(*projection.place(longitude, latitude, digits=6), seen.zoom)
        return seen

    @property
    def width(self) -> float:
        return self.projection.width / self.zoom

    @property
    def height(self) -> float:
        return self.projection.height / self.zoom

    @property
    def left(self) -> float:
        return self.x - self.width / 2

    @property
    def top(self) -> float:
        return self.y - self.height / 2

    @property
    def box(self) -> str:
        """As the ``viewBox`` of an SVG."""
        return " ".join(f"{round(one, 2):g}" for one in (self.left, self.top, self.width, self.height))

    @property
    def given(self) -> dict[str, str | None]:
        """The parameters of an address that shows the same; none for the whole."""
        if self.zoom == 1:
            return {"centre": None, "zoom": None}
        longitude, latitude = self.projection.degrees(self.x, self.y)
        return {"centre": f"{longitude:.{_DIGITS}f},{latitude:.{_DIGITS}f}", "zoom": f"{round(self.zoom, 2):g}"}

    def shows(self, x: float, y: float) -> bool:
        """Whether a point of the drawing is in view."""
        return abs(x - self.x) <= self.width / 2 and abs(y - self.y) <= self.height / 2

    def is_like(self, other: View) -> bool:
        """Whether both are one part, as nearly as addresses tell: each rounds its centre."""
        own, its = (one.projection.degrees(one.x, one.y) for one in (self, other))
        near = all(abs(a - b) < 2 * 10**-_DIGITS for a, b in zip(own, its, strict=True))
        return near and round(self.zoom, 2) == round(other.zoom, 2)

    def at(self, x: float, y: float, zoom: float) -> Self:
        """Another middle, otherwise enlarged."""
        return self._at(x, y, zoom)

    def moved(self, right: int, down: int) -> Self:
        """A step aside."""
        return self._at(self.x + right * _STEP * self.width, self.y + down * _STEP * self.height, self.zoom)

    def enlarged(self, times: float) -> Self:
        return self._at(self.x, self.y, self.zoom * times)

    def _at(self, x: float, y: float, zoom: float) -> Self:
        """Kept within the drawing."""
        zoom = min(max(zoom, 1.0), MOST)
        half_x, half_y = self.projection.width / zoom / 2, self.projection.height / zoom / 2
        return type(self)(
            self.projection,
            min(max(x, half_x), self.projection.width - half_x),
            min(max(y, half_y), self.projection.height - half_y),
            zoom,
        )


def _number(name: str, text: str, least: float, most: float) -> float:
    try:
        number = float(text)
    except ValueError:
        raise ValueError(name) from None
    if not math.isfinite(number) or not least <= number <= most:
        raise ValueError(name)
    return number
