"""One worker as the broker sees it: started, asked within a deadline, and buried; no queue."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol

import app.errors
from app.engine.orders import Limits
from app.engine.wire import AsyncWire, Message, WireClosed
from app.errors import EngineUnavailable, MaillageError, QueryCrashed, QueryMemory, QueryTimeout

_ROOT = Path(app.errors.__file__).resolve().parents[1]
_START_SECONDS = 30.0
_BEHIND = 10
"""A step of niceness is about a tenth of the processor: ten leave a stranger's query one part in ten beside a page."""
_OUT_OF_MEMORY = (signal.SIGABRT, signal.SIGKILL)
"""What ends a worker that may not grow (the allocator aborts), or that the system itself stops for want of memory."""


class Retired(Exception):
    """The worker ended before it read the query, or of its own will; another one can be asked."""


class Process(Protocol):
    """A process that we started, or had started."""

    pid: int

    def poll(self) -> int | None: ...
    def kill(self) -> None: ...


class Hand:
    """A worker process and the wire to it. ``alive`` until it was killed or its end was seen."""

    def __init__(self, limits: Limits, process: Process, connection: socket.socket, *, in_memory: bool = False) -> None:
        self.memory_mb = limits.memory_mb
        self.sandbox: dict[str, bool] = {}
        self.alive = True
        self.process = process
        self.in_memory = in_memory
        self.wire = AsyncWire(connection)
        self._limits = limits

    @classmethod
    def spawn(cls, limits: Limits) -> Hand:
        """A worker from its very beginning. Raises ``OSError``."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "app.engine.worker", str(theirs.fileno())]
            process = subprocess.Popen(  # noqa: S603  our own module
                command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, env=environment()
            )
        return cls(limits, process, ours)

    async def start(self) -> None:
        """Waits until the worker is ready. Raises :class:`app.errors.EngineUnavailable`."""
        try:
            await self.wire.send(Message({**self._limits.to_json()}))
            async with asyncio.timeout(_START_SECONDS):
                self.sandbox = (await self.wire.receive()).content["sandbox"]
        except (WireClosed, TimeoutError) as error:
            self.kill()
            code = await self.burial()
            raise EngineUnavailable(reason=f"worker: exit {code}") from error

    async def ask(self, content: dict[str, Any], seconds: float) -> Message:
        """The worker's message, an answer or an error; its file is the caller's.

        Raises :class:`app.errors.QueryTimeout`, ``QueryMemory`` or ``QueryCrashed``, and :class:`Retired`. Cancelling ends the
        worker.
        """
        try:
            async with asyncio.timeout(seconds):
                await self.wire.send(Message(content))
                return await self.wire.receive()
        except TimeoutError as error:
            self.kill()
            raise QueryTimeout(seconds=seconds) from error
        except WireClosed as error:
            raise self._cause(await self.burial()) from error
        except asyncio.CancelledError:
            self.kill()
            raise

    def yield_to_others(self) -> None:
        """From now on the processor is for others first, as far as the system shares it out (setpriority(2))."""
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, self.process.pid, _BEHIND)

    def kill(self) -> None:
        self.alive = False
        self.process.kill()

    async def burial(self) -> int:
        """Waits for the process's end, which is near; its exit code, negative for a signal's number."""
        self.alive = False
        while (code := self.process.poll()) is None:
            await asyncio.sleep(0.002)
        self.wire.close()
        return code

    def _cause(self, code: int) -> MaillageError | Retired:
        if code == 0 or self.wire.unread:
            return Retired()
        if -code in _OUT_OF_MEMORY:
            return QueryMemory(megabytes=self.memory_mb)
        return QueryCrashed()


def environment() -> dict[str, str]:
    path = os.pathsep.join(part for part in (str(_ROOT), os.environ.get("PYTHONPATH", "")) if part)
    return {**os.environ, "PYTHONPATH": path, "MALLOC_ARENA_MAX": "1"}
