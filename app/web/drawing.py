"""A neighbourhood as the shapes of a picture: marks, lines and labels at their places; colours are the style sheet's."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.asking.marks import COLOURS, family, link_family, outline, shape
from app.asking.neighbourhood import Bond, Thing, Told
from app.charts import labels
from app.charts.labels import Label, Spot
from app.entities.model import Node

_MARGIN = 20
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
    label: Label | None


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
    """Everything at its place; names where there is room for them, those of the most linked first."""
    ranked = sorted(range(1, len(told.things)), key=lambda place: -told.things[place].degree)
    order = [0, *ranked]
    texts = shortened([thing.node.label for thing in told.things], _LONGEST)
    spots = [
        _spot(told.things[place], texts[place] if turn <= _LABELLED else None, is_centre=place == 0)
        for turn, place in enumerate(order)
    ]
    found = {place: (spot, label) for place, spot, label in zip(order, spots, labels.place(spots), strict=True)}
    marks = tuple(_mark(thing, *found[place]) for place, thing in enumerate(told.things))
    lines = tuple(_line(told, bond) for bond in told.bonds)
    boxes = [box for spot, label in found.values() for box in (spot.box, label.box if label else spot.box)]
    left, top = min(box.left for box in boxes) - _MARGIN, min(box.top for box in boxes) - _MARGIN
    right, bottom = max(box.right for box in boxes), max(box.bottom for box in boxes)
    families = tuple(sorted({mark.family for mark in marks}))
    return Drawing(left, top, right + _MARGIN - left, bottom + _MARGIN - top, marks, lines, families)


def _line(told: Told, bond: Bond) -> Line:
    source, target = told.things[bond.source], told.things[bond.target]
    return Line(source.x, source.y, target.x, target.y, bond.sentence, link_family(bond.kind))


def shortened(names: Sequence[str], most: int) -> list[str]:
    """Names of at most so many characters: cut at their end or, where several would be alike then, in their middle."""
    cut = [name if len(name) <= most else name[: most - 1].rstrip() + "…" for name in names]
    alike = {text for text, count in Counter(cut).items() if count > 1}
    return [_middle(name, most) if text in alike and text != name else text for name, text in zip(names, cut, strict=True)]


def _middle(name: str, most: int) -> str:
    half = (most - 1) // 2
    return f"{name[: most - 1 - half].rstrip()}…{name[-half:].lstrip()}"


def _spot(thing: Thing, text: str | None, *, is_centre: bool) -> Spot:
    radius = 15.0 if is_centre else round(6 + min(5.0, math.log2(1 + thing.degree)), 1)
    return Spot(thing.x, thing.y, radius, text)


def _mark(thing: Thing, spot: Spot, label: Label | None) -> Mark:
    name = family(thing.kind)
    return Mark(thing.node, name, COLOURS[name], outline(shape(thing.kind), spot.radius), spot.x, spot.y, label)
