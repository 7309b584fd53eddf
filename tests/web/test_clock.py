"""A clock that went back: a version that says that it was made before its parent changes nothing but what it says."""

from __future__ import annotations

from pathlib import Path

import pyoxigraph as ox
import pytest

from app.assembly import load_catalogue, load_indexes, load_shapes, load_vocabulary
from app.engine import transaction
from app.engine.changes import Change
from app.engine.direct import DirectEngine
from app.engine.versions import Repository
from app.settings import Settings
from app.web import create_app

BASE = "http://localhost:8000/"
MOMENTS = ("2026-05-01T10:00:00+00:00", "2026-04-01T10:00:00+00:00", "2026-04-01T10:00:00+00:00", "1999-12-31T23:59:59+00:00")
ADDRESSES = (
    "/",
    "/versions",
    "/versions/2",
    "/actor/essai",
    "/actor/essai?version=1",
    "/actor/essai.ttl",
    "/actor.csv",
    "/versions/1..4",
    "/health",
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Repository:
    made = Repository(tmp_path, BASE, indexes=load_indexes())
    actor, graph = ox.NamedNode(f"{BASE}id/actor/essai"), ox.NamedNode(f"{BASE}graphs/essai")
    term = "https://w3id.org/maillage/ontology#"
    kind = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    quads = [ox.Quad(actor, kind, ox.NamedNode(f"{term}Association"), graph)]
    quads += [ox.Quad(actor, ox.NamedNode(f"{term}name"), ox.Literal(f"Essai {i}", language="fr"), graph) for i in range(3)]
    for moment, quad in zip(MOMENTS, quads, strict=True):
        monkeypatch.setattr(transaction, "now", lambda moment=moment: moment)  # the system's own clock is not ours to turn
        with made.transaction("test", "a write") as writing:
            writing.apply(Change(frozenset({quad})))
            writing.commit()
    return made


def test_versions_are_ordered_by_number_and_say_the_time_that_they_were_given(repository: Repository) -> None:
    assert [(version.number, version.created) for version in repository.versions()] == list(enumerate(MOMENTS, 1))
    assert len(repository.diff(0, 4)) == 4
    assert repository.restore(1, "test") is not None
    assert repository.current_number() == 5


def test_pruning_takes_the_lowest_numbers(repository: Repository) -> None:
    repository.prune(2)
    assert repository.present() == [3, 4]


def test_every_page_is_served(repository: Repository) -> None:
    vocabulary = load_vocabulary()
    engine = DirectEngine(repository)
    app = create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), repository)
    client = app.test_client()
    for accepted in ("text/html", "*/*"):
        found = {address: client.get(address, headers={"Accept": accepted}).status_code for address in ADDRESSES}
        assert {address: status for address, status in found.items() if status >= 500} == {}
        assert found["/actor/essai?version=1"] == found["/versions/2"] == 200
    engine.close()
