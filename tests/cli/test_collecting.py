"""What a process keeps is set aside from garbage collections; what is garbage goes, sooner or later."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest

from app.cli.collecting import Collecting


class Link:
    """Something that may lie in a circle."""

    def __init__(self) -> None:
        self.other: Link | None = None


def circle() -> Link:
    one = Link()
    one.other = one
    return one


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    gc.unfreeze()


def test_what_is_there_is_set_aside_and_what_comes_later_is_not() -> None:
    Collecting().set_aside()
    kept = gc.get_freeze_count()
    assert kept > 0
    later = [circle() for _ in range(100)]
    assert gc.get_freeze_count() == kept
    assert sum(isinstance(one, Link) for one in gc.get_objects()) == len(later)


def test_garbage_is_not_set_aside() -> None:
    gone = weakref.ref(circle())
    Collecting().set_aside()
    assert gone() is None


def test_a_circle_that_was_set_aside_goes_once_all_is_looked_through_again() -> None:
    often, seldom = Collecting(seconds=-1), Collecting()
    one = circle()
    gone = weakref.ref(one)
    seldom.set_aside()
    del one
    seldom.set_aside()
    assert gone() is not None
    often.set_aside()
    assert gone() is None
