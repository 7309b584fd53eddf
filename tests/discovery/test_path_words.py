"""Every kind of link belongs to a family that people can choose, and what several paths share is drawn once."""

from __future__ import annotations

from pathlib import Path

from app.asking.explaining import FAMILIES, family_of
from app.asking.path_drawing import placed
from app.text import messages
from tests.discovery.networks import quads, vocabulary, written


def test_every_kind_of_link_is_in_a_family_that_has_a_name(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(""))
    assert {family_of(network, number) for number, _ in enumerate(network.links)} == set(FAMILIES)
    assert all(f"paths.family-{family}" in messages() for family in FAMILIES)


def test_every_kind_that_a_path_may_pass_through_can_be_pointed_at() -> None:
    beside = {"actor", "evidence", "glossary", "membership", "participation", "period", "source"}
    kinds = {kind.segment for kind in vocabulary().kinds()} - beside
    assert {key.removeprefix("paths.this-") for key in messages() if key.startswith("paths.this-")} == kinds


def test_the_ends_of_two_stand_apart_and_each_path_has_its_line() -> None:
    places = placed([[1, 5, 2], [1, 6, 7, 2]], [1, 2])
    assert places[1] == (0.0, 43.0)
    assert places[2] == (920.0, 43.0)
    assert places[5] == (460.0, 0.0)
    assert places[6][1] == places[7][1] == 86.0


def test_a_tree_is_drawn_in_columns_and_nothing_on_the_same_spot() -> None:
    places = placed([[1, 5, 2], [2, 6, 3]], [1, 2, 3, 4])
    assert len(set(places.values())) == 6 == len({*places, 4})
    assert places[1][0] < places[5][0] < places[2][0] < places[6][0] < places[3][0]
