"""Names that were typed where a list wants a territory or an actor, as what they stand for; forms without a script send them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.browsing.browser import Browser
from app.browsing.nearby import is_exact, territories_named
from app.browsing.selection import MOST_VALUES, word
from app.search import Ask
from app.search.words import meaningful
from app.terms import TERRITORY

Pair = tuple[str, str]
_MOST = 8


@dataclass(frozen=True)
class Unclear:
    """A name that stands for nothing certain, and the IRIs that it may mean."""

    parameter: str
    text: str
    candidates: tuple[str, ...]


@dataclass(frozen=True)
class Understood:
    """The parameters of an address with names replaced, and those that could not be."""

    pairs: tuple[Pair, ...]
    unclear: tuple[Unclear, ...] = ()


def understand(browser: Browser, pairs: Iterable[Pair], base: str) -> Understood:
    """Replace names of territories and of the actor; everything else stays as it is."""
    kept: list[Pair] = []
    unclear: list[Unclear] = []
    given: Counter[str] = Counter()
    for name, value in pairs:
        given[name] += 1
        found = _meant(browser, name, value.strip(), base) if given[name] <= MOST_VALUES else [value]
        if isinstance(found, Unclear):
            unclear.append(found)
        kept += [(name, value)] if isinstance(found, Unclear) else [(name, one) for one in found]
    return Understood(tuple(kept), tuple(unclear))


def _meant(browser: Browser, name: str, value: str, base: str) -> list[str] | Unclear:
    if name in ("territory", "near") and value.startswith(str(TERRITORY)):
        return [word("territory", value, base)]
    if name == "partner" and value.startswith(f"{base}id/"):
        return [value.removeprefix(f"{base}id/")]
    if name == "territory" and value and ":" not in value and not browser.facts.tables.territories.find(str(TERRITORY) + value):
        found = territories_named(browser.search, browser.facts, value)
        if found and is_exact(browser.search, value, found):
            return [word("territory", iri, base) for iri in found]
        return Unclear(name, value, tuple(found[:_MOST]))
    if name == "partner" and value and ":" not in value and browser.facts.row(f"{base}id/{value}") is None:
        return _actor(browser, value, base)
    return [value]


def _actor(browser: Browser, value: str, base: str) -> list[str] | Unclear:
    """The one actor that is called so."""
    hits = browser.search.find(Ask(value, kinds=frozenset({"actor"}), names_only=True, limit=_MOST)).hits
    wanted = meaningful(value)
    called = [hit.iri for hit in hits if any(meaningful(name) == wanted for name, _ in (*hit.names, *hit.other_names))]
    if len(called) == 1:
        return [called[0].removeprefix(f"{base}id/")]
    return Unclear("partner", value, tuple(called or [hit.iri for hit in hits]))
