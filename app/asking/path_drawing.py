"""Where the entities of some paths are drawn: one line a path between two ends, columns by distance for what joins several."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

_WIDTH, _ROW, _COLUMN = 920.0, 86.0, 230.0
Place = tuple[float, float]


def placed(paths: Sequence[Sequence[int]], ends: Sequence[int]) -> dict[int, Place]:
    """A place for every node, in the order in which they are met; the ends come first."""
    if len(ends) == 2:
        return _lines(paths, ends)
    return _columns(paths, ends)


def _lines(paths: Sequence[Sequence[int]], ends: Sequence[int]) -> dict[int, Place]:
    middle = (len(paths) - 1) * _ROW / 2
    found: dict[int, Place] = {ends[0]: (0.0, middle), ends[1]: (_WIDTH, middle)}
    for line, path in enumerate(paths):
        for turn, node in enumerate(path):
            found.setdefault(node, (round(_WIDTH * turn / (len(path) - 1), 1), line * _ROW))
    return found


def _columns(paths: Sequence[Sequence[int]], ends: Sequence[int]) -> dict[int, Place]:
    """By the number of links from the first end; what nothing joins to it has a column of its own."""
    near: dict[int, list[int]] = {node: [] for node in ends}
    for path in paths:
        for a, b in pairwise(path):
            near.setdefault(a, []).append(b)
            near.setdefault(b, []).append(a)
    columns: list[list[int]] = []
    seen: set[int] = set()
    for end in ends:
        edge = [end] if end not in seen else []
        depth = 0 if not columns else len(columns)
        while edge:
            seen.update(edge)
            columns += [[]] * (depth + 1 - len(columns))
            columns[depth] = [*columns[depth], *edge]
            edge = [node for node in dict.fromkeys(o for n in edge for o in near[n]) if node not in seen]
            depth += 1
    tallest = max(map(len, columns), default=1)
    return {
        node: (_COLUMN * column, round(_ROW * (line + (tallest - len(nodes)) / 2), 1))
        for column, nodes in enumerate(columns)
        for line, node in enumerate(nodes)
    }
