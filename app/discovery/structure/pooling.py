"""Projects that could be pooled: on near themes, in near territories, without a partner in common; no words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.discovery.arrays import Ints
from app.discovery.matching.criteria import NEAR_KM
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
    """Projects of one theme, or of themes under it, within one area, or within so many ``kilometres`` of one across the bounds
    of areas; no two have a partner or a leader in common."""

    theme: str
    area: str
    projects: tuple[int, ...]
    kilometres: float | None = None


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
    its = scopes.of(looked_at) if len(looked_at) else []
    found: dict[tuple[int, ...], Pool] = {}
    for groups, kilometres in ((_grouped(looked_at, its, scopes), None), (_around(looked_at, its, scopes), NEAR_KM)):
        ranked = sorted(groups.items(), key=lambda one: _rank(one[0][0], one[0][1], one[1] if kilometres else (), scopes))
        for (theme, area), members in ranked:
            if len(members) <= LARGEST and len(found) < _MOST_GROUPS:
                apart = tuple(_apart(network, members))
                if len(apart) > 1 and not any(set(apart) <= set(known) for known in _like(found, apart)):
                    found[apart] = Pool(theme, area, apart, kilometres)
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


def _around(projects: Ints, its: Sequence[Scope], scopes: Scopes) -> dict[tuple[str, str], list[int]]:
    """Projects by each theme that they are on or under and each commune of one of them: those in the communes near it."""
    placed: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for project, scope in zip(projects.tolist(), its, strict=True):
        for theme in {above for one in scope.themes for above in scopes.tree.line(one)}:
            for territory in scope.territories:
                placed[theme][territory].append(project)
    near: dict[str, list[str]] = {}
    groups: dict[tuple[str, str], list[int]] = {}
    for theme, places in placed.items():
        for territory in places if len(places) > 1 else ():
            if territory not in near:
                near[territory] = scopes.places.near(territory, NEAR_KM)
            members = sorted({project for one in near[territory] for project in places.get(one, ())})
            if len(members) > 1:
                groups[theme, territory] = members
    return groups


def _rank(theme: str, area: str, members: Sequence[int], scopes: Scopes) -> tuple[int, int, int, str, str]:
    """The largest group of neighbours first, as it holds others; then narrow themes and areas: those with most above them."""
    return -len(members), -len(scopes.places.above(area)), -len(scopes.tree.line(theme)), area, theme


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
