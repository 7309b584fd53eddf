"""Names that stand in an address where a list wants a territory, an actor or the value of a facet, as what they stand for; forms
without a script send them, and people write them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from app.browsing.browser import Browser
from app.browsing.known import Known
from app.browsing.nearby import is_exact, territories_named
from app.browsing.selection import FACETS, MOST_VALUES, iri_of, word
from app.search import Ask
from app.search.words import meaningful
from app.terms import TERRITORY
from app.vocabulary import Vocabulary

Pair = tuple[str, str]
_MOST = 8
_MOST_GUESSED = 5
"""For the values of facets that nothing knows, so many times at most what they may stand for is looked for."""


@dataclass(frozen=True)
class Unclear:
    """A name that stands for nothing certain, and the IRIs that it may mean."""

    parameter: str
    text: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Understood:
    """The parameters of an address with names replaced, and those that could not be."""

    pairs: tuple[Pair, ...]
    unclear: tuple[Unclear, ...] = ()


def understand(browser: Browser, vocabulary: Vocabulary, pairs: Iterable[Pair], base: str) -> Understood:
    """Replace names by what they stand for; everything else stays as it is."""
    known = Known(browser.tables, vocabulary, base)
    kept: list[Pair] = []
    unclear: list[Unclear] = []
    given: Counter[str] = Counter()
    for name, value in pairs:
        given[name] += 1
        guess = len(unclear) < _MOST_GUESSED
        found = _meant(browser, known, name, value.strip(), guess=guess) if given[name] <= MOST_VALUES else [value]
        if isinstance(found, Unclear):
            unclear.append(found)
        kept += [(name, value)] if isinstance(found, Unclear) else [(name, one) for one in found]
    return Understood(tuple(kept), tuple(unclear))


def _meant(browser: Browser, known: Known, name: str, value: str, *, guess: bool) -> list[str] | Unclear:
    base = known.base
    if name in ("territory", "near") and value.startswith(str(TERRITORY)):
        value = word("territory", value, base)
    if name == "partner":
        return _partner(browser, value.removeprefix(f"{base}id/"), base)
    if name not in FACETS or not value or known.has(name, iri_of(name, value, base)):
        return [value]
    if ":" in value:
        return Unclear(name, value)
    return _territory(browser, value, base) if name == "territory" else _value(known, name, value, guess=guess)


def _territory(browser: Browser, value: str, base: str) -> list[str] | Unclear:
    found = territories_named(browser.search, browser.facts, value)
    if found and is_exact(browser.search, value, found):
        return [word("territory", iri, base) for iri in found]
    return Unclear("territory", value, tuple(found[:_MOST]))


def _value(known: Known, name: str, value: str, *, guess: bool) -> list[str] | Unclear:
    """The one value of a facet that is called so."""
    if not guess:
        return Unclear(name, value)
    called = known.called(name, value)
    if len(called) == 1:
        return [word(name, called[0], known.base)]
    return Unclear(name, value, tuple(called[:_MOST] or known.alike(name, value)))


def _partner(browser: Browser, value: str, base: str) -> list[str] | Unclear:
    if not value or browser.facts.row(value if ":" in value else f"{base}id/{value}") is not None:
        return [value]
    return Unclear("partner", value) if ":" in value else _actor(browser, value, base)


def _actor(browser: Browser, value: str, base: str) -> list[str] | Unclear:
    """The one actor that is called so."""
    hits = browser.search.find(Ask(value, kinds=frozenset({"actor"}), names_only=True, limit=_MOST)).hits
    wanted = meaningful(value)
    called = [hit.iri for hit in hits if any(meaningful(name) == wanted for name, _ in (*hit.names, *hit.other_names))]
    if len(called) == 1:
        return [called[0].removeprefix(f"{base}id/")]
    return Unclear("partner", value, tuple(called or [hit.iri for hit in hits]))
