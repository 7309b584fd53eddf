"""What is kept of a day is not kept for ever."""

from __future__ import annotations

import logging
import time

import pytest

from app.discovery.kept import Kept
from app.errors import QueryTimeout


def test_the_values_of_another_day_are_forgotten_and_no_others() -> None:
    kept = Kept()
    for name in ("quality 1", "quality 2", "market"):
        kept.get(name, 1, lambda name=name: name)
    kept.only("quality 2", "quality ")
    assert [kept.peek(name, 1) for name in ("quality 1", "quality 2", "market")] == [None, "quality 2", "market"]


def test_what_could_not_be_made_in_the_background_is_told_and_begun_again(caplog: pytest.LogCaptureFixture) -> None:
    kept, tried = Kept(), []

    def make() -> str:
        tried.append(1)
        if len(tried) == 1:
            raise QueryTimeout(seconds=60.0)
        return "market"

    logging.getLogger("maillage").addHandler(caplog.handler)
    try:
        for _ in range(500):
            kept.begin("market", 7, make)
            if kept.peek("market", 7):
                break
            time.sleep(0.01)
    finally:
        logging.getLogger("maillage").removeHandler(caplog.handler)
    assert (kept.peek("market", 7), len(tried)) == ("market", 2)
    record = caplog.records[0]
    told = record.__dict__["details"]
    assert all(other is record for other in caplog.records), "it is told once"
    assert (record.getMessage(), told["name"], told["version"], told["error"]) == ("not-worked-out", "market", 7, "query-timeout")
