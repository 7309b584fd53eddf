"""How long each phase of a write takes, told to whoever serves the store; the writer may be any process."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from app import events
from app.engine.client import BrokerEngine
from app.engine.launch import socket_path
from app.engine.tally import Tally
from app.errors import MaillageError

_BEGINS, _PUBLISHED, _ENDS = "locked", "swung", ("swung", "pruned")
_PATIENCE = 1.0


class Phases:
    """The ``step`` of :class:`app.engine.options.Options`: called as each step is reached, by one writer at a time."""

    def __init__(self, data: Path) -> None:
        self._data = data
        self._tally = Tally()
        self._last = 0.0
        self._seconds: dict[str, float] = {}

    def __call__(self, step: str) -> None:
        now = time.perf_counter()
        if step == _BEGINS:
            self._last, self._seconds = now, {}
            return
        taken, self._last = now - self._last, now
        self._seconds[step] = taken
        self._tally.observe("maillage_write_phase_seconds", taken, phase=step)
        if step == _PUBLISHED:
            self._tally.count("maillage_writes_total")
            events.tell("info", "version-published", **self._seconds)
        if step in _ENDS:
            self._report()

    def _report(self) -> None:
        """Where no broker serves the store, nobody asks for figures."""
        engine = BrokerEngine(socket_path(self._data), patience=_PATIENCE)
        with suppress(MaillageError):
            engine.measured(self._tally.take())
        engine.close()
