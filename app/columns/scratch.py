"""The terms of one query: those of the version, and behind them those that only the query has or makes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from app.columns.terms import DATE, INTEGER, IRI, LANG, STRING, Ids, Terms, integer_of, integer_text, kind_of, value_of


class Scratch:
    """Implements what the steps of a query ask of its terms; the version's own are left as they are."""

    def __init__(self, terms: Terms) -> None:
        self.terms = terms
        self._held = len(terms)
        self._own: list[bytes] = []
        self._numbers: dict[bytes, int] = {}

    @property
    def count(self) -> int:
        """How many terms there are now."""
        return self._held + len(self._own)

    def number(self, text: bytes) -> int:
        """The number of a term, the version's where it has one."""
        found = self.terms.find(text)
        return found if found is not None else self.fresh(text)

    def fresh(self, text: bytes) -> int:
        """A number that no triple has: for what is neither joined nor grouped with the version's terms."""
        if text not in self._numbers:
            self._numbers[text] = self.count
            self._own.append(text)
        return self._numbers[text]

    def text(self, number: int) -> bytes:
        return self.terms[number] if number < self._held else self._own[number - self._held]

    def integers(self, values: npt.NDArray[np.int64]) -> Ids:
        """Terms of counts."""
        used, places = np.unique(values, return_inverse=True)
        numbers = [self.fresh(integer_text(value)) for value in used.tolist()]
        return np.array(numbers, np.int32)[places]

    def kind(self, numbers: Ids) -> int | None:
        """The one kind of all these terms; None where they are of several kinds, some unbound, or there are none."""
        if not len(numbers) or numbers.min() < 0:
            return None
        if not self._own or int(numbers.max()) < self._held:
            return self.terms.kind(numbers)
        kinds = {kind_of(self.text(number)) for number in np.unique(numbers).tolist()}
        return kinds.pop() if len(kinds) == 1 else None

    def ranks(self, used: Ids) -> npt.NDArray[np.int64] | None:
        """Numbers in the order of these different terms, as ``ORDER BY`` has it; None where it is not surely known.

        Unbound comes first; the others must be of one kind.
        """
        bound = used[used >= 0]
        kind = self.kind(bound)
        if not len(bound):
            return np.zeros(len(used), np.int64)
        if kind in (IRI, DATE) and self.terms.are_sorted(bound):
            return used.astype(np.int64)
        keys = self._keys(kind, bound.tolist())
        if keys is None:
            return None
        by = sorted(range(len(bound)), key=keys.__getitem__)
        ranks = np.full(len(used), -1, np.int64)
        ranks[np.flatnonzero(used >= 0)[by]] = np.arange(len(bound))
        return ranks

    def _keys(self, kind: int | None, numbers: Sequence[int]) -> Sequence[int] | Sequence[str] | None:
        texts = [self.text(number) for number in numbers]
        if kind == INTEGER:
            return [integer_of(text) for text in texts]
        if kind in (IRI, DATE, STRING) or (kind == LANG and len({text[text.rindex(b'"') :] for text in texts}) == 1):
            return [value_of(text) for text in texts]
        return None
