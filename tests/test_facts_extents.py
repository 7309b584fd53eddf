"""How extents tell versions apart: by the rows within them and by nothing else; what is remembered of them is bounded."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.engine.versions import Repository
from app.facts import Facts, Opening
from app.facts.extents import TABLES, Extent, state_of
from tests.engine.versioned import BASE, FAST
from tests.test_facts import LAND, T, at, index, quads, write

ACTORS = '<id/actor/one> a m:Association ; m:name "Une"@fr ; m:theme t:garden . <id/actor/two> a m:Association .'
EVENT = '<id/event/fair> a m:Event ; m:name "Foire"@fr ; m:theme t:work .'


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    found = Repository(tmp_path / "data", BASE, options=FAST, indexes=(index(),))
    write(found, quads(LAND + ACTORS + EVENT))
    return found


def before_and_after(repository: Repository, added: str = "", removed: str = "") -> tuple[Facts, Facts]:
    opening, number = Opening(), repository.current_number()
    before = at(repository, number, opening)
    write(repository, quads(added), quads(removed))
    return before, at(repository, number + 1, opening)


@pytest.mark.parametrize(
    ("kind", "theme", "added", "removed", "is_same"),
    [
        ("actor", "", '<id/actor/new> a m:Association ; m:name "Neuve"@fr .', "", False),
        ("event", "", '<id/actor/new> a m:Association ; m:name "Neuve"@fr .', "", True),
        ("event", "", "<id/event/fair> m:theme t:food .", "", False),
        ("actor", "", "<id/event/fair> m:theme t:food .", "", True),
        ("", "food", "<id/event/fair> m:theme t:garden .", "", False),  # comes to what is below
        ("", "food", "", "<id/actor/one> m:theme t:garden .", False),  # leaves it
        ("", "food", "<id/actor/two> m:theme t:work .", "", True),
        ("", "work", "<id/actor/two> m:theme t:work .", "", False),
        ("event", "", "", "<id/actor/two> a m:Association .", False),  # is gone: whatever refers to it has lost a value
    ],
)
def test_an_extent_is_the_same_where_its_rows_are(
    kind: str, theme: str, added: str, removed: str, is_same: bool, repository: Repository
) -> None:
    before, after = before_and_after(repository, added, removed)
    themes = frozenset({before.tables.themes.find(T + theme)} if theme else ())
    extent = Extent(frozenset({kind} if kind else ()), themes)
    assert (state_of(before, extent) == state_of(after, extent)) is is_same


def test_single_rows_and_tables_stand_when_others_change(repository: Repository) -> None:
    before, after = before_and_after(repository, '<id/actor/two> m:name "Deux"@fr .')
    one, two = (Extent(rows=frozenset({before.row(f"{BASE}id/actor/{name}")})) for name in ("one", "two"))
    assert [state_of(before, each) == state_of(after, each) for each in (one, two, TABLES)] == [True, False, True]


def test_states_of_pages_are_remembered_and_those_of_files_are_not(repository: Repository) -> None:
    facts = at(repository, repository.current_number())
    page, file = (Extent(rows=frozenset(range(count))) for count in (50, 50_000))
    for extent in (page, file):
        assert state_of(facts, extent) == state_of(facts, extent)
    assert list(facts.states) == [page]
