"""What is drawn around an entity: its links, the other parties of its partnerships, in turn by kind where there are too many."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.discovery import neighbourhood
from app.discovery.neighbourhood import HUB, Around, gather, themes_of
from app.discovery.network import Network
from tests.discovery.networks import BASE, quads, short, written

SMALL = """
<actor/a> a :Association ; :theme theme:food ; :territory territory:c .
<actor/b> a :Association ; :territory territory:c .
<actor/c> a :Association .
<actor/far> a :Association .
theme:food a :Theme . territory:c a :Commune .
<partnership/p> a :Partnership ; :startDate "2020"^^xsd:gYear ; :endDate "2021"^^xsd:gYear ; :participation <pa>, <pb>, <pc> .
<pa> :participant <actor/a> ; :role role:signs . <pb> :participant <actor/b> ; :role role:signs . <pc> :participant <actor/c> .
<project/x> a :Project ; :leader <actor/b> .
<project/y> a :Project ; :leader <actor/far> .
"""


@pytest.fixture
def small(tmp_path: Path) -> Network:
    return written(tmp_path / "n", quads(SMALL))


def names(network: Network, around: Around) -> set[str]:
    return {network.iri(spot.node).removeprefix(BASE).rpartition("/maillage/")[2] for spot in around.spots}


def ties(network: Network, around: Around) -> set[tuple[str, str, str]]:
    end = lambda node: short(network.iri(node))  # noqa: E731
    return {(end(tie.source), short(network.links[tie.kind].iri), end(tie.target)) for tie in around.ties}


def at(network: Network, name: str) -> int:
    node = network.ordinal(f"{BASE}{name}")
    assert node is not None
    return node


def test_an_actor_is_shown_with_its_links_and_the_other_parties_of_its_partnerships(small: Network) -> None:
    around = gather(small, at(small, "actor/a"))
    assert names(small, around) == {"actor/a", "actor/b", "actor/c", "partnership/p", "theme/food", "territory/c"}
    assert small.iri(around.centre.node) == f"{BASE}actor/a"
    assert around.rests == ()


def test_every_link_between_two_things_of_the_picture_is_drawn_once(small: Network) -> None:
    assert ties(small, gather(small, at(small, "actor/a"))) == {
        ("a", "theme", "food"),
        ("a", "territory", "c"),
        ("b", "territory", "c"),
        ("a", "signs", "p"),
        ("b", "signs", "p"),
        ("c", "participation", "p"),
    }


def test_opening_a_thing_adds_its_links_and_moves_nothing(small: Network) -> None:
    a, b = at(small, "actor/a"), at(small, "actor/b")
    before, after = gather(small, a), gather(small, a, [b])
    assert names(small, after) - names(small, before) == {"project/x"}
    place = {spot.node: (spot.x, spot.y) for spot in after.spots}
    assert all(place[spot.node] == (spot.x, spot.y) for spot in before.spots)
    assert [spot.opened for spot in after.spots if spot.node == b] == [True]


def test_what_is_not_in_the_picture_cannot_be_opened(small: Network) -> None:
    a, far = at(small, "actor/a"), at(small, "actor/far")
    assert names(small, gather(small, a, [far])) == names(small, gather(small, a))


def test_each_thing_says_from_where_it_was_reached(small: Network) -> None:
    parents = {
        small.iri(spot.node): None if spot.parent is None else small.iri(spot.parent)
        for spot in gather(small, at(small, "actor/a")).spots
    }
    assert parents[f"{BASE}actor/a"] is None
    assert parents[f"{BASE}partnership/p"] == f"{BASE}actor/a"
    assert parents[f"{BASE}actor/b"] == f"{BASE}partnership/p"


def test_the_themes_of_a_thing_are_those_that_it_states(small: Network) -> None:
    a, b = at(small, "actor/a"), at(small, "actor/b")
    food = small.ordinal("https://w3id.org/maillage/theme/food")
    assert food is not None
    assert themes_of(small, [a, b, food]) == {a: frozenset({food}), food: frozenset({food})}


@pytest.fixture
def star(tmp_path: Path) -> Network:
    """An actor that leads 300 projects, of 1900 to 2199, and has two themes."""
    projects = "\n".join(
        f'<project/{n}> a :Project ; :leader <actor/hub> ; :startDate "{1900 + n}"^^xsd:gYear .' for n in range(300)
    )
    return written(tmp_path / "s", quads(f"<actor/hub> a :Association ; :theme theme:x, theme:y . theme:x a :Theme . {projects}"))


def test_of_too_many_links_each_kind_has_its_turn_the_newest_first_and_the_rest_is_counted(star: Network) -> None:
    around = gather(star, at(star, "actor/hub"))
    drawn = names(star, around)
    assert len(around.ties) == neighbourhood.PER_NODE
    assert {"theme/x", "theme/y", "project/299"} <= drawn
    assert "project/0" not in drawn
    assert [(short(star.links[rest.kind].iri), rest.count) for rest in around.rests] == [("leader", 152)]
    assert around.centre.degree == 302
    assert around.centre.is_hub
    assert around.centre.degree >= HUB


def test_a_picture_has_an_end(star: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(neighbourhood, "MOST", 40)
    assert len(gather(star, at(star, "actor/hub")).spots) == 40
