"""Messages between the service's processes, on a Unix socket: JSON behind its length, perhaps bytes, and at most one open file.

:class:`Wire` blocks (workers, clients); :class:`AsyncWire` is the broker's side.
"""

from __future__ import annotations

import array
import asyncio
import json
import os
import socket
import struct
from collections import deque
from dataclasses import dataclass
from typing import Any

_HEAD = struct.Struct("!IIB")
"""How long the JSON is and the bytes behind it (0 where there are none, one more where there are), and how many files."""
_LARGEST = 16 * 1024 * 1024
_PIECE = 64 * 1024
_encode = json.JSONEncoder(separators=(",", ":")).encode
_ROOM = socket.CMSG_SPACE(8 * array.array("i").itemsize)


class WireClosed(Exception):
    """The other side has gone."""


@dataclass(frozen=True)
class Message:
    """What crosses at once; whoever receives ``file`` closes it. ``body`` is for bytes that are fewer than a file is worth."""

    content: dict[str, Any]
    file: int | None = None
    body: bytes | None = None

    def close(self) -> None:
        if self.file is not None:
            os.close(self.file)


class Inbox:
    """Bytes and open files as they come, put together into messages."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._files: deque[int] = deque()

    def receive(self, connection: socket.socket) -> bool:
        """Takes what is there; False when the other side has gone."""
        data, ancillary, _, _ = connection.recvmsg(_PIECE, _ROOM, socket.MSG_CMSG_CLOEXEC)
        for level, kind, payload in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_RIGHTS):
                files = array.array("i")
                files.frombytes(payload[: len(payload) - len(payload) % files.itemsize])
                self._files.extend(files)
        self._bytes += data
        return bool(data)

    def take(self) -> Message | None:
        """The next whole message. Raises :class:`WireClosed` for what is none."""
        if len(self._bytes) < _HEAD.size:
            return None
        length, more, files = _HEAD.unpack_from(self._bytes)
        if length + more > _LARGEST:
            raise WireClosed(f"a message of {length + more} bytes")
        place = _HEAD.size + length
        end = place + max(more - 1, 0)
        if len(self._bytes) < end:
            return None
        content = json.loads(self._bytes[_HEAD.size : place].decode())
        body = bytes(self._bytes[place:end]) if more else None
        del self._bytes[:end]
        if files and not self._files:
            raise WireClosed("a file was lost on its way: no descriptor is left")
        return Message(content, self._files.popleft() if files else None, body)

    def close(self) -> None:
        while self._files:
            os.close(self._files.popleft())


def pack(message: Message) -> bytes:
    content = _encode(message.content).encode()
    body = message.body
    head = _HEAD.pack(len(content), 0 if body is None else len(body) + 1, message.file is not None)
    return head + content if body is None else b"".join((head, content, body))


def _attached(message: Message) -> list[tuple[int, int, bytes]]:
    if message.file is None:
        return []
    return [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [message.file]).tobytes())]


class Wire:
    """A blocking end; ``timeout`` in seconds is the socket's."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._inbox = Inbox()

    def send(self, message: Message) -> None:
        """Raises ``OSError`` when the other side has gone. The file stays the sender's."""
        data = memoryview(pack(message))
        sent = self.connection.sendmsg([data], _attached(message))
        if sent < len(data):
            self.connection.sendall(data[sent:])

    def receive(self) -> Message:
        """The next message. Raises :class:`WireClosed`, and ``TimeoutError`` after the socket's timeout."""
        while (message := self._inbox.take()) is None:
            try:
                open_still = self._inbox.receive(self.connection)
            except ConnectionError as error:
                raise WireClosed(str(error)) from error
            if not open_still:
                raise WireClosed
        return message

    def close(self) -> None:
        self._inbox.close()
        self.connection.close()


class AsyncWire:
    """An end on the running event loop: messages wait in order; ``closed`` is done once the other side has gone.

    ``unread`` then tells that it went without reading all that was sent to it: the kernel says so by ECONNRESET.
    """

    def __init__(self, connection: socket.socket) -> None:
        connection.setblocking(False)
        self.connection = connection
        self.loop = asyncio.get_running_loop()
        self.closed: asyncio.Future[None] = self.loop.create_future()
        self.unread = False
        self._inbox = Inbox()
        self._arrived: deque[Message] = deque()
        self._waiter: asyncio.Future[None] | None = None
        self.loop.add_reader(connection, self._readable)

    def _readable(self) -> None:
        try:
            open_still = self._inbox.receive(self.connection)
            while (message := self._inbox.take()) is not None:
                self._arrived.append(message)
        except (BlockingIOError, InterruptedError):
            return
        except (OSError, ValueError, WireClosed) as error:
            self.unread = isinstance(error, ConnectionResetError)
            open_still = False
        if not open_still:
            self._end()
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    async def receive(self) -> Message:
        """The next message. Raises :class:`WireClosed`. One task at a time waits here."""
        while not self._arrived:
            if self.closed.done():
                raise WireClosed
            self._waiter = self.loop.create_future()
            try:
                await self._waiter
            finally:
                self._waiter = None
        return self._arrived.popleft()

    async def send(self, message: Message) -> None:
        """Raises :class:`WireClosed`. The file stays the sender's."""
        data = memoryview(pack(message))
        attached = _attached(message)
        while data:
            try:
                sent = self.connection.sendmsg([data], attached)
            except BlockingIOError:
                await self._writable()
                continue
            except OSError as error:
                self.unread = True
                self._end()
                raise WireClosed(str(error)) from error
            data, attached = data[sent:], []

    async def _writable(self) -> None:
        ready = asyncio.Event()
        self.loop.add_writer(self.connection, ready.set)
        self.closed.add_done_callback(lambda _: ready.set())
        try:
            await ready.wait()
        finally:
            self.loop.remove_writer(self.connection)
        if self.closed.done():
            raise WireClosed

    def _end(self) -> None:
        if not self.closed.done():
            self.loop.remove_reader(self.connection)
            self.closed.set_result(None)

    def close(self) -> None:
        """Closes the end, and the files of messages that nobody took."""
        self._end()
        for message in self._arrived:
            message.close()
        self._arrived.clear()
        self._inbox.close()
        self.connection.close()
