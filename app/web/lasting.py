"""Pages that stand for later versions too: what a page read of its version is noted while it is built, and where a later version
has the same, the page is that version's, but for what it says of the version itself.

Those places are left open while a page is built, and filled for each version: the version's number (:func:`stated`), and parts
such as the reference to cite (:func:`late`). A page that looks at :attr:`app.web.site.Visit.version` otherwise, or at anything
that :mod:`app.reads` cannot compare, stands for its own version alone.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

import pyoxigraph as ox
from flask import Response, make_response, render_template, request
from markupsafe import Markup

from app import reads
from app.errors import StoreError
from app.reads import Later, Reads
from app.text import number

if TYPE_CHECKING:
    from app.web.site import History, Visit

_TOKEN = f"open{secrets.token_hex(8)}"
"""Letters and digits, which no writer of addresses, HTML or JSON escapes, and which no data can foresee."""

_NUMBER, _IN_WORDS = f"{_TOKEN}n", f"{_TOKEN}w"
_MOST_STEPS, _MOST_STATEMENTS = 50, 2_000
"""Versions and changed statements past which a page is rather built anew."""

_LARGEST = 500_000
_MEGABYTE = 1_000_000
_A_GAP = 500
"""Bytes, roughly."""


@dataclass(frozen=True)
class Gap:
    """A part of a page that is rendered for each version."""

    template: str
    values: Mapping[str, object]


@dataclass(frozen=True)
class Lasting:
    """A page with its gaps, the version that it was last right for, when that was made, and all that it was made of."""

    body: bytes
    headers: tuple[tuple[str, str], ...]
    gaps: tuple[Gap, ...]
    version: int
    created: str
    reads: Reads

    @property
    def size(self) -> int:
        return len(self.body) + _A_GAP * (1 + len(self.gaps)) + sum(note.size for note in self.reads.notes)


def stated(seen: Visit) -> str:
    """The number of the version that is read, in digits, for a text or an address."""
    return _NUMBER if _is_open() else str(seen.version)


def in_words(seen: Visit) -> str:
    """The same as sentences have it."""
    return _IN_WORDS if _is_open() else number(seen.version, seen.language)


def late(template: str, **values: object) -> Markup:
    """A part of a page that tells of the version. Its values are made of the address and of what the page may keep."""
    current = reads.current()
    if current is None or current.gaps is None:
        return Markup(render_template(template, **values))  # noqa: S704  a template escapes what it is given
    current.gaps.append(Gap(template, values))
    return Markup(_place(len(current.gaps) - 1))  # noqa: S704  our own letters and digits


def _is_open() -> bool:
    current = reads.current()
    return current is not None and current.gaps is not None


def _place(gap: int) -> str:
    return f"{_TOKEN}g{gap}e"


class LastingPages:
    """``megabytes`` of pages in all, for any number of threads; the least recently used go first."""

    def __init__(self, megabytes: int = 0) -> None:
        self._most = megabytes * _MEGABYTE
        self._size = 0
        self._kept: OrderedDict[Hashable, Lasting] = OrderedDict()
        self._later: dict[tuple[int, int], Later | None] = {}
        self._lock = threading.Lock()

    def resize(self, megabytes: int) -> None:
        """How much may be kept from now on; nothing, unless the server of an app says so."""
        self._most = megabytes * _MEGABYTE

    def anew(self) -> LastingPages:
        """As large, with nothing in it."""
        return LastingPages(self._most // _MEGABYTE)

    def get_or_build(self, seen: Visit, name: str, build: Callable[[], Response]) -> Response:
        """The page under the request's address and ``name``, from an earlier version where it is the same, else built."""
        if not self._most:
            return build()
        key = (name, request.host_url, request.path, request.query_string, str(date.today()))
        found = self._standing(key, seen)
        if found is None:
            return self._build(key, seen, build)
        return _filled(Response(found.body, 200, list(found.headers)), found.gaps, seen)

    def _standing(self, key: Hashable, seen: Visit) -> Lasting | None:
        with self._lock:
            found = self._kept.get(key)
        if found is None or not self._stands(found, seen):
            return None
        now = replace(found, version=seen.number, created=_created(seen.site.history, seen.number))
        with self._lock:
            if self._kept.get(key) is found:
                self._kept[key] = now
                self._kept.move_to_end(key)
        return now

    def _stands(self, page: Lasting, seen: Visit) -> bool:
        history = seen.site.history
        if page.version > seen.number or _created(history, page.version) != page.created:
            return False
        if page.version == seen.number:
            return True
        later = self._between(history, page.version, seen.number)
        return later is not None and page.reads.still_hold(later)

    def _between(self, history: History, earlier: int, number: int) -> Later | None:
        """What changed between two versions; None where it is too much, or not known."""
        known = (earlier, number)
        with self._lock:
            if known in self._later:
                return self._later[known]
        found = _later(history, earlier, number)
        with self._lock:  # nobody asks any more for what led to an older version
            self._later = {pair: later for pair, later in self._later.items() if pair[1] >= number} | {known: found}
        return found

    def _build(self, key: Hashable, seen: Visit, build: Callable[[], Response]) -> Response:
        current = reads.current()
        if current is None:
            return build()
        current.gaps = []
        try:
            response = make_response(build())
        finally:
            gaps, current.gaps = tuple(current.gaps), None
        if _can_be_kept(response) and not current.lost:
            read = Reads(set(current.notes))
            created = _created(seen.site.history, seen.number)
            self._keep(key, Lasting(response.get_data(), tuple(response.headers.items()), gaps, seen.number, created, read))
        return _filled(response, gaps, seen)

    def _keep(self, key: Hashable, page: Lasting) -> None:
        with self._lock:
            before = self._kept.get(key)
            if before is not None and before.version > page.version:
                return
            self._size += page.size - (before.size if before else 0)
            self._kept[key] = page
            self._kept.move_to_end(key)
            while self._size > self._most:
                self._size -= self._kept.popitem(last=False)[1].size


def _can_be_kept(response: Response) -> bool:
    plain = response.status_code == 200 and response.mimetype == "text/html" and not response.is_streamed
    return plain and not response.cache_control.no_store and len(response.get_data()) <= _LARGEST


def _filled(response: Response, gaps: tuple[Gap, ...], seen: Visit) -> Response:
    """The page of this version."""
    with reads.unheeded():
        filling = {_place(n): render_template(gap.template, **gap.values) for n, gap in enumerate(gaps)}
    filling |= {_NUMBER: str(seen.number), _IN_WORDS: number(seen.number, seen.language)}
    body = response.get_data()
    for place, text in filling.items():
        body = body.replace(place.encode(), text.encode())
    response.set_data(body)
    for name, value in list(response.headers.items()):
        if _TOKEN in value:
            response.headers[name] = value.replace(_NUMBER, str(seen.number))
    return response


def _created(history: History, version: int) -> str:
    """When a version was made, which tells it from another that was given its number later."""
    return history.version(version).created


def _later(history: History, earlier: int, number: int) -> Later | None:
    if number - earlier > _MOST_STEPS:
        return None
    changed: set[ox.Triple] = set()
    try:
        for step in range(earlier + 1, number + 1):
            for derived in (False, True):
                change = history.change(step, derived=derived)
                if not change.is_small or len(changed) + len(change) > _MOST_STATEMENTS:
                    return None
                changed.update(quad.triple for quad in change.quads())
    except StoreError:
        return None
    return Later(number, frozenset(changed))
