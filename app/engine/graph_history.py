"""Which version changed a graph last, as the versions say of themselves; states of one graph are told apart by it.

A version that does not say which graphs it changed, for it was written by an older release or by a load whose files would have to
be read, may have changed any: a state then counts as another although it is not, never the other way round.
"""

from __future__ import annotations

from bisect import bisect_right
from threading import Lock

from app.engine.changes import DEFAULT
from app.engine.history import History
from app.engine.manifest import Version


class GraphHistory:
    """Looks graphs up in all versions. What was read is kept, since no version changes another graph later; safe for threads."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._named: dict[str, list[int]] = {}
        self._unnamed: list[int] = []
        self._all: list[int] = []
        self._read = 0
        self._lock = Lock()

    def last_change(self, graph: str | None, n: int) -> int:
        """The last version up to ``n`` that changed a graph, 0 where none did. None is the default graph.

        Raises :class:`app.errors.NoSuchVersion`.
        """
        version = self._history.version(n)
        with self._lock:
            for number in range(self._read + 1, n + 1):
                self._learn(self._history.version(number))
                self._read = number
            if graph is None and not version.stored_default:
                return _last(self._all, n)  # the merge of all graphs
            return max(_last(self._named.get(graph or DEFAULT, ()), n), _last(self._unnamed, n))

    def _learn(self, version: Version) -> None:
        sources, derived = version.added + version.removed, version.derived_added + version.derived_removed
        if sources or derived:
            self._all.append(version.number)
        if sources and version.graphs is None:
            self._unnamed.append(version.number)
        named = version.graphs or ()
        for graph in (*named, f"{version.base}graphs/derived") if derived else named:
            self._named.setdefault(graph, []).append(version.number)


def _last(numbers: list[int] | tuple[int, ...], n: int) -> int:
    place = bisect_right(numbers, n)
    return numbers[place - 1] if place else 0
