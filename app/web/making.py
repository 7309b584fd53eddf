"""The processes that make dumps for one app: few at a time, each for one file; which file is asked for is told in dumps.py."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from threading import BoundedSemaphore, Lock

from app.engine.disk import MEGABYTE
from app.engine.dumping import Dumps, Wanted
from app.engine.hand import environment
from app.errors import DumpPending


@dataclass
class Making:
    """The processes that make files for one app; at most two at a time, each for one file. Few requests wait for them."""

    running: dict[Wanted, subprocess.Popen[bytes]] = field(default_factory=dict)
    lock: Lock = field(default_factory=Lock)
    most: int = 2
    places: BoundedSemaphore = field(default_factory=lambda: BoundedSemaphore(4))

    def start(self, dumps: Dumps, wanted: Wanted) -> subprocess.Popen[bytes]:
        """The process that makes a file. Raises :class:`app.errors.DumpPending` where too many are at work."""
        with self.lock:
            self.running = {one: process for one, process in self.running.items() if process.poll() is None}
            if wanted not in self.running:
                if len(self.running) >= self.most:
                    raise DumpPending(name=wanted.file_name)
                self.running[wanted] = _start(dumps, wanted)
            return self.running[wanted]

    def code(self, process: subprocess.Popen[bytes], seconds: float) -> int | None:
        """How a process ended; None where it takes longer, or where so many wait already that pages would lack threads."""
        if not self.places.acquire(blocking=False):
            return process.poll()
        try:
            return process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.places.release()


def _start(dumps: Dumps, wanted: Wanted) -> subprocess.Popen[bytes]:
    orders = (dumps.data.absolute(), dumps.base, wanted.version, wanted.name, wanted.form, wanted.packing, dumps.most // MEGABYTE)
    command = [sys.executable, "-P", "-m", "app.engine.dumping", *map(str, orders)]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, env=environment())  # noqa: S603  our own module
