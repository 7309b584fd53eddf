"""How well scores rank what came before what did not, with bootstrap intervals; ties count as what chance would give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
_LOW, _HIGH = 2.5, 97.5


@dataclass(frozen=True)
class Interval:
    """A value and the bounds between which it lay in 95 of 100 samples."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Ranking:
    """Scored items, which of them came, the group of each, and how often each sample draws each group."""

    scores: Floats
    is_new: NDArray[np.bool_]
    groups: NDArray[np.int64]
    picks: NDArray[np.int64]

    def auc(self) -> Interval:
        """The probability that an item that came is before one that did not; one half for chance (Hanley and McNeil 1982)."""
        new, old = self._by_level
        below = np.cumsum(old[:, ::-1], axis=1)[:, ::-1] - old
        wins = (new * (below + old / 2)).sum(axis=1)
        pairs = new.sum(axis=1) * old.sum(axis=1)
        return self._interval(np.divide(wins, pairs, out=np.full(len(wins), np.nan), where=pairs > 0))

    def precision(self, first: int) -> Interval:
        """The share of items that came among those ranked first; of a tie that is cut, the share that chance would give."""
        new, old = self._by_level
        sizes = new + old
        room = np.clip(first - (np.cumsum(sizes, axis=1) - sizes), 0, None)
        taken = np.minimum(room, sizes)
        hits = np.divide(new * taken, sizes, out=np.zeros(new.shape), where=sizes > 0).sum(axis=1)
        return self._interval(hits / np.maximum(taken.sum(axis=1), 1))

    @cached_property
    def _by_level(self) -> tuple[Floats, Floats]:
        """How many items came and did not come at each score, the highest first: as observed, then in each sample."""
        levels, places = np.unique(-self.scores, return_inverse=True)
        groups = self.picks.shape[1]
        counts = np.zeros((2, groups, len(levels)))
        np.add.at(counts, (self.is_new.astype(int), self.groups, places), 1.0)
        drawn = np.concatenate([np.ones((1, groups)), self.picks])
        return drawn @ counts[1], drawn @ counts[0]

    def _interval(self, values: Floats) -> Interval:
        """The observed value is the first; samples without anything that came tell nothing."""
        samples = values[1:][~np.isnan(values[1:])]
        if not len(samples):
            return Interval(float(values[0]), float("nan"), float("nan"))
        low, high = np.percentile(samples, [_LOW, _HIGH])
        return Interval(float(values[0]), float(low), float(high))
