"""Starting a broker as a process of its own, and finding the one that serves a data folder."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import replace
from pathlib import Path
from types import TracebackType

from app.engine.client import BrokerEngine
from app.engine.hand import environment
from app.engine.opened import published
from app.engine.orders import Limits
from app.errors import EngineUnavailable

_LONGEST_PATH = 90
"""A Unix socket's path ends at 108 bytes (unix(7)), and the proxy's name is longer than the broker's."""


def run_folder(data: Path) -> Path:
    """Where the sockets of a data folder are: in it, or outside where its path is too long or it cannot be written."""
    if _writable(data) and len(os.fsencode(_inside(data) / "broker")) <= _LONGEST_PATH:
        return _inside(data)
    name = hashlib.sha256(os.fsencode(data.absolute())).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"maillage-{os.geteuid()}-{name}"


def spool_folder(data: Path) -> Path:
    """Where large results pass through: the data's own disk, or the sockets' folder where it cannot be written."""
    return _inside(data) if _writable(data) else run_folder(data)


def _inside(data: Path) -> Path:
    return data.absolute() / "run"


def _writable(data: Path) -> bool:
    return os.access(data, os.W_OK) or not data.exists()


def socket_path(data: Path) -> Path:
    return run_folder(data) / "broker"


def connect(data: Path, *, places: int | None = None, patience: float = 120.0) -> BrokerEngine:
    """The engine of the broker that serves a data folder; whether there is one shows at the first ask.

    See :class:`app.engine.client.BrokerEngine` for ``places`` and ``patience``.
    """
    return BrokerEngine(socket_path(data), patience=patience, places=places, versions=published(data))


class BrokerProcess:
    """A broker that lives as long as this value is open, and no longer than the thread that started it."""

    def __init__(self, limits: Limits) -> None:
        """Raises :class:`app.errors.EngineUnavailable` with what the broker said."""
        self.path = socket_path(limits.data)
        spool = limits.spool or spool_folder(limits.data)
        for folder in (self.path.parent, spool):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            if folder.stat().st_uid != os.geteuid():
                raise EngineUnavailable(reason=f"{folder}: not ours")
        self.process = self._start(replace(limits, spool=spool))
        self.engine = BrokerEngine(self.path, patience=limits.patience)

    def _start(self, limits: Limits) -> subprocess.Popen[bytes]:
        reader, writer = os.pipe()
        with os.fdopen(reader, "rb") as said:
            try:
                command = [sys.executable, "-P", "-m", "app.engine.broker", str(self.path), str(writer)]
                process = subprocess.Popen(command, pass_fds=(writer,), stdin=subprocess.PIPE, env=environment())  # noqa: S603
            finally:
                os.close(writer)
            with process.stdin as orders:  # type: ignore[union-attr]  # a pipe was asked for
                orders.write(json.dumps(limits.to_json()).encode())
            line = said.readline().decode().strip()
        if line != "ready":
            process.kill()
            code = process.wait()
            raise EngineUnavailable(reason=line or f"broker: exit {code}")
        return process

    def close(self) -> None:
        self.engine.close()
        self.process.terminate()
        self.process.wait()

    def __enter__(self) -> BrokerProcess:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()
