"""Writing, reading, comparing and bringing back versions, where nothing goes wrong but the request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from versioned import BASE, FAST, change, content, graph, quick_folder, said, write

from app.engine.changes import Change
from app.engine.lookup import Lookup, Progress, Queryable
from app.engine.versions import Repository, Retention
from app.errors import BaseMismatch, NewerStore, NoStore, NoSuchVersion, ProtectedGraph, Refused, VersionPruned

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture
def store(tmp_path: Path) -> Repository:
    return Repository(tmp_path, BASE, options=FAST)


def test_a_store_without_a_version_says_so(store: Repository) -> None:
    with pytest.raises(NoStore):
        store.current()
    with pytest.raises(NoStore), store.reader():
        pass
    assert store.health()["error"] == "no-store"


def test_opening_a_repository_writes_nothing(store: Repository, tmp_path: Path) -> None:
    assert list(tmp_path.iterdir()) == []


def test_each_write_is_a_version_and_earlier_ones_stay_as_they_were(store: Repository) -> None:
    first = write(store, [said(1)], message="first")
    second = write(store, [said(2)], [said(1)], message="second")
    assert first is not None
    assert second is not None
    assert (first.number, second.number, second.parent) == (1, 2, 1)
    assert (second.added, second.removed, second.quads, second.author, second.message) == (1, 1, 1, "test", "second")
    assert content(store, 1) == {said(1)}
    assert content(store) == {said(2)}
    assert store.versions() == [first, second]
    assert store.current() == second


def test_a_write_that_changes_nothing_publishes_nothing(store: Repository) -> None:
    write(store, [said(1)])
    assert write(store, [said(1)], [said(2)]) is None
    assert write(store) is None
    assert store.current().number == 1


def test_changes_that_undo_each_other_publish_nothing(store: Repository) -> None:
    write(store, [said(1)])
    with store.transaction("test", "") as transaction:
        transaction.apply(change([said(2)], [said(1)]))
        transaction.apply(change([said(1)], [said(2)]))
        assert transaction.change.is_empty
        assert transaction.commit() is None


def test_a_transaction_goes_on_after_a_commit_with_the_next_version(store: Repository) -> None:
    with store.transaction("test", "") as transaction:
        transaction.apply(change([said(1)]))
        assert transaction.commit() is not None
        assert transaction.commit() is None
        transaction.apply(change([said(2)], [said(1)]))
        second = transaction.commit()
    assert second is not None
    assert (second.number, second.parent, second.added, second.removed) == (2, 1, 1, 1)
    assert content(store) == {said(2)}


def test_leaving_a_transaction_without_commit_changes_nothing(store: Repository) -> None:
    write(store, [said(1)])
    with store.transaction("test", "") as transaction:
        transaction.apply(change([said(2)]))
        assert list(transaction.lookup.quads(said(2).subject))
    assert content(store) == {said(1)}
    assert list((store._layout.drafts).iterdir()) == []


def test_an_error_inside_a_transaction_changes_nothing_and_frees_the_lock(store: Repository) -> None:
    write(store, [said(1)])
    with pytest.raises(IsADirectoryError), store.transaction("test", "") as transaction:  # noqa: PT012 - the block is tested
        transaction.apply(change([said(2)]))
        Path("/").read_bytes()
    assert content(store) == {said(1)}
    assert write(store, [said(3)]) is not None


def test_a_quad_both_added_and_removed_is_there_afterwards(store: Repository) -> None:
    assert write(store, [said(1)], [said(1)]) is not None
    assert write(store, [said(1)], [said(1)]) is None
    assert content(store) == {said(1)}


def test_literals_are_compared_as_the_engine_stores_them(store: Repository) -> None:
    padded = ox.Literal("01", datatype=ox.NamedNode(XSD + "integer"))
    quad = ox.Quad(said(1).subject, said(1).predicate, padded, graph("a"))
    written = write(store, [quad])
    assert written is not None
    assert {q.object.value for q in store.change(1).added} == {"1"}  # type: ignore[union-attr]
    assert write(store, [quad]) is None
    assert write(store, [], [quad]) is not None
    assert content(store) == frozenset()


def test_a_triple_leaves_the_merge_with_its_last_source(store: Repository) -> None:
    write(store, [said(1, source="a"), said(1, source="b")])
    write(store, [], [said(1, source="a")])
    assert content(store) == {said(1, source="b")}
    write(store, [], [said(1, source="b")])
    assert content(store) == frozenset()


def test_statements_without_a_graph_go_to_the_default_source(store: Repository) -> None:
    write(store, [ox.Quad(*said(1).triple)])
    assert content(store) == {said(1, source="default")}


@pytest.mark.parametrize("name", ["derived", "merge"])
def test_graphs_that_are_computed_are_not_written_by_hand(store: Repository, name: str, tmp_path: Path) -> None:
    with store.transaction("test", "") as transaction:
        with pytest.raises(ProtectedGraph):
            transaction.apply(change([said(1, source=name)]))
        with pytest.raises(ProtectedGraph):
            transaction.remove_graph(f"{BASE}graphs/{name}")


def test_blank_nodes_are_refused(store: Repository) -> None:
    blank = ox.Quad(ox.BlankNode("b"), said(1).predicate, said(1).object, graph("a"))
    with store.transaction("test", "") as transaction, pytest.raises(ValueError, match="blank node"):
        transaction.apply(change([blank]))


def test_a_graph_can_be_removed(store: Repository) -> None:
    write(store, [said(1, source="a"), said(1, source="b"), said(2, source="a")])
    with store.transaction("test", "") as transaction:
        assert len(transaction.remove_graph(f"{BASE}graphs/a")) == 2
        assert len(transaction.remove_graph(f"{BASE}graphs/unknown")) == 0
        transaction.commit()
    assert content(store) == {said(1, source="b")}


def test_a_difference_is_net_and_its_opposite_is_its_inverse(store: Repository) -> None:
    write(store, [said(1), said(2)])
    write(store, [said(3)], [said(1)])
    write(store, [said(1)], [said(2)])
    assert store.diff(1, 3) == change([said(3)], [said(2)])
    assert store.diff(3, 1) == store.diff(1, 3).inverse()
    assert store.diff(2, 2).is_empty
    assert store.diff(0, 3) == change([said(1), said(3)])


@pytest.mark.parametrize("n", [0, -1, 4])
def test_a_version_that_never_was_is_told_with_the_newest(store: Repository, n: int) -> None:
    write(store, [said(1)])
    for ask in (store.version, store.change, store.rebuild, store.pin):
        with pytest.raises(NoSuchVersion) as told:
            ask(n)
        assert told.value.details == {"version": n, "newest": 1}
    with pytest.raises(NoSuchVersion), store.reader(n):
        pass


def test_restoring_brings_content_back_as_a_new_version(store: Repository) -> None:
    write(store, [said(1), said(2)], message="both")
    write(store, [said(3)], [said(1), said(2)])
    restored = store.restore(1, "someone")
    assert restored is not None
    assert (restored.number, restored.restored_from, restored.author) == (3, 1, "someone")
    assert content(store) == content(store, 1)
    assert store.restore(1, "someone") is None


def test_a_pruned_version_is_still_listed_compared_restored_and_rebuilt(store: Repository) -> None:
    for i in range(5):
        write(store, [said(i)], [said(i - 1)], message=f"write {i}")
    expected = content(store, 2)
    assert store.prune(keep=2).removed == (1, 2, 3)
    assert store.present() == [4, 5]
    with pytest.raises(VersionPruned), store.reader(2):
        pass
    assert store.version(2).message == "write 1"
    assert [version.number for version in store.versions()] == [1, 2, 3, 4, 5]
    assert store.diff(2, 5) == change([said(4)], [said(1)])
    assert store.rebuild(2).number == 2
    assert content(store, 2) == expected
    assert store.prune(keep=1).pinned == (2,)
    assert content(store, 2) == expected
    restored = store.restore(1, "test")
    assert restored is not None
    assert content(store) == {said(0)}


def test_each_write_prunes_by_the_retention_rule_and_leaves_what_is_pinned(tmp_path: Path) -> None:
    store = Repository(tmp_path, BASE, options=replace(FAST, keep=Retention(2)))
    write(store, [said(1)])
    store.pin(1)
    for i in range(2, 6):
        write(store, [said(i)])
    assert store.present() == [1, 4, 5]
    store.unpin(1)
    assert store.prune(keep=1).removed == (1, 4)
    assert store.present() == [5]


def test_optimizing_is_a_version_of_its_own_with_the_same_content(store: Repository) -> None:
    write(store, [said(i) for i in range(50)])
    done = store.optimize("maintenance")
    assert (done.number, done.added, done.removed, done.quads) == (2, 0, 0, 50)
    assert content(store, 2) == content(store, 1)


def test_a_store_remembers_its_base(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1)])
    with pytest.raises(BaseMismatch) as told:
        Repository(tmp_path, "https://elsewhere.example/")
    assert told.value.details == {"stored": BASE, "configured": "https://elsewhere.example/"}


def test_a_store_of_a_newer_format_is_left_alone(store: Repository, tmp_path: Path) -> None:
    write(store, [said(1)])
    record = tmp_path / "changes" / "000001.json"
    record.write_text(json.dumps(json.loads(record.read_text()) | {"format": 99, "unheard": 1}))
    with pytest.raises(NewerStore) as told:
        Repository(tmp_path, BASE)
    assert told.value.details["format"] == 99


def test_what_was_deleted_is_known_to_have_been_described(store: Repository) -> None:
    write(store, [said(1), said(2), said(2, "y")])
    write(store, [], [said(1), said(2)])
    assert store.was_described(f"{BASE}id/1") == 1
    assert store.was_described(f"{BASE}id/2") is None
    write(store, [said(1)])
    write(store, [], [said(1)])
    assert store.was_described(f"{BASE}id/1") == 3


@dataclass(frozen=True)
class Counted:
    """A report by its counts."""

    counts: dict[str, int]

    @property
    def conforms(self) -> bool:
        return not self.counts.get("Violation")


@dataclass
class NoZ:
    """A gate that refuses the value z and warns of y, and notes what it was shown."""

    seen: list[Change] = field(default_factory=list)

    def judge(self, after: Lookup, change: Change, progress: Progress | None = None) -> Counted:
        self.seen.append(change)
        values = [ox.Literal("z"), ox.Literal("y")]
        found = [len(list(after.quads(None, None, value, ox.DefaultGraph()))) for value in values]
        return Counted(dict(zip(("Violation", "Warning"), found, strict=True)))


def test_a_refused_change_leaves_everything_as_it_was_and_carries_the_report(tmp_path: Path) -> None:
    gate = NoZ()
    store = Repository(tmp_path, BASE, gate, options=FAST)
    write(store, [said(1)])
    with pytest.raises(Refused) as told:
        write(store, [said(1), said(2, "z")])
    assert told.value.report.counts["Violation"] == 1
    assert gate.seen[-1] == change([said(2, "z")])
    assert content(store) == {said(1)}
    assert store.current().number == 1


def test_warnings_are_counted_in_the_manifest(tmp_path: Path) -> None:
    written = write(Repository(tmp_path, BASE, NoZ(), options=FAST), [said(1, "y"), said(2, "y")])
    assert written is not None
    assert written.warnings == 2


def test_a_forced_restore_passes_the_gate(tmp_path: Path) -> None:
    store = Repository(tmp_path, BASE, options=FAST)
    write(store, [said(1, "z")])
    write(store, [said(2)], [said(1, "z")])
    strict = Repository(tmp_path, BASE, NoZ(), options=FAST)
    with pytest.raises(Refused):
        strict.restore(1, "test")
    assert strict.restore(1, "test", judged=False) is not None


class Mirrors:
    """Rules that derive ``<value> mirrors <node>`` from each statement, quad by quad or all at once."""

    def __init__(self) -> None:
        self.bulk: list[bool] = []

    def derive(self, before: Queryable, after: Queryable, change: Change, graph: ox.NamedNode, *, bulk: bool) -> Change:
        self.bulk.append(bulk)
        if bulk:
            return Change(_mirrored(after, "?s", graph))
        nodes = {str(quad.subject) for quad in change.quads()}
        old, new = (frozenset().union(*(_mirrored(state, node, graph) for node in nodes)) for state in (before, after))
        return Change(new, old - new)


def _mirrored(state: Any, node: str, named: ox.NamedNode) -> frozenset[ox.Quad]:
    text = f"CONSTRUCT {{ {node} <{BASE}mirrors> ?o }} WHERE {{ {node} <{BASE}has> ?o }}"
    return frozenset(ox.Quad(t.subject, t.predicate, t.object, named) for t in state.query(text))


def _links(store: Repository, n: int | None = None) -> set[str]:
    return {quad.object.value for quad in content(store, n) if quad.graph_name == graph("derived")}


def test_derived_statements_follow_the_source_and_are_not_counted_as_its_change(tmp_path: Path) -> None:
    rules = Mirrors()
    store = Repository(tmp_path, BASE, None, rules, options=FAST)
    write(store, [said(1, "x"), said(2, "y")])
    second = write(store, [said(2, "z")], [said(1, "x")])
    assert second is not None
    assert rules.bulk == [True, False]
    assert _links(store) == {"y", "z"}
    assert (second.quads, second.derived, second.derived_added, second.derived_removed) == (2, 2, 1, 1)
    assert store.change(2) == change([said(2, "z")], [said(1, "x")])
    assert len(store.change(2, derived=True)) == 2
    store.prune(keep=1)
    store.rebuild(1)
    assert _links(store, 1) == {"x", "y"}


def test_other_definitions_have_everything_derived_anew(tmp_path: Path) -> None:
    write(Repository(tmp_path, BASE, digest="old", options=FAST), [said(1, "x")])
    rules = Mirrors()
    store = Repository(tmp_path, BASE, None, rules, digest="new", options=FAST)
    write(store, [said(2, "y")])
    assert rules.bulk == [True]
    assert _links(store) == {"x", "y"}


def test_rules_may_change_no_other_graph(tmp_path: Path) -> None:
    class Astray(Mirrors):
        def derive(self, before: Queryable, after: Queryable, change: Change, graph: ox.NamedNode, *, bulk: bool) -> Change:
            return change

    store = Repository(tmp_path, BASE, None, Astray(), options=FAST)
    with pytest.raises(ValueError, match="only change"):
        write(store, [said(1)])
    with pytest.raises(NoStore):
        store.current()


def test_an_iterator_that_someone_keeps_is_found_before_publication(tmp_path: Path) -> None:
    kept = []

    class Keeper(NoZ):
        def judge(self, after: Lookup, change: Change, progress: Progress | None = None) -> Counted:
            kept.append(after.quads())
            next(kept[-1])
            return Counted({})

    store = Repository(tmp_path, BASE, Keeper(), options=FAST)
    with pytest.raises(RuntimeError, match="still open"):
        write(store, [said(1)])
    kept.clear()
    with pytest.raises(NoStore):
        store.current()


def test_a_closed_reader_answers_no_more(store: Repository) -> None:
    write(store, [said(1)])
    with store.reader() as reader:
        assert reader.version.number == 1
        assert next(reader.lookup.quads(None, None, None, graph("a"))) == said(1)
    with pytest.raises(RuntimeError, match="closed"):
        reader.query("ASK {}")
