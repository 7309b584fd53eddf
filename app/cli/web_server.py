"""One web server process: the site over the broker's engine, on a socket that it shares with others; it starts nothing else.

``python -m app.cli.web_server FD``: FD is the listening socket; the settings come as JSON on its input.
"""

from __future__ import annotations

import json
import logging
import os
import signal
import socket
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.server import BaseWSGIServer, create_server

from app import events
from app.assembly import Definitions, open_repository
from app.cli.collecting import Collecting
from app.cli.incoming import adjustments, channel
from app.cli.showing import shown_since
from app.cli.warming import Warming
from app.engine import sandbox
from app.engine.client import BrokerEngine
from app.engine.launch import connect
from app.engine.orders import Limits
from app.errors import MaillageError
from app.settings import Settings
from app.web import create_app
from app.web.site import Site
from app.web.timing import gathered

DRAIN_SECONDS = 10.0
"""How long answers that have begun may still take once the server is told to stop."""

REPORT_SECONDS = 2.0
"""How old the figures of other processes may be, when one is asked for all."""

_OWN_DESCRIPTORS = 100
_PAGES_SHARE = 4
"""Each web process keeps built pages in a quarter of what the broker keeps of results."""

_SWITCH_SECONDS = 0.001
"""Beside a page that is being built, others get the interpreter back so soon."""

_MEGABYTE = 1_000_000


def application(settings: Settings) -> Flask:
    """The site for the broker that serves the settings' data folder."""
    definitions = Definitions().read()
    repository = open_repository(settings, definitions)
    broker = connect(settings.data, places=public_places(settings.web_threads), patience=Limits.of(settings).patience)
    app = create_app(broker, settings, definitions.vocabulary, definitions.shapes, definitions.catalogue, repository)
    app.extensions["maillage-broker"] = broker
    site: Site = app.extensions["maillage"]
    site.moments.started = shown_since(settings, site.release)
    return app


def server(app: Any, listener: socket.socket, settings: Settings) -> BaseWSGIServer:
    """A waitress server that hands whole answers to its loop, so that a slow reader frees its thread at once."""
    largest = settings.query_bytes_mb * _MEGABYTE
    made: BaseWSGIServer = create_server(
        app,
        sockets=[listener],
        threads=settings.web_threads,
        connection_limit=connections(sandbox.raise_descriptors()),
        asyncore_use_poll=True,
        channel_request_lookahead=1,  # lets a request ask whether its client is still there
        outbuf_high_watermark=largest + 16 * _MEGABYTE,
        clear_untrusted_proxy_headers=True,
        ident="",
        expose_tracebacks=False,
        **adjustments(settings),
    )
    made.channel_class = channel(settings)
    return made


def connections(descriptors: int) -> int:
    """How many clients may be connected, so that there is a descriptor for each one's answer, and some for the rest."""
    return max(10, min(1_000, (descriptors - _OWN_DESCRIPTORS) // 2))


def serve(made: BaseWSGIServer) -> None:
    """Serves until SIGTERM; then takes no more connections, and ends once what has begun is sent."""
    stopping: list[int] = []

    def stop(number: int, frame: object) -> None:  # noqa: ARG001  what a signal's handler is given
        stopping.append(number)
        made.pull_trigger()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    while not stopping:
        wasyncore.loop(timeout=1, map=made._map, use_poll=True, count=1)
    made.del_channel()
    deadline = time.monotonic() + DRAIN_SECONDS
    while time.monotonic() < deadline and any(map(_is_busy, list(made.active_channels.values()))):
        wasyncore.loop(timeout=0.1, map=made._map, use_poll=True, count=1)
    made.task_dispatcher.shutdown(cancel_pending=True, timeout=1)


def _is_busy(channel: Any) -> bool:
    return bool(channel.requests or channel.total_outbufs_len)


def public_places(threads: int) -> int:
    """How many threads strangers' queries may hold: pages always find one in four."""
    return max(1, threads - max(1, threads // 4))


class Reporter(threading.Thread):
    """Hands on what this process has counted and what went wrong in it, every few seconds."""

    def __init__(self, app: Flask, recent: events.Recent) -> None:
        super().__init__(name="reporter", daemon=True)
        self._site: Site = app.extensions["maillage"]
        self._engine: BrokerEngine = app.extensions["maillage-broker"]
        self._recent = recent

    def run(self) -> None:
        while True:
            time.sleep(REPORT_SECONDS)
            with suppress(MaillageError):
                gathered(self._engine, self._site.tally)
                self._engine.happened(self._recent.take())


def main() -> None:
    parent = os.getppid()
    sandbox.die_with_parent(signal.SIGTERM)
    if os.getppid() != parent:
        return
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a request that waits for a thread is nothing to report
    told = json.load(sys.stdin)
    lists = {name: tuple(told[name]) for name in ("service_allow", "load_allow")}
    settings = Settings(**{**told, **lists, "data": Path(told["data"])})
    listener = socket.socket(fileno=int(sys.argv[1]))
    recent = events.begin(settings.log_level)
    app = application(settings)
    collecting = Collecting()
    collecting.set_aside()
    sys.setswitchinterval(_SWITCH_SECONDS)
    site: Site = app.extensions["maillage"]
    site.pages.resize(settings.cache_mb // _PAGES_SHARE)
    site.lasting.resize(settings.cache_mb // _PAGES_SHARE)
    Reporter(app, recent).start()
    if settings.warm_after_seconds and settings.page_workers > 1:
        Warming(app, collecting.set_aside).start()
    serve(server(app, listener, settings))


if __name__ == "__main__":
    main()
