"""The retention rule: the newest, then one a day, then one a month; what is pinned or read stays whatever its age."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.rule import Retention
from app.engine.versions import Repository
from tests.engine.versioned import BASE, FAST, content, quick_folder, said, write

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def test_the_newest_stay_then_the_last_of_each_day_then_the_last_of_each_month() -> None:
    days = ["08-30", "08-31", "09-10", "09-11", "11-24", "11-24", "11-25", "11-26", "11-26"]
    moments = {n: datetime.fromisoformat(f"2026-{day}T10:00:00+00:00") for n, day in enumerate(days, start=1)}
    assert Retention(1).staying(moments) == {9}
    assert Retention(2).staying(moments) == {8, 9}
    assert Retention(1, days=2).staying(moments) == {7, 9}
    assert Retention(1, days=3).staying(moments) == {6, 7, 9}
    assert Retention(1, months=3).staying(moments) == {4, 9}
    assert Retention(1, days=3, months=4).staying(moments) == {2, 4, 6, 7, 9}


def test_days_are_those_of_utc_whatever_the_clock_of_the_writer_said() -> None:
    late = datetime.fromisoformat("2026-11-25T23:30:00+00:00")
    assert Retention(1, days=2).staying({1: late, 2: late + timedelta(minutes=10), 3: late + timedelta(hours=1)}) == {2, 3}


def test_nothing_stays_of_nothing() -> None:
    assert Retention(5, 5, 5).staying({}) == frozenset()


@given(st.lists(st.integers(0, 2_000), max_size=60), st.integers(1, 10), st.integers(0, 40), st.integers(0, 30))
def test_pruning_again_removes_nothing_and_a_later_version_never_brings_back_what_went(
    hours: list[int], newest: int, days: int, months: int
) -> None:
    rule = Retention(newest, days, months)
    moments = {n: NOON + timedelta(hours=h) for n, h in enumerate(sorted(hours), start=1)}
    staying = rule.staying(moments)
    assert rule.staying({n: moments[n] for n in staying}) == staying
    assert set(sorted(moments)[-newest:]) <= staying
    kept = {n: moments[n] for n in staying}
    kept[len(hours) + 1] = NOON + timedelta(hours=2_001)
    assert rule.staying(kept) == rule.staying({**moments, len(hours) + 1: NOON + timedelta(hours=2_001)})


@pytest.fixture
def store() -> Iterator[Repository]:
    with quick_folder() as path:
        yield Repository(Path(path), BASE, options=FAST)


def test_what_is_pinned_or_being_read_stays_and_a_cited_version_comes_back_whole(
    store: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = iter(NOON + timedelta(days=40 * n) for n in range(9))
    monkeypatch.setattr("app.engine.transaction.now", lambda: next(clock).isoformat())
    for i in range(6):
        write(store, [said(i)])
    store.pin(2)
    with store.reader(3):
        done = store.prune(Retention(1, days=1, months=2))
    assert (done.removed, done.pinned, done.in_use) == ((1, 4), (2,), (3,))
    store.pin(4)
    store.rebuild(4)
    assert content(store, 4) == {said(i) for i in range(4)}
    assert store.prune(Retention(1)).removed == (3, 5)
