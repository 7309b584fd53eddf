"""What goes wrong: killed writers, a full disk, two writers, readers under pruning, broken files, a folder without hard links."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from versioned import BASE, FAST, content, quick_folder, said, write

from app.engine.clone import WAYS
from app.engine.disk import MEGABYTE, probe
from app.engine.versions import Repository
from app.errors import CorruptVersion, NoStore, StorageFull, VersionPruned, WriterBusy

HERE = Path(__file__).parent
BEFORE = ["locked", "swept", "cloned", "applied", "judged", "derived", "indexed", "settled", "recorded", "placed", "synced"]
AFTER = ["swung", "pruned"]


def start(script: str, *arguments: str) -> subprocess.Popen[bytes]:
    """A process of its own: a fork of this one, which has the engine's threads, may wait for a lock that nobody lets go."""
    paths = os.pathsep.join([str(HERE.parent.parent), str(HERE)])
    return subprocess.Popen([sys.executable, str(HERE / script), *arguments], env={**os.environ, "PYTHONPATH": paths})


def start_writer(data: Path, number: int, fatal: str = "") -> subprocess.Popen[bytes]:
    return start("writer.py", str(data), str(number), fatal)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture
def store(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST)


# Killed writers


@pytest.mark.parametrize("step", BEFORE + AFTER)
def test_a_writer_killed_at_any_step_leaves_the_old_version_or_the_new_one(store: Repository, tmp_path: Path, step: str) -> None:
    for i in (1, 2, 3):
        write(store, [said(i), said(i, source="b")], [said(i - 1)])
    before = content(store)
    assert start_writer(tmp_path / "data", 4, step).wait() == -signal.SIGKILL
    survivor = Repository(tmp_path / "data", BASE, options=FAST)
    published = step in AFTER
    after = before - {said(3)} | {said(4), said(4, source="b")} if published else before
    assert survivor.current().number == (4 if published else 3)
    assert content(survivor) == after
    written = write(survivor, [said(9)])
    assert written is not None
    assert written.number == survivor.current().number == (5 if published else 4)
    assert content(survivor) == after | {said(9)}
    assert list((tmp_path / "data" / "drafts").iterdir()) == []
    assert survivor.diff(0, written.number).added == content(survivor)


def test_a_first_writer_that_is_killed_leaves_no_store(tmp_path: Path) -> None:
    assert start_writer(tmp_path / "data", 1, "placed").wait() == -signal.SIGKILL
    store = Repository(tmp_path / "data", BASE, options=FAST)
    with pytest.raises(NoStore):
        store.current()
    assert write(store, [said(5)]) is not None
    assert content(store) == {said(5)}


# Two writers


def test_two_writers_in_two_processes_both_land_one_after_the_other(store: Repository, tmp_path: Path) -> None:
    write(store, [said(0)])
    for writer in [start_writer(tmp_path / "data", i) for i in (10, 20)]:
        assert writer.wait() == 0
    assert content(store) == {said(0), *(said(i, source=s) for i in (10, 20) for s in "ab")}
    assert [(version.number, version.parent) for version in store.versions()] == [(1, None), (2, 1), (3, 2)]
    assert {version.message for version in store.versions()[1:]} == {"10", "20"}


