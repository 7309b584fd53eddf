"""How a repository behaves where the defaults do not suit; not the service's settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from app.engine.changes import SMALL
from app.engine.clone import WAYS, Way
from app.engine.disk import MEGABYTE
from app.engine.rule import Retention

Step = Callable[[str], None]


def _pass(step: str) -> None:
    """Nobody watches the steps."""


@dataclass(frozen=True)
class Options:
    """``wait_seconds``: for the write lock. ``keep``: the versions that each write keeps, None to keep all.

    ``reserve_bytes``: what must be free before a write begins. The engine itself postpones its compactions for ever where
    less than one write buffer (128 MB) is free, and stops at 36 uncompacted tables. ``ways``: of cloning a file, the cheapest
    first. ``small``: quads of a change that are held in memory at most. ``step``: told the name of each step of a write as it is
    reached, so that a test can stop there. ``software``: the release that writes. ``stored_default``: the default graph holds
    what is written to it, and blank nodes stay what they are, as the conformance suites want; else it is the merge.
    """

    wait_seconds: float = 10.0
    keep: Retention | None = None
    reserve_bytes: int = 192 * MEGABYTE
    ways: Mapping[str, Way] = field(default_factory=lambda: WAYS)
    small: int = SMALL
    step: Step = _pass
    software: str = ""
    stored_default: bool = False
