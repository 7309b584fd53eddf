"""A bounded dictionary as a memory of what was worked out, for any number of threads; it knows nothing of what is remembered."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

Key = TypeVar("Key")
Made = TypeVar("Made")
_NOT_THERE = object()


def remembered(memory: dict[Key, Made], key: Key, most: int, make: Callable[[], Made]) -> Made:
    """The value of a key, made if need be; a memory of ``most`` values is emptied first.

    What was found or made is returned even where another thread empties the memory meanwhile: it is never looked up again.
    """
    found = memory.get(key, _NOT_THERE)
    if found is not _NOT_THERE:
        return cast(Made, found)
    made = make()
    if len(memory) >= most:
        memory.clear()
    memory[key] = made
    return made
