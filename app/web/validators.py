"""What tells one state of a page or document from another (RFC 9110 §8.8), and the conditions of requests on it (§13).

A tag names the release, with the settings where they show, the version, the erasures and the variant: the same ones give the
same bytes, so it is strong.
"""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Literal

from flask import Response, request

from app.errors import PreconditionFailed, StoreError
from app.text import Language
from app.web.site import Site

Condition = Literal["If-Match", "If-Unmodified-Since", "If-None-Match", "If-Modified-Since"]


@dataclass(frozen=True)
class State:
    """One state of a resource: its tags, one for each representation that is not asked for by another address, and its date."""

    tags: frozenset[str]
    modified: datetime | None

    def broken(self) -> Condition | None:
        """The first condition of the request that the state does not meet, in the order of RFC 9110 §13.2.2.

        Tags of ``If-Match`` are compared strongly, those of ``If-None-Match`` weakly (§13.1.1, §13.1.2).
        """
        if "If-Match" in request.headers:
            if not any(request.if_match.contains(tag) for tag in self.tags):
                return "If-Match"
        elif self.modified is not None and (asked := request.if_unmodified_since) and self.modified > asked:
            return "If-Unmodified-Since"
        if "If-None-Match" in request.headers:
            return "If-None-Match" if any(request.if_none_match.contains_weak(tag) for tag in self.tags) else None
        since = request.if_modified_since if request.method in ("GET", "HEAD") else None
        return "If-Modified-Since" if self.modified is not None and since and self.modified <= since else None


def tag(site: Site, version: int, language: Language, variant: str, *, manner: str = "") -> str:
    """The strong tag of one representation (an opaque tag, without quotes); ``manner`` where settings are shown in it."""
    name = f"{manner or site.release} {version} {site.erased} {language} {variant}"
    return hashlib.sha256(name.encode()).hexdigest()[:20]


def modified(site: Site, version: int, *, daily: bool = False) -> datetime | None:
    """When a page of a version changed last; with ``daily``, its text is another each day. None where no date tells it."""
    erased = datetime.fromtimestamp(site.erased / 1e9, UTC)
    midnight = datetime.combine(date.today(), time.min).astimezone(UTC) if daily else erased
    with suppress(StoreError):
        return site.moments.changed(version, lambda n: site.history.version(n).moment, erased, midnight)
    return None


def known(tag: str) -> bool:
    """Whether the reader names this very representation as one that it has, and asks nothing else."""
    return "If-Match" not in request.headers and tag in request.if_none_match.as_set(include_weak=True)


def settle(response: Response, state: State) -> Response:
    """The response, ``304`` in its place where the reader has it, or :class:`app.errors.PreconditionFailed`.

    Conditions count only where the answer would be one of success (RFC 9110 §13.2.1).
    """
    broken = state.broken() if response.status_code == 200 else None
    if broken is None:
        return response
    response.close()
    if broken in ("If-Match", "If-Unmodified-Since"):
        raise PreconditionFailed(condition=broken, reason="changed")
    return Response(status=304)
