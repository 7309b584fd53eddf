"""The index of needs, offers and calls: in every version the same as asked for, anew and after writes that touch it or not."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest

from app import sparql
from app.discovery.matching import Market, read_market
from app.discovery.matching.files import Stated
from app.discovery.matching.index import MarketIndex
from app.discovery.matching.opening import market_on
from app.discovery.places import Places
from app.discovery.themes import ThemeTree
from app.engine.changes import Change
from app.engine.direct import DirectEngine
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.entities.questions import Questions
from tests.discovery.asking import BASE, CATALOGUE
from tests.engine.versioned import FAST

GRAPHS = [ox.NamedNode(f"{BASE}graphs/{name}") for name in ("one", "two")]
M = "https://w3id.org/maillage/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def market_quads() -> list[ox.Quad]:
    triples = ox.parse(Path("tests/discovery/market.ttl").read_bytes(), ox.RdfFormat.TURTLE, base_iri=BASE)
    return [ox.Quad(one.subject, one.predicate, one.object, GRAPHS[0]) for one in triples]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository(tmp_path / "data", BASE, options=FAST, indexes=(MarketIndex(patched=3),))


def write(repository: Repository, added: list[ox.Quad] = [], removed: list[ox.Quad] = []) -> int:  # noqa: B006
    with repository.transaction("tests", "essai") as transaction:
        transaction.apply(Change(frozenset(added), frozenset(removed)))
        version = transaction.commit()
    assert version is not None
    return version.number


@pytest.fixture
def engine(repository: Repository) -> Iterator[DirectEngine]:
    made = DirectEngine(repository)
    yield made
    made.close()


def both(repository: Repository, engine: DirectEngine, number: int) -> tuple[Market, Market]:
    """The market from the index, and as it is asked for."""
    questions = Questions(CATALOGUE, lambda text: sparql.rows(engine, text, version=number), lambda _: [])
    asked = read_market(questions, ThemeTree.read(questions), Places.read(questions))
    return market_on(Indexes(repository.lease, "market", Stated.read), number, questions), asked


def weeks(market: Market) -> dict[str, tuple[str, ...]]:
    """Which weeks each listing names, which does not count when listings are compared."""
    return {iri: one.weeks for iri, one in market.listings.items()}


def assert_same(repository: Repository, engine: DirectEngine, number: int) -> Market:
    kept, asked = both(repository, engine, number)
    assert kept.listings == asked.listings
    assert kept.calls == asked.calls
    assert weeks(kept) == weeks(asked)
    return kept


def test_everything_is_read_when_a_version_is_the_first(repository: Repository, engine: DirectEngine) -> None:
    market = assert_same(repository, engine, write(repository, market_quads()))
    assert len(market.listings) == 12
    assert len(market.calls) == 1
    assert any(one.weeks and one.spans for one in market.listings.values())
    assert any(one.scope.themes_of for one in market.listings.values())


def node(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}id/{name}")


def said(subject: str, path: str, value: ox.NamedNode | ox.Literal, graph: int = 0) -> ox.Quad:
    return ox.Quad(node(subject), ox.NamedNode(M + path), value, GRAPHS[graph])


def test_a_theme_of_an_actor_changes_the_listings_that_take_it(repository: Repository, engine: DirectEngine) -> None:
    write(repository, market_quads())
    theme = ox.NamedNode("https://w3id.org/maillage/theme/velo")
    market = assert_same(repository, engine, write(repository, [said("actor/cantine", "theme", theme)]))
    assert theme.value in market.listings[f"{BASE}id/opportunity/mission"].scope.themes


def test_a_day_of_a_week_changes_the_internship_that_names_it(repository: Repository, engine: DirectEngine) -> None:
    first = assert_same(repository, engine, write(repository, market_quads()))
    day = ox.Literal("2024-11-19", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    old = [quad for quad in market_quads() if quad.subject == node("period/2") and quad.predicate.value == f"{M}startDate"]
    assert old
    later = assert_same(repository, engine, write(repository, [said("period/2", "startDate", day)], old))
    assert later.listings[f"{BASE}id/opportunity/stage"] != first.listings[f"{BASE}id/opportunity/stage"]


def test_what_is_no_offer_any_more_is_gone_but_not_while_another_source_says_so(
    repository: Repository, engine: DirectEngine
) -> None:
    camion = f"{BASE}id/offer/camion"
    stated = [ox.Quad(node("offer/camion"), TYPE, ox.NamedNode(f"{M}Offer"), graph) for graph in GRAPHS]
    write(repository, [*market_quads(), stated[1]])
    assert camion in assert_same(repository, engine, write(repository, [], [stated[0]])).listings
    assert camion not in assert_same(repository, engine, write(repository, [], [stated[1]])).listings
    assert camion in assert_same(repository, engine, write(repository, [stated[0]])).listings


def test_a_write_that_touches_nothing_here_shares_all_files(repository: Repository, engine: DirectEngine) -> None:
    first = write(repository, market_quads())
    later = write(repository, [said("place/x", "name", ox.Literal("Un lieu", language="fr"))])
    for name in ("base.json", "delta.json"):
        places = []
        for number in (first, later):
            with repository.lease(number) as store:
                places.append((store.parent / "market" / name).stat().st_ino)
        assert places[0] == places[1]
    assert_same(repository, engine, later)


def test_a_change_as_large_as_all_that_is_kept_is_not_followed(tmp_path: Path) -> None:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=(MarketIndex(followed=20),))
    engine = DirectEngine(repository)
    write(repository, [quad for quad in market_quads() if quad.subject != node("offer/camion")])
    offer = [quad for quad in market_quads() if quad.subject == node("offer/camion")]
    names = [said(f"place/{n}", "name", ox.Literal(str(n))) for n in range(200)]
    for added, is_new in ((offer, False), (names, True)):
        before = base_of(repository, repository.current_number())
        number = write(repository, added)
        assert (base_of(repository, number) != before) == is_new
        assert f"{BASE}id/offer/camion" in assert_same(repository, engine, number).listings
    engine.close()


def base_of(repository: Repository, number: int) -> int:
    """What tells the file of a version's base from any other."""
    with repository.lease(number) as store:
        return (store.parent / "market" / "base.json").stat().st_ino


@pytest.mark.parametrize("seed", range(6))
def test_after_any_writes_it_is_what_is_asked_for(repository: Repository, engine: DirectEngine, seed: int) -> None:
    draw, pool = random.Random(seed), market_quads()
    present = set(draw.sample(pool, len(pool) // 2))
    write(repository, list(present))
    folded = set()
    for _ in range(8):
        removed = set(draw.sample(sorted(present, key=str), draw.randrange(6)))
        added = set(draw.sample(pool, draw.randrange(1, 6))) - present
        present = (present - removed) | added
        if added or removed:
            number = write(repository, list(added), list(removed))
            assert_same(repository, engine, number)
            folded.add(base_of(repository, number))
    assert len(folded) > 1
