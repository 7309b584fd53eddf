"""What a writer expects of a graph before writing to it, asked while nobody else can write; not how a request says it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Found:
    """A graph as a writer finds it: whether it is there, in the newest version (None before the first)."""

    is_there: bool
    version: int | None


Expectation = Callable[[Found], None]
"""Raises :class:`app.errors.PreconditionFailed` where what is found is not what was expected."""


def nothing(_: Found) -> None:
    """Expects nothing."""
