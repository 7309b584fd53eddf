"""Derived indexes are published with their version: from the parent's where they can, anew where they must."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.engine.changes import Change
from app.engine.indexes import Indexes
from app.engine.lookup import State
from app.engine.versions import Repository
from app.errors import IndexMissing
from app.reads import Later, reading
from tests.engine.versioned import BASE, FAST, change, said


@dataclass
class Tally:
    """Counts the statements of a version; keeps a file that never changes."""

    form: str = "1"
    name: str = "tally"
    told: list[str] = field(default_factory=list)

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
        self.told.append("anew" if earlier is None else f"+{len(change.added)} -{len(change.removed)}")
        if earlier is None:
            (folder / "kept").write_text("kept")
            before = 0
            added = sum(1 for _ in after.quads()) // 2
        else:
            os.link(earlier / "kept", folder / "kept")
            before = int((earlier / "count").read_text())
            added = len(change.added) - len(change.removed)
        (folder / "count").write_text(str(before + added))


def count(folder: Path) -> int:
    return int((folder / "count").read_text())


def repository(tmp_path: Path, *indexes: Tally) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST, indexes=indexes)


def write(repository: Repository, *names: str, remove: tuple[str, ...] = ()) -> int:
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(change(map(said, names), map(said, remove)))
        version = transaction.commit()
    assert version is not None
    return version.number


def test_an_index_goes_on_from_its_parents(tmp_path: Path) -> None:
    tally = Tally()
    store = repository(tmp_path, tally)
    write(store, "a", "b")
    newest = write(store, "c", remove=("a",))
    assert tally.told == ["anew", "+1 -1"]
    assert Indexes(store.lease, "tally", count).at(newest) == 2


def test_an_index_of_another_form_is_built_anew(tmp_path: Path) -> None:
    write(repository(tmp_path, Tally()), "a")
    other = Tally(form="2")
    write(repository(tmp_path, other), "b")
    assert other.told == ["anew"]


def test_a_store_without_an_index_gets_it_in_a_version_of_its_own_and_only_once(tmp_path: Path) -> None:
    write(repository(tmp_path), "a")
    tally = Tally()
    store = repository(tmp_path, tally)
    assert store.lacking() == ["tally"]
    indexed = store.reindex("tests")
    assert store.lacking() == []
    assert (indexed.number, indexed.added, indexed.quads) == (2, 0, 1)
    assert store.reindex("tests").number == 2
    assert tally.told == ["anew"]


def test_a_version_that_is_made_again_has_its_index(tmp_path: Path) -> None:
    store = repository(tmp_path, Tally())
    first = write(store, "a")
    write(store, "b")
    store.prune(1)
    store.rebuild(first)
    assert Indexes(store.lease, "tally", count).at(first) == 1


def test_a_version_without_the_index_says_so(tmp_path: Path) -> None:
    store = repository(tmp_path)
    number = write(store, "a")
    with pytest.raises(IndexMissing):
        Indexes(store.lease, "tally", count).at(number)


@pytest.mark.parametrize("reason", [FileNotFoundError("meta"), KeyError("rows"), ValueError("another format")])
def test_an_index_that_this_release_cannot_read_is_as_good_as_none(tmp_path: Path, reason: Exception) -> None:
    def load(_: Path) -> int:
        raise reason

    store = repository(tmp_path, Tally())
    number = write(store, "a")
    with pytest.raises(IndexMissing):
        Indexes(store.lease, "tally", load).at(number)


def test_an_index_that_fails_leaves_everything_as_it_was(tmp_path: Path) -> None:
    @dataclass
    class Broken(Tally):
        def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
            raise ZeroDivisionError

    first = write(repository(tmp_path, Tally()), "a")
    broken = repository(tmp_path, Broken())
    with pytest.raises(ZeroDivisionError):
        write(broken, "b")
    assert broken.current_number() == first
    assert not list((tmp_path / "data" / "drafts").iterdir())


def test_an_opened_index_outlives_its_version(tmp_path: Path) -> None:
    store = repository(tmp_path, Tally())
    first = write(store, "a")
    indexes = Indexes(store.lease, "tally", count)
    indexes.at(first)
    write(store, "b")
    store.prune(1)
    assert indexes.at(first) == 1


def test_a_version_of_an_older_release_is_rebuilt_with_its_indexes(tmp_path: Path) -> None:
    write(repository(tmp_path), "un")
    write(repository(tmp_path), "deux")
    newer = repository(tmp_path, Tally())
    with pytest.raises(IndexMissing):
        Indexes(newer.lease, "tally", count).at(1)
    newer.rebuild(1)
    assert Indexes(newer.lease, "tally", count).at(1) == 1
    assert newer.pins() == [1]


@dataclass
class Labels:
    """Keeps one file, which only some changes write anew."""

    form: str = "1"
    name: str = "labels"

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
        if earlier is not None and not any("label" in str(quad) for quad in change.quads()):
            os.link(earlier / "labels", folder / "labels")
        else:
            (folder / "labels").write_text("labels")


def test_versions_whose_index_is_one_file_have_one_opened(tmp_path: Path) -> None:
    store = repository(tmp_path, Labels())  # type: ignore[arg-type]
    first, second, third = write(store, "a"), write(store, "b"), write(store, "label")
    opened = Indexes(store.lease, "labels", lambda folder: [folder.name])
    assert opened.at(second) is opened.at(first)
    assert opened.mark(second) == opened.mark(first) != opened.mark(third)
    assert opened.at(third) is not opened.at(second)
    assert opened.mark(99) is None


def test_that_an_index_was_read_holds_where_its_files_are_the_same(tmp_path: Path) -> None:
    store = repository(tmp_path, Labels())  # type: ignore[arg-type]
    first, second, third = write(store, "a"), write(store, "b"), write(store, "label")
    opened = Indexes(store.lease, "labels", lambda folder: [folder.name])
    with reading() as read:
        opened.at(first)
    assert read.still_hold(Later(second, ()))
    assert not read.still_hold(Later(third, ()))
    assert not read.still_hold(Later(99, ()))


def test_the_same_bytes_in_other_files_are_another_index(tmp_path: Path) -> None:
    store = repository(tmp_path, Tally())
    first, second = write(store, "a"), write(store, "b", remove=("a",))
    opened = Indexes(store.lease, "tally", count)
    assert (opened.at(first), opened.at(second)) == (1, 1)
    assert opened.mark(first) != opened.mark(second)
