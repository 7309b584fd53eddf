"""The past states of one resource in time (Memento, RFC 7089): which there are, which one a date asks for; no HTTP."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime


@dataclass(frozen=True)
class Memento:
    """A state that can be read: the version to read it in, and when that version was published (UTC)."""

    version: int
    moment: datetime


@dataclass(frozen=True)
class Series:
    """The mementos of a resource, oldest first."""

    mementos: tuple[Memento, ...]

    def at(self, moment: datetime | None) -> Memento:
        """The state at a moment: the last one that is not later, else the first; without a moment, the newest (§4.1.1)."""
        if moment is None:
            return self.mementos[-1]
        return next((one for one in reversed(self.mementos) if one.moment <= moment), self.mementos[0])

    def around(self, version: int) -> tuple[Memento | None, Memento | None]:
        """The states before and after the one that a version shows."""
        own = max((i for i, one in enumerate(self.mementos) if one.version <= version), default=-1)
        before = self.mementos[own - 1] if own > 0 else None
        after = self.mementos[own + 1] if own + 1 < len(self.mementos) else None
        return before, after


def series(
    touched: Sequence[int], deleted: Collection[int], present: Sequence[int], moments: Mapping[int, datetime], newest: int
) -> Series:
    """The states of a resource whose statements changed in the versions ``touched`` and ended in those ``deleted``.

    A state lasts until the next change; it is read in the first version of that time that is ``present``, and is left out where
    none is; these are in order. ``moments`` tells when each present version was published.
    """
    found = []
    for i, n in enumerate(touched):
        end = touched[i + 1] if i + 1 < len(touched) else newest + 1
        place = bisect_left(present, n)
        if n not in deleted and place < len(present) and present[place] < end:
            found.append(Memento(present[place], moments[present[place]]))
    return Series(tuple(found))


def http_date(moment: datetime) -> str:
    """``Thu, 26 Nov 2026 14:00:00 GMT``."""
    return format_datetime(moment, usegmt=True)


def link(address: str, relation: str, **attributes: str | None) -> str:
    """One link as headers and link-format documents write it (RFC 8288, RFC 6690)."""
    told = "".join(f'; {name}="{value}"' for name, value in attributes.items() if value is not None)
    return f'<{address}>; rel="{relation}"{told}'


def relations(one: Memento, found: Series) -> Iterable[str]:
    """What a memento is in its series."""
    if one == found.mementos[0]:
        yield "first"
    if one == found.mementos[-1]:
        yield "last"
    yield "memento"
