"""A neighbourhood as the shapes of a picture: marks, lines and labels at their places; colours are the style sheet's."""

from __future__ import annotations

import math
from dataclasses import dataclass

from app.asking.marks import COLOURS, family, link_family, outline, shape
from app.asking.neighbourhood import Bond, Thing, Told
from app.entities.model import Node

_MARGIN = 90
_LABELLED = 60
_LONGEST = 26


@dataclass(frozen=True)
class Mark:
    """A thing as it is drawn: ``path`` draws its outline around its place."""

    node: Node
    family: str
    colour: str
    path: str
    x: float
    y: float
    label: str | None
    radius: float


@dataclass(frozen=True)
class Line:
    x1: float
    y1: float
    x2: float
    y2: float
    sentence: str
    family: str


@dataclass(frozen=True)
class Drawing:
    left: float
    top: float
    width: float
    height: float
    marks: tuple[Mark, ...]
    lines: tuple[Line, ...]
    families: tuple[str, ...]


def drawing(told: Told) -> Drawing:
    """Everything at its place; where there are many things, the most linked are labelled."""
    labelled = {id(thing) for thing in sorted(told.things[1:], key=lambda thing: -thing.degree)[:_LABELLED]} | {id(told.centre)}
    marks = tuple(_mark(thing, place == 0, id(thing) in labelled) for place, thing in enumerate(told.things))
    lines = tuple(_line(told, bond) for bond in told.bonds)
    left, top = min(m.x for m in marks) - _MARGIN, min(m.y for m in marks) - _MARGIN / 2
    width, height = max(m.x for m in marks) + _MARGIN - left, max(m.y for m in marks) + _MARGIN / 2 - top
    return Drawing(left, top, width, height, marks, lines, tuple(sorted({mark.family for mark in marks})))


def _line(told: Told, bond: Bond) -> Line:
    source, target = told.things[bond.source], told.things[bond.target]
    return Line(source.x, source.y, target.x, target.y, bond.sentence, link_family(bond.kind))


def _mark(thing: Thing, is_centre: bool, is_labelled: bool) -> Mark:
    radius = 15.0 if is_centre else round(6 + min(5.0, math.log2(1 + thing.degree)), 1)
    name = family(thing.kind)
    label = thing.node.label if len(thing.node.label) <= _LONGEST else thing.node.label[: _LONGEST - 1] + "…"
    path = outline(shape(thing.kind), radius)
    return Mark(thing.node, name, COLOURS[name], path, thing.x, thing.y, label if is_labelled else None, radius)
