"""What was worked out of a version once and is kept for its other readers; nothing here is written to the disk."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock
from typing import TypeVar

Made = TypeVar("Made")
_VERSIONS = 3


class Kept:
    """Values by name and version, made by the first reader who asks while others of the same value wait.

    Of each name, the values of the few newest versions asked for stay.
    """

    def __init__(self, versions: int = _VERSIONS) -> None:
        self._versions = versions
        self._values: dict[str, dict[int, object]] = {}
        self._making: dict[str, Lock] = {}
        self._lock = Lock()

    def get(self, name: str, version: int, make: Callable[[], Made]) -> Made:
        """The value, made now if it is not kept. What ``make`` raises is raised, and nothing is kept then."""
        with self._lock:
            kept, making = self._values.setdefault(name, {}), self._making.setdefault(name, Lock())
            if version in kept:
                return kept[version]  # type: ignore[return-value]
        with making:
            if version not in kept:
                made = make()
                with self._lock:
                    kept[version] = made
                    while len(kept) > self._versions:
                        del kept[min(one for one in kept if one != version)]
                return made
            return kept[version]  # type: ignore[return-value]
