"""A thread of each web process that builds the first pages of a version once it has settled; which pages, says the web."""

from __future__ import annotations

import fcntl
import importlib
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from flask import Flask

from app import events
from app.engine.launch import run_folder
from app.errors import MaillageError
from app.web.site import Site
from app.web.warming import visits

LATER = ("app.discovery.structure.shape", "app.queries.footprint", "app.queries.rules", "app.shapes.gate", "openpyxl")
"""What a web process loads with its first need of it, so that it starts sooner; here before anybody waits for it."""

_GLANCE = 1.0


class Warming(threading.Thread):
    """Rests as long as it works, so that readers have the larger part; begins anew when there is a newer version.

    ``done`` is called each time that pages of a version are there, all or those before a newer version.
    """

    def __init__(self, app: Flask, done: Callable[[], None]) -> None:
        super().__init__(name="warming", daemon=True)
        self._app = app
        self._done = done
        self._site: Site = app.extensions["maillage"]
        self._settled = self._site.settings.warm_after_seconds

    def run(self) -> None:
        done = None
        while True:
            version = self._settled_version()
            if version is not None and done is None:
                for module in LATER:
                    importlib.import_module(module)
            if version is not None and version != done:
                with suppress(MaillageError, OSError), self._alone():
                    done = version if self._warm(version) else done
                    self._done()
            time.sleep(_GLANCE)

    def _settled_version(self) -> int | None:
        """The newest version, once it has been that for long enough."""
        with suppress(MaillageError):
            version = self._site.engine.version()
            deadline = time.monotonic() + self._settled
            while time.monotonic() < deadline:
                time.sleep(min(_GLANCE, self._settled))
                if self._site.engine.version() != version:
                    return None
            return version
        return None

    def _warm(self, version: int) -> bool:
        """Whether all pages were built before there was a newer version."""
        begun = turn = time.monotonic()
        number = 0
        for address, status in visits(self._app):
            took = time.monotonic() - turn
            number += 1
            if status >= 500:
                events.tell("info", "page-not-warmed", version=version, path=address, status=status)
            if self._site.engine.version() != version:
                return False
            time.sleep(took)
            turn = time.monotonic()
        events.tell("info", "version-warmed", version=version, pages=number, seconds=turn - begun)
        return True

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process of the service at a time: the next one finds the engine's answers already there."""
        with (run_folder(self._site.settings.data) / "warming").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
