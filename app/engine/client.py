"""The engine as web processes and commands have it: asks the broker over its socket; parses and evaluates nothing."""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from app.engine.asks import Answer, Ask, Gone
from app.engine.opened import VersionSource
from app.engine.orders import answer_from_message, ask_to_json, raise_error
from app.engine.wire import Message, Wire, WireClosed
from app.errors import EngineUnavailable, QueryCancelled, QueueFull

_GLANCE = 0.2
"""Seconds between two looks at whether whoever asked is still there."""


_STARTS = 2
"""How many threads may have questions under way that they wait for later: each is one more in the queue of our own pages."""


class BrokerEngine:
    """An :class:`app.engine.asks.Engine` for any number of threads: each request has a connection for itself, kept for the next.

    ``places``: how many public queries may be under way from this process at a time, so that they do not hold all its threads;
    None for any number. ``patience``: seconds after which a broker that says nothing counts as gone; more than its queue and
    deadline together. ``versions``: the folder that the broker serves, where it can be looked at: two system calls tell the
    newest version, which the broker would look up there too.
    """

    def __init__(
        self,
        socket_path: Path,
        *,
        patience: float = 120.0,
        places: int | None = None,
        versions: VersionSource | None = None,
    ) -> None:
        self._path = socket_path
        self._most = places
        self._places = threading.BoundedSemaphore(places) if places is not None else None
        self._patience = patience
        self._versions = versions
        self._idle: list[Wire] = []
        self._begun = threading.local()
        self._starts = threading.BoundedSemaphore(_STARTS)
        self._process = os.getpid()
        self._lock = threading.Lock()

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        """See :meth:`app.engine.asks.Engine.answer`; :class:`app.errors.QueryCancelled` once ``gone()`` is true."""
        for begun in self._ahead_of_us():
            if (message := begun.message(ask, gone)) is not None:
                return answer_from_message(message)
        with self._admitted(ask):
            return answer_from_message(self._request(ask_to_json(ask), gone))

    @contextmanager
    def ahead(self, asks: Sequence[Ask]) -> Iterator[None]:
        """See :meth:`app.engine.asks.Engine.ahead`. They go out on one connection, whose requests the broker answers one by one;
        not while several threads have done so already, since workers that are busy begin with nothing."""
        if not asks or not self._starts.acquire(blocking=False):
            yield
            return
        begun = self._ahead_of_us()
        begun.append(_Begun(self, asks))
        try:
            yield
        finally:
            begun.pop().close()
            self._starts.release()

    def _ahead_of_us(self) -> list[_Begun]:
        """What this thread has begun."""
        found: list[_Begun] = self._begun.__dict__.setdefault("all", [])
        return found

    @contextmanager
    def _admitted(self, ask: Ask) -> Iterator[None]:
        places = self._places
        if places is None or ask.lane != "public":
            yield
            return
        if not places.acquire(blocking=False):
            raise QueueFull(limit=self._most, seconds=0)
        try:
            yield
        finally:
            places.release()

    def version(self) -> int:
        if self._versions is not None:
            return self._versions.current_number()
        return int(self._request({"op": "version"}).content["version"])

    def status(self) -> Mapping[str, Any]:
        return self._request({"op": "status"}).content

    def measured(self, rows: list[Any]) -> list[Any]:
        found: list[Any] = self._request({"op": "measured", "rows": rows}).content["rows"]
        return found

    def happened(self, told: list[dict[str, Any]]) -> None:
        """Hands on what this process kept of :mod:`app.events`, for ``/health``."""
        if told:
            self._request({"op": "happened", "told": told})

    def close(self) -> None:
        with self._lock:
            while self._idle:
                self._idle.pop().close()

    def _request(self, content: dict[str, Any], gone: Gone | None = None) -> Message:
        wire = self._connection()
        with _closed_on_error(wire):
            wire.send(Message(content))
        message = self._receive(wire, gone)
        self._keep(wire)
        raise_error(message)
        return message

    def _keep(self, wire: Wire) -> None:
        """For the next request: nothing is under way on it."""
        with self._lock:
            self._idle.append(wire)

    def _receive(self, wire: Wire, gone: Gone | None) -> Message:
        with _closed_on_error(wire):
            return self._awaited(wire, gone)

    def _awaited(self, wire: Wire, gone: Gone | None) -> Message:
        deadline = time.monotonic() + self._patience
        wire.connection.settimeout(_GLANCE if gone is not None else self._patience)
        while True:
            try:
                return wire.receive()
            except TimeoutError:
                if gone is not None and gone():
                    raise QueryCancelled from None
                if time.monotonic() > deadline:
                    raise

    def _connection(self) -> Wire:
        while True:
            with self._lock:
                if self._process != os.getpid():  # we are a fork: the kept connections are our parent's
                    self._process = os.getpid()
                    self._idle = []
                wire = self._idle.pop() if self._idle else None
            if wire is None:
                return self._connect()
            if not select.select([wire.connection], [], [], 0)[0]:
                return wire
            wire.close()  # the broker has ended since

    def _connect(self) -> Wire:
        connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        connection.settimeout(self._patience)
        try:
            connection.connect(str(self._path))
        except OSError as error:
            connection.close()
            raise EngineUnavailable(reason=f"{self._path}: {error.strerror or error}") from error
        return Wire(connection)


class _Begun:
    """Questions that went out together, and the answers that came before they were asked for."""

    def __init__(self, engine: BrokerEngine, asks: Sequence[Ask]) -> None:
        self._engine = engine
        self._under_way: deque[Ask] = deque()
        self._arrived: dict[Ask, Message] = {}
        with suppress(EngineUnavailable):  # then each is asked when its turn comes, and told so
            self._wire = engine._connection()
            with _closed_on_error(self._wire):
                for ask in asks:
                    self._wire.send(Message(ask_to_json(ask)))
            self._under_way.extend(asks)

    def message(self, ask: Ask, gone: Gone | None) -> Message | None:
        """The answer or error to one of them, the first time; None where it is not among them."""
        while ask in self._under_way:
            self._receive(gone)
        return self._arrived.pop(ask, None)

    def _receive(self, gone: Gone | None) -> None:
        try:
            message = self._engine._receive(self._wire, gone)
        except BaseException:
            self._under_way.clear()
            raise
        self._arrived[self._under_way.popleft()] = message
        if not self._under_way:
            self._engine._keep(self._wire)

    def close(self) -> None:
        """Gives up what nobody asked for: the broker sees that its client has gone."""
        if self._under_way:
            self._wire.close()
        for message in self._arrived.values():
            message.close()


@contextmanager
def _closed_on_error(wire: Wire) -> Iterator[None]:
    """What goes wrong ends the connection, which tells the broker to stop. Raises :class:`app.errors.EngineUnavailable` for what
    goes wrong with the connection itself."""
    try:
        yield
    except BaseException as error:
        wire.close()
        if isinstance(error, OSError | WireClosed):
            raise EngineUnavailable(reason=str(error) or "the connection closed") from error
        raise
