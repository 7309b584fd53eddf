"""The processes that evaluate updates: one waits for the next update, a dead one is replaced, none is left behind."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import QuerySyntax
from app.updating.effects import no_loader
from app.updating.orders import Order
from app.updating.running import Evaluators

BASE = "http://observatoire.example/"


def order(folder: Path, text: str = "INSERT DATA { <urn:a> <urn:b> 1 }") -> Order:
    return Order(text, None, folder, BASE, BASE)


def test_the_next_update_finds_a_process_that_waits(tmp_path: Path) -> None:
    evaluators = Evaluators()
    assert len(evaluators.evaluate(order(tmp_path), 30, no_loader).added) == 1
    waiting = evaluators.take()
    assert waiting.poll() is None
    waiting.kill()
    waiting.communicate()
    evaluators.prepare()
    (spare,) = evaluators._waiting
    assert len(evaluators.evaluate(order(tmp_path), 30, no_loader).added) == 1
    assert spare.returncode == 0, "the one that waited did it"


def test_one_that_died_while_it_waited_is_replaced(tmp_path: Path) -> None:
    evaluators = Evaluators()
    evaluators.prepare()
    evaluators._waiting[0].kill()
    evaluators._waiting[0].wait()
    assert len(evaluators.evaluate(order(tmp_path), 30, no_loader).added) == 1


def test_after_a_refusal_the_next_one_waits_too(tmp_path: Path) -> None:
    evaluators = Evaluators()
    with pytest.raises(QuerySyntax):
        evaluators.evaluate(order(tmp_path, "garbage"), 30, no_loader)
    assert len(evaluators.evaluate(order(tmp_path), 30, no_loader).added) == 1


def test_none_is_left_behind() -> None:
    evaluators = Evaluators()
    evaluators.prepare()
    (spare,) = evaluators._waiting
    del evaluators
    assert spare.returncode is not None
