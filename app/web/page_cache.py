"""Pages as they were built for an earlier reader, by address and validator; what depends on more than those is not kept.

Only pages of the newest version: those of an older one also say that it is older. An erasure ends the whole cache.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from flask import Response, make_response, request

SECONDS = 60.0
_LARGEST = 500_000
_MEGABYTE = 1_000_000

Key = tuple[str | bytes, ...]


@dataclass(frozen=True)
class Built:
    """A page's parts, and until when it may be shown."""

    body: bytes
    status: int
    headers: tuple[tuple[str, str], ...]
    until: float

    def response(self) -> Response:
        return Response(self.body, self.status, list(self.headers))


class PageCache:
    """``megabytes`` in all, for any number of threads; the least recently used go first, and those whose time is over with them:
    each version has tags of its own, so that pages of the one before are not asked for again."""

    def __init__(self, megabytes: int = 0) -> None:
        self._most = megabytes * _MEGABYTE
        self._size = 0
        self._kept: OrderedDict[Key, Built] = OrderedDict()
        self._lock = threading.Lock()

    def resize(self, megabytes: int) -> None:
        """How much may be kept from now on; nothing, unless the server of an app says so."""
        self._most = megabytes * _MEGABYTE

    def anew(self) -> PageCache:
        """A cache of the same size with nothing in it."""
        return PageCache(self._most // _MEGABYTE)

    def get_or_build(self, tag: str, build: Callable[[], Response | str]) -> Response:
        """The page under the request's address and validator, built if need be; a day's page is not the next day's."""
        key = (tag, request.host_url, request.path, request.query_string, str(date.today()))
        with self._lock:
            found = self._kept.get(key)
            if found is not None and found.until > time.monotonic():
                self._kept.move_to_end(key)
                return found.response()
        response = make_response(build())
        if request.method == "GET" and self._can_be_kept(response):
            self._keep(key, response)
        return response

    def _can_be_kept(self, response: Response) -> bool:
        plain = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
        return plain and not response.cache_control.no_store and len(response.get_data()) <= min(_LARGEST, self._most)

    def _keep(self, key: Key, response: Response) -> None:
        built = Built(response.get_data(), 200, tuple(response.headers.items()), time.monotonic() + SECONDS)
        with self._lock:
            before = self._kept.pop(key, None)
            self._size += len(built.body) - (len(before.body) if before else 0)
            self._kept[key] = built
            now = time.monotonic()
            while self._kept and (self._size > self._most or next(iter(self._kept.values())).until <= now):
                self._size -= len(self._kept.popitem(last=False)[1].body)
