"""The structure of a version, narrowed to an area and a theme, and each of its parts as rows; no words, no HTTP."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyoxigraph as ox

from app.discovery.arrays import Ints
from app.discovery.network import Network
from app.discovery.structure.model import Shape
from app.discovery.structure.pooling import Pool, Pools, pools
from app.discovery.suggestions.scopes import Scopes
from app.facts import Facts
from app.terms import EngineTerm
from app.text import LANGUAGES, Language

PARTS = ("communities", "bridges", "central", "isolated", "pools")
Rows = list[dict[str, EngineTerm]]


@dataclass(frozen=True)
class Whole:
    """What was worked out of a version; ``named`` are the isolated in the order of their names, by language."""

    version: int
    shape: Shape
    pools: Pools
    named: Mapping[Language, Ints]

    def told_in(self, language: Language) -> Whole:
        """The isolated in the order in which readers of a language look for a name."""
        return replace(self, shape=replace(self.shape, alone=self.named[language]))


def whole_from(network: Network, scopes: Scopes, facts: Facts, version: int) -> Whole:
    """Work it out: seconds for a million links."""
    from app.discovery.structure.shape import shape_of  # scipy and scikit-network, which few need, take long to load

    shape = shape_of(network)
    named = {language: by_name(network, facts, shape.alone, language) for language in LANGUAGES}
    return Whole(version, shape, pools(network, scopes), named)


def by_name(network: Network, facts: Facts, nodes: Ints, language: Language) -> Ints:
    """Nodes in the order of their names for readers of a language; those that the facts do not know are last."""
    rows = facts.rows_of(map(network.iri, nodes.tolist()))
    places = np.argsort(rows)
    known = places[rows[places] >= 0]
    ordered = np.searchsorted(rows[known], facts.by_name(rows[known], language))
    return np.concatenate((nodes[known][ordered], nodes[rows < 0]))


def narrowed(whole: Whole, network: Network, scopes: Scopes, area: str | None, theme: str | None) -> Whole:
    """Only what is in the area and about the theme (IRIs); communities are those of the whole. ``network`` is its version's."""
    if not area and not theme:
        return whole
    themes = frozenset(scopes.tree.below(theme)) if theme else None
    chosen = linked_to(network, scopes.places.below(area)) if area else None
    if themes is not None:
        about = linked_to(network, themes)
        chosen = about if chosen is None else np.intersect1d(chosen, about)
    kept = set() if chosen is None else set(chosen.tolist())
    shape = replace(
        whole.shape,
        bridges=tuple(one for one in whole.shape.bridges if one.node in kept),
        central=tuple(one for one in whole.shape.central if one.node in kept),
        alone=whole.shape.alone[np.isin(whole.shape.alone, chosen)] if chosen is not None else whole.shape.alone,
    )
    pooled = tuple(
        one
        for one in whole.pools.items
        if (not area or area in scopes.places.above(one.area)) and (themes is None or one.theme in themes)
    )
    return replace(whole, shape=shape, pools=replace(whole.pools, items=pooled))


def linked_to(network: Network, iris: frozenset[str]) -> Ints:
    """The nodes that are linked with one of some themes or territories."""
    nodes = [node for iri in sorted(iris) if (node := network.ordinal(iri)) is not None]
    rows, _ = network.around(np.array(nodes, dtype=np.int32))
    return np.unique(rows.targets)


def rows_of(part: str, whole: Whole, network: Network) -> tuple[Sequence[str], Rows]:
    """The columns and rows of one of :data:`PARTS`."""

    def node(number: int) -> ox.NamedNode:
        return ox.NamedNode(network.iri(number))

    shape = whole.shape
    if part == "communities":
        rows: Rows = [
            {"community": ox.Literal(one.number), "actor": node(member)} for one in shape.communities for member in one.members
        ]
        return ("community", "actor"), rows
    if part == "bridges":
        return ("actor", "cutOff", "otherCommunities"), [
            {"actor": node(one.node), "cutOff": ox.Literal(one.cut_off), "otherCommunities": ox.Literal(one.communities)}
            for one in shape.bridges
        ]
    if part == "central":
        return ("actor", "partners", "share", "between"), [
            {
                "actor": node(one.node),
                "partners": ox.Literal(one.partners),
                "share": ox.Literal(round(one.share, 6)),
                "between": ox.Literal(round(one.between, 6)),
            }
            for one in shape.central
        ]
    if part == "isolated":
        return ("actor",), [{"actor": node(one)} for one in shape.alone.tolist()]
    return ("theme", "area", "kilometres", "project"), [row for pool in whole.pools.items for row in _pooled(pool, node)]


def _pooled(pool: Pool, node: Callable[[int], ox.NamedNode]) -> Rows:
    theme, area = ox.NamedNode(pool.theme), ox.NamedNode(pool.area)
    near: dict[str, EngineTerm] = {} if pool.kilometres is None else {"kilometres": ox.Literal(pool.kilometres)}
    return [{"theme": theme, "area": area, "project": node(one), **near} for one in pool.projects]
