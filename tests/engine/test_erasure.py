"""Erasing: no byte of what was erased is left, all else is as it was, and a stop at any step is gone on from."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from app.citing.description import Description, DescriptionIndex
from app.engine import swap
from app.engine.dumping import ALL, Dumps, Wanted
from app.engine.memory import Memory
from app.engine.versions import Repository
from app.errors import VersionInUse
from tests.engine.versioned import BASE, FAST, content, graph, quick_folder, write

SECRET = "Jeanne-Xavière Quidam"
PHONE = "0611223344556677"
JEANNE, PAUL = f"{BASE}id/person/jeanne", f"{BASE}id/person/paul"
ABOUT = f"{BASE}aboutSubject"


def quad(subject: str, about: str, value: str, source: str = "a") -> ox.Quad:
    """A statement; a value that is an address is an IRI."""
    object_ = ox.NamedNode(value) if value.startswith("http") else ox.Literal(value)
    return ox.Quad(ox.NamedNode(subject), ox.NamedNode(f"{BASE}{about}"), object_, graph(source))


ADDRESS, SHARED = f"{BASE}id/node/address", f"{BASE}id/node/year"
NAME, NAME_B = quad(JEANNE, "name", SECRET), quad(JEANNE, "name", SECRET, "b")
FIRST = {quad(PAUL, "name", "Paul"), quad(PAUL, "since", SHARED), quad(SHARED, "year", "2020")}
SECOND = {
    NAME,
    NAME_B,
    quad(JEANNE, "type", f"{BASE}Person"),
    quad(JEANNE, "home", ADDRESS),
    quad(ADDRESS, "street", f"12 rue de {SECRET}"),
    quad(JEANNE, "since", SHARED),
    quad(f"{BASE}id/evidence/1", "aboutSubject", JEANNE),
    quad(f"{BASE}id/evidence/1", "passage", f"On y voit {SECRET}."),
    quad(PAUL, "knows", JEANNE),
}
KEPT = {one for one in SECOND if isinstance(one.object, ox.NamedNode)}
PHONED = quad(JEANNE, "phone", PHONE)


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture
def store(folder: Path) -> Repository:
    """Five versions: Paul; Jeanne; her phone; her name goes from one source; something else."""
    store = opened(folder / "data")
    write(store, FIRST)
    write(store, SECOND)
    write(store, [PHONED])
    write(store, [], [NAME_B])
    write(store, [quad(PAUL, "name", "Paulo")], [quad(PAUL, "name", "Paul")])
    return store


def opened(data: Path) -> Repository:
    return Repository(data, BASE, options=FAST, indexes=(DescriptionIndex(),))


def holds(folder: Path, text: str) -> list[str]:
    """The files whose bytes have a text, also those that are packed."""
    found = []
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            raw = path.read_bytes()
            told = raw + (gzip.decompress(raw) if path.name.endswith(".gz") else b"")
            if text.encode() in told:
                found.append(str(path.relative_to(folder)))
    return found


def erase(store: Repository, seconds: float = 5.0) -> object:
    return store.erase(JEANNE, "tests", [ABOUT], seconds)


def test_the_search_for_bytes_finds_them_before(store: Repository, folder: Path) -> None:
    told = holds(folder / "data", SECRET)
    assert any(name.startswith("versions/000005/store") for name in told)
    assert "changes/000002.added.nq.gz" in told
    assert holds(folder / "data", PHONE)


def test_no_byte_is_left_in_versions_changes_indexes_and_dumps(store: Repository, folder: Path) -> None:
    Dumps(folder / "data", BASE).make(Wanted(3, ALL, "nq", "gz"))
    done = store.erase(JEANNE, "tests", [ABOUT], 5.0)
    assert holds(folder / "data", SECRET) == []
    assert holds(folder / "data", PHONE) == []
    assert (done.versions, done.published, done.waiting, done.shared) == ((2, 3, 4, 5), 6, (), 1)
    assert done.statements == 6
    assert Dumps(folder / "data", BASE).found(Wanted(3, ALL, "nq", "gz")) is None


def test_all_else_is_as_it_was_in_every_version(store: Repository, folder: Path) -> None:
    erase(store)
    assert content(store, 1) == FIRST
    assert content(store, 2) == content(store, 3) == content(store, 4) == FIRST | KEPT
    paulo = FIRST - {quad(PAUL, "name", "Paul")} | {quad(PAUL, "name", "Paulo")} | KEPT
    assert content(store, 5) == content(store, 6) == paulo
    fresh = opened(folder / "data")
    for n in range(1, 7):
        assert fresh.diff(0, n).added == content(fresh, n)
        assert fresh.version(n).quads == len(content(fresh, n))
    assert [version.message for version in fresh.versions()][-1] == "effacement de données"
    assert fresh.change(3).is_empty


def test_the_store_goes_on_and_a_pruned_version_is_rebuilt_without_what_was_erased(store: Repository, folder: Path) -> None:
    store.pin(3)
    store.prune(1)
    erase(store)
    assert holds(folder / "data", SECRET) == []
    store.rebuild(4)
    write(store, [quad(PAUL, "name", "Paul III")])
    assert content(store, 4) == content(store, 3) == FIRST | KEPT
    assert holds(folder / "data", SECRET) == []


def test_the_log_says_that_something_was_erased_and_not_what(store: Repository, folder: Path) -> None:
    erase(store)
    log = (folder / "data" / "erasures.log").read_text()
    assert '"statements": 6' in log
    assert '"author": "tests"' in log
    assert "jeanne" not in log
    assert SECRET not in log


def test_figures_of_rewritten_versions_are_those_of_what_is_left(store: Repository, folder: Path) -> None:
    erase(store)
    for n in (2, 5, 6):
        figures = Description.read(folder / "data" / "versions" / f"{n:06d}" / "description")
        assert figures.merge.triples == len({one.triple for one in content(store, n)})


def test_who_reads_meanwhile_is_waited_for_and_then_the_next_writer_finishes(store: Repository, folder: Path) -> None:
    with store.reader(3):
        done = store.erase(JEANNE, "tests", [ABOUT], 0.1)
        assert done.waiting == (3,)
        assert content(store, 6) == content(store, 5)
        assert all(name.startswith(("versions/000003", "erasing")) for name in holds(folder / "data", SECRET))
        with pytest.raises(VersionInUse):
            store.erase(PAUL, "tests", [ABOUT], 0.1)
    write(opened(folder / "data"), [quad(PAUL, "name", "autre")])
    assert holds(folder / "data", SECRET) == []
    assert content(store, 3) == FIRST | KEPT


def test_a_process_that_had_read_the_history_reads_it_anew(store: Repository, folder: Path) -> None:
    other = opened(folder / "data")
    assert other.version(2).added == 9
    erase(store)
    assert other.version(2).added == len(KEPT)
    assert len(other.change(2).added) == len(KEPT)


def test_a_backup_is_erased_like_the_store(store: Repository, folder: Path) -> None:
    store.back_up(folder / "copy")
    erase(store)
    assert holds(folder / "copy", SECRET)
    erase(opened(folder / "copy"))
    assert holds(folder / "copy", SECRET) == []
    assert content(opened(folder / "copy"), 5) == content(store, 5)


def test_nothing_to_erase_changes_nothing(store: Repository, folder: Path) -> None:
    before = sorted(str(path) for path in folder.rglob("*"))
    done = store.erase(f"{BASE}id/person/nobody", "tests", [ABOUT])
    assert (done.statements, done.published) == (0, None)
    assert sorted(str(path) for path in folder.rglob("*")) == before


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it to tidy up."""


