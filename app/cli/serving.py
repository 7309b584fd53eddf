"""The service's processes: one broker and some web servers on one listening socket, started, watched and stopped together.

Each web server is waitress: it reads and writes all its connections in one loop, so that a slow client holds no thread. What a
web server does is in :mod:`app.cli.web_server`.
"""

from __future__ import annotations

import errno
import http.client
import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import asdict
from types import FrameType

from app import events
from app.cli.console import Console
from app.engine.hand import environment
from app.engine.launch import BrokerProcess
from app.engine.orders import Limits
from app.errors import EngineUnavailable, SettingsError
from app.settings import Settings

STOPPING_SECONDS = 15.0
"""How long a web server may take to send what it has begun."""

_GLANCE = 0.2
_BACKLOG = 1024
_MANY_DEATHS, _WITHIN_SECONDS = 6, 30.0
_TAKEN = (errno.EADDRINUSE, errno.EACCES)
STOPPED, FAILED = 0, 3


def bind(settings: Settings) -> socket.socket:
    """The socket that all web servers share; it listens only once they do.

    Raises :class:`app.errors.SettingsError` when the port is taken or the address is not this machine's.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        made = socket.socket(family, kind, protocol)
    except OSError as error:
        raise SettingsError(name="MAILLAGE_HOST", value=settings.host, reason="no-address") from error
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind(address)
    except OSError as error:
        made.close()
        name, value = ("PORT", str(settings.port)) if error.errno in _TAKEN else ("MAILLAGE_HOST", settings.host)
        raise SettingsError(name=name, value=value, reason="port-taken" if name == "PORT" else "no-address") from error
    return made


def local_url(settings: Settings) -> str:
    """Where a browser on this machine finds the service."""
    host = settings.host if settings.host not in ("127.0.0.1", "0.0.0.0", "::", "::1") else "localhost"  # noqa: S104
    return f"http://[{host}]:{settings.port}/" if ":" in host else f"http://{host}:{settings.port}/"


class Service:
    """Everything that runs, from the start to a clean stop."""

    def __init__(self, settings: Settings, listener: socket.socket, console: Console) -> None:
        self.settings = settings
        self.listener = listener
        self.console = console
        self._stopping = threading.Event()
        self._servers: list[subprocess.Popen[bytes]] = []
        self._broker: BrokerProcess | None = None
        self._deaths: deque[float] = deque(maxlen=_MANY_DEATHS)
        self._recent = events.begin(settings.log_level)

    def run(self, version: int) -> int:
        """Serves until SIGTERM or SIGINT; 0 then, 3 when the processes keep dying. Raises what the broker's start raises."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        try:
            self.listener.listen(_BACKLOG)
            self._servers = [self._start_server() for _ in range(self.settings.web_processes)]
            self._broker = BrokerProcess(Limits.of(self.settings))  # while the servers load what they need
            return self._watch(version)
        finally:
            self._stop_all()

    def _stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002  what a signal's handler is given
        self._stopping.set()

    def _start_server(self) -> subprocess.Popen[bytes]:
        """Its settings are ours, and it shares our socket; Ctrl-C comes to us alone, so that all stop in order."""
        self.listener.set_inheritable(True)
        command = [sys.executable, "-P", "-m", "app.cli.web_server", str(self.listener.fileno())]
        process = subprocess.Popen(  # noqa: S603  our own module, by our own Python
            command,
            stdin=subprocess.PIPE,
            pass_fds=(self.listener.fileno(),),
            env=environment(),
            process_group=0,
        )
        if process.stdin is not None:
            with suppress(BrokenPipeError), process.stdin as orders:
                orders.write(json.dumps(asdict(self.settings), default=str).encode())
        return process

    def _says_ready(self, version: int) -> bool:
        """Whether the service answers now, which is told."""
        if not _answers(self.settings):
            return False
        self.console.note("serving", url=local_url(self.settings), base=self.settings.base_iri, version=str(version))
        return True

    def _dead(self) -> list[subprocess.Popen[bytes]]:
        return [server for server in self._servers if server.poll() is not None]

    def _watch(self, version: int) -> int:
        is_ready = False
        while not self._stopping.wait(_GLANCE):
            is_ready = is_ready or self._says_ready(version)
            for server in self._dead():
                if self._too_often("web-server-died", server.returncode):
                    return FAILED
                self._servers[self._servers.index(server)] = self._start_server()
            broker = self._broker
            if broker is not None and broker.process.poll() is not None:
                if self._too_often("broker-died", broker.process.returncode):
                    return FAILED
                self._restart_broker(broker)
            self._tell_broker()
        self.console.note("stopping")
        return STOPPED

    def _restart_broker(self, dead: BrokerProcess) -> None:
        dead.engine.close()
        try:
            self._broker = BrokerProcess(Limits.of(self.settings))
        except EngineUnavailable as error:
            self.console.note("broker-not-started", reason=str(error.details.get("reason")))

    def _tell_broker(self) -> None:
        """What died is told at ``/health``, also where it was the broker itself."""
        if self._broker is not None and self._recent.told():
            with suppress(EngineUnavailable):
                self._broker.engine.happened(self._recent.told())
                self._recent.take()

    def _too_often(self, key: str, code: int) -> bool:
        self.console.note(key, code=str(code))
        events.tell("error", key, code=code)
        self._deaths.append(time.monotonic())
        too_often = len(self._deaths) == _MANY_DEATHS and self._deaths[-1] - self._deaths[0] < _WITHIN_SECONDS
        if too_often:
            self.console.note("too-many-deaths", n=_MANY_DEATHS)
        return too_often

    def _stop_all(self) -> None:
        """The web servers first, since they ask the broker."""
        for server in self._servers:
            with suppress(ProcessLookupError):
                server.terminate()
        deadline = time.monotonic() + STOPPING_SECONDS
        for server in self._servers:
            try:
                server.wait(max(deadline - time.monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        if self._broker is not None:
            self._broker.close()


def _answers(settings: Settings) -> bool:
    host = "127.0.0.1" if settings.host == "0.0.0.0" else "::1" if settings.host == "::" else settings.host  # noqa: S104
    connection = http.client.HTTPConnection(host, settings.port, timeout=5)
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
