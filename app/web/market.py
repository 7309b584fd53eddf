"""The needs, offers and calls of the version that is read: made once, or from those of an earlier one by what changed since; what
suits what is decided in app.discovery.matching, and shown in matches."""

from __future__ import annotations

from contextlib import suppress

import pyoxigraph as ox

from app import reads
from app.discovery.matching import Market, advanced
from app.discovery.matching.opening import market_on
from app.discovery.places import Places
from app.discovery.themes import SCHEME, ThemeTree
from app.errors import IndexMissing
from app.terms import TERRITORY, THEME
from app.web.site import Visit
from app.web.underway import worked_out

_STEPS, _FOLLOWED = 20, 5_000
"""Versions, and statements of one, that the market follows by what changed; beyond, all is read again."""


def market_of(seen: Visit) -> Market:
    """The market of the version that is read: made once, or from an earlier one by what changed since, then kept.

    Raises :class:`app.errors.UnderWay` as :func:`app.web.underway.worked_out` does.
    """
    if isinstance(found := seen.site.kept.peek("market", seen.number), Market):
        return found
    with reads.unheeded():
        since = _since(seen)
    if since is None:
        return worked_out(seen, "market", lambda: market_on(seen.site.markets, seen.number, seen.questions))
    return worked_out(seen, "market", lambda: _followed(seen, *since), is_quick=True)


def _since(seen: Visit) -> tuple[Market, set[str]] | None:
    """The market of the newest earlier version that is kept, and the subjects of what changed since; None where there is none,
    or they are too many to be followed."""
    earlier = seen.site.kept.latest("market", seen.number)
    if earlier is None or not isinstance(earlier[1], Market):
        return None
    changed = _changed_since(seen, earlier[0])
    return None if changed is None else (earlier[1], changed)


def _followed(seen: Visit, market: Market, changed: set[str]) -> Market:
    _note_market(seen)
    tree = ThemeTree.read(seen.questions) if any(map(_is_theme, changed)) else market.tree
    places = Places.read(seen.questions) if any(map(_is_territory, changed)) else market.places
    return advanced(market, seen.questions, changed, tree, places)


def _note_market(seen: Visit) -> None:
    """A market that follows an earlier one is what would be made of the version's own index and trees: that counts as read."""
    with suppress(IndexMissing):
        seen.site.markets.at(seen.number)
    if seen.site.markets.mark(seen.number) is None:
        reads.lose("market")
    seen.questions.heed("concepts-of-a-scheme", scheme=ox.NamedNode(SCHEME))
    seen.questions.heed("territory-tree")


def _changed_since(seen: Visit, version: int) -> set[str] | None:
    """The subjects of what changed after a version; None where they are too many to be followed."""
    found: set[str] = set()
    if seen.number - version > _STEPS:
        return None
    for number in range(version + 1, seen.number + 1):
        change = seen.site.history.change(number)
        if not change.is_small or len(change) > _FOLLOWED:
            return None
        found |= {str(getattr(quad.subject, "value", quad.subject)) for quad in change.quads()}
    return found


def _is_theme(iri: str) -> bool:
    return iri.startswith(str(THEME).rstrip("/"))


def _is_territory(iri: str) -> bool:
    return iri.startswith(str(TERRITORY))
