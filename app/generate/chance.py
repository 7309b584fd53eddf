"""Draws that give the same results for the same seed on every machine and Python; they know nothing of what is drawn.

Only :meth:`random.Random.random` is used, whose sequence Python promises never to change.
"""

from __future__ import annotations

import random
from array import array
from bisect import bisect
from collections.abc import Iterable, Sequence
from itertools import accumulate
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Values, each drawn as often as its weight says."""

    def __init__(self, values: Iterable[T], weights: Iterable[float]) -> None:
        self.values: list[T] = list(values)
        self._sums = list(accumulate(weights))
        if len(self._sums) != len(self.values) or not self.values or self._sums[-1] <= 0:
            raise ValueError("each value needs a weight, and one weight must be above zero")

    def draw(self, draws: random.Random) -> T:
        """One value."""
        return self.values[bisect(self._sums, draws.random() * self._sums[-1], 0, len(self.values) - 1)]


def heavy_tailed(values: Sequence[T], exponent: float = 1.0) -> Weighted[T]:
    """Zipf's law: the n-th value is drawn n to the power ``exponent`` times less often than the first."""
    return Weighted(values, (1 / rank**exponent for rank in range(1, len(values) + 1)))


class Popularity:
    """Numbers drawn by preferential attachment: what has been drawn often is drawn oftener (Barabási and Albert, 1999)."""

    def __init__(self, newcomers: float) -> None:
        self._newcomers = newcomers
        self._drawn = array("I")

    def draw(self, draws: random.Random, highest: int) -> int:
        """A number from 1 to ``highest``: an earlier result, or with the probability ``newcomers`` any."""
        if not self._drawn or draws.random() < self._newcomers:
            return 1 + int(draws.random() * highest)
        return self._drawn[int(draws.random() * len(self._drawn))]

    def keep(self, numbers: Iterable[int]) -> None:
        """Count these numbers as drawn."""
        self._drawn.extend(numbers)


def pareto(draws: random.Random, exponent: float, most: float) -> float:
    """A number from 1 to ``most``, large ones rare."""
    return min(float((1 - draws.random()) ** (-1 / exponent)), most)


def with_key(digits: str) -> str:
    """The digits and the check digit that makes them a valid SIREN or SIRET (ISO/IEC 7812-1, "Luhn")."""
    total = sum(DOUBLED[digit] for digit in digits[-1::-2]) + sum(map(int, digits[-2::-2]))
    return f"{digits}{-total % 10}"


DOUBLED = {str(digit): 2 * digit - 9 * (digit > 4) for digit in range(10)}
