"""An update's text becomes a change, or an explained refusal; parsed and evaluated in a process of its own, published nowhere."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app import events
from app.engine.changes import SMALL, Change, QuadFile, Quads
from app.engine.hand import environment
from app.errors import MaillageError, QueryCrashed, QueryMemory, QueryTimeout
from app.updating.orders import Order

Loading = Callable[[str], Path]
"""Fetches a document for LOAD: N-Triples in a file of the order's room. Raises ``LoadRefused`` or an ``InputError``."""

_NO_MORE_MEMORY = ("memory allocation", "MemoryError", "bad_alloc")


class Evaluators:
    """Processes that evaluate one update each; the next one is started beforehand, so that a write does not wait for its start.

    There is none before the first update. A process that died while it waited is replaced.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[subprocess.Popen[str]] = []
        weakref.finalize(self, _end_all, self._waiting)

    def take(self) -> subprocess.Popen[str]:
        """A process that waits for its order; whoever takes it ends it."""
        with self._lock:
            found = self._waiting.pop() if self._waiting else None
        if found is not None and found.poll() is None:
            return found
        if found is not None:
            _end_all([found])
        return _start()

    def prepare(self) -> None:
        """Have one wait for the next update. It ends with the thread that starts it."""
        with self._lock:
            if not self._waiting:
                self._waiting.append(_start())

    def evaluate(self, order: Order, seconds: float, loading: Loading, keeper: object = None) -> Change:
        """The net change that an update makes. ``keeper`` keeps the order's room as long as the change is used.

        Raises subclasses of :class:`app.errors.QueryError` and :class:`app.errors.InputError`, and
        :class:`app.errors.ProtectedGraph`.
        """
        try:
            return _evaluate(self.take(), order, seconds, loading, keeper)
        finally:
            self.prepare()


def _start() -> subprocess.Popen[str]:
    command = [sys.executable, "-P", "-m", "app.updating.evaluate"]
    return subprocess.Popen(  # noqa: S603  our own module, by our own Python
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment(), text=True
    )


def _end_all(processes: list[subprocess.Popen[str]]) -> None:
    for process in processes:
        process.kill()
        process.communicate()
    processes.clear()


def _evaluate(process: subprocess.Popen[str], order: Order, seconds: float, loading: Loading, keeper: object) -> Change:
    with process:
        clock = threading.Timer(seconds, process.kill)
        clock.daemon = True
        clock.start()
        try:
            last = _converse(process, order, loading)
        except BaseException:
            process.kill()
            raise
        finally:
            rang = clock.finished.is_set()
            clock.cancel()
        complaint = process.stderr.read() if process.stderr else ""
        process.wait()
    if "error" in last:
        raise MaillageError.revive(last["error"], last["details"])
    if "done" not in last:
        raise _meaning(order, process.returncode, complaint, seconds, late=rang)
    sides = (_side(order.room, side, last["done"][side], keeper) for side in ("added", "removed"))
    return Change(*sides)


def _converse(process: subprocess.Popen[str], order: Order, loading: Loading) -> dict[str, Any]:
    """The process's last word; it is answered where it asks for a document."""
    if process.stdin is None or process.stdout is None:
        raise TypeError("a process with pipes")
    last: dict[str, Any] = {}
    try:
        _say(process, order.to_json())
        for line in process.stdout:
            last = json.loads(line)
            if "load" not in last:
                continue
            try:
                _say(process, json.dumps({"path": str(loading(last["load"]))}))
            except MaillageError as error:
                _say(process, json.dumps({"error": error.key, "details": error.details}))
    except (BrokenPipeError, ValueError):  # it died: half a line, or nobody to read ours
        return {}
    return last


def _say(process: subprocess.Popen[str], line: str) -> None:
    if process.stdin is not None:
        process.stdin.write(line + "\n")
        process.stdin.flush()


def _side(room: Path, side: str, count: int, keeper: object) -> Quads:
    if count == 0:
        return frozenset()
    file = QuadFile(room / f"{side}.nq.gz", count, None, keeper)
    return frozenset(file) if count <= SMALL else file


def _meaning(order: Order, status: int, complaint: str, seconds: float, *, late: bool) -> MaillageError:
    """Why the process ended without an answer."""
    if late:
        return QueryTimeout(seconds=seconds)
    if status == -signal.SIGABRT or any(words in complaint for words in _NO_MORE_MEMORY):
        return QueryMemory(megabytes=order.memory_mb)
    if status >= 0:
        events.tell("error", "update-died", status=status, reason=complaint[-events.LONGEST :])  # our mistake, not the text's
    return QueryCrashed()
