"""Where the names of marks can be read: beside their mark and over no other; knows nothing of what is named."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

SIZE = 11
"""Pixels, of the letters."""
_WIDE = 0.56
"""Of their size, for a letter of the middle sort."""
_GAP = 3.0


@dataclass(frozen=True)
class Box:
    """A rectangle, in pixels; y goes down."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Spot:
    """A mark: its middle, its radius and the name that is wanted beside it, if any."""

    x: float
    y: float
    radius: float
    text: str | None

    @property
    def box(self) -> Box:
        return Box(self.x - self.radius, self.y - self.radius, self.x + self.radius, self.y + self.radius)


@dataclass(frozen=True)
class Label:
    """A name from the middle of its mark: ``dx`` and ``dy`` to its base line, ``anchor`` as SVG's ``text-anchor``."""

    text: str
    dx: float
    dy: float
    anchor: str
    box: Box


def place(spots: Sequence[Spot]) -> list[Label | None]:
    """A label for each spot that has a name, the first ones first: below it, above, right or left; None where it finds no room.

    Greedy, as in Christensen, Marks and Shieber, An Empirical Study of Algorithms for Point-Feature Label Placement (1995).
    """
    taken = np.full((2 * len(spots), 4), np.nan)  # the marks, then the labels; what is not there meets nothing
    for number, spot in enumerate(spots):
        taken[number] = astuple(spot.box)
    placed: list[Label | None] = []
    for number, spot in enumerate(spots):
        label = next((one for one in _beside(spot) if not np.delete(_meets(taken, one.box), number).any()), None)
        placed.append(label)
        if label:
            taken[len(spots) + number] = astuple(label.box)
    return placed


def _meets(boxes: NDArray[np.float64], one: Box) -> NDArray[np.bool_]:
    left, top, right, bottom = boxes.T
    found: NDArray[np.bool_] = (left < one.right) & (one.left < right) & (top < one.bottom) & (one.top < bottom)
    return found


def _beside(spot: Spot) -> list[Label]:
    if not spot.text:
        return []
    width, away = len(spot.text) * SIZE * _WIDE, spot.radius + _GAP
    offsets = [(0.0, away + SIZE - 1, "middle"), (0.0, -away - 2, "middle"), (away, 4.0, "start"), (-away, 4.0, "end")]
    return [_label(spot, width, *offset) for offset in offsets]


def _label(spot: Spot, width: float, dx: float, dy: float, anchor: str) -> Label:
    left = spot.x + dx - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[anchor]
    base = spot.y + dy
    return Label(str(spot.text), round(dx, 1), round(dy, 1), anchor, Box(left, base - SIZE + 1, left + width, base + 2))
