"""Actors who may be the same by their names: pairs for a person to judge. It merges nothing.

Only names that share a rare word are compared, so that the work grows with the names and not with their pairs.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

COMMON = 30
"""A word that more actors have in their names does not bring two of them together."""

_ALIKE = 0.85
_SMALL = frozenset("a au aux c d de des du en et l la le les pour sur un une".split())  # noqa: SIM905 - words are read as words
_FORMS = frozenset("ass asso assoc association associations eurl fondation sarl sas scea scic scop".split())  # noqa: SIM905
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True)
class Named:
    """An actor with its names, and its SIREN where it has one."""

    iri: str
    names: tuple[str, ...]
    siren: str | None = None


def look_alikes(actors: Sequence[Named]) -> Iterator[tuple[str, str, str]]:
    """Pairs of actors and the two names that look alike, in the order of their IRIs. Two SIRENs are two organisations."""
    telling = {(actor.iri, name): words(name) for actor in actors for name in actor.names}
    sirens = {actor.iri: actor.siren for actor in actors}
    told: set[tuple[str, str]] = set()
    for one, other in _together(telling):
        (mine, my_name), (theirs, their_name) = sorted((one, other))
        if mine == theirs or (mine, theirs) in told or (sirens[mine] and sirens[theirs]):
            continue
        if are_alike(telling[mine, my_name], telling[theirs, their_name]):
            told.add((mine, theirs))
            yield mine, theirs, f"{my_name} / {their_name}"


def words(name: str) -> tuple[str, ...]:
    """The words that tell organisations apart: without accents, case, small words and legal forms."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return tuple(word for word in _WORD.findall(folded) if word not in _SMALL | _FORMS)


def are_alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """The same words, nearly the same letters, or all words of the shorter name, two at least."""
    if not one or not other:
        return False
    if sorted(one) == sorted(other):
        return True
    short, long = sorted((set(one), set(other)), key=len)
    if len(short) > 1 and short <= long:
        return True
    return SequenceMatcher(None, " ".join(one), " ".join(other), autojunk=False).ratio() >= _ALIKE


def _together(telling: Mapping[tuple[str, str], Sequence[str]]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    """Names that share a word which few have."""
    having: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, its in sorted(telling.items()):
        for word in set(its):
            having[word].append(key)
    for word in sorted(having):
        yield from _pairs(having[word])


def _pairs(keys: Sequence[tuple[str, str]]) -> Iterator[tuple[tuple[str, str], tuple[str, str]]]:
    if 1 < len(keys) <= COMMON:
        yield from ((one, other) for turn, one in enumerate(keys) for other in keys[turn + 1 :])


def gathered(rows: Iterable[tuple[str, str, str | None]]) -> list[Named]:
    """Actors from rows of IRI, name and SIREN."""
    names: dict[str, list[str]] = defaultdict(list)
    sirens: dict[str, str] = {}
    for iri, name, siren in rows:
        if name not in names[iri]:
            names[iri].append(name)
        if siren:
            sirens[iri] = siren
    return [Named(iri, tuple(its), sirens.get(iri)) for iri, its in sorted(names.items())]
