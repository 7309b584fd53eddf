"""What was worked out of a version once and is kept for its other readers; nothing here is written to the disk."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, Thread
from typing import Any, TypeVar

from app import events, reads
from app.errors import MaillageError

Made = TypeVar("Made")
_VERSIONS = 3


class Kept:
    """Values by name and version, made by the first reader who asks while others of the same value wait.

    Of each name, the values of the few newest versions asked for stay.
    """

    def __init__(self, versions: int = _VERSIONS) -> None:
        self._versions = versions
        self._values: dict[str, dict[int, reads.Made[object]]] = {}
        self._making: dict[str, Lock] = {}
        self._begun: set[tuple[str, int]] = set()
        self._lock = Lock()

    def get(self, name: str, version: int, make: Callable[[], Made]) -> Made:
        """The value, made now if it is not kept. What ``make`` raises is raised, and nothing is kept then."""
        with self._lock:
            kept, making = self._values.setdefault(name, {}), self._making.setdefault(name, Lock())
            if version in kept:
                return kept[version].given()  # type: ignore[return-value]
        with making:
            if version not in kept:
                made: reads.Made[Any] = reads.Made.by(make)
                with self._lock:
                    kept[version] = made
                    while len(kept) > self._versions:
                        del kept[min(one for one in kept if one != version)]
                return made.given()  # type: ignore[no-any-return]
            return kept[version].given()  # type: ignore[return-value]

    def only(self, name: str, beginning: str) -> None:
        """Forget the other values whose names begin alike: those of another day."""
        with self._lock:
            for other in [one for one in self._values if one.startswith(beginning) and one != name]:
                del self._values[other]
                self._making.pop(other, None)

    def peek(self, name: str, version: int) -> object | None:
        """The value if it is kept, without making it."""
        with self._lock:
            found = self._values.get(name, {}).get(version)
        return found.given() if found is not None else None

    def latest(self, name: str, version: int) -> tuple[int, object] | None:
        """The value of the newest version up to one, with its number."""
        reads.lose(name)  # which there are depends on what was asked before
        with self._lock:
            known = {number: made.value for number, made in self._values.get(name, {}).items() if number <= version}
        return max(known.items(), default=None, key=lambda one: one[0])

    def begin(self, name: str, version: int, make: Callable[[], object]) -> None:
        """Have a value made in the background, unless it is kept or being made; that it could not be made is told as an event."""
        with self._lock:
            if (name, version) in self._begun or version in self._values.get(name, {}):
                return
            self._begun.add((name, version))

        def run() -> None:
            try:
                self.get(name, version, make)
            except MaillageError as error:
                events.tell("warning", "not-worked-out", name=name, version=version, error=error.key, reason=str(error))
            finally:
                with self._lock:
                    self._begun.discard((name, version))

        Thread(target=run, name=f"{name} {version}", daemon=True).start()
