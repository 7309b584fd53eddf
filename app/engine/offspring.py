"""Workers that share a version in memory, as the broker has them: an origin where the version fits, and forks of it."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress

from app import events
from app.engine.hand import Hand, environment
from app.engine.history import History
from app.engine.layout import Layout
from app.engine.mapped import is_worth
from app.engine.memory import fits
from app.engine.opened import published
from app.engine.orders import Limits
from app.engine.wire import AsyncWire, Message, WireClosed
from app.errors import StoreError

_PAUSE, _LONGEST_PAUSE = 2.0, 300.0
"""Seconds between two looks at whether the version fits, and between two origins; the longer, the oftener one fails."""

_FORK_SECONDS = 5.0


class Forked:
    """A process that another one started for us, like :class:`subprocess.Popen` as far as :class:`Hand` asks."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
        if self.returncode is None:
            try:
                pid, status = os.waitpid(self.pid, os.WNOHANG)
            except ChildProcessError:
                self.returncode = -signal.SIGKILL
            else:
                self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def kill(self) -> None:
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


class Offspring:
    """``version``, ``quads`` and ``form`` (``store`` or ``columns``) of what is held, with the bytes of its ``columns``: None and
    0 while nothing is. ``left`` is how often something was held and given up."""

    def __init__(self, limits: Limits, ready: Callable[[], None]) -> None:
        self.version: int | None = None
        self.quads = self.columns = self.left = 0
        self.form: str | None = None
        self._limits = limits
        self._ready = ready
        self._folder = limits.spool or limits.data
        self._versions = published(limits.data)
        self._history = History(Layout(limits.data))
        self._wire: AsyncWire | None = None
        self._turn = asyncio.Lock()
        self._forked: asyncio.Future[int] | None = None

    async def keep(self) -> None:
        """Has an origin wherever the version fits, for ever."""
        pause = _PAUSE
        while (self._limits.memory_bytes or self._limits.columns_bytes) and sys.platform.startswith("linux"):
            if self._fits():
                pause = _PAUSE if await self._run() else min(pause * 2, _LONGEST_PAUSE)
            await asyncio.sleep(pause)

    def _fits(self) -> bool:
        try:
            version = self._history.version(self._versions.current_number())
            return fits(version, self._limits.memory_bytes) or is_worth(version, self._limits.columns_bytes, self._folder)
        except (StoreError, OSError, ValueError):
            return False

    async def _run(self) -> bool:
        """One origin, from its start to its end; whether it was ever ready."""
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "app.engine.origin", str(theirs.fileno())]
            process = subprocess.Popen(  # noqa: S603  our own module
                command, pass_fds=(theirs.fileno(),), stdin=subprocess.DEVNULL, env=environment()
            )
        wire = self._wire = AsyncWire(ours)
        try:
            await wire.send(Message(self._limits.to_json()))
            while True:
                self._hear(await wire.receive())
        except WireClosed:
            events.tell("info" if self.version is not None else "warning", "memory-left", version=self.version)
            return self.version is not None
        finally:
            self.left += self.version is not None
            self.version, self.quads, self.columns, self.form, self._wire = None, 0, 0, None, None
            process.kill()
            wire.close()
            process.wait()
            if self._forked is not None and not self._forked.done():
                self._forked.set_result(0)

    def _hear(self, message: Message) -> None:
        if "pid" in message.content:
            if self._forked is not None and not self._forked.done():
                self._forked.set_result(message.content["pid"])
            return
        first = self.version is None
        told = (message.content[name] for name in ("version", "quads", "form", "columns"))
        self.version, self.quads, self.form, self.columns = told
        if first:
            events.tell("info", "memory-ready", version=self.version, quads=self.quads, form=self.form)
            self._ready()

    async def fork(self) -> Hand | None:
        """A new worker that is not started yet; None where there is no origin to fork it from."""
        async with self._turn:
            if self.version is None or self._wire is None:
                return None
            ours, theirs = socket.socketpair()
            with theirs:
                self._forked = asyncio.get_running_loop().create_future()
                pid = 0
                with suppress(WireClosed, TimeoutError):
                    await self._wire.send(Message({"op": "fork"}, theirs.fileno()))
                    async with asyncio.timeout(_FORK_SECONDS):
                        pid = await self._forked
            if not pid:
                ours.close()
                return None
            return Hand(self._limits, Forked(pid), ours, in_memory=True)
