"""All workers by lane, who waits for one and who may; limits hold for the whole service, since there is one pool."""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import Any

from app import events
from app.engine.hand import Hand, Retired
from app.engine.offspring import Offspring
from app.engine.orders import PATIENT, Limits
from app.engine.tally import Row, Tally, gauge
from app.engine.wire import Message
from app.errors import (
    ClientBusy,
    EngineUnavailable,
    MaillageError,
    QueryCancelled,
    QueryCrashed,
    QueryMemory,
    QueryTimeout,
    QueueFull,
    StorageFull,
)

_LONGEST_PAUSE = 5.0
_GLANCE = 0.2
_NOTABLE = {error.key for error in (EngineUnavailable, QueryCrashed, QueryMemory, QueryTimeout, QueueFull, StorageFull)}


class Lane:
    """The workers of one kind of asker, and the queue before them."""

    def __init__(self, name: str, *, size: int, seconds: float, queue: int) -> None:
        self.name = name
        self.size = size
        self.seconds = seconds
        self.hands: set[Hand] = set()
        self._queue = queue
        self._idle: list[Hand] = []
        self._waiting: deque[asyncio.Future[Hand]] = deque()

    def add(self, hand: Hand) -> None:
        self.hands.add(hand)
        self.release(hand)

    def remove(self, hand: Hand) -> None:
        self.hands.discard(hand)
        if hand in self._idle:
            self._idle.remove(hand)

    def allowed(self, content: dict[str, Any]) -> float:
        """How many seconds an ask may take."""
        return self.seconds * (PATIENT if content.get("patient") and self.name == "page" else 1)

    async def take(self, patience: float) -> Hand:
        """A worker of the lane, last used first, or the next that is free. Raises :class:`app.errors.QueueFull`."""
        if self._idle:
            return self._idle.pop()
        if self.waiting >= self._queue:
            raise QueueFull(limit=self._queue, seconds=patience)
        turn: asyncio.Future[Hand] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        try:
            async with asyncio.timeout(patience):
                return await turn
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled():
                self.release(turn.result())  # it came just when nobody waited any more
            if isinstance(error, TimeoutError):
                raise QueueFull(limit=self._queue, seconds=patience) from error
            raise

    def release(self, hand: Hand) -> None:
        """Gives a worker to who waits longest, or to nobody."""
        if not hand.alive or hand not in self.hands:
            return
        while self._waiting:
            turn = self._waiting.popleft()
            if not turn.done():
                turn.set_result(hand)
                return
        self._idle.append(hand)

    @property
    def idle(self) -> tuple[Hand, ...]:
        return tuple(self._idle)

    @property
    def waiting(self) -> int:
        return sum(not turn.done() for turn in self._waiting)

    def status(self) -> dict[str, Any]:
        idle = len(self._idle)
        return {"workers": len(self.hands), "busy": len(self.hands) - idle, "waiting": self.waiting, "seconds": self.seconds}


