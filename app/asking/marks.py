"""What kinds of things and of links look like in a picture: shape and colour by family, the same wherever it is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping

SHAPES = {
    "actor": "circle",
    "partnership": "diamond",
    "membership": "diamond",
    "project": "square",
    "programme": "square",
    "action": "square",
    "theme": "hexagon",
    "territory": "triangle",
    "place": "triangle",
    "policy": "triangle",
}
"""What a kind of entity looks like besides its colour; any other is a pentagon on its base."""
FAMILIES = {"membership": "partnership", "programme": "project", "action": "project", "place": "territory", "policy": "territory"}
"""Kinds that share the colour of another."""
_REST = "other"
COLOURS = {
    "actor": "#0b5560",
    "partnership": "#a8430f",
    "project": "#5b4a9e",
    "theme": "#2e6b1f",
    "territory": "#8a6100",
    _REST: "#4c5d61",
}
"""For a picture that stands alone; in a page the style sheet has them for light and dark."""
_PLACES = ("territory", "place", "within", "coversTerritory", "governs", "headOffice")
_LINKS = {"theme": "theme", "mainTheme": "theme"} | dict.fromkeys(_PLACES, "territory")


def family(kind: str | None) -> str:
    """The colour of a kind, by name."""
    found = FAMILIES.get(kind or "", kind or "")
    return found if found in COLOURS else _REST


def link_family(iri: str) -> str:
    """The colour of a kind of link: that of what it leads to, where this is always the same."""
    if "/code/role/" in iri or iri.endswith("#participation"):
        return "partnership"
    return _LINKS.get(iri.rpartition("#")[2], _REST)


def shape(kind: str | None) -> str:
    return SHAPES.get(kind or "", "tip")


def key(natures: Mapping[str, str]) -> list[tuple[str, str]]:
    """What each mark of a picture stands for: a kind that has it, and what all kinds that share it are called."""
    alike: dict[tuple[str, str], list[str]] = {}
    for kind in natures:
        alike.setdefault((shape(kind), family(kind)), []).append(kind)
    return [(kinds[0], ", ".join(natures[kind] for kind in kinds)) for kinds in alike.values()]


def outline(shape_: str, r: float) -> str:
    """A shape of about the same area as a circle of radius ``r``, around the origin."""
    if shape_ == "circle":
        return f"M{-r:g} 0a{r:g} {r:g} 0 1 0 {2 * r:g} 0a{r:g} {r:g} 0 1 0 {-2 * r:g} 0z"
    corners, turn, scale = _CORNERS[shape_]
    angles = (turn + 2 * math.pi * n / corners for n in range(corners))
    return "M" + "L".join(f"{scale * r * math.cos(a):.1f} {scale * r * math.sin(a):.1f}" for a in angles) + "z"


_CORNERS = {
    "diamond": (4, 0.0, 1.25),
    "square": (4, math.pi / 4, 1.25),
    "hexagon": (6, 0.0, 1.1),
    "triangle": (3, -math.pi / 2, 1.45),
    "tip": (5, -math.pi / 2, 1.15),
}
"""Corners, the angle of the first, and how far they are."""
