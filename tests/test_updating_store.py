"""A store whose default graph is the stored one, for conformance suites: kept apart from one whose default graph is the merge."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from app.assembly import open_repository
from app.engine.changes import Change
from app.engine.versions import Repository
from app.errors import SettingsError
from app.media import N_TRIPLES
from app.settings import Settings
from app.updating import output

BASE = "http://localhost:8000/"
TRIPLE = [ox.NamedNode(f"urn:{name}") for name in "spo"]


def opened(data: Path, default_graph: str) -> Repository:
    return open_repository(Settings(data=data, default_graph=default_graph))


def add(repository: Repository, *quads: ox.Quad) -> None:
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(Change(frozenset(quads)))
        transaction.commit()


def contents(repository: Repository) -> set[str]:
    with repository.reader() as reader:
        return set(map(str, reader.quads()))


def test_its_default_graph_holds_what_is_written_to_it_and_nothing_else(tmp_path: Path) -> None:
    repository = opened(tmp_path, "stored")
    quads = [ox.Quad(*TRIPLE), ox.Quad(*TRIPLE, ox.NamedNode("urn:g")), ox.Quad(ox.BlankNode("b"), *TRIPLE[1:])]
    add(repository, *quads)
    assert contents(repository) == set(map(str, quads))
    repository.restore(1, "tests")
    assert len(contents(repository)) == 3


def test_the_setting_cannot_change_under_a_store(tmp_path: Path) -> None:
    add(opened(tmp_path, "stored"), ox.Quad(*TRIPLE))
    with pytest.raises(SettingsError) as caught:
        opened(tmp_path, "merge")
    assert caught.value.details["reason"] == "other-default-graph"
    assert contents(opened(tmp_path, "stored")) == {str(ox.Quad(*TRIPLE))}


def test_a_graph_without_statements_is_none(tmp_path: Path) -> None:
    repository = opened(tmp_path, "stored")
    quad = ox.Quad(*TRIPLE, ox.NamedNode("urn:g"))
    add(repository, quad, ox.Quad(*TRIPLE))
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(Change(removed=frozenset({quad})))
        transaction.commit()
    with repository.reader() as reader:
        assert list(reader.query("SELECT ?g { GRAPH ?g {} }")) == []


def test_only_two_words_are_a_default_graph() -> None:
    with pytest.raises(SettingsError):
        Settings.load({"MAILLAGE_DEFAULT_GRAPH": "union"}, Path("/nowhere"))


def test_a_large_graph_that_nobody_reads_gives_its_place_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output, "FEW", 1)
    repository = opened(tmp_path, "merge")
    graph = ox.NamedNode("urn:g")
    add(repository, *(ox.Quad(ox.NamedNode(f"urn:{n}"), *TRIPLE[1:], graph) for n in range(3)))
    reader = output.GraphReader(repository)
    for _ in range(3):
        content = reader.content(graph, 1, N_TRIPLES, lambda triples, form: b"")
        assert not isinstance(content, bytes)
        content.close()  # type: ignore[attr-defined]
    assert b"".join(reader.content(graph, 1, N_TRIPLES, lambda triples, form: b"")).count(b" .\n") == 3  # type: ignore[arg-type]
