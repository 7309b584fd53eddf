"""What was worked out once is remembered, within bounds, and no thread is told less because another one empties the memory."""

from __future__ import annotations

from typing import Any

import pytest

from app.discovery.places import Places
from app.discovery.themes import ThemeTree
from app.remembering import remembered


class Emptied(dict[Any, Any]):
    """A memory that another thread empties as soon as something is written to it."""

    def __setitem__(self, key: Any, value: Any) -> None:
        self.clear()


def test_a_value_is_made_once() -> None:
    memory: dict[str, int | None] = {}
    made: list[str] = []

    def make() -> None:
        made.append("once")

    assert remembered(memory, "key", 2, make) is None
    assert remembered(memory, "key", 2, make) is None
    assert made == ["once"]


def test_a_full_memory_is_emptied_before_more_is_kept() -> None:
    memory = {"a": 1, "b": 2}
    assert remembered(memory, "c", 2, lambda: 3) == 3
    assert memory == {"c": 3}


def test_what_is_made_is_told_though_the_memory_is_emptied_meanwhile() -> None:
    assert remembered(Emptied(), "key", 2, lambda: 3) == 3


def test_nothing_is_remembered_of_what_cannot_be_made() -> None:
    memory: dict[str, int] = {}
    with pytest.raises(ZeroDivisionError):
        remembered(memory, "key", 2, lambda: 1 // 0)
    assert memory == {}


HOLDERS = {"a": frozenset({"west"}), "b": frozenset({"west"}), "c": frozenset({"east"})}
CENTRES = {"a": (2.0, 48.0), "b": (2.1, 48.0), "c": (2.2, 48.0)}


def test_places_are_told_whoever_empties_their_memories() -> None:
    told = Places(HOLDERS, CENTRES, _above=Emptied(), _below=Emptied(), _inside=Emptied(), _memory=Emptied())
    assert told.above("a") == {"a", "west"}
    assert told.below("west") == {"west", "a", "b"}
    assert told.kilometres("west", "east") == Places(HOLDERS, CENTRES).kilometres("west", "east") is not None
    assert told.closest({"a"}, {"b", "c"}) == Places(HOLDERS, CENTRES).closest({"a"}, {"b", "c"}) is not None


def test_themes_are_told_whoever_empties_their_memories() -> None:
    told = ThemeTree({"a1": "a", "a2": "a"}, _memory=Emptied(), _pairs=Emptied())
    nearest = told.nearest({"a1"}, {"a2"})
    assert nearest is not None
    assert nearest.common == "a"