def test_threads_of_one_process_take_turns_too(store: Repository) -> None:
    threads = [threading.Thread(target=write, args=(store, [said(i)])) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert content(store) == {said(i) for i in range(4)}
    assert store.current().number == 4


def test_a_writer_that_waits_too_long_is_told_that_another_is_writing(store: Repository, tmp_path: Path) -> None:
    hasty = Repository(tmp_path / "data", BASE, options=replace(FAST, wait_seconds=0.05))
    with store.transaction("test", ""), pytest.raises(WriterBusy) as told:
        write(hasty, [said(1)])
    assert told.value.details == {"seconds": 0.05}


def test_readers_go_on_during_a_write_and_see_it_once_it_is_published(store: Repository) -> None:
    write(store, [said(1)])
    with store.transaction("test", "") as transaction, store.reader() as reader:
        transaction.apply(store.diff(1, 1))
        transaction.remove_graph(f"{BASE}graphs/a")
        assert content(store) == {said(1)}
        transaction.commit()
        assert len(list(reader.lookup.quads(graph=ox.DefaultGraph()))) == 1
    assert content(store) == frozenset()


# Pruning under readers


def test_a_version_that_is_being_read_is_not_pruned_until_the_reader_leaves(store: Repository) -> None:
    for i in range(4):
        write(store, [said(i)])
    with store.reader(1) as reader:
        assert store.prune(keep=1).in_use == (1,)
        assert store.present() == [1, 4]
        assert len(reader.store) == 2
    assert store.prune(keep=1).removed == (1,)


def test_a_lease_held_by_another_process_keeps_the_version(store: Repository) -> None:
    write(store, [said(1)])
    write(store, [said(2)])
    with store.lease(1) as path:
        child = os.fork()
        if child == 0:
            signal.pause()
    try:
        assert store.prune(keep=1).in_use == (1,)
        assert path.is_dir()
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    assert store.prune(keep=1).removed == (1,)
    with pytest.raises(VersionPruned), store.lease(1):
        pass


def test_leases_and_pruning_at_once_never_give_a_folder_without_its_files(store: Repository) -> None:
    write(store, [said(0)])
    done = threading.Event()
    torn: list[Path] = []

    def read() -> None:
        while not done.is_set():
            with store.lease() as path:
                if not (path / "CURRENT").is_file():
                    torn.append(path)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for i in range(1, 7):
        write(store, [said(i)])
        store.prune(keep=1)
    done.set()
    for reader in readers:
        reader.join()
    assert torn == []


def test_a_reader_inherited_by_a_fork_refuses_to_answer(store: Repository) -> None:
    write(store, [said(1)])
    with store.reader() as reader:
        child = os.fork()
        if child == 0:
            try:
                reader.query("ASK {}")
            except RuntimeError:
                os._exit(7)
            os._exit(0)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 7


# Broken files


def break_table(store: Path) -> None:
    largest = max(store.glob("*.sst"), key=lambda path: path.stat().st_size if path.stat().st_nlink == 1 else 0)
    largest.write_bytes(largest.read_bytes()[: largest.stat().st_size // 2])


def break_manifest(store: Path) -> None:
    next(store.glob("MANIFEST-*")).write_bytes(b"not a manifest")


def lose_pointer(store: Path) -> None:
    (store / "CURRENT").unlink()


def lose_everything(store: Path) -> None:
    shutil.rmtree(store.parent)


@pytest.mark.parametrize("damage", [break_table, break_manifest, lose_pointer, lose_everything])
def test_a_corrupted_newest_version_is_passed_over_told_and_mended_by_the_next_write(
    store: Repository, tmp_path: Path, damage: object
) -> None:
    for i in (1, 2, 3):
        write(store, [said(i)], [said(i - 1)])
    damage(tmp_path / "data" / "versions" / "000003" / "store")  # type: ignore[operator]
    assert content(store) == {said(2)}
    assert store.current().number == 2
    other = Repository(tmp_path / "data", BASE, options=FAST)
    assert other.current_number() == 2
    health = other.health()
    assert (health["current"], health["newest"], list(health["damaged"])) == (2, 3, [3])
    written = write(store, [said(9)])
    assert written is not None
    assert (written.number, written.parent) == (4, 3)
    assert content(store) == {said(3), said(9)}


def test_a_writer_that_meets_a_corrupted_version_first_starts_from_the_last_good_one(store: Repository, tmp_path: Path) -> None:
    for i in (1, 2, 3):
        write(store, [said(i)], [said(i - 1)])
    break_manifest(tmp_path / "data" / "versions" / "000003" / "store")
    assert write(store, [said(9)]) is not None
    assert content(store) == {said(3), said(9)}


def test_a_store_of_which_every_version_is_broken_is_made_again_from_its_changes(store: Repository, tmp_path: Path) -> None:
    for i in (1, 2):
        write(store, [said(i)])
    for n in (1, 2):
        break_manifest(tmp_path / "data" / "versions" / f"{n:06}" / "store")
    with pytest.raises(CorruptVersion), store.reader():
        pass
    assert write(store, [said(3)]) is not None
    assert content(store) == {said(1), said(2), said(3)}


def test_a_corrupted_version_that_is_asked_by_number_is_told_and_can_be_rebuilt(store: Repository, tmp_path: Path) -> None:
    for i in (1, 2, 3):
        write(store, [said(i)])
    break_manifest(tmp_path / "data" / "versions" / "000002" / "store")
    with pytest.raises(CorruptVersion), store.reader(2):
        pass
    store.rebuild(2)
    assert content(store, 2) == {said(1), said(2)}
    assert store.health()["damaged"] == {}


def test_a_change_file_that_was_cut_is_never_taken_for_the_whole(store: Repository, tmp_path: Path) -> None:
    write(store, [said(i) for i in range(20)])
    path = tmp_path / "data" / "changes" / "000001.added.nq.gz"
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(CorruptVersion):
        store.diff(0, 1)
    path.unlink()
    with pytest.raises(CorruptVersion):
        store.change(1)


# Full and read-only disks


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def fill(place: Path, left: int) -> Path:
    filler = place / "filler"
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, shutil.disk_usage(place).free - left)
    return filler


@pytest.mark.parametrize("left", [0, 16_000, 48_000, 100_000, 300_000])
def test_a_disk_that_fills_during_a_write_changes_nothing_and_the_next_write_works(small_disk: Path, left: int) -> None:
    store = Repository(small_disk / "data", BASE, options=replace(FAST, reserve_bytes=0))
    write(store, [said(1)])
    filler = fill(small_disk, left)
    with pytest.raises(StorageFull) as told:
        write(store, [said(i, "long " * 50 + str(i)) for i in range(10_000)])
    assert told.value.details["path"]
    assert content(store) == {said(1)}
    filler.unlink()
    del told
    assert write(store, [said(2)]) is not None
    assert content(store) == {said(1), said(2)}


def test_a_write_does_not_begin_where_the_engine_would_lack_room(small_disk: Path) -> None:
    write(Repository(small_disk / "data", BASE, options=replace(FAST, reserve_bytes=0)), [said(1)])
    store = Repository(small_disk / "data", BASE, options=replace(FAST, reserve_bytes=192 * MEGABYTE))
    with pytest.raises(StorageFull) as told:
        write(store, [said(2)])
    assert "192 MB" in told.value.details["reason"]
    assert content(store) == {said(1)}


def test_a_read_only_disk_is_still_read_and_refuses_to_be_written(small_disk: Path) -> None:
    store = Repository(small_disk / "data", BASE, options=FAST)
    write(store, [said(1)])
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    fresh = Repository(small_disk / "data", BASE, options=FAST)
    with pytest.raises(StorageFull):
        write(fresh, [said(2)])
    assert content(fresh) == {said(1)}
    assert fresh.health()["error"] == "storage-full"


def test_a_file_size_limit_counts_as_a_full_disk(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1)])
    assert start("limited_writer.py", str(tmp_path / "data")).wait() == 7
    assert content(store) == {said(1)}
    assert write(store, [said(2)]) is not None


