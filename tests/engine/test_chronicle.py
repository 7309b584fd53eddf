"""Which versions changed a node's own statements, and what they changed of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from versioned import BASE, FAST, content, graph, lines, quick_folder, said, write

from app.engine import chronicle
from app.engine.changes import Change
from app.engine.versions import Repository


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture
def store(tmp_path: Path) -> Repository:
    return Repository(tmp_path, BASE, options=FAST)


def iri(i: int | str) -> str:
    return f"{BASE}id/{i}"


def test_the_versions_that_changed_a_node_are_told_pruned_ones_too(store: Repository) -> None:
    write(store, [said(1), said(2)])
    write(store, [said(2, "y")])
    write(store, [said(1, "y")], [said(1)])
    write(store, [], [said(1, "y")])
    store.prune(1)
    assert store.changes_of(iri(1)) == (1, 3, 4)
    assert store.changes_of(iri(2)) == (1, 2)
    assert store.changes_of(iri(3)) == ()


def test_a_version_is_told_as_soon_as_it_is_published(store: Repository) -> None:
    write(store, [said(1)])
    assert store.changes_of(iri(1)) == (1,)
    write(store, [said(1, "y")])
    assert store.changes_of(iri(1)) == (1, 2)
    assert store.changes_of(f"{BASE}has") == ()


def test_what_an_older_release_wrote_without_an_index_is_read_from_its_change(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1)])
    write(store, [said(2)])
    for file in (tmp_path / "changes").glob("*.subjects"):
        file.unlink()
    assert Repository(tmp_path, BASE, options=FAST).changes_of(iri(2)) == (2,)


def test_bulk_changes_are_looked_up_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chronicle, "_IN_MEMORY", 3)
    store = Repository(tmp_path, BASE, options=replace(FAST, small=3))
    with store.transaction("test", "") as transaction:
        transaction.replace_graph(graph("a").value, lines(tmp_path / "in.nt", [said(i) for i in range(100)]))
        transaction.commit()
    write(store, [said(7, "y")])
    assert [store.changes_of(iri(i)) for i in (0, 7, 99)] == [(1,), (1, 2), (1,)]
    assert store.changes_of(iri(100)) == ()


def test_a_change_between_two_versions_is_net_and_of_one_node_only(store: Repository) -> None:
    write(store, [said(1, "a"), said(2)])
    write(store, [said(1, "b")], [said(1, "a")])
    write(store, [said(1, "c"), said(11)], [said(1, "b"), said(2)])
    store.prune(1)
    assert store.change_of(iri(1), 1, 3) == Change(frozenset({said(1, "c")}), frozenset({said(1, "a")}))
    assert store.change_of(iri(1), 3, 1) == Change(frozenset({said(1, "a")}), frozenset({said(1, "c")}))
    assert store.change_of(iri(1), 0, 2) == Change(frozenset({said(1, "b")}))
    assert store.change_of(iri(1), 2, 2) == Change()


def test_what_is_too_large_to_be_read_while_someone_waits_is_left(store: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chronicle, "_READ_AT_MOST", 2)
    write(store, [said(1), said(2), said(3)])
    write(store, [said(1, "y")])
    assert store.change_of(iri(1), 0, 2) is None
    assert store.change_of(iri(1), 1, 2) == Change(frozenset({said(1, "y")}))


@settings(max_examples=15)
@given(st.lists(st.sets(st.tuples(st.integers(1, 4), st.sampled_from("ab")), max_size=5), min_size=1, max_size=6))
def test_a_node_changes_in_the_versions_whose_content_differs_about_it(states: list[set[tuple[int, str]]]) -> None:
    with quick_folder() as folder:
        store = Repository(folder, BASE, options=FAST)
        held: set[tuple[int, str]] = set()
        for state in states:
            write(store, [said(*one) for one in state - held], [said(*one) for one in held - state])
            held = state
        if not (folder / "current").exists():
            return
        newest = store.current_number()
        seen = [frozenset(), *(content(store, n) for n in range(1, newest + 1))]
        for i in range(1, 5):
            about = [{quad for quad in quads if quad.subject.value == iri(i)} for quads in seen]
            assert store.changes_of(iri(i)) == tuple(n for n in range(1, newest + 1) if about[n] != about[n - 1])
            assert store.change_of(iri(i), 0, newest) == Change(frozenset(about[-1]))
