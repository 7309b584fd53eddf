"""Projects that could be pooled: on near themes, in near territories, without a partner in common; no words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.discovery.arrays import Ints
from app.discovery.matching.listing import Scope
from app.discovery.network import Network
from app.discovery.suggestions.contexts import around
from app.discovery.suggestions.scopes import Scopes

MOST_PROJECTS = 20_000
LARGEST = 200
"""Projects of one theme and area beyond which the group says too little to be told."""

_MOST_GROUPS = 500


@dataclass(frozen=True)
class Pool:
    """Projects of one theme, or of themes under it, within one area; no two have a partner or a leader in common."""

    theme: str
    area: str
    projects: tuple[int, ...]


@dataclass(frozen=True)
class Pools:
    """The narrowest groups first; ``complete`` unless there are more projects or groups than are looked at."""

    items: tuple[Pool, ...]
    projects: int
    complete: bool = True


def pools(network: Network, scopes: Scopes) -> Pools:
    """Groups of at least two projects, each set of projects told once, by its narrowest theme and area."""
    projects = network.nodes("project")
    looked_at = projects[:MOST_PROJECTS]
    grouped = _grouped(looked_at, scopes.of(looked_at) if len(looked_at) else [], scopes)
    ranked = sorted(grouped.items(), key=lambda one: _width(one[0][0], one[0][1], scopes))
    found: dict[tuple[int, ...], Pool] = {}
    for (theme, area), members in ranked:
        if len(members) <= LARGEST:
            apart = tuple(_apart(network, members))
            if len(apart) > 1 and not any(set(apart) <= set(known) for known in _like(found, apart)):
                found[apart] = Pool(theme, area, apart)
        if len(found) >= _MOST_GROUPS:
            break
    complete = len(looked_at) == len(projects) and len(found) < _MOST_GROUPS
    return Pools(tuple(found.values()), len(projects), complete)


def _grouped(projects: Ints, its: Sequence[Scope], scopes: Scopes) -> dict[tuple[str, str], list[int]]:
    """Projects by each theme that they are on or under, and each area that they are in; not the widest areas."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for project, scope in zip(projects.tolist(), its, strict=True):
        themes = {above for theme in scope.themes for above in scopes.tree.line(theme)}
        areas = {area for one in scope.territories for area in scopes.places.above(one) if len(scopes.places.above(area)) > 1}
        for theme in themes:
            for area in areas:
                groups[theme, area].append(project)
    return groups


def _width(theme: str, area: str, scopes: Scopes) -> tuple[int, int, str, str]:
    """Narrow themes and areas first: those that have most above them."""
    return -len(scopes.places.above(area)), -len(scopes.tree.line(theme)), area, theme


def _apart(network: Network, members: Sequence[int]) -> Iterator[int]:
    """As many members as come, in their order, whose actors none before them has."""
    taken: set[int] = set()
    for project in members:
        contexts = around(network, project).contexts
        actors = set(contexts[network.kinds_of(contexts) == network.kinds.index("actor")].tolist())
        if not actors & taken:
            taken |= actors
            yield project


def _like(found: dict[tuple[int, ...], Pool], apart: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """The groups found so far that could hold this one."""
    first = apart[0]
    return (known for known in found if first in known)
