"""A neighbourhood in words, and what filters leave of it: all that is still joined to the centre."""

from __future__ import annotations

import datetime
import re
from dataclasses import replace

import pytest

from app.asking.marks import COLOURS, SHAPES, family, key, link_family, outline, shape
from app.asking.neighbourhood import Bond, More, Thing, Told, Wish, days_in_words, narrowed
from app.discovery.intervals import ALWAYS_AFTER, ALWAYS_BEFORE
from app.entities.model import Node

FOOD, CARE = "https://t/food", "https://t/care"


def thing(name: str, parent: int | None, *themes: str, hub: bool = False) -> Thing:
    return Thing(Node(f"https://x/{name}", name), "actor", 3, hub, 0.0, 0.0, opened=False, parent=parent, themes=themes)


def bond(source: int, target: int, kind: str = "k", first: int | None = None, last: int | None = None) -> Bond:
    return Bond(source, target, kind, ("…",), None, first, last)


TOLD = Told(
    things=(thing("a", None), thing("b", 0), thing("c", 1, FOOD), thing("d", 0, CARE), thing("e", 3, hub=True), thing("f", 4)),
    bonds=(bond(0, 1), bond(1, 2, "l", 2019, 2020), bond(0, 3, "k", 2021), bond(3, 4), bond(4, 5)),
    more=(More(4, "k", 9), More(0, "l", 2)),
    kinds={"k": "K", "l": "L"},
    natures={},
    themes={FOOD: "food", CARE: "care"},
)


def left(wish: Wish) -> str:
    return "".join(one.node.label for one in narrowed(TOLD, wish).things)


@pytest.mark.parametrize(
    ("wish", "expected"),
    [
        (Wish(), "abcdef"),
        (Wish(hubs=False), "abcd"),
        (Wish(links=frozenset({"k"})), "abdef"),
        (Wish(links=frozenset({"l"})), "a"),
        (Wish(first=2021), "abdef"),
        (Wish(last=2018), "ab"),
        (Wish(last=2020), "abc"),
        (Wish(first=2019, last=2020), "abc"),
        (Wish(theme=FOOD), "abc"),
        (Wish(theme=CARE), "ad"),
        (Wish(theme="https://t/none"), "a"),
    ],
)
def test_what_a_wish_leaves_is_what_is_still_joined_to_the_centre(wish: Wish, expected: str) -> None:
    assert left(wish) == expected


def test_bonds_and_parents_follow_the_things_that_are_left() -> None:
    found = narrowed(TOLD, Wish(theme=CARE))
    assert [(one.source, one.target) for one in found.bonds] == [(0, 1)]
    assert found.things[1].parent == 0
    assert [(more.thing, more.count) for more in found.more] == [(0, 2)]


def test_a_hub_in_the_centre_is_never_hidden() -> None:
    star = replace(TOLD, things=(replace(TOLD.things[0], is_hub=True), *TOLD.things[1:]))
    assert narrowed(star, Wish(hubs=False)).things[0].is_hub


def test_the_years_are_the_first_and_the_last_that_are_known() -> None:
    assert TOLD.years == (2019, 2021)
    assert replace(TOLD, bonds=(bond(0, 1),)).years is None
    assert TOLD.counts == {"k": 4, "l": 1}


def day(text: str) -> int:
    return datetime.date.fromisoformat(text).toordinal()


@pytest.mark.parametrize(
    ("start", "end", "french", "english"),
    [
        (day("2020-01-01"), day("2020-12-31"), "2020", "2020"),
        (day("2020-01-01"), day("2021-12-31"), "2020-2021", "2020-2021"),
        (day("2019-01-01"), ALWAYS_AFTER, "depuis 2019", "since 2019"),
        (ALWAYS_BEFORE, day("2021-12-31"), "jusqu’en 2021", "until 2021"),
        (ALWAYS_BEFORE, ALWAYS_AFTER, None, None),
    ],
)
def test_days_are_told_in_whole_years_where_they_are(start: int, end: int, french: str | None, english: str | None) -> None:
    assert days_in_words(start, end, "fr") == french
    assert days_in_words(start, end, "en") == english


@pytest.mark.parametrize("kind", [*SHAPES, "document", None])
def test_every_kind_has_a_shape_and_a_colour(kind: str | None) -> None:
    assert family(kind) in COLOURS
    path = outline(shape(kind), 8)
    assert re.fullmatch(r"M[-\d. LaZz]+", path)


@pytest.mark.parametrize(
    ("iri", "expected"),
    [
        ("https://w3id.org/maillage/ontology#mainTheme", "theme"),
        ("https://w3id.org/maillage/ontology#territory", "territory"),
        ("https://w3id.org/maillage/code/role/funds", "partnership"),
        ("https://w3id.org/maillage/ontology#participation", "partnership"),
        ("https://w3id.org/maillage/ontology#leader", "other"),
    ],
)
def test_a_link_has_the_colour_of_what_it_always_leads_to(iri: str, expected: str) -> None:
    assert link_family(iri) == expected


def test_kinds_that_look_alike_are_named_together_in_the_key() -> None:
    natures = {"actor": "Acteur", "event": "Évènement", "partnership": "Partenariat", "document": "Note", "membership": "Membre"}
    assert key(natures) == [("actor", "Acteur"), ("event", "Évènement, Note"), ("partnership", "Partenariat, Membre")]
    assert key({}) == []