# Folders that cannot hard-link


def never_links(source: Path, target: Path) -> None:
    raise OSError(errno.EPERM, "Operation not permitted", str(source))


NO_LINKS = [{"copy": WAYS["copy"]}, {**WAYS, "link": never_links}, {"link": never_links, "copy": WAYS["copy"]}]


@pytest.mark.parametrize("ways", NO_LINKS)
def test_a_folder_without_hard_links_is_copied(tmp_path: Path, ways: dict[str, object]) -> None:
    store = Repository(tmp_path, BASE, options=replace(FAST, ways=ways))  # type: ignore[arg-type]
    for i in range(4):
        write(store, [said(i)], [said(i - 2)])
    assert content(store) == {said(2), said(3)}
    assert content(store, 2) == {said(0), said(1)}
    assert all(path.stat().st_nlink == 1 for path in tmp_path.rglob("*.sst"))


def test_hard_links_are_used_where_they_work(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1)])
    write(store, [said(2)])
    assert store.health()["clone"] == "link"
    assert [path.stat().st_nlink for path in tmp_path.rglob("IDENTITY")] == [2, 2]


def test_the_probe_leaves_nothing_behind(tmp_path: Path) -> None:
    found = probe(tmp_path)
    assert (found.rename, found.lock, found.owner) == (True, True, True)
    assert list(tmp_path.iterdir()) == []
