"""How long a request took, and what of it was the engine's: told in ``Server-Timing``, ``/metrics`` and the log.

https://www.w3.org/TR/server-timing/
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from typing import Any

from flask import Blueprint, Flask, Response, g, has_request_context, request

from app import events, reads
from app.engine.asks import Answer, Ask, Engine, Gone
from app.engine.tally import Tally, exposition
from app.web.site import current_site
from app.web.underway import PATIENT
from app.web.warming import UNASKED

blueprint = Blueprint("metrics", __name__)
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


@dataclass
class Spent:
    """What one request has asked of the engine so far; times in seconds."""

    begun: float
    queries: int = 0
    cached: int = 0
    queued: float = 0.0
    engine: float = 0.0


class TimedEngine:
    """An :class:`app.engine.asks.Engine` that adds to its request's times, and stops when the request's client has left."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        """See :meth:`app.engine.asks.Engine.answer`."""
        reads.asked(ask.query)
        if gone is None and has_request_context():
            gone = request.environ.get("waitress.client_disconnected")
        answer = self._engine.answer(_patient(ask), gone)
        if has_request_context() and "spent" in g:
            spent: Spent = g.spent
            spent.queries += 1
            spent.cached += answer.cached
            spent.queued += answer.queued
            spent.engine += answer.seconds
        return answer

    def ahead(self, asks: Sequence[Ask]) -> AbstractContextManager[None]:
        """See :meth:`app.engine.asks.Engine.ahead`."""
        return self._engine.ahead([_patient(ask) for ask in asks])

    def version(self) -> int:
        return self._engine.version()

    def status(self) -> Mapping[str, Any]:
        return self._engine.status()

    def measured(self, rows: list[Any]) -> list[Any]:
        return self._engine.measured(rows)


def _patient(ask: Ask) -> Ask:
    """Nobody waits for a thread in the background."""
    return replace(ask, patient=True) if not has_request_context() or PATIENT in request.environ else ask


def register(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_tell)


def _begin() -> None:
    if UNASKED not in request.environ:
        g.spent = Spent(time.perf_counter())


def _tell(response: Response) -> Response:
    spent: Spent | None = g.get("spent")
    if spent is None:
        return response
    total = time.perf_counter() - spent.begun
    parts = [f"total;dur={total * 1000:.2f}"]
    if spent.queries:
        cache = "hit" if spent.cached == spent.queries else "miss" if not spent.cached else f"{spent.cached}/{spent.queries}"
        parts = [f"queue;dur={spent.queued * 1000:.2f}", f"engine;dur={spent.engine * 1000:.2f}", f'cache;desc="{cache}"', *parts]
    response.headers["Server-Timing"] = ", ".join(parts)
    _count(current_site().tally, response.status_code, total)
    events.tell(
        "info",
        "request",
        method=request.method,
        path=request.path,
        status=response.status_code,
        seconds=total,
        queries=spent.queries,
        cached=spent.cached,
    )
    return response


def _count(tally: Tally, status: int, total: float) -> None:
    endpoint = request.endpoint or "none"
    method = request.method if request.method in _METHODS else "other"
    tally.count("maillage_requests_total", endpoint=endpoint, method=method, status=str(status))
    tally.observe("maillage_request_seconds", total, endpoint=endpoint)


@blueprint.get("/metrics")
def metrics() -> Response:
    """The figures of all processes, for Prometheus; never cached."""
    site = current_site()
    rows = gathered(site.engine, site.tally)
    response = Response(exposition(rows), content_type="text/plain; version=0.0.4; charset=utf-8")
    response.headers["Cache-Control"] = "no-store"
    return response


def gathered(engine: Engine, tally: Tally) -> list[Any]:
    """What this process has counted is handed on; the sums of all. Raises what the engine raises, and then nothing is lost."""
    taken = tally.take()
    try:
        return engine.measured(list(taken))
    except BaseException:
        with suppress(ValueError):
            tally.add(taken)
        raise