@pytest.mark.parametrize("step", ["changes", "rewritten", "committed"])
def test_a_stop_before_the_plan_changes_nothing_and_after_it_is_gone_on_from(
    store: Repository, folder: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stop(reached: str) -> None:
        if reached == step:
            raise Killed

    broken = Repository(folder / "data", BASE, options=replace(FAST, step=stop), indexes=(DescriptionIndex(),))
    with pytest.raises(Killed):
        broken.erase(JEANNE, "tests", [ABOUT])
    survivor = opened(folder / "data")
    write(survivor, [quad(PAUL, "name", "suite")])
    assert (holds(folder / "data", SECRET) == []) is (step == "committed")
    assert SECRET.encode() not in b"".join(path.name.encode() for path in folder.rglob("*"))
    assert survivor.diff(0, survivor.current_number()).added == content(survivor)
    assert not (folder / "data" / "erasing").exists()


@pytest.mark.parametrize("nth", range(1, 12))
def test_a_stop_at_any_moment_of_the_swap_is_gone_on_from(
    store: Repository, folder: Path, nth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = iter(range(1, 1000))
    real = swap.sync

    def stop(path: Path) -> None:
        if next(calls) == nth + 3:  # three of them make the plan
            raise Killed
        real(path)

    with monkeypatch.context() as patch:
        patch.setattr(swap, "sync", stop)
        with suppress(Killed):
            store.erase(JEANNE, "tests", [ABOUT])
    survivor = opened(folder / "data")
    write(survivor, [quad(PAUL, "name", "suite")])
    assert holds(folder / "data", SECRET) == []
    assert not (folder / "data" / "erasing").exists()
    assert content(survivor, 2) == FIRST | KEPT
    assert survivor.present() == [1, 2, 3, 4, 5, 6, 7]


def test_what_a_killed_erasure_left_unplanned_is_thrown_away_by_the_next_writer(store: Repository, folder: Path) -> None:
    (folder / "data" / "erasing" / "versions" / "000002").mkdir(parents=True)
    write(store, [quad(PAUL, "name", "suite")])
    assert not (folder / "data" / "erasing").exists()
    assert content(store, 2) == FIRST | SECOND


def test_a_version_in_memory_is_not_followed_across_an_erasure(store: Repository, folder: Path) -> None:
    memory = Memory.load(folder / "data", 5)
    assert memory.holds(5)
    with store.reader(5):
        store.erase(JEANNE, "tests", [ABOUT], 0.1)
        assert not memory.holds(5)
        assert not memory.follow(6)
    fresh = Memory.load(folder / "data", 6)
    assert fresh.holds(6)
    assert SECRET not in {one.object.value for one in fresh.store}


def test_the_same_command_again_finishes_what_waited(store: Repository, folder: Path) -> None:
    with store.reader(2):
        assert store.erase(JEANNE, "tests", [ABOUT], 0.1).waiting == (2,)
    assert store.erase(JEANNE, "tests", [ABOUT], 0.1).statements == 0
    assert holds(folder / "data", SECRET) == []
    assert not (folder / "data" / "erasing").exists()
