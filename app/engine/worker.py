"""A process that parses and evaluates strangers' queries, and may die of them; the broker starts, times and replaces it.

``python -m app.engine.worker FD``: FD is its socket to the broker, which first sends the limits. It opens versions by itself,
gives up the network before it says that it is ready, and answers one query at a time. Kept light to import.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox

from app import events
from app.engine import sandbox
from app.engine.evaluation import Bounds, Quick, evaluate
from app.engine.mapped import Mapped
from app.engine.memory import Memory
from app.engine.opened import Opened, published
from app.engine.orders import Limits, answer_to_message, ask_from_json, error_to_message
from app.engine.wire import Message, Wire, WireClosed
from app.errors import MaillageError, NoStore

IDLE_SECONDS = 2.0
"""How long a worker waits for a query before it looks whether the versions that it holds are still wanted."""


def main(descriptor: int) -> None:
    serve(descriptor, os.getppid())


def serve(descriptor: int, parent: int, held: Memory | Mapped | None = None) -> None:
    """Answers until the broker, our ``parent``, has gone; from what is ``held`` of the version asked for, where it is."""
    sandbox.leave_no_core()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a terminal sends it to all; the broker decides when a worker ends
    wire = Wire(socket.socket(fileno=descriptor))
    limits = Limits.from_json(wire.receive().content)
    events.begin(limits.log_level)
    walls = sandbox.enter(loopback=bool(limits.services))
    sandbox.die_with_parent()
    if os.getppid() != parent:
        return
    with contextlib.suppress(BrokenPipeError):  # the broker has ended
        _Worker(wire, limits, walls, held).serve()


class _Worker:
    def __init__(self, wire: Wire, limits: Limits, walls: dict[str, bool], held: Memory | Mapped | None) -> None:
        self.wire = wire
        self.versions = published(limits.data)
        self.opened = Opened(self.versions)
        self.walls = walls
        self.memory = held if isinstance(held, Memory) else None
        self.mapped = held if isinstance(held, Mapped) else None
        self.outgrown = False
        self.bounds = Bounds(
            characters=limits.characters,
            depth=limits.depth,
            rows=limits.rows,
            size=limits.size,
            memory_mb=limits.memory_mb,
            relays=_relays(limits, walls),
            spool=limits.spool,
        )
        self.costs: dict[int, int] = {}
        self.empty = sandbox.address_space()

    def serve(self) -> None:
        self._settle()
        sandbox.limit_memory(self.bounds.memory_mb)
        self.wire.send(Message({"ready": True, "sandbox": self.walls}))
        self.wire.connection.settimeout(IDLE_SECONDS)
        while True:
            try:
                message = self.wire.receive()
            except TimeoutError:
                self._settle()
                if self.outgrown:
                    return
                continue
            except WireClosed:
                return
            self.wire.connection.settimeout(None)
            self._answer(message.content)
            if self.outgrown or self._is_bloated():
                return  # all of it is given back; the broker starts another worker
            self.wire.connection.settimeout(IDLE_SECONDS)

    def _answer(self, content: dict[str, Any]) -> None:
        ask = ask_from_json(content)
        try:
            number, store = self._version(ask.version)
            columns = self._columns(number, store)
            sandbox.limit_memory(self.bounds.memory_mb)
            answer = evaluate(store, number, ask, self.bounds, columns)
        except MaillageError as error:
            self.wire.send(error_to_message(error))
            return
        with answer.body:
            self.wire.send(answer_to_message(answer))

    def _settle(self) -> None:
        """Opens the current version before somebody waits for it, and lets the others go."""
        try:
            number, store = self._version(None)
            self._columns(number, store)
        except NoStore:
            return
        except MaillageError as error:
            events.tell("error", "version-not-opened", reason=str(error))  # whoever asks for that version is told
            return
        self.opened.keep_only(number)

    def _version(self, asked: int | None) -> tuple[int, ox.Store]:
        """A version and its store, by default the newest; what it takes is counted apart from what queries take."""
        number = asked if asked is not None else self.versions.current_number()
        if self.memory is not None and self._is_held(self.memory, number, asked):
            return number, self.memory.store
        if number not in self.opened.numbers:
            before = sandbox.address_space()
            sandbox.free_memory()
            number = asked if asked is not None else self.opened.current()
            self.opened.store(number)
            self.costs = {each: self.costs.get(each, sandbox.address_space() - before) for each in self.opened.numbers}
        return number, self.opened.store(number)

    def _columns(self, number: int, store: ox.Store) -> Quick | None:
        """What may answer in the place of a store."""
        if self.memory is not None and store is self.memory.store:
            return self.memory.columns
        return self.mapped.columns if self.mapped is not None and self._is_mapped(self.mapped, number, store) else None

    def _is_mapped(self, mapped: Mapped, number: int, store: ox.Store) -> bool:
        """Whether the columns are those of a version, which they follow to where it is the newest."""
        if mapped.holds(number):
            return True
        if number != self.versions.current_number():
            return False
        with self._growing():
            followed = mapped.follow(number, store)
        if not followed:
            self.mapped = None
            self.outgrown = not mapped.reaches(number)
        return followed

    def _is_held(self, memory: Memory, number: int, asked: int | None) -> bool:
        """Whether a version is in memory, which follows to the newest, also where that is named, as pages do for all that they
        ask; where it cannot, this worker has outlived its use."""
        if memory.holds(number):
            return True
        if asked is not None and asked != self.versions.current_number():
            return False
        with self._growing():
            self.outgrown = not memory.follow(number)
        return not self.outgrown

    @contextlib.contextmanager
    def _growing(self) -> Iterator[None]:
        """What is taken meanwhile is no query's."""
        before = sandbox.address_space()
        sandbox.free_memory()
        yield
        self.empty += sandbox.address_space() - before

    def _is_bloated(self) -> bool:
        """Whether earlier queries left more behind than one may take."""
        own = self.empty + sum(self.costs[each] for each in self.opened.numbers)
        return sandbox.address_space() > own + self.bounds.memory_mb * 1024 * 1024


def _relays(limits: Limits, walls: dict[str, bool]) -> dict[str, str]:
    """The way to each endpoint that SERVICE may call, if there is one: never past a network of our own."""
    if not limits.services or limits.proxy is None or not walls["loopback"]:
        return dict.fromkeys(limits.services, "")
    from app.engine.relay import open_relay  # an HTTP server is only loaded where SERVICE is allowed

    return open_relay(limits.services, limits.proxy)


if __name__ == "__main__":
    main(int(sys.argv[1]))
