"""The one process that all web processes ask: it owns the workers and their queue, and never sees what is in a query.

``python -m app.engine.broker SOCKET READY_FD`` with :class:`app.engine.orders.Limits` as JSON on its input.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from app import events
from app.engine import read_ahead, sandbox
from app.engine.answering import Answering
from app.engine.asks import longest_text
from app.engine.layout import Layout
from app.engine.opened import published
from app.engine.orders import Limits, error_to_message
from app.engine.pool import Pool
from app.engine.service_proxy import ServiceProxy
from app.engine.tally import Row, Tally, gauge
from app.engine.wire import AsyncWire, Message, WireClosed
from app.errors import EngineUnavailable, MaillageError, QueryTooLong, StoreError

_BACKLOG = 512
_NO_ROOM = (errno.EMFILE, errno.ENFILE, errno.ENOMEM, errno.ENOBUFS)


def serve_broker(limits: Limits, socket_path: Path, ready: int | None = None) -> None:
    """Serves until SIGTERM, SIGINT or the end of the parent; writes one line to ``ready`` when queries can come.

    Raises :class:`app.errors.EngineUnavailable` when another broker serves that socket, or no worker starts.
    """
    with listen(socket_path) as listener, contextlib.ExitStack() as held:
        held.callback(socket_path.unlink, missing_ok=True)
        if limits.services:
            proxy = held.enter_context(ServiceProxy(limits, socket_path.with_name(socket_path.name + "-service")))
            limits = proxy.limits
        asyncio.run(_Broker(limits, listener).serve(ready))


def listen(path: Path) -> socket.socket:
    """A Unix socket that only our user may open. Raises :class:`app.errors.EngineUnavailable` where one is served already."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if _is_served(path):
            raise EngineUnavailable(reason=f"{path}: already served")
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _is_served(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        return probe.connect_ex(str(path)) == 0


class _Broker:
    def __init__(self, limits: Limits, listener: socket.socket) -> None:
        self.limits = limits
        self.listener = listener
        self.versions = published(limits.data)
        self.clients: set[asyncio.Task[None]] = set()
        self.tally = Tally()
        self.recent = events.begin(limits.log_level)

    async def serve(self, ready: int | None) -> None:
        self.pool = Pool(self.limits, self.tally)
        self.answering = Answering(self.limits, self.versions, self.pool)
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, stop.set)
        try:
            await self.pool.open()
            accepting = asyncio.create_task(self._accept())
            if ready is not None:
                os.write(ready, b"ready\n")
                os.close(ready)
            if (current := self._version()) is not None:
                read_ahead.begin(Layout(self.limits.data).version(current))
            await stop.wait()
            accepting.cancel()
        finally:
            for client in list(self.clients):
                client.cancel()
            await asyncio.gather(*self.clients, return_exceptions=True)
            await self.pool.close()
            self.answering.cache.clear()

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            try:
                connection, _ = await loop.sock_accept(self.listener)
            except OSError as error:
                if error.errno not in _NO_ROOM:
                    raise
                await asyncio.sleep(0.1)  # those who are connected go on; new ones wait in the backlog
                continue
            client = asyncio.create_task(self._serve(AsyncWire(connection)))
            self.clients.add(client)
            client.add_done_callback(self.clients.discard)

    async def _serve(self, wire: AsyncWire) -> None:
        """One connection: one request at a time, until its client goes, which ends what is under way for it.

        Nothing waits between an answer's arrival and ``closing``, so that no open file is lost with a cancelled task.
        """
        if (own := asyncio.current_task()) is not None:
            wire.closed.add_done_callback(lambda _: own.cancel())
        with contextlib.closing(wire), contextlib.suppress(WireClosed):
            while True:
                request = await wire.receive()
                request.close()
                with contextlib.closing(await self._reply(request.content)) as reply:
                    await wire.send(reply)

    async def _reply(self, content: dict[str, Any]) -> Message:
        try:
            match content["op"]:
                case "ask":
                    return await self._ask(content)
                case "version":
                    return Message({"version": self.versions.current_number()})
                case "status":
                    return Message(self._status())
                case "measured":
                    self.tally.add(content["rows"])
                    return Message({"rows": [*self.tally.rows(), *self._gauges()]})
                case "happened":
                    self.recent.add(content["told"])
                    return Message({})
                case unknown:
                    raise EngineUnavailable(reason=f"op {unknown}")
        except MaillageError as error:
            return error_to_message(error)

    async def _ask(self, content: dict[str, Any]) -> Message:
        longest = longest_text(content["lane"], self.limits.characters)
        if len(content["query"]) > longest:
            raise QueryTooLong(length=len(content["query"]), limit=longest)
        return await self.answering.answer(content)

    def _version(self) -> int | None:
        try:
            return self.versions.current_number()
        except StoreError:
            return None

    def _status(self) -> dict[str, Any]:
        return {
            "version": self._version(),
            **self.pool.status(),
            "cache": self.answering.status(),
            "limits": self.limits.to_json(),
            "recent": self.recent.told(),
        }

    def _gauges(self) -> list[Row]:
        version, damaged = self._version(), len(self.versions.damaged())
        told = [*self.pool.gauges(), *self.answering.gauges(), gauge("maillage_versions_damaged", damaged)]
        return told if version is None else [*told, gauge("maillage_version", version)]


def main() -> None:
    parent = os.getppid()
    sandbox.adopt_orphans()
    sandbox.raise_descriptors()
    sandbox.die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        return
    limits = Limits.from_json(json.load(sys.stdin))
    try:
        serve_broker(limits, Path(sys.argv[1]), int(sys.argv[2]))
    except MaillageError as error:
        os.write(int(sys.argv[2]), f"{error}\n".encode())
        sys.exit(1)


if __name__ == "__main__":
    main()
