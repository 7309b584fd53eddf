"""What changed between two days, with each pair written out; counted pair by pair against a plain count."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.discovery.changes import CHANGES, Timeline
from app.discovery.network import Network
from app.engine.changes import Change
from tests.discovery.networks import BASE, quads, written
from tests.discovery.test_suggesting import actors, partnership

FIRST, LAST = datetime.date(2020, 12, 31), datetime.date(2021, 12, 31)


def dated(name: str, one: str, other: str, start: str | None, end: str | None) -> str:
    more = "".join(
        f'; :{path} "{year}"^^xsd:gYear' for path, year in (("startDate", start), ("endDate", end)) if year is not None
    )
    return partnership(name, f"signs {one}", f"signs {other}", more=more)


SAID = (
    actors(*"abcdefgh")
    + dated("new", "a", "b", "2021", None)
    + dated("old", "a", "c", "2019", "2019")
    + dated("again", "a", "c", "2021", "2022")
    + dated("first", "a", "d", "2019", None)
    + dated("second", "a", "d", "2021", None)
    + dated("ends", "a", "e", "2019", "2021")
    + dated("over", "a", "f", None, "2020")
    + dated("year-1", "b", "c", "2020", "2020")
    + dated("year-2", "b", "c", "2021", "2021")
    + dated("weak-1", "b", "d", "2019", None)
    + dated("weak-2", "b", "d", "2019", "2020")
    + dated("undated", "g", "h", None, None)
)


def told(network: Network, first: datetime.date = FIRST, last: datetime.date = LAST) -> dict[str, list[str]]:
    changed = Timeline.of(network).between(first, last)

    def short(node: int) -> str:
        return network.iri(node).removeprefix(f"{BASE}id/actor/")

    return {name: [short(pair.one) + short(pair.other) for pair in changed.pairs[name]] for name in CHANGES}


def test_each_pair_is_told_by_what_its_dates_say_of_two_days(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(SAID))
    assert told(network) == {
        "new": ["ab"],
        "resumed": ["ac"],
        "strengthened": ["ad"],
        "weakened": ["bd"],
        "ended": ["af"],
        "passed": [],
    }
    timeline = Timeline.of(network)
    changed = timeline.between(FIRST, LAST)
    assert changed.same == 2
    assert timeline.undated == 1
    assert timeline.last_year() == 2021
    assert [network.iri(pair.newest)[-6:] for pair in changed.pairs["strengthened"]] == ["second"]
    assert [(pair.before, pair.after) for pair in changed.pairs["strengthened"]] == [(1, 2)]


def test_what_began_and_ended_in_between_passed(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(SAID))
    assert told(network, datetime.date(2018, 12, 31), datetime.date(2023, 12, 31))["passed"] == ["ac", "ae", "bc"]


def test_a_filter_keeps_pairs_with_an_actor_or_a_partnership_of_it(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(SAID))
    only = [network.ordinal(f"{BASE}id/{path}") for path in ("partnership/new", "actor/d")]
    changed = Timeline.of(network).between(FIRST, LAST, only)  # type: ignore[arg-type]
    assert {name: len(pairs) for name, pairs in changed.pairs.items() if pairs} == {"new": 1, "strengthened": 1, "weakened": 1}


def test_the_same_day_twice_and_an_empty_network_change_nothing(tmp_path: Path) -> None:
    assert not any(told(written(tmp_path / "n", quads(SAID)), FIRST, FIRST).values())
    assert not any(told(written(tmp_path / "m", quads(""))).values())


YEARS = st.one_of(st.none(), st.integers(2017, 2023))


@given(st.lists(st.tuples(st.sampled_from(["ab", "ac", "bc"]), YEARS, YEARS), max_size=6))
@settings(max_examples=40)
def test_counts_are_those_of_partnerships_counted_one_by_one(rows: list[tuple[str, int | None, int | None]]) -> None:
    import tempfile

    rows = [(pair, start, end) for pair, start, end in rows if start is None or end is None or start <= end]
    said = actors(*"abc") + "".join(
        dated(f"p{n}", *pair, *(str(y) if y else None for y in its)) for n, (pair, *its) in enumerate(rows)
    )
    with tempfile.TemporaryDirectory() as folder:
        changed = Timeline.of(written(Path(folder) / "n", quads(said))).between(FIRST, LAST)
    known = [row for row in rows if row[1] is not None or row[2] is not None]

    def active(pair: str, year: int) -> int:
        return sum(1 for one, start, end in known if one == pair and (start or 0) <= year <= (end or 9999))

    found = {name: len(pairs) for name, pairs in changed.pairs.items()}
    counts = {pair: (active(pair, 2020), active(pair, 2021)) for pair in ("ab", "ac", "bc")}
    assert found["ended"] == sum(1 for a, b in counts.values() if a and not b)
    assert found["strengthened"] == sum(1 for a, b in counts.values() if 0 < a < b)
    assert found["weakened"] == sum(1 for a, b in counts.values() if 0 < b < a)
    assert found["new"] + found["resumed"] == sum(1 for a, b in counts.values() if b and not a)
    assert changed.same == sum(1 for a, b in counts.values() if a == b > 0)


def test_a_pair_is_told_when_it_is_read_from_either_end_of_its_list(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(SAID))
    passed = Timeline.of(network).between(datetime.date(2018, 12, 31), datetime.date(2023, 12, 31)).pairs["passed"]
    assert passed[-1] == passed[2] == list(passed)[2]
    assert passed[1:9] == (passed[1], passed[2])
    with pytest.raises(IndexError):
        passed[3]


EDITS = st.lists(
    st.tuples(
        st.sampled_from(["new", "old", "again", "fresh-1", "fresh-2", "ends"]), st.sampled_from(["ab", "ac", "bh", "-"]), YEARS
    ),
    min_size=1,
    max_size=4,
)


@given(EDITS)
@settings(max_examples=40)
def test_what_a_version_shares_with_an_earlier_one_is_taken_over_and_the_rest_is_as_if_read_anew(
    edits: list[tuple[str, str, int | None]],
) -> None:
    import tempfile

    before = quads(SAID)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        first = written(root / "0", before)
        timeline, state = Timeline.of(first), before
        base = timeline.base
        for number, (name, ends, year) in enumerate(edits, 1):
            subject = f"{BASE}id/partnership/{name}"
            gone = frozenset(q for q in state if str(q.subject.value).startswith(subject))
            added = quads(dated(name, *ends, str(year) if year else None, None)) if ends != "-" else frozenset()
            change = Change(added - gone, gone - added)
            state = (state - gone) | added
            network = written(root / str(number), state, root / str(number - 1), change)
            timeline = Timeline.of(network, timeline)
            assert timeline.base is base
            anew = written(root / f"anew-{number}", state)
            assert _told(timeline, network) == _told(Timeline.of(anew), anew)


def _told(timeline: Timeline, network: Network) -> object:
    """All that a timeline says, by names: numbers hold within one version only."""
    changed = timeline.between(FIRST, LAST)
    pairs = {
        name: sorted((*sorted((network.iri(p.one), network.iri(p.other))), p.before, p.after) for p in changed.pairs[name])
        for name in CHANGES
    }
    return pairs, changed.same, timeline.undated, timeline.large, timeline.last_year()
