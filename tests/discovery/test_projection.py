"""Actors are joined by what they share."""

from __future__ import annotations

from pathlib import Path

from app.discovery.network import Network
from app.discovery.projection import Pairs, pairs_linked, pairs_through
from tests.discovery.networks import BASE, quads, written

SAID = quads(
    "".join(f"<id/actor/{a}> a :Association ; :theme theme:t . " for a in "abcd")
    + """
    <id/project/p> a :Project ; :leader <id/actor/a>, <id/actor/b>, <id/actor/c> .
    <id/project/q> a :Project ; :leader <id/actor/b>, <id/actor/a> .
    <id/membership/m> a :Membership ; :member <id/actor/d> ; :memberOf <id/actor/a> .
    theme:t a :Theme .
    """
)


def named(network: Network, pairs: Pairs) -> dict[str, int]:
    ends = zip(pairs.left.tolist(), pairs.right.tolist(), pairs.shared.tolist(), strict=True)
    return {f"{network.iri(a)}{network.iri(b)}".replace(f"{BASE}id/actor/", ""): shared for a, b, shared in ends}


def test_actors_that_share_projects(tmp_path: Path) -> None:
    network = written(tmp_path / "n", SAID)
    assert named(network, pairs_through(network, "project")) == {"ab": 2, "ac": 1, "bc": 1}


def test_what_joins_very_many_is_left_out(tmp_path: Path) -> None:
    network = written(tmp_path / "n", SAID)
    assert len(pairs_through(network, "theme").left) == 6
    assert len(pairs_through(network, "theme", most=3).left) == 0


def test_actors_that_are_linked_with_each_other(tmp_path: Path) -> None:
    network = written(tmp_path / "n", SAID)
    assert named(network, pairs_linked(network)) == {"ad": 1}
