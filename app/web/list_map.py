"""The points of a list on the outlines that the graph has, drawn on the server; the list beside it says the same."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox

from app.asking.listing import Line
from app.entities.outlines import Map, draw
from app.entities.questions import Row
from app.terms import TERRITORY
from app.web.site import Visit

_FRAMES = 12


def draw_points(seen: Visit, lines: Sequence[Line]) -> Map | None:
    """A point for each entity that is somewhere; None where none is."""
    points: list[Row] = [
        {
            "place": ox.NamedNode(line.node.iri),
            "role": ox.Literal("point"),
            "longitude": ox.Literal(str(line.point[0])),
            "latitude": ox.Literal(str(line.point[1])),
        }
        for line in lines
        if line.point
    ]
    return draw([*_outlines(seen), *points]) if points else None


def _outlines(seen: Visit) -> list[Row]:
    """The departments, or what else is of that size."""
    tables = seen.facts.tables
    frames = [tables.territories[n] for n in tables.territory_tree.of_level("Department")][:_FRAMES]
    if not frames:
        return []
    wanted: list[ox.NamedNode] = [ox.NamedNode(iri) for iri in frames if iri.startswith(str(TERRITORY))]
    rows = seen.questions.rows("territory-outlines", territory=list(wanted))
    return [{**row, "role": ox.Literal("around")} for row in rows]
