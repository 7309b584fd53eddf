"""What is read of a version while something is made of it, so that it may stand for a later one; not how it is made or kept.

Whoever reads notes what (:func:`note`). Whoever reads what cannot be compared between versions says so (:func:`lose`), and what
is made meanwhile is taken for no later version's. Outside a block of :func:`reading` this is nobody's concern.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar

import pyoxigraph as ox

Value = TypeVar("Value")


@dataclass(frozen=True)
class Later:
    """A later version, and the statements that came or went since an earlier one, derived ones among them."""

    number: int
    changed: Collection[ox.Triple]

    @cached_property
    def subjects(self) -> frozenset[str]:
        """What something else is said of now."""
        return frozenset(str(getattr(triple.subject, "value", triple.subject)) for triple in self.changed)


class Note(Protocol):
    """One thing that was read; compared and hashed by what it is, so that each is kept once."""

    @property
    def size(self) -> int:
        """Bytes that it takes, roughly."""
        ...

    def holds(self, later: Later) -> bool:
        """Whether the same would be read in a later version."""
        ...


@dataclass
class Reads:
    """All that was read within one block."""

    notes: set[Note] = field(default_factory=set)
    lost: str = ""
    """What was read that cannot be compared; empty where all can."""

    expected: dict[str, Note] = field(default_factory=dict)
    """By a query's text, what is read where it is asked."""

    gaps: list[Any] | None = None
    """Where what is made is left open for what each version says otherwise, what is to stand there; None where nothing may be."""

    def still_hold(self, later: Later) -> bool:
        """Whether what was made would be made alike of a later version."""
        return not self.lost and all(note.holds(later) for note in self.notes)


_CURRENT: ContextVar[Reads | None] = ContextVar("reads", default=None)


def current() -> Reads | None:
    """Of the innermost block."""
    return _CURRENT.get()


def begin() -> None:
    """A block of its own for all that follows in this thread, until :func:`end` or the next one begins."""
    _CURRENT.set(Reads())


def end() -> None:
    _CURRENT.set(None)


@contextmanager
def reading() -> Iterator[Reads]:
    """Have what is read within noted apart from what is read around it."""
    reads = Reads()
    before = _CURRENT.set(reads)
    try:
        yield reads
    finally:
        _CURRENT.reset(before)
        reads.expected.clear()


@contextmanager
def unheeded() -> Iterator[None]:
    """Nothing that is read within is noted."""
    before = _CURRENT.set(None)
    try:
        yield
    finally:
        _CURRENT.reset(before)


def note(*notes: Note) -> None:
    """This is being read."""
    if (reads := _CURRENT.get()) is not None:
        reads.notes.update(notes)


def expect(text: str, note: Note) -> None:
    """A query may be asked: whoever does so reads what the note tells."""
    if (reads := _CURRENT.get()) is not None:
        reads.expected[text] = note


def asked(text: str) -> None:
    """A query is being asked of a version."""
    if (reads := _CURRENT.get()) is not None:
        if (expected := reads.expected.get(text)) is not None:
            reads.notes.add(expected)
        else:
            lose("a query of its own")


def lose(what: str) -> None:
    """Something is being read that cannot be compared with what a later version has in its place."""
    if (reads := _CURRENT.get()) is not None:
        reads.lost = reads.lost or what


@dataclass(frozen=True)
class Made(Generic[Value]):
    """A value that is kept for others, and what it was made of."""

    value: Value
    reads: Reads

    @classmethod
    def by(cls, make: Callable[[], Value]) -> Made[Value]:
        """What ``make`` gives, which must read all that it is made of itself: what was read before, around it, is not its."""
        with reading() as reads:
            return cls(make(), reads)

    def given(self) -> Value:
        """The value for one who uses it, and thereby reads what it was made of."""
        note(*self.reads.notes)
        if self.reads.lost:
            lose(self.reads.lost)
        return self.value
