"""Links counted in the network: for everything in a store, before and after writes, what the engine counts."""

from __future__ import annotations

import random
from collections.abc import Iterator
from functools import partial

import pyoxigraph as ox
import pytest

from app import sparql
from app.assembly import load_indexes
from app.citing.description import Description
from app.discovery import degrees
from app.discovery.degrees import counted
from app.discovery.network import Network
from app.engine.changes import Change
from app.engine.direct import DirectEngine
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.entities.facts import Degree
from app.entities.questions import Questions
from app.resources import folder
from tests.discovery.asking import BASE, CATALOGUE
from tests.engine.versioned import FAST

GRAPHS = [ox.NamedNode(f"{BASE}graphs/{name}") for name in ("one", "two")]
WITHIN = ox.NamedNode("https://w3id.org/maillage/ontology#within")
FILES = (
    "ontology/themes.ttl",
    "ontology/maillage.ttl",
    "seed/themes.ttl",
    "seed/observatoire.ttl",
    "seed/cooperatives-de-jeunes.ttl",
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    made = Repository(tmp_path_factory.mktemp("degrees") / "data", BASE, options=FAST, indexes=load_indexes())
    texts = [(folder(name.partition("/")[0]) / name.partition("/")[2]).read_bytes() for name in FILES]
    triples = [one for text in texts for one in ox.parse(text, ox.RdfFormat.TURTLE, base_iri=BASE)]
    triples = [one for one in triples if not isinstance(one.subject, ox.BlankNode) and not isinstance(one.object, ox.BlankNode)]
    area = ox.NamedNode("https://w3id.org/maillage/territory/departement-91")
    triples.append(ox.Triple(ox.NamedNode(f"{area.value}-a"), WITHIN, area))
    quads = {ox.Quad(one.subject, one.predicate, one.object, GRAPHS[0]) for one in triples}
    quads |= {ox.Quad(one.subject, one.predicate, one.object, GRAPHS[1]) for one in triples[::7]}
    quads.add(ox.Quad(area, WITHIN, area, GRAPHS[0]))  # to itself
    write(made, frozenset(quads))
    draw = random.Random(1)
    write(made, frozenset(), frozenset(draw.sample(sorted(quads, key=str), len(quads) // 20)))
    return made


def write(repository: Repository, added: frozenset[ox.Quad], removed: frozenset[ox.Quad] = frozenset()) -> None:
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(Change(added, removed))
        transaction.commit()


@pytest.fixture(scope="module")
def engine(repository: Repository) -> Iterator[DirectEngine]:
    made = DirectEngine(repository)
    yield made
    made.close()


@pytest.mark.parametrize("version", [1, 2])
def test_what_the_network_counts_is_what_the_engine_counts(
    repository: Repository, engine: DirectEngine, version: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(degrees, "FEW", 0)
    network = Indexes(repository.lease, "network", Network.open).at(version)
    used = Indexes(repository.lease, "description", Description.read).at(version).merge.properties
    questions = Questions(CATALOGUE, partial(sparql.rows, engine, version=version), lambda _: [])
    met = 0
    for node in network.nodes().tolist():
        iri = network.iri(node)
        known = counted(network, lambda: used, iri)
        if known is not None:
            met += sum(1 for number in known.into.values() if number)
            assert Degree.ask(questions, iri, known) == Degree.ask(questions, iri)
    assert met > 30


def test_an_area_that_points_to_itself_counts_that_too(
    repository: Repository, engine: DirectEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(degrees, "FEW", 0)
    questions = Questions(CATALOGUE, partial(sparql.rows, engine, version=1), lambda _: [])
    (row,) = sparql.rows(engine, f"SELECT ?area WHERE {{ ?area {WITHIN} ?area }}", version=1)
    iri = row["area"].value  # type: ignore[union-attr]
    network = Indexes(repository.lease, "network", Network.open).at(1)
    description = Indexes(repository.lease, "description", Description.read).at(1)
    known = counted(network, lambda: description.merge.properties, iri)
    assert known is not None
    assert Degree.ask(questions, iri, known).into[WITHIN.value] == known.into[WITHIN.value] + 1


def test_what_few_point_to_and_what_is_in_no_network_is_asked_for(repository: Repository) -> None:
    network = Indexes(repository.lease, "network", Network.open).at(1)
    few = next(network.iri(node) for node in network.nodes().tolist() if network.degree(node) < 5)
    assert counted(network, list, few) is None
    assert counted(network, list, f"{BASE}id/actor/nobody") is None
