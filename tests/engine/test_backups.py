"""Backups: whole, consistent under writers and pruning, also across file systems; and put back only where nothing is lost."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.engine import backups
from app.engine.versions import Repository, Retention
from app.errors import CorruptVersion, FolderRefused, NoStore
from tests.engine.versioned import BASE, FAST, content, quick_folder, said, write


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture
def store(folder: Path) -> Repository:
    store = Repository(folder / "data", BASE, options=FAST)
    for i in range(4):
        write(store, [said(i)], message=str(i))
    store.pin(2)
    store.prune(1)
    return store


def opened(data: Path) -> Repository:
    return Repository(data, BASE, options=FAST)


def same(first: Repository, second: Repository) -> None:
    assert first.versions() == second.versions()
    assert first.present() == second.present()
    assert first.pins() == second.pins()
    assert all(content(first, n) == content(second, n) for n in first.present())
    assert first.diff(0, 3) == second.diff(0, 3)


def test_a_backup_is_a_whole_data_folder_that_can_be_read_and_written(store: Repository, folder: Path) -> None:
    done = store.back_up(folder / "copy")
    assert (done.newest, done.versions, done.linked) == (4, (2, 4), True)
    copy = opened(folder / "copy")
    same(store, copy)
    write(copy, [said(9)])
    assert content(copy) == {said(i) for i in (0, 1, 2, 3, 9)}
    assert content(store) == {said(i) for i in range(4)}
    assert store.current_number() == 4


def test_a_lease_on_a_backup_does_not_hold_the_original(store: Repository, folder: Path) -> None:
    write(store, [said(5)])
    store.back_up(folder / "copy")
    with opened(folder / "copy").reader(4):
        assert store.prune(1).removed == (4,)


def test_a_backup_goes_to_another_file_system_and_back(store: Repository, folder: Path, disk: Path) -> None:
    if disk.stat().st_dev == folder.stat().st_dev:
        pytest.skip("there is only one file system")
    assert not store.back_up(disk / "copy").linked
    shutil.rmtree(folder / "data")
    fresh = opened(folder / "data")
    assert not fresh.put_back(disk / "copy").linked
    same(fresh, opened(disk / "copy"))


def test_writers_and_pruning_go_on_during_a_backup_and_do_not_show_in_it(store: Repository, folder: Path) -> None:
    stop = threading.Event()

    def work() -> None:
        writer = opened(folder / "data")
        i = 100
        while not stop.is_set():
            write(writer, [said(i)])
            writer.prune(Retention(1))
            i += 1

    thread = threading.Thread(target=work)
    thread.start()
    try:
        for i in range(8):
            done = store.back_up(folder / f"copy{i}")
            copy = opened(folder / f"copy{i}")
            assert copy.current_number() == done.newest
            assert len(content(copy)) == copy.current().quads
            assert copy.diff(0, done.newest).added == content(copy)
    finally:
        stop.set()
        thread.join()


def test_a_backup_that_fails_leaves_nothing(store: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*given: object) -> None:
        raise OSError(5, "I/O error")

    monkeypatch.setattr(backups, "sync", fail)
    with pytest.raises(OSError, match="I/O"):
        store.back_up(folder / "copy")
    assert sorted(path.name for path in folder.iterdir()) == ["data"]


def test_a_backup_never_overwrites_and_is_never_inside_what_it_saves(store: Repository, folder: Path) -> None:
    (folder / "full").mkdir()
    (folder / "full" / "letter").touch()
    (folder / "file").touch()
    for place in ("full", "file", "data/copy"):
        with pytest.raises(FolderRefused):
            store.back_up(folder / place)
    (folder / "empty").mkdir()
    assert store.back_up(folder / "empty").newest == 4


def test_tokens_come_along_and_sockets_and_dumps_do_not(store: Repository, folder: Path) -> None:
    (folder / "data" / "tokens.json").write_text("[]")
    (folder / "data" / "dumps").mkdir()
    (folder / "data" / "run").mkdir()
    store.back_up(folder / "copy")
    assert (folder / "copy" / "tokens.json").read_text() == "[]"
    assert not {path.name for path in (folder / "copy").iterdir()} & {"dumps", "run", "lock"}


def test_a_store_is_never_overwritten_by_a_backup(store: Repository, folder: Path) -> None:
    store.back_up(folder / "copy")
    with pytest.raises(FolderRefused) as refused:
        store.put_back(folder / "copy")
    assert refused.value.details["reason"] == "has-store"
    assert content(store) == {said(i) for i in range(4)}


def test_what_is_no_whole_backup_is_refused_before_anything_is_there(store: Repository, folder: Path) -> None:
    store.back_up(folder / "copy")
    (folder / "copy" / "changes" / "000003.added.nq.gz").unlink()
    fresh = opened(folder / "fresh")
    with pytest.raises(CorruptVersion):
        fresh.put_back(folder / "copy")
    with pytest.raises(FolderRefused):
        fresh.put_back(folder / "nowhere")
    with pytest.raises(NoStore):
        fresh.current()


def test_a_backup_of_another_base_is_refused_with_that_base(store: Repository, folder: Path) -> None:
    store.back_up(folder / "copy")
    other = Repository(folder / "fresh", "https://other.example/", options=FAST)
    with pytest.raises(FolderRefused) as refused:
        other.put_back(folder / "copy")
    assert refused.value.details == {"path": str(folder / "copy"), "reason": "other-base", "base": BASE}


def test_a_restoration_that_stopped_halfway_is_done_again(
    store: Repository, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store.back_up(folder / "copy")
    fresh = opened(folder / "fresh")

    def fail(path: Path) -> None:
        if path == folder / "fresh":
            raise OSError(5, "I/O error")

    with monkeypatch.context() as patch:
        patch.setattr(backups, "sync", fail)
        with pytest.raises(OSError, match="I/O"):
            fresh.put_back(folder / "copy")
    with pytest.raises(NoStore):
        fresh.current()
    fresh.put_back(folder / "copy")
    same(fresh, store)
