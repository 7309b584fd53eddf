"""How well scores rank: exact values with ties, intervals that are reproducible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.discovery.suggestions.ranking import Ranking


def ranking(scores: list[float], new: list[bool], samples: int = 50) -> Ranking:
    groups = np.arange(len(scores))
    picks = np.random.default_rng(1).multinomial(len(scores), np.full(len(scores), 1 / len(scores)), size=samples)
    return Ranking(np.array(scores), np.array(new), groups, picks)


@pytest.mark.parametrize(
    ("scores", "new", "auc"),
    [
        ([3, 2, 1], [True, False, False], 1.0),
        ([3, 2, 1], [False, False, True], 0.0),
        ([3, 2, 1], [False, True, False], 0.5),
        ([0, 0, 0], [True, False, False], 0.5),
        ([2, 2, 1], [True, False, False], 0.75),
    ],
)
def test_the_auc_counts_wins_and_half_the_ties(scores: list[float], new: list[bool], auc: float) -> None:
    assert ranking(scores, new).auc().value == auc


@pytest.mark.parametrize(("first", "precision"), [(1, 1.0), (2, 0.75), (3, 2 / 3), (4, 0.5), (10, 0.5)])
def test_precision_gives_a_cut_tie_what_chance_would(first: int, precision: float) -> None:
    assert ranking([9, 5, 5, 1], [True, True, False, False]).precision(first).value == pytest.approx(precision)


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), min_size=2, max_size=12))
def test_the_auc_is_that_of_all_pairs_counted_one_by_one(items: list[tuple[int, bool]]) -> None:
    new = [score for score, came in items if came]
    old = [score for score, came in items if not came]
    value = ranking([float(score) for score, _ in items], [came for _, came in items]).auc().value
    if not new or not old:
        assert np.isnan(value)
    else:
        wins = sum((a > b) + (a == b) / 2 for a in new for b in old)
        assert value == pytest.approx(wins / (len(new) * len(old)))


def test_the_interval_holds_the_value_and_the_same_draws_give_the_same() -> None:
    scores, new = [float(n % 7) for n in range(60)], [n % 3 == 0 for n in range(60)]
    interval = ranking(scores, new, 500).auc()
    assert interval.low < interval.value < interval.high
    assert interval == ranking(scores, new, 500).auc()
