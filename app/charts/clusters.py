"""Points of a drawing that are too near one another to be told apart, gathered; knows nothing of what they stand for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Place = tuple[float, float]


def gather(points: Sequence[Place], apart: float) -> list[list[int]]:
    """Groups of points by their places in the sequence, each in one group, in the order of their first ones.

    Each point joins the first group whose first point is nearer than ``apart``, else begins one (the leader algorithm:
    Hartigan, Clustering Algorithms, 1975): first points are at least so far apart, and what is enlarged only comes apart.
    """
    leaders = np.empty((len(points), 2))
    groups: list[list[int]] = []
    for place, (x, y) in enumerate(points):
        near = np.flatnonzero(np.hypot(leaders[: len(groups), 0] - x, leaders[: len(groups), 1] - y) < apart)
        if len(near):
            groups[int(near[0])].append(place)
        else:
            leaders[len(groups)] = x, y
            groups.append([place])
    return groups
