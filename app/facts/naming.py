"""The names by which lists are sorted: of what an entity is called, the name for readers of a language; and their order.

The order of a base is kept as the rank of each of its rows. The names of a delta are few: each is put between two of the base's
by halves, so that few other names are read and no rank is written anew.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.facts.arrays import Ints
from app.folding import sortable
from app.terms import MAILLAGE, PREFIXES
from app.text import LANGUAGES, Language

OWN = (str(MAILLAGE.name), PREFIXES["skos"] + "prefLabel")
OTHER = (str(MAILLAGE.acronym), str(MAILLAGE.alternativeName), PREFIXES["skos"] + "altLabel")
"""A name of one's own comes before any other of the same language."""

NAMELESS = b"\xff"
"""The key of what has no name: after all that UTF-8 can say."""

_ORDER: Mapping[Language, tuple[str | None, ...]] = {"fr": ("fr", "en", None), "en": ("en", "fr", None)}
_Rank = tuple[int, str, bool, str]


class Naming:
    """Takes names one by one, each as often as sources state it, and keeps the best for each language."""

    def __init__(self) -> None:
        self._best: dict[Language, dict[int, _Rank]] = {language: {} for language in LANGUAGES}

    def take(self, local: int, text: str, tag: str | None, *, own: bool) -> None:
        """A name in a language; the order of choice is that of :func:`app.text.pick`, then own names, then by their letters."""
        for language, best in self._best.items():
            order = _ORDER[language]
            rank = (order.index(tag) if tag in order else len(order), tag or "", not own, text)
            known = best.get(local)
            if known is None or rank < known:
                best[local] = rank

    def keys(self, language: Language, locals_: Sequence[int]) -> list[bytes]:
        """What some resources are sorted by."""
        best = self._best[language]
        return [key(best[local][3]) if local in best else NAMELESS for local in locals_]


def key(name: str) -> bytes:
    """A name as it is compared, byte by byte."""
    return sortable(name).encode("utf-8")


def ranked(keys: Sequence[bytes]) -> Ints:
    """Rows in the order of their keys; of equal ones, the first."""
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), np.int32)


def arrays_of(names: Mapping[Language, Sequence[bytes]], orders: Mapping[Language, Ints]) -> dict[str, npt.NDArray[np.generic]]:
    """The arrays of a base: by language the key of each row, the rows in order, and the rank of each row."""
    found: dict[str, npt.NDArray[np.generic]] = {}
    for language, keys in names.items():
        ends = np.zeros(len(keys) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, keys), np.int64, len(keys)), out=ends[1:])
        ranks = np.empty(len(keys), np.int32)
        ranks[orders[language]] = np.arange(len(keys), dtype=np.int32)
        found |= {f"names-{language}": np.frombuffer(b"".join(keys), np.uint8), f"names-{language}-ends": ends}
        found |= {f"names-{language}-ranked": orders[language], f"names-{language}-ranks": ranks}
    return found


class BaseNames:
    """The names of a base, for readers of one language."""

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], iri: Callable[[int], str], language: Language) -> None:
        self._iri = iri
        self._text, self._ends = arrays[f"names-{language}"], arrays[f"names-{language}-ends"]
        self._ranked, self.ranks = (arrays[f"names-{language}-{part}"] for part in ("ranked", "ranks"))

    def key(self, row: int) -> bytes:
        """What a row is sorted by."""
        return self._text[int(self._ends[row]) : int(self._ends[row + 1])].tobytes()

    def before(self, key: bytes, iri: str) -> int:
        """How many of the base come before a name of another entity; found by halves."""
        low, high, wanted = 0, len(self._ranked), (key, iri.encode("utf-8"))
        while low < high:
            middle = (low + high) // 2
            row = int(self._ranked[middle])
            found = self.key(row)
            is_before = found < key or (found == key and (found, self._iri(row).encode("utf-8")) < wanted)
            low, high = (middle + 1, high) if is_before else (low, middle)
        return low


def numbers_of(ranks: Ints, rows: Ints, places: Ints, keys: Sequence[tuple[bytes, bytes]], wanted: Ints) -> npt.NDArray[np.int64]:
    """Numbers by which the ``wanted`` rows are sorted: ``ranks`` of a base, and of the ``rows`` of a delta, which override it,
    the ``places`` before which they come and the ``keys`` that tell them apart."""
    found = np.zeros(len(wanted), np.int64)
    old = wanted < len(ranks)
    found[old] = ranks[wanted[old]].astype(np.int64) + 1 << 32
    if len(rows):
        turns = np.empty(len(rows), np.int64)
        turns[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(1, len(keys) + 1)
        own = np.minimum(np.searchsorted(rows, wanted.astype(rows.dtype)), len(rows) - 1)
        changed = rows[own] == wanted
        found[changed] = (places.astype(np.int64) << 32 | turns)[own[changed]]
    return found
