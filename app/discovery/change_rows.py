"""The days of a comparison as they are typed, and what changed between them as rows; counted in app.discovery.changes."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import numpy as np
import pyoxigraph as ox

from app.discovery.arrays import Ints
from app.discovery.changes import CHANGES, Changed, Timeline
from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.structure import linked_to
from app.discovery.themes import ThemeTree
from app.terms import EngineTerm
from app.text import Language, say

COLUMNS = ("change", "one", "otherActor", "before", "after", "partnership")


def read_day(text: str) -> datetime.date | None:
    """A day; a year stands for its last day; None for anything else."""
    try:
        if len(text) == 4 and text.isascii() and text.isdigit():
            return datetime.date(int(text), 12, 31)
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        return None


def days(
    timeline: Timeline, first: datetime.date | None, last: datetime.date | None
) -> tuple[datetime.date | None, datetime.date | None]:
    """Both days; without the last, the end of the last year that the data know; without the first, a year before."""
    last_year = timeline.last_year()
    if last is None and last_year is not None:
        last = datetime.date(last_year, 12, 31)
    if first is None and last is not None:
        first = datetime.date(max(last.year - 1, 1), last.month, min(last.day, 28) if last.month == 2 else last.day)
    return first, last


def touching(network: Network, places: Places, tree: ThemeTree, area: str | None, theme: str | None) -> Ints | None:
    """What a pair must touch: what is in the area and about the theme (IRIs); None where neither is asked for."""
    inside = linked_to(network, places.below(area)) if area else None
    about = linked_to(network, frozenset(tree.below(theme))) if theme else None
    if inside is None or about is None:
        return inside if about is None else about
    return np.intersect1d(inside, about).astype(np.int32)


def rows_of(changed: Changed, network: Network, language: Language) -> Iterator[dict[str, EngineTerm]]:
    """A row a pair, under :data:`COLUMNS`."""
    for name in CHANGES:
        for pair in changed.pairs[name]:
            one, other, newest = (ox.NamedNode(network.iri(node)) for node in (pair.one, pair.other, pair.newest))
            counts = {"before": ox.Literal(pair.before), "after": ox.Literal(pair.after)}
            yield {
                "change": ox.Literal(say(f"changes.{name}", language)),
                "one": one,
                "otherActor": other,
                "partnership": newest,
                **counts,
            }
