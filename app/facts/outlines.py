"""The outlines of territories as arrays, for maps, and which territories of one level touch; not how a map looks.

Two territories touch where their outlines share at least two corners, to a hundred-thousandth of a degree: about a metre.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pyoxigraph as ox

from app.engine.lookup import Lookup
from app.facts.arrays import Ints, join, of, span, unique_rows
from app.facts.tables import OPENED, Tables
from app.terms import GEO

FILE = "outlines.npz"
GEOMETRY, WKT = str(GEO.hasGeometry), str(GEO.asWKT)
_RING = re.compile(r"\(([^()]+)\)")
_MERGE = ox.DefaultGraph()
_PRECISION = 100_000
_SHARED = 2

Ring = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Outlines:
    """Rings of points (longitude, latitude): ``owners`` are the territories' numbers, sorted, ``ends`` where each ring ends.
    ``touching`` are pairs of neighbours, each in both directions."""

    points: npt.NDArray[np.float32]
    ends: Ints
    owners: Ints
    touching: tuple[Ints, Ints]
    opened: int = field(default_factory=OPENED.__next__, init=False, compare=False)
    """What tells them from any others that this process has read."""

    @classmethod
    def of_none(cls) -> Self:
        empty = np.zeros(0, np.int64)
        return cls(np.zeros((0, 2), np.float32), empty, empty, (empty, empty))

    def rings(self, number: int) -> list[npt.NDArray[np.float32]]:
        """The outline of a territory; none where nothing is known of it."""
        run = span(self.owners, number)
        begun = int(self.ends[run.start - 1]) if run.start else 0
        return [self.points[begin:end] for begin, end in pairwise([begun, *self.ends[run].tolist()])]

    def neighbours(self, number: int) -> list[int]:
        """The territories of the same level that touch one."""
        found: list[int] = of(*self.touching, number).tolist()
        return found

    def write(self, folder: Path) -> None:
        with (folder / FILE).open("wb") as file:
            np.savez(
                file,
                allow_pickle=False,
                points=self.points,
                ends=self.ends,
                owners=self.owners,
                one=self.touching[0],
                other=self.touching[1],
            )

    @classmethod
    def read(cls, folder: Path) -> Self:
        if not (folder / FILE).exists():
            return cls.of_none()
        with np.load(folder / FILE, allow_pickle=False) as said:
            return cls(said["points"], said["ends"], said["owners"], (said["one"], said["other"]))


def trace(after: Lookup, tables: Tables) -> Outlines:
    """The outlines of all territories that have one."""
    owners: list[int] = []
    rings: list[Ring] = []
    for number in range(1, len(tables.territories)):
        for ring in _rings(after, ox.NamedNode(tables.territories[number])):
            owners.append(number)
            rings.append(ring)
    points = np.concatenate(rings) if rings else np.zeros((0, 2))
    ends = np.cumsum([len(ring) for ring in rings], dtype=np.int64)
    return Outlines(points.astype(np.float32), ends, np.array(owners, np.int64), _touching(owners, rings, tables))


def _rings(after: Lookup, territory: ox.NamedNode) -> Iterator[Ring]:
    for geometry in after.quads(territory, ox.NamedNode(GEOMETRY), None, _MERGE):
        if isinstance(geometry.object, ox.NamedNode):
            for quad in after.quads(geometry.object, ox.NamedNode(WKT), None, _MERGE):
                if isinstance(quad.object, ox.Literal):
                    yield from read_rings(quad.object.value)


def read_rings(wkt: str) -> Iterator[Ring]:
    """The rings of a WKT polygon or of several; what is no ring of finite numbers is left out."""
    for text in _RING.findall(wkt):
        try:
            ring = np.array([pair.split()[:2] for pair in text.split(",")], np.float64)
        except ValueError:
            continue
        if ring.ndim == 2 and ring.shape[1] == 2 and len(ring) > 3 and np.isfinite(ring).all():
            yield ring


def _touching(owners: list[int], rings: list[Ring], tables: Tables) -> tuple[Ints, Ints]:
    if not rings:
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    corners: npt.NDArray[Any] = np.rint(np.concatenate(rings) * _PRECISION).astype(np.int64)
    keys, own = unique_rows(corners[:, 0] << 32 | (corners[:, 1] & 0xFFFFFFFF), np.repeat(owners, [len(r) for r in rings]))
    left, right = join(keys, keys)
    names = sorted({branch.level for branch in tables.territory_tree.branches.values()})
    levels = np.array([0, *(names.index(tables.territory_tree[n].level) for n in range(1, len(tables.territories)))])
    pairs = (own[left] != own[right]) & (levels[own[left]] == levels[own[right]])
    codes, counts = np.unique(own[left][pairs] << 32 | own[right][pairs], return_counts=True)
    near = codes[counts >= _SHARED]
    return near >> 32, near & 0xFFFFFFFF
