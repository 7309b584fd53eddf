"""When versions came to be shown, as far as their dates can tell one state from another; not their names, which always can."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock


class Moments:
    """The dates of one history's versions; ``started`` is when they began to be shown as they are, perhaps by a new release:
    when this process did, unless whoever runs it knows better.

    What was read is kept, since a version keeps its date. Safe for threads.
    """

    def __init__(self) -> None:
        self.started = datetime.now(UTC)
        self._latest: list[datetime] = [datetime.min.replace(tzinfo=UTC)]
        self._lock = Lock()

    def changed(self, version: int, created: Callable[[int], datetime], *others: datetime) -> datetime | None:
        """When a version, or any of the ``others`` that its pages depend on, came last, to the second.

        None where the date could stand for two states: another version or one of the others came in the same second, or the
        version was made by a clock that had gone back; and none is of the future (RFC 9110 §8.8.2.1).
        """
        with self._lock:
            while len(self._latest) <= version:
                self._latest.append(max(self._latest[-1], created(len(self._latest))))
            earlier = self._latest[max(version - 1, 0)]
        own, other = created(version), max((self.started, *others)).replace(microsecond=0)
        if own <= earlier or own == other:
            return None
        latest = max(own, other)
        return latest if latest <= datetime.now(UTC) else None
