"""Sentence patterns of the ontology filled with the things they join; the patterns themselves are data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from app.entities.model import Node

_BLANK = re.compile(r"\{(\w+)\}")

Words = tuple[str | Node, ...]
_T = TypeVar("_T")


def fill(pattern: str, things: Mapping[str, Node | str]) -> Words:
    """``{subject} finance {object}`` with its blanks filled; a blank that has no filling stays an ellipsis."""
    words: list[str | Node] = []
    position = 0
    for blank in _BLANK.finditer(pattern):
        words += [pattern[position : blank.start()], things.get(blank[1], "…")]
        position = blank.end()
    words.append(pattern[position:])
    return tuple(word for word in words if word != "")


def few(items: Sequence[_T], most: int) -> Sequence[_T]:
    """Those to name of some that are enumerated: ``most``, and a last one rather than “one other”."""
    return items if len(items) == most + 1 else items[:most]


def enumerate_nodes(nodes: Iterable[Node], conjunction: str, rest: str | None = None) -> Words:
    """``A, B et C``; ``rest`` (“3 autres”) stands for those that are not named."""
    items: list[str | Node] = [*nodes, *([rest] if rest else [])]
    words: list[str | Node] = []
    for place, item in enumerate(items):
        if place:
            words.append(f" {conjunction} " if place == len(items) - 1 else ", ")
        words.append(item)
    return tuple(words)


def flat(words: Words) -> str:
    """The sentence as plain text."""
    return "".join(word if isinstance(word, str) else word.label for word in words)
