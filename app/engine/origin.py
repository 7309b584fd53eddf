"""The process that holds the current version in memory, or columns of it in a file, for the workers that are forked from it.

``python -m app.engine.origin FD``: FD is its socket to the broker, which first sends the limits. It says ``ready`` with the
version that it holds, forks a worker for each open socket that it is sent, and answers no query. It has one thread and opens no
version itself: the engine's own threads would not survive a fork. A worker's parent is the broker, which adopts what loses its
parent.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress

from app import events
from app.engine import sandbox, worker
from app.engine.history import History
from app.engine.layout import Layout
from app.engine.mapped import Mapped
from app.engine.memory import Memory, fits
from app.engine.opened import published
from app.engine.orders import Limits
from app.engine.wire import Message, Wire, WireClosed
from app.errors import EngineUnavailable, StoreError

_GLANCE = 1.0
"""Seconds between two looks at whether there is a newer version."""


def main(descriptor: int) -> None:
    parent = os.getppid()
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # numpy's: others would not survive a fork
    sandbox.leave_no_core()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wire = Wire(socket.socket(fileno=descriptor))
    limits = Limits.from_json(wire.receive().content)
    events.begin(limits.log_level)
    sandbox.die_with_parent()
    if os.getppid() == parent:
        with suppress(WireClosed, OSError, EngineUnavailable, StoreError):
            _Origin(wire, limits, parent).serve()


class _Origin:
    def __init__(self, wire: Wire, limits: Limits, broker: int) -> None:
        self._wire = wire
        self._limits = limits
        self._broker = broker
        self._versions = published(limits.data)
        self._history = History(Layout(limits.data))

    def serve(self) -> None:
        """Until the broker has gone, or the newest version does not fit or is too different: then it starts another."""
        number = self._versions.current_number()
        version = self._history.version(number)
        self._held: Memory | Mapped
        if fits(version, self._limits.memory_bytes):
            self._held = Memory.load(self._limits.data, number)
        else:
            self._held = Mapped.load(self._limits.data, number, self._limits.spool)
        self._told = number
        gc.freeze()
        self._tell()
        self._wire.connection.settimeout(_GLANCE)
        while True:
            try:
                message = self._wire.receive()
            except TimeoutError:
                if not self._follow():
                    return
                continue
            self._wire.connection.settimeout(None)
            self._fork(message)
            self._wire.connection.settimeout(_GLANCE)

    def _follow(self) -> bool:
        """Whether what is held goes on being of use. Columns stay those of an earlier version: whoever is forked follows."""
        number = self._versions.current_number()
        if self._held.holds(number):
            return True
        if isinstance(self._held, Mapped):
            reached = self._held.reaches(number)
        else:
            fitting = fits(self._history.version(number), self._limits.memory_bytes)
            reached = fitting and self._held.follow(number)
        if reached and number != self._told:
            self._told = number
            self._tell()
        return reached

    def _tell(self) -> None:
        form = "columns" if isinstance(self._held, Mapped) else "store"
        size = self._held.columns.size if self._held.columns is not None else 0
        self._wire.send(Message({"version": self._told, "quads": len(self._held), "form": form, "columns": size}))

    def _fork(self, message: Message) -> None:
        """Twice, so that the one in between leaves the worker to the broker, who then learns how it ends."""
        reader, writer = os.pipe()
        between = os.fork()
        if between == 0:
            os.close(reader)
            pid = os.fork()
            if pid == 0:
                self._become_worker(message, writer)
            os.write(writer, str(pid).encode())
            os._exit(0)
        os.close(writer)
        with os.fdopen(reader) as told:
            os.waitpid(between, 0)
            pid = int(told.read(20) or 0)
        message.close()
        self._wire.send(Message({"pid": pid}))

    def _become_worker(self, message: Message, writer: int) -> None:
        try:
            os.close(writer)
            self._wire.connection.close()
            if message.file is not None:
                worker.serve(message.file, self._broker, self._held)
        finally:
            os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]))
