"""Commands run in this process on a copy of one store, which is made of the ontology and the seed once for all tests."""

from __future__ import annotations

import fcntl
import io
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.assembly import ensure_store
from app.cli import run
from app.settings import Settings

BASE = "http://localhost:8000/"


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    output: str
    error: str

    @property
    def document(self) -> Any:
        return json.loads(self.output)


Command = Callable[..., Done]


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that nobody writes to, shared by the processes of one run."""
    root = tmp_path_factory.getbasetemp()
    shared = (root.parent if "PYTEST_XDIST_WORKER" in os.environ else root) / "seeded"
    with (shared.parent / "seeded.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ensure_store(Settings(data=shared, base_iri=BASE))
    return shared


@pytest.fixture
def workplace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder; no settings but the defaults; English."""
    for name in [name for name in os.environ if name.startswith(("MAILLAGE_", "LC_")) or name == "LANG"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store(seeded: Path, workplace: Path) -> Path:
    """A store of one's own in the current folder's ``data``."""
    shutil.copytree(seeded, workplace / "data", symlinks=True)
    return workplace / "data"


@pytest.fixture
def maillage(workplace: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Runs one command line."""

    def command(*arguments: str, given: bytes = b"") -> Done:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(given), encoding="utf-8"))
        capfdbinary.readouterr()
        code = run(list(arguments))
        said = capfdbinary.readouterr()
        return Done(code, said.out.decode(), said.err.decode())

    return command