class Pool:
    """Keeps every lane staffed, with one worker to spare, and puts each ask to a worker."""

    def __init__(self, limits: Limits, tally: Tally) -> None:
        self._limits = limits
        self._tally = tally
        self.lanes = {
            "public": Lane("public", size=limits.workers, seconds=limits.seconds, queue=limits.queue),
            "page": Lane("page", size=limits.page_workers, seconds=limits.page_seconds, queue=limits.queue),
        }
        self.offspring = Offspring(limits, self._renew_soon)
        self._spares: deque[Hand] = deque()
        self._clients: Counter[str] = Counter()
        self._outcomes: Counter[str] = Counter()
        self._restarts = 0
        self._failure: str | None = None
        self._vacancy = asyncio.Event()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._closing = False

    async def open(self) -> None:
        """Starts a worker for each lane, and the others while these can answer. Raises ``EngineUnavailable``."""
        if not await self._hire(len(self.lanes)):
            raise EngineUnavailable(reason=self._failure or "")
        self._vacancy.set()
        self._keep(self._staff())
        self._keep(self.offspring.keep())

    async def answer(self, content: dict[str, Any]) -> Message:
        """A worker's answer or error to an ask; the answer's file is the caller's. Raises :mod:`app.errors`."""
        with self.admitted(content):
            return await self.put(content)

    async def put(self, content: dict[str, Any]) -> Message:
        """The same for an ask that was admitted."""
        try:
            message = await self._put(self.lanes[content["lane"]], content)
        except MaillageError as error:
            self._count(content, error.key)
            raise
        except asyncio.CancelledError:
            self._count(content, QueryCancelled.key)
            raise
        self._count(content, message.content.get("error", "answered"), message.content.get("seconds"))
        return message

    async def close(self) -> None:
        self._closing = True
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        hands = self._hands()
        for hand in hands:
            hand.kill()
        await asyncio.gather(*(hand.burial() for hand in hands))

    def gauges(self) -> list[Row]:
        """The same for Prometheus."""
        rows = [gauge("maillage_worker_restarts_total", self._restarts)]
        rows.append(gauge("maillage_workers", len(self._spares), lane="", state="spare"))
        rows.append(gauge("maillage_memory_quads", self.offspring.quads))
        rows.append(gauge("maillage_columns_bytes", self.offspring.columns))
        rows.append(gauge("maillage_memory_left_total", self.offspring.left))
        rows.append(gauge("maillage_memory_workers", sum(hand.in_memory for hand in self._hands())))
        for name, lane in self.lanes.items():
            told = lane.status()
            rows.append(gauge("maillage_queue_length", told["waiting"], lane=name))
            rows.append(gauge("maillage_workers", told["busy"], lane=name, state="busy"))
            rows.append(gauge("maillage_workers", told["workers"] - told["busy"], lane=name, state="idle"))
        return rows

    def status(self) -> dict[str, Any]:
        """Figures of now, and counts since the start."""
        hands = self._hands()
        sandbox = {name: all(hand.sandbox.get(name, False) for hand in hands) for name in ("namespace", "filter")}
        return {
            "lanes": {name: lane.status() for name, lane in self.lanes.items()},
            "spares": len(self._spares),
            "restarts": self._restarts,
            "outcomes": dict(self._outcomes),
            "sandbox": sandbox,
            "memory": {
                "version": self.offspring.version,
                "quads": self.offspring.quads,
                "form": self.offspring.form,
                "workers": sum(hand.in_memory for hand in hands),
            },
            "failure": self._failure,
        }

    @contextmanager
    def admitted(self, content: dict[str, Any]) -> Iterator[None]:
        """Counts an ask among its client's, as long as it is answered. Raises :class:`app.errors.ClientBusy`."""
        client = content["client"]
        if content["lane"] != "public":
            yield
            return
        if self._clients[client] >= self._limits.per_client:
            self._count(content, ClientBusy.key)
            raise ClientBusy(limit=self._limits.per_client)
        self._clients[client] += 1
        try:
            yield
        finally:
            self._clients[client] -= 1
            if not self._clients[client]:
                del self._clients[client]

    async def _put(self, lane: Lane, content: dict[str, Any]) -> Message:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        while True:
            try:
                hand = await lane.take(self._limits.queue_seconds)
            except QueueFull as error:
                if not lane.hands:
                    raise EngineUnavailable(reason=self._failure or "no worker") from error
                raise
            queued = loop.time() - begun
            self._tally.observe("maillage_queue_seconds", queued, lane=lane.name)
            try:
                message = await hand.ask(content, lane.allowed(content))
                message.content["queued"] = queued
                return message
            except Retired:
                continue
            finally:
                lane.release(hand)

    def _count(self, content: dict[str, Any], outcome: str, seconds: float | None = None) -> None:
        lane = content["lane"]
        self._outcomes[outcome] += 1
        self._tally.count("maillage_queries_total", lane=lane, outcome=outcome)
        if seconds is not None:
            self._tally.observe("maillage_query_seconds", seconds, lane=lane)
        level: events.Level = "warning" if outcome in _NOTABLE else "info"
        events.tell(
            level, "query", outcome=outcome, lane=lane, version=content["version"], seconds=seconds, query=content["query"]
        )

    async def _staff(self) -> None:
        pause = 0.1
        while True:
            await self._vacancy.wait()
            self._vacancy.clear()
            if await self._hire(self._missing()):
                pause = 0.1
                continue
            await asyncio.sleep(pause)
            pause = min(pause * 2, _LONGEST_PAUSE)
            self._vacancy.set()

    def _missing(self) -> int:
        wanted = 1 + sum(lane.size for lane in self.lanes.values())
        return wanted - len(self._spares) - sum(len(lane.hands) for lane in self.lanes.values())

    async def _hire(self, number: int) -> bool:
        """Starts workers and gives each its place; False when one could not be started."""
        return all(await asyncio.gather(*(self._hire_one() for _ in range(number))))

    async def _hire_one(self) -> bool:
        try:
            hand = await self.offspring.fork() or Hand.spawn(self._limits)
            await hand.start()
        except (OSError, EngineUnavailable) as error:
            self._failure = str(error)
            events.tell("error", "worker-not-started", reason=str(error))
            return False
        self._failure = None
        hand.wire.closed.add_done_callback(lambda _: self._lost(hand))
        self._place(hand)
        return True

    def _place(self, hand: Hand) -> None:
        short = [lane for lane in self.lanes.values() if len(lane.hands) < lane.size]
        if short:
            lane = min(short, key=lambda lane: len(lane.hands))
            if lane.name == "public":
                hand.yield_to_others()
            lane.add(hand)
        else:
            self._spares.append(hand)

    def _renew_soon(self) -> None:
        self._keep(self._renew())

    async def _renew(self) -> None:
        """Idle workers that read from the disk give way to ones that need not, one at a time and while another is to spare."""
        while any(not hand.in_memory for hand in self._hands()) and self.offspring.version is not None:
            old = next((hand for hand in (*self._spares, *self._idle()) if not hand.in_memory), None)
            if old is not None and (old in self._spares or self._spares):
                self._leave(old)
                old.kill()
                self._restarts -= 1  # nothing has gone wrong
            await asyncio.sleep(_GLANCE)

    def _hands(self) -> list[Hand]:
        return [*self._spares, *(hand for lane in self.lanes.values() for hand in lane.hands)]

    def _idle(self) -> list[Hand]:
        return [hand for lane in self.lanes.values() for hand in lane.idle]

    def _leave(self, hand: Hand) -> None:
        """Nobody is given this worker any more."""
        if hand in self._spares:
            self._spares.remove(hand)
        for lane in self.lanes.values():
            lane.remove(hand)

    def _lost(self, hand: Hand) -> None:
        """A worker has ended, killed or not: the spare takes its place at once, and another is started."""
        if self._closing:
            return
        self._restarts += 1
        expected = not hand.alive
        hand.alive = False
        self._leave(hand)
        if self._spares:
            self._place(self._spares.popleft())
        self._keep(self._bury(hand, expected))
        self._vacancy.set()

    async def _bury(self, hand: Hand, expected: bool) -> None:
        """``expected``: we ended it ourselves, at a limit that was told already."""
        code = await hand.burial()
        events.tell("info" if expected or code == 0 else "warning", "worker-ended", code=code)

    def _keep(self, work: Coroutine[Any, Any, Any]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
