"""What is kept of a day is not kept for ever."""

from __future__ import annotations

from app.discovery.kept import Kept


def test_the_values_of_another_day_are_forgotten_and_no_others() -> None:
    kept = Kept()
    for name in ("quality 1", "quality 2", "market"):
        kept.get(name, 1, lambda name=name: name)
    kept.only("quality 2", "quality ")
    assert [kept.peek(name, 1) for name in ("quality 1", "quality 2", "market")] == [None, "quality 2", "market"]
