"""Graphs replaced by files, small and large, and changes that are files themselves."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from versioned import BASE, FAST, change, content, graph, lines, quick_folder, said, write

from app.engine import merge
from app.engine.changes import Change, QuadFile, write_quads
from app.engine.composition import compose
from app.engine.replacement import difference
from app.engine.sorting import Room
from app.engine.versions import Repository, Version
from app.errors import ProtectedGraph, StorageFull

NAME = f"{BASE}graphs/a"
ODD = ["x", 'quote " and \\ and \n . \n', "é « » 🐝", " .", "", "z" * 300]


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


def put(store: Repository, path: Path, name: str = NAME) -> Version | None:
    with store.transaction("test", path.name) as transaction:
        transaction.replace_graph(name, path)
        return transaction.commit()


@pytest.fixture
def store(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST)


def test_a_file_replaces_its_graph_and_no_other(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1), said(2), said(2, source="b")])
    done = put(store, lines(tmp_path / "a.nt", [said(2), said(3)]))
    assert done is not None
    assert (done.added, done.removed) == (1, 1)
    assert content(store) == {said(2), said(3), said(2, source="b")}


def test_the_same_file_again_is_no_version(store: Repository, tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text(f'<{BASE}id/1> <{BASE}has> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' * 2)
    assert put(store, path) is not None
    assert put(store, path) is None


def tables(store: Repository) -> set[str]:
    """The newest version's tables that hold anything to speak of."""
    folder = store._layout.store(store.current_number())
    return {path.name for path in folder.glob("*.sst") if path.stat().st_size > 20_000}


def test_a_change_of_a_good_part_of_a_version_leaves_nothing_to_reorganise(store: Repository, tmp_path: Path) -> None:
    put(store, lines(tmp_path / "a.nt", [said(n) for n in range(12_000)]))
    first = tables(store)
    write(store, [said(-1)])
    assert tables(store) == first, "a small write shares them"
    put(store, lines(tmp_path / "b.nt", [said(n, source="b") for n in range(8_000, 20_000)]), f"{BASE}graphs/b")
    assert not tables(store) & first
    found = len(tables(store))
    store.optimize("test")
    assert len(tables(store)) == found


def test_gzipped_n_quads_of_the_graph_itself_are_read_and_those_of_another_refused(store: Repository, tmp_path: Path) -> None:
    path = tmp_path / "a.nq.gz"
    path.write_bytes(gzip.compress(f"{said(1)} .\n".encode()))
    assert put(store, path) is not None
    assert content(store) == {said(1)}
    with pytest.raises(ValueError, match="not only of"):
        put(store, path, f"{BASE}graphs/b")
    with pytest.raises(ProtectedGraph):
        put(store, path, f"{BASE}graphs/derived")


def test_an_empty_file_empties_the_graph(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1)])
    assert put(store, lines(tmp_path / "a.nt", [])) is not None
    assert content(store) == frozenset()


def test_blank_nodes_in_a_file_are_refused(store: Repository, tmp_path: Path) -> None:
    path = tmp_path / "a.nt"
    path.write_text(f'_:b <{BASE}has> "x" .\n')
    with pytest.raises(ValueError, match="blank node"):
        put(store, path)


def test_a_file_that_cannot_fit_is_refused_at_once(store: Repository, tmp_path: Path) -> None:
    path = tmp_path / "huge.nt"
    with path.open("wb") as file:
        file.truncate(1 << 45)
    with pytest.raises(StorageFull):
        put(store, path)


def test_many_graphs_in_one_transaction_are_one_version(store: Repository, tmp_path: Path) -> None:
    with store.transaction("test", "") as transaction:
        for name in "abc":
            transaction.replace_graph(f"{BASE}graphs/{name}", lines(tmp_path / f"{name}.nt", [said(1), said(name)]))
        done = transaction.commit()
    assert done is not None
    assert (done.number, done.added) == (1, 6)
    assert content(store) == {said(i, source=name) for name in "abc" for i in (1, name)}


def test_a_large_file_is_loaded_and_replaced_by_way_of_files(tmp_path: Path) -> None:
    store = Repository(tmp_path / "data", BASE, options=replace(FAST, small=100))
    size = 3_000
    first = lines(tmp_path / "first.nt", (said(i) for i in range(size)))
    second = lines(tmp_path / "second.nt", (said(i) for i in range(5, size + 7)))
    loaded = put(store, first)
    assert loaded is not None
    assert loaded.added == loaded.quads == size
    assert isinstance(store.change(1).added, QuadFile)
    assert put(store, first) is None
    replaced = put(store, second)
    assert replaced is not None
    assert (replaced.added, replaced.removed, replaced.quads) == (7, 5, size + 2)
    assert store.change(2) == change((said(i) for i in range(size, size + 7)), (said(i) for i in range(5)))
    with store.reader() as reader:
        assert len(reader.store) == 2 * (size + 2)
    store.prune(keep=1)
    assert len(store.diff(2, 0)) == size + 2
    store.rebuild(1)
    assert content(store, 1) == frozenset(store.change(1).added)
    restored = store.restore(1, "test")
    assert restored is not None
    assert (restored.added, restored.removed) == (5, 7)
    with store.transaction("test", "") as transaction:
        transaction.replace_graph(NAME, first)
        transaction.apply(change([said("late"), said("late", source="b")], [said(0)]))
        transaction.remove_graph(f"{BASE}graphs/b")
        transaction.commit()
    assert content(store) == (content(store, 3) | {said("late")}) - {said(0)}


quads = st.builds(said, st.integers(0, 4), st.sampled_from(ODD), st.sampled_from("ab"))


@given(st.frozensets(quads), st.frozensets(quads))
def test_the_difference_by_sorted_files_is_the_difference_of_sets(before: frozenset[ox.Quad], after: frozenset[ox.Quad]) -> None:
    own = frozenset(quad for quad in after if quad.graph_name == graph("a"))
    with quick_folder() as folder:
        store = ox.Store()
        merge.apply(store, Change(before))
        asked = [store, graph("a"), lines(folder / "after.nt", own), Room(folder)]
        by_files, in_memory = difference(*asked, small=0), difference(*asked)  # type: ignore[arg-type]
        found = change(by_files.added, by_files.removed)
    old = frozenset(quad for quad in before if quad.graph_name == graph("a"))
    assert found == in_memory == Change(own - old, old - own)


@given(st.lists(st.tuples(st.frozensets(quads), st.booleans()), max_size=6))
def test_changes_add_up_to_the_same_in_files_and_in_memory(states: list[tuple[frozenset[ox.Quad], bool]]) -> None:
    changes, old = [], frozenset[ox.Quad]()
    with quick_folder() as folder:
        for i, (new, filed) in enumerate(states):
            one = Change(new - old, old - new)
            changes.append(as_files(one, folder, i) if filed else one)
            old = new
        net = compose(changes, folder, small=0)
        assert frozenset(net.added) == old
        assert frozenset(net.removed) == frozenset()
        assert frozenset(compose(changes).added) == old


def as_files(one: Change, folder: Path, i: int) -> Change:
    sides = []
    for side, some in (("added", one.added), ("removed", one.removed)):
        write_quads(folder / f"{i}.{side}.nq.gz", some)
        sides.append(QuadFile(folder / f"{i}.{side}.nq.gz", len(some)))
    return Change(*sides)
