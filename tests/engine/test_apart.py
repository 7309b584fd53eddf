"""A large change has a heavy index written by another process: the same is written, and what goes wrong there is told here."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from ast import literal_eval
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import pytest

from app.engine import apart
from app.engine.versions import Repository
from app.errors import StorageFull
from tests.engine.apart_tally import ApartTally
from tests.engine.versioned import BASE, FAST, change, content, said

MANY = range(30)
Found = TypeVar("Found")


@pytest.fixture(autouse=True)
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "LARGE", 20)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)


def repository(tmp_path: Path, trouble: str = "") -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST, indexes=[ApartTally(trouble, maker=os.getpid())])


def write(store: Repository, names: range, remove: range = range(0)) -> Path:
    """The index's folder in the new version."""
    with store.transaction("tests", "essai") as transaction:
        transaction.apply(change(map(said, names), map(said, remove)))
        version = transaction.commit()
    assert version is not None
    with store.lease(version.number) as leased:
        return leased.parent / "apart"


def test_a_large_change_is_indexed_by_another_process_from_the_same_statements(tmp_path: Path) -> None:
    store = repository(tmp_path)
    first = write(store, MANY)
    second = write(store, range(30, 60), remove=range(3))
    third = write(store, range(60, 62))
    assert [int((one / "writer").read_text()) == os.getpid() for one in (first, second, third)] == [False, False, True]
    assert [(one / "earlier").read_text() for one in (first, second, third)] == ["False", "True", "True"]
    after, added, removed, derived = literal_eval((second / "told").read_text())
    assert {str(quad) for quad in content(store, 2)} <= set(after)
    assert len(after) == 2 * 57  # and the merge
    assert (added, removed, derived) == (sorted(str(said(i)) for i in range(30, 60)), sorted(str(said(i)) for i in range(3)), 0)
    assert list((tmp_path / "data" / "drafts").iterdir()) == []
    assert sorted(path.name for path in first.parent.iterdir()) == ["apart", "lease", "manifest.json", "store"]


def test_what_is_raised_there_refuses_the_write_and_leaves_nothing(tmp_path: Path) -> None:
    store = repository(tmp_path, "full")
    with pytest.raises(StorageFull):
        write(store, MANY)
    assert list((tmp_path / "data" / "versions").iterdir()) == []
    assert list((tmp_path / "data" / "drafts").iterdir()) == []


def test_what_a_killed_process_left_is_written_here(tmp_path: Path) -> None:
    own = write(repository(tmp_path, "killed"), MANY)
    assert int((own / "writer").read_text()) == os.getpid()
    assert not (own / "half").exists()


def test_the_other_process_ends_with_the_writer(tmp_path: Path) -> None:
    writer = subprocess.Popen([sys.executable, "-m", "tests.engine.apart_writer", str(tmp_path)])
    told = next(path for path in waited(lambda: list(tmp_path.rglob("at-work"))) if path.is_file())
    pid = int(waited(told.read_text))
    writer.kill()
    writer.wait()
    assert waited(lambda: not Path(f"/proc/{pid}/cmdline").exists() or not Path(f"/proc/{pid}/cmdline").read_bytes())


def waited(look: Callable[[], Found]) -> Found:
    """What is found at last, within twenty seconds."""
    deadline = time.monotonic() + 20
    while not (found := look()) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert found
    return found


def test_one_processor_writes_all_by_itself(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    assert int((write(repository(tmp_path), MANY) / "writer").read_text()) == os.getpid()
