"""Which version changed a graph last: exact for what this release writes, never too early for what others wrote."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from app.engine.changes import Change
from app.engine.layout import Layout
from app.engine.manifest import read_version
from app.engine.versions import Repository
from tests.engine.versioned import BASE, FAST

GRAPHS = ("one", "two", "three")
NAME = ox.NamedNode(f"{BASE}name")


def iri(graph: str) -> str:
    return f"{BASE}graphs/{graph}"


def quad(number: int, graph: str) -> ox.Quad:
    return ox.Quad(ox.NamedNode(f"{BASE}id/{number}"), NAME, ox.Literal(str(number)), ox.NamedNode(iri(graph)))


def write(repository: Repository, added: set[ox.Quad], removed: set[ox.Quad] = frozenset()) -> int:  # type: ignore[assignment]
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(Change(frozenset(added), frozenset(removed)))
        version = transaction.commit()
    return version.number if version else repository.current_number()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST)


def changes_seen(repository: Repository, graph: str | None) -> list[int]:
    """For each version, the last one whose content of a graph is not that of the version before; read from the stores."""
    found, before, last = [], set[str](), 0
    for n in repository.present():
        with repository.reader(n) as reader:
            place = ox.NamedNode(iri(graph)) if graph else ox.DefaultGraph()
            now = {str(q.triple) for q in reader.quads(graph=place)}
        last, before = (n if now != before else last), now
        found.append(last)
    return found


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_version_whose_content_differs_whatever_was_written(repository: Repository, seed: int) -> None:
    draws = random.Random(seed)
    possible = [quad(number, graph) for number in range(3) for graph in GRAPHS]
    write(repository, {possible[0]})
    for _ in range(14):
        step = draws.randrange(6)
        if step == 0:
            repository.restore(draws.choice(repository.present()), "tests")
        elif step == 1:
            repository.optimize("tests")
        else:
            write(repository, set(draws.sample(possible, draws.randrange(1, 4))), set(draws.sample(possible, draws.randrange(3))))
    numbers = repository.present()
    for graph in GRAPHS:
        assert [repository.last_change(iri(graph), n) for n in numbers] == changes_seen(repository, graph)
    told = [repository.last_change(None, n) for n in numbers]
    assert all(one >= seen for one, seen in zip(told, changes_seen(repository, None), strict=True))


def test_a_write_elsewhere_leaves_it_and_one_here_moves_it(repository: Repository) -> None:
    write(repository, {quad(1, "one")})
    write(repository, {quad(1, "two")})
    assert (repository.last_change(iri("one"), 2), repository.last_change(iri("two"), 2)) == (1, 2)
    assert (repository.last_change(iri("two"), 1), repository.last_change(iri("nowhere"), 2)) == (0, 0)
    write(repository, set(), {quad(1, "one")})
    assert [repository.last_change(iri("one"), n) for n in (1, 2, 3)] == [1, 1, 3]


def test_the_default_graph_changes_with_every_graph(repository: Repository) -> None:
    for graph in GRAPHS:
        write(repository, {quad(1, graph)})
    assert [repository.last_change(None, n) for n in (1, 2, 3)] == [1, 2, 3]
    repository.optimize("tests")
    assert repository.last_change(None, 4) == 3, "no statement changed"


def test_a_pruned_version_still_tells(repository: Repository, tmp_path: Path) -> None:
    for number in range(4):
        write(repository, {quad(number, "one" if number == 1 else "two")})
    repository.prune(1)
    assert repository.present() == [4]
    assert Repository(tmp_path / "data", BASE).last_change(iri("one"), 4) == 2


def test_a_version_that_does_not_say_so_may_have_changed_any(repository: Repository, tmp_path: Path) -> None:
    for number in range(4):
        write(repository, {quad(number, "one" if number == 0 else "two")})
    record = Layout(tmp_path / "data").record(3)
    told = json.loads(record.read_text(encoding="utf-8"))
    assert told.pop("graphs") == [iri("two")]
    record.write_text(json.dumps(told), encoding="utf-8")
    assert read_version(record).graphs is None
    older = Repository(tmp_path / "data", BASE)
    assert [older.last_change(iri("one"), n) for n in (1, 2, 3, 4)] == [1, 1, 3, 3]


def test_a_load_through_files_names_its_graph(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "data", BASE, options=replace(FAST, small=2))
    write(repository, {quad(1, "one")})
    source = tmp_path / "many.nt"
    source.write_bytes(ox.serialize([quad(n, "two").triple for n in range(9)], format=ox.RdfFormat.N_TRIPLES) or b"")
    with repository.transaction("tests", "beaucoup") as transaction:
        transaction.replace_graph(iri("two"), source)
        version = transaction.commit()
    assert version is not None
    assert version.graphs == (iri("two"),)
    assert (repository.last_change(iri("one"), 2), repository.last_change(iri("two"), 2)) == (1, 2)


def test_a_stored_default_graph_is_a_graph_of_its_own(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "data", BASE, options=replace(FAST, stored_default=True))
    unnamed = ox.Quad(NAME, NAME, ox.Literal("1"), ox.DefaultGraph())
    write(repository, {unnamed})
    write(repository, {quad(1, "one")})
    assert (repository.last_change(None, 2), repository.last_change(iri("one"), 2)) == (1, 2)
