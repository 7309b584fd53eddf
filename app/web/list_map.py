"""The entities of a list on the outlines that the graph has, drawn on the server, gathered where they are too near to be told
apart; the list beside it says the same."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.asking.listing import Line
from app.charts.clusters import gather
from app.charts.maps import Projection
from app.charts.viewing import MOST, View
from app.web.looking import Looking, look
from app.web.site import Visit

_FRAMES = 12
_APART = 26
"""Pixels between marks, at the least."""
_LISTED = 60
_CLOSER = 3.0


@dataclass(frozen=True)
class Mark:
    """One entity of the map or several, in pixels; ``link`` leads to the entity, closer, or to the names below the map."""

    number: int
    x: float
    y: float
    radius: float
    lines: tuple[Line, ...]
    link: str

    @property
    def label(self) -> str:
        return ", ".join(line.node.label for line in self.lines[:3]) + (" …" if len(self.lines) > 3 else "")


@dataclass(frozen=True)
class PointMap:
    """The drawing: outlines behind, marks before; ``gathered`` are the marks of several entities to be named below it."""

    looking: Looking
    outlines: tuple[str, ...]
    marks: tuple[Mark, ...]
    gathered: tuple[Mark, ...]
    placed: int


def draw_points(seen: Visit, lines: Sequence[Line], address: Callable[[Mapping[str, str | None]], str]) -> PointMap | None:
    """A mark for what is somewhere; None where nothing is. ``address`` is the list with some parameters changed."""
    placed = [line for line in lines if line.point]
    if not placed:
        return None
    rings = [seen.outlines.rings(number) for number in _frames(seen)]
    points = np.array([line.point for line in placed], np.float64)
    projection = Projection.fitting([*(ring for outline in rings for ring in outline), points])
    if projection is None:
        return None
    looking = look(seen, projection, address)
    marks = _marks(seen, placed, looking.view, address)
    several = sorted((one for one in marks if _is_listed(one, looking.view)), key=lambda one: -len(one.lines))
    listed = {one.number for one in several[:_LISTED]}
    unlisted = {one.number for one in marks if one.link.startswith("#")} - listed
    shown = tuple(_closer(one, looking.view, address) if one.number in unlisted else one for one in marks)
    outlines = tuple(filter(None, (projection.path(outline) for outline in rings)))
    return PointMap(looking, outlines, shown, tuple(several[:_LISTED]), len(placed))


def _frames(seen: Visit) -> list[int]:
    """The departments, or none."""
    return seen.tables.territory_tree.of_level("Department")[:_FRAMES]


def _marks(seen: Visit, placed: Sequence[Line], view: View, address: Callable[[Mapping[str, str | None]], str]) -> list[Mark]:
    places = [view.projection.place(*line.point, digits=2) for line in placed if line.point]
    found = []
    for number, group in enumerate(gather(places, _APART / view.zoom), start=1):
        lines = tuple(placed[place] for place in group)
        x, y = (sum(places[place][axis] for place in group) / len(group) for axis in (0, 1))
        if len(lines) == 1:
            found.append(Mark(number, x, y, 5, lines, seen.urls.entity(lines[0].node.iri)))
            continue
        radius = min(9 + 2.5 * math.log2(len(lines)), 24)
        own = Mark(number, round(x, 2), round(y, 2), round(radius, 1), lines, f"#gathered-{number}")
        apart = len({places[place] for place in group}) > 1 and view.zoom < MOST
        found.append(_closer(own, view, address) if apart else own)
    return found


def _closer(mark: Mark, view: View, address: Callable[[Mapping[str, str | None]], str]) -> Mark:
    link = address(view.at(mark.x, mark.y, view.zoom * _CLOSER).given)
    return Mark(mark.number, mark.x, mark.y, mark.radius, mark.lines, link)


def _is_listed(mark: Mark, view: View) -> bool:
    """Whether the names of a mark are to be read below the map: several, in view."""
    return len(mark.lines) > 1 and view.shows(mark.x, mark.y)
