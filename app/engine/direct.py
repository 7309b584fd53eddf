"""The engine in our own process, for commands and tests: same checks and limits of size, no limits of time or memory."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from app.engine.asks import Answer, Ask, Gone
from app.engine.evaluation import Bounds, evaluate
from app.engine.opened import Opened, VersionSource
from app.engine.tally import Tally, gauge
from app.errors import QueryCancelled


class DirectEngine:
    """An :class:`app.engine.asks.Engine` without processes: never for strangers' queries, since one could end ours."""

    def __init__(self, source: VersionSource, bounds: Bounds | None = None) -> None:
        self._source = source
        self._bounds = bounds or Bounds()
        self._opened = Opened(source)
        self._lock = threading.Lock()
        self._tally = Tally()

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        if gone is not None and gone():
            raise QueryCancelled
        with self._lock:
            number = ask.version if ask.version is not None else self._opened.current()
            return evaluate(self._opened.store(number), number, ask, self._bounds)

    def ahead(self, asks: Sequence[Ask]) -> AbstractContextManager[None]:  # noqa: ARG002  there is one process only
        return nullcontext()

    def version(self) -> int:
        return self._source.current_number()

    def status(self) -> Mapping[str, Any]:
        return {"version": self.version(), "open": list(self._opened.numbers)}

    def measured(self, rows: list[Any]) -> list[Any]:
        self._tally.add(rows)
        return [*self._tally.rows(), gauge("maillage_version", self.version())]

    def close(self) -> None:
        """Gives the leases back."""
        with self._lock:
            self._opened.close()
