"""What takes long to work out of a large version: done in the background, while its readers are told to come back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from flask import g, has_request_context, request

from app.errors import UnderWay
from app.web.site import Visit

AT_ONCE = 20_000
"""Nodes of a network for whose like a reader may wait."""

PATIENT = "maillage.patient"
"""In the environment of a request that may wait as long as it takes."""

Made = TypeVar("Made")


def worked_out(seen: Visit, name: str, make: Callable[[], Made], *, is_quick: bool = False) -> Made:
    """A value of the version, made once and kept.

    Raises :class:`app.errors.UnderWay` where it is not there yet, the graph is large and a reader would wait for it; it is
    begun then.
    """
    kept = seen.site.kept
    found = kept.peek(name, seen.number)
    if found is not None:
        return cast(Made, found)
    if is_quick or _may_wait() or len(seen.network) <= AT_ONCE:
        return kept.get(name, seen.number, make)
    kept.begin(name, seen.number, make)
    raise UnderWay


def _may_wait() -> bool:
    return not has_request_context() or PATIENT in request.environ


def leave_unfinished() -> None:
    """The page that is being built lacks a part that is under way: nobody keeps it."""
    g.unfinished = True


def is_unfinished() -> bool:
    return bool(g.get("unfinished"))
