"""One ask as the broker answers it: from what was answered before, with whoever asks the same now, or by a worker."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Hashable
from typing import Any, NamedTuple

from app.engine.cache import ResultCache
from app.engine.layout import Layout, Stamp
from app.engine.opened import VersionSource
from app.engine.orders import Limits
from app.engine.pool import Pool
from app.engine.tally import Row, gauge
from app.engine.volatile import is_volatile
from app.engine.wire import Message
from app.errors import MaillageError, StoreError


class Key(NamedTuple):
    """All that an answer depends on; limits and release are the same as long as a broker lives."""

    version: int
    stamp: Stamp
    erased: int
    query: str
    solutions: str | None
    graph: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]


class Answering:
    """The cache before the pool. Who asks what another of its lane is being answered waits for that answer."""

    def __init__(self, limits: Limits, versions: VersionSource, pool: Pool) -> None:
        self.cache = ResultCache(limits.cache_bytes)
        self._ways: Counter[str] = Counter(hit=0, miss=0, shared=0, passed=0)
        self._federated = bool(limits.services)
        self._layout = Layout(limits.data)
        self._erased = self._layout.erased()
        self._versions = versions
        self._pool = pool
        self._under_way: dict[Hashable, asyncio.Future[Message | MaillageError | None]] = {}

    async def answer(self, content: dict[str, Any]) -> Message:
        """An answer or an error; the answer's file is the caller's. Raises :mod:`app.errors`."""
        key = self._key(content)
        if key is None:
            self._ways["passed"] += 1
            return await self._pool.answer(content)
        found = self.cache.get(key)
        if found is not None:
            self._ways["hit"] += 1
            return found
        with self._pool.admitted(content):
            return await self._shared(key, content)

    async def _shared(self, key: Key, content: dict[str, Any]) -> Message:
        """What fails for the first fails for all who wait with it; where the first one leaves, the next takes its place.

        Who is patient waits with others who are: a reader is told after a page's time, and nobody is told so before their own.
        """
        place = (content["lane"], bool(content.get("patient")), key)
        while (first := self._under_way.get(place)) is not None:
            await asyncio.wait({first})
            if first.cancelled():
                continue
            ended = first.result()
            if isinstance(ended, MaillageError):
                raise ended
            self._ways["shared"] += 1
            found = self.cache.get(key)
            if ended is not None or found is not None:
                return ended or found  # type: ignore[return-value]  # one of both is there
            return await self._pool.put(content)  # too large to be kept
        return await self._first(place, key, content)

    async def _first(self, place: Hashable, key: Key, content: dict[str, Any]) -> Message:
        self._ways["miss"] += 1
        promise = self._under_way[place] = asyncio.get_running_loop().create_future()
        try:
            message = await self._pool.put(content)
        except MaillageError as error:
            promise.set_result(error)
            raise
        except BaseException:
            promise.cancel()
            raise
        else:
            failed = "error" in message.content
            if not failed:
                self._keep(key, message)
            promise.set_result(message if failed else None)
            return message
        finally:
            del self._under_way[place]

    def _keep(self, key: Key, message: Message) -> None:
        """Under the version that did answer, which is newer where one was published meanwhile; not where texts were erased
        meanwhile, or the version was made anew: the answer may be from before."""
        version = int(message.content["version"])
        stamp = self._layout.stamp(version)
        is_as_it_was = self._layout.erased() == key.erased and (version != key.version or stamp == key.stamp)
        if stamp is not None and is_as_it_was:
            kept = key._replace(version=version, stamp=stamp)
            self.cache.put(kept, len(key.query) + sum(map(len, key.default_graphs + key.named_graphs)), message)

    def _key(self, content: dict[str, Any]) -> Key | None:
        """None where the answer is not to be kept, or nothing is there to answer."""
        if not self.cache.most or is_volatile(content["query"], federated=self._federated):
            return None
        try:
            number = content["version"] if content["version"] is not None else self._versions.current_number()
        except StoreError:
            return None
        stamp = self._layout.stamp(number)
        if stamp is None:
            return None
        graphs = tuple(content["default_graphs"]), tuple(content["named_graphs"])
        return Key(number, stamp, self._forget_erased(), content["query"], content["solutions"], content["graph"], *graphs)

    def _forget_erased(self) -> int:
        """The stamp of the last erasure; what was answered before it goes."""
        stamp = self._layout.erased()
        if stamp != self._erased:
            self._erased = stamp
            self.cache.clear()
        return stamp

    def gauges(self) -> list[Row]:
        """The same for Prometheus."""
        kept = self.cache.status()
        ways = [gauge("maillage_cache_requests_total", number, result=way) for way, number in self._ways.items()]
        names = {"results": "maillage_cache_results", "bytes": "maillage_cache_bytes", "limit": "maillage_cache_limit_bytes"}
        return [*ways, *(gauge(name, kept[part]) for part, name in names.items())]

    def status(self) -> dict[str, int]:
        """How many asks came out which way, and what is kept."""
        return {**self._ways, **self.cache.status()}
