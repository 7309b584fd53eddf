"""A small map of where an entity is: outlines and points of the graph as the shapes of an SVG drawing; no tiles, no network.

Longitudes are shortened by the cosine of the middle latitude (equirectangular projection), which is true enough for a region.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from threading import Lock

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from app.entities.questions import Questions, Row, Window

WIDTH = 480
_MARGIN = 12
_TALLEST = 480
_MOST_SHAPES = 14
_RING = re.compile(r"\(([^()]+)\)")
_LEAST_SPAN = 0.02
"""Degrees: a lone point is shown in a frame of about two kilometres."""

Ring = NDArray[np.float64]
"""Points, a row each: longitude and latitude."""


@dataclass(frozen=True)
class Shape:
    """One outline or point of the map: the resource, what it is for (``here``, ``around``, ``point``), its SVG path."""

    iri: str
    role: str
    path: str
    x: float = 0.0
    y: float = 0.0


@dataclass(frozen=True)
class Map:
    """The drawing: its size in pixels and its shapes, those further back first."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    query: str

    def named(self) -> list[str]:
        """The resources that the map shows, each once: what is here before what is around."""
        front = sorted(self.shapes, key=lambda shape: shape.role == "around")
        return list(dict.fromkeys(shape.iri for shape in front))


class Drawings:
    """Maps that were drawn, by what is on them: outlines seldom change, many entities are in one place, and thousands of corners
    take ten times as long to draw as to read. The ones used least recently go first; safe for threads."""

    def __init__(self, most: int = 64) -> None:
        self._most = most
        self._kept: OrderedDict[bytes, Map | None] = OrderedDict()
        self._lock = Lock()

    def draw(self, rows: Sequence[Row], query: str = "") -> Map | None:
        """See :func:`draw`."""
        key = _digest(rows)
        with self._lock:
            is_known = key in self._kept
            found = self._kept.get(key)
            if is_known:
                self._kept.move_to_end(key)
        if not is_known:
            found = draw(rows)
            with self._lock:
                self._kept[key] = found
                while len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return replace(found, query=query) if found is not None else None


def _digest(rows: Sequence[Row]) -> bytes:
    """What tells some rows from others, in their order: rows of the same places come in the same one."""
    digest = hashlib.blake2b(digest_size=16)
    for row in rows:
        for name in ("place", "role", "wkt", "latitude", "longitude"):
            digest.update(f"{row.get(name)}\0".encode())
    return digest.digest()


def read_map(questions: Questions, entity: ox.NamedNode, drawings: Drawings) -> Map | None:
    """The map of an entity; None where the graph has no place for it."""
    text = map_text(questions, entity)
    return drawings.draw(questions.ask_rows(text), text)


def map_text(questions: Questions, entity: ox.NamedNode) -> str:
    """The question that :func:`read_map` puts."""
    return questions.text("outlines", Window(_MOST_SHAPES), entity=entity)


def draw(rows: Sequence[Row], query: str = "") -> Map | None:
    """The outlines and points of some rows, fitted to the page; what cannot be read as a shape is left out."""
    known = [one for row in rows if (one := _known(row))]
    frame = _frame([rings for _, role, rings in known if role != "around"] or [rings for _, _, rings in known])
    if not known or frame is None:
        return None
    around = _frame([rings for _, _, rings in known]) or frame
    scale, height = _scale(around)
    order = {"around": 0, "here": 1, "point": 2}
    shapes = [_shape(iri, role, rings, around, scale) for iri, role, rings in sorted(known, key=lambda one: order.get(one[1], 1))]
    return Map(WIDTH, height, tuple(shapes), query)


def _known(row: Row) -> tuple[str, str, tuple[Ring, ...]] | None:
    """The resource, the role and the rings of a row that can be drawn."""
    place, role, rings = row.get("place"), row.get("role"), _rings(row)
    if isinstance(place, ox.NamedNode) and isinstance(role, ox.Literal) and rings:
        return place.value, role.value, rings
    return None


def _rings(row: Row) -> tuple[Ring, ...]:
    """The rings of a WKT polygon, or a point as a ring of one."""
    wkt = row.get("wkt")
    try:
        if isinstance(wkt, ox.Literal):
            return tuple(_ring(text) for text in _RING.findall(wkt.value))
        latitude, longitude = row.get("latitude"), row.get("longitude")
        if isinstance(latitude, ox.Literal) and isinstance(longitude, ox.Literal):
            return (np.array([[float(longitude.value), float(latitude.value)]]),)
    except ValueError:
        pass
    return ()


def _ring(text: str) -> Ring:
    """The points of a ring; what stands behind longitude and latitude is left out. Raises ``ValueError``."""
    points = text.split(",")
    numbers = text.replace(",", " ").split()
    if len(numbers) == 2 * len(points):
        return np.array(list(map(float, numbers))).reshape(-1, 2)  # in half the time that numpy takes to read them
    pairs = (point.split() for point in points)
    return np.array([(float(longitude), float(latitude)) for longitude, latitude, *_ in pairs])


def _frame(shapes: Iterable[Sequence[Ring]]) -> tuple[float, float, float, float] | None:
    rings = [ring for rings in shapes for ring in rings]
    points = np.concatenate(rings) if rings else np.zeros((0, 2))
    points = points[np.isfinite(points).all(axis=1)]
    if not len(points):
        return None
    (west, south), (east, north) = points.min(axis=0).tolist(), points.max(axis=0).tolist()
    more_x, more_y = max(0.0, _LEAST_SPAN - (east - west)) / 2, max(0.0, _LEAST_SPAN - (north - south)) / 2
    return west - more_x, south - more_y, east + more_x, north + more_y


def _scale(frame: tuple[float, float, float, float]) -> tuple[float, int]:
    west, south, east, north = frame
    shorten = math.cos(math.radians((south + north) / 2)) or 1.0
    scale = min((WIDTH - 2 * _MARGIN) / ((east - west) * shorten), (_TALLEST - 2 * _MARGIN) / (north - south))
    return scale, round((north - south) * scale) + 2 * _MARGIN


def _shape(iri: str, role: str, rings: Sequence[Ring], frame: tuple[float, float, float, float], scale: float) -> Shape:
    west, south, east, north = frame
    shorten = math.cos(math.radians((south + north) / 2)) or 1.0
    middle = (WIDTH - (east - west) * shorten * scale) / 2

    def place(ring: Ring) -> Ring:
        x, y = middle + (ring[:, 0] - west) * shorten * scale, _MARGIN + (north - ring[:, 1]) * scale
        pixels: Ring = np.rint(np.stack((x, y), axis=1) * 10) / 10
        return pixels

    if all(len(ring) == 1 for ring in rings):
        x, y = place(rings[0])[0].tolist()
        return Shape(iri, "point", "", x, y)
    return Shape(iri, role, "".join(_path(place(ring)) for ring in rings))


def _path(points: Ring) -> str:
    """A closed path; points that fall on the one before are left out."""
    moved = np.ones(len(points), bool)
    moved[1:] = (points[1:] != points[:-1]).any(axis=1)
    kept = points[moved]
    return "M" + "L".join(["%g %g"] * len(kept)) % tuple(kept.ravel().tolist()) + "Z"
