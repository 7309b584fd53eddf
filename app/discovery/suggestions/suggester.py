"""Who should meet: entities that are not linked though what they share says that they should be; scored, never worded.

The score of a pair is a sum that a reader can follow: what each shared context allocates (see contexts), nearness of themes, of
places, and the best match of a need with an offer, each times the weight that the ontology gives to such a link.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import Ints, distinct
from app.discovery.matching import Market, Match
from app.discovery.matching.calls import open_calls_for
from app.discovery.matching.criteria import NEAR_KM
from app.discovery.matching.listing import Scope
from app.discovery.network import Network
from app.discovery.on_reading import OnReading
from app.discovery.places import Closeness
from app.discovery.suggestions.contexts import Shared, around, pairs_among, shared
from app.discovery.suggestions.scopes import Scopes, scope_of
from app.discovery.themes import Nearness
from app.remembering import remembered
from app.terms import MAILLAGE

COMPARED = 300
"""Candidates of each origin that are compared in full."""

MOST_ACTORS = 5_000
"""Actors of an area whose pairs are looked at, the most linked first."""

PAIRS_EACH = 3
"""Pairs of one entity in the list of an area."""

MOST_LISTINGS = 10
"""Needs and offers of one actor that are matched for its suggestions, those that are valid longest first."""

_BEARERS = 20_000
_MOST_REMEMBERED = 10_000
_FEW = 50
_FULL_MATCH = 5.0


@dataclass(frozen=True)
class Context:
    """Something that both are linked to, and what it adds to the score; what most are linked to is no reason."""

    node: int
    kind: str
    points: float
    is_hub: bool = False


@dataclass(frozen=True)
class Suggestion:
    """A pair that is not linked, with all that speaks for it; ``score`` is the sum of the points."""

    one: int
    other: int
    contexts: tuple[Context, ...] = ()
    theme: Nearness | None = None
    theme_points: float = 0.0
    place: Closeness | None = None
    place_points: float = 0.0
    match: Match | None = None
    match_points: float = 0.0

    @property
    def score(self) -> float:
        return sum(context.points for context in self.contexts) + self.theme_points + self.place_points + self.match_points

    @property
    def is_founded(self) -> bool:
        """Whether more than a common territory, or what most have in common, speaks for it."""
        return bool(self.reasons or self.match or self.theme_points > 0)

    @property
    def reasons(self) -> tuple[Context, ...]:
        """The contexts that are worth telling."""
        return tuple(context for context in self.contexts if not context.is_hub)


@dataclass(frozen=True)
class Suggestions:
    """The best first. ``found`` candidates were met and ``compared`` of them scored in full; ``complete`` when that is all.

    ``hubs`` are what most share, and is therefore no reason.
    """

    items: Sequence[Suggestion]
    hubs: tuple[int, ...] = ()
    found: int = 0
    compared: int = 0
    complete: bool = True


class Ranked(OnReading[Suggestion]):
    """The suggestions for an entity in their order, each made when it is read."""

    def __init__(self, order: Ints, make: Callable[[Ints], Iterable[Suggestion]]) -> None:
        self._order = order
        self._make = make

    def __len__(self) -> int:
        return len(self._order)

    def _made(self, place: int) -> Suggestion:
        (one,) = self._make(self._order[place : place + 1])
        return one

    def _several(self, places: range) -> Iterable[Suggestion]:
        return self._make(self._order[places])


@dataclass(frozen=True)
class Suggester:
    """The network of a version with what its entities are compared by."""

    network: Network
    scopes: Scopes
    market: Market
    _calls: dict[int, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    def on(self, network: Network) -> Suggester:
        """The same on another network, with the same themes and territories, without needs and offers, whose past is not told."""
        scopes = Scopes(network, self.scopes.tree, self.scopes.places)
        return Suggester(network, scopes, replace(self.market, listings={}))

    def for_entity(self, node: int, kinds: Sequence[str] = ("actor",), *, founded: bool = True) -> Suggestions:
        """Who should meet an entity, among entities of some kinds; with ``founded``, only where there is a reason to tell."""
        entity, own = around(self.network, node), scope_of(self.scopes, node)
        common = shared(self.network, entity, kinds)
        by_context, places = np.unique(common.candidates, return_inverse=True)
        points = np.bincount(places, common.allocated, minlength=len(by_context))
        first = by_context[np.argsort(-points, kind="stable")][:COMPARED]
        bearers, all_bearers = self._bearers(own, kinds)
        needed = self._matched(node, kinds)
        pool = distinct(np.concatenate([first, bearers, np.array(list(needed), np.int32)]))
        pool = pool[~np.isin(pool, entity.linked)]
        items = self._ranked(node, own, pool, common, needed, founded=founded)
        found = len(distinct(np.concatenate([by_context, pool])))
        complete = common.complete and len(by_context) <= COMPARED and all_bearers
        return Suggestions(items, tuple(common.hubs.tolist()), found, len(pool), complete)

    def within(self, area: str | None, *, most: int = 100) -> Suggestions:
        """The best pairs of actors of an area, or of all, a few of each actor; scored as :meth:`for_entity` scores them."""
        actors = self._actors_of(area)
        joined = pairs_among(self.network, actors[:MOST_ACTORS])
        best = list(zip(joined.ones[:most].tolist(), joined.others[:most].tolist(), strict=True))
        items = [self._pair(one, other) for one, other in best]
        ranked = sorted((one for one in items if one.is_founded), key=lambda one: (-one.score, one.one, one.other))
        found = _varied(ranked)
        complete = joined.complete and len(actors) <= MOST_ACTORS and len(joined.ones) <= most
        return Suggestions(tuple(found), (), len(joined.ones), len(best), complete)

    def calls_for(self, node: int) -> tuple[str, ...]:
        """The calls for projects that an entity could answer: remembered, as each of its suggestions asks for them twice."""
        if not self.market.calls:
            return ()
        iri = self.network.iri(node)

        def make() -> tuple[str, ...]:
            return tuple(found.call.iri for found in open_calls_for(iri, scope_of(self.scopes, node), self.market))

        return remembered(self._calls, node, _MOST_REMEMBERED, make)

    def _pair(self, one: int, other: int) -> Suggestion:
        """All that speaks for one pair, seen from its first."""
        common = shared(self.network, around(self.network, one), ("actor",))
        own, its = self.scopes.of(np.array([one, other], dtype=np.int32))
        return self._suggestion(one, other, own, its, common, self._matched(one, ("actor",)).get(other))

    def _actors_of(self, area: str | None) -> Ints:
        """The actors of an area and of what lies in it; the most linked first."""
        if area is None:
            actors = self.network.nodes("actor")
        else:
            nodes = [node for iri in self.scopes.places.below(area) if (node := self.network.ordinal(iri)) is not None]
            rows, _ = self.network.around(np.array(sorted(nodes), dtype=np.int32))
            kind = self.network.kinds.index("actor")
            actors = np.unique(rows.targets[self.network.kinds_of(rows.targets) == kind])
        return actors[np.argsort(-self.network.degrees(actors), kind="stable")]

    def _ranked(
        self, node: int, own: Scope, pool: Ints, common: Shared, needed: Mapping[int, Match], *, founded: bool
    ) -> Sequence[Suggestion]:
        """The candidates of a pool by their scores; with ``founded``, only those for whom there is a reason to tell."""
        if not len(pool):
            return ()
        theme, place = self.scopes.nearness(own, pool)
        points, has_reason = _allocated(pool, common)
        match = np.array([self._match_points(needed.get(other)) for other in pool.tolist()]) if needed else np.zeros(len(pool))
        score = points + self._weights["theme"] * theme + self._weights["territory"] * place + match
        kept = np.flatnonzero(has_reason | np.isin(pool, list(needed)) | (theme > 0) if founded else np.ones(len(pool), bool))

        def make(others: Ints) -> Iterator[Suggestion]:
            for other, its in zip(others.tolist(), self.scopes.of(others), strict=True):
                yield self._suggestion(node, other, own, its, common, needed.get(other))

        return Ranked(pool[kept[np.lexsort((pool[kept], -score[kept]))]], make)

    def _suggestion(self, node: int, other: int, own: Scope, its: Scope, common: Shared, match: Match | None) -> Suggestion:
        theme_points, theme = self._theme(own, its)
        place_points, place = self._place(own, its)
        contexts = sorted(self._contexts(other, common), key=lambda context: (-context.points, context.node))
        return Suggestion(
            node, other, tuple(contexts), theme, theme_points, place, place_points, match, self._match_points(match)
        )

    def _contexts(self, other: int, common: Shared) -> Iterator[Context]:
        """What a candidate shares with the entity."""
        its = common.candidates == other
        for context, points in zip(common.contexts[its].tolist(), common.allocated[its].tolist(), strict=True):
            yield Context(context, self.network.kind(context) or "", points, context in common.hubs)

    def _theme(self, own: Scope, its: Scope) -> tuple[float, Nearness | None]:
        value, theme = self.scopes.theme(own, its)
        return self._weights["theme"] * value, theme if value else None

    def _place(self, own: Scope, its: Scope) -> tuple[float, Closeness | None]:
        value, place = self.scopes.place(own, its)
        return self._weights["territory"] * value, place

    def _match_points(self, match: Match | None) -> float:
        return self._weights["offeredBy"] * match.points / _FULL_MATCH if match else 0.0

    def _bearers(self, own: Scope, kinds: Sequence[str]) -> tuple[Ints, bool]:
        """Those of the same or neighbouring themes, in the near territories first; whether these are all."""
        exact = self._linked_to(own.themes)
        branch = {near for theme in own.themes for near in self.scopes.tree.branch(theme)}
        near = self._linked_to({place for one in own.territories for place in (one, *self.scopes.places.near(one, NEAR_KM))})
        together = self._of_kinds((exact | self._linked_to(branch - own.themes)) & near, kinds)
        rest = self._of_kinds(exact & ~near, kinds) if len(together) < _FEW else together[:0]
        return np.concatenate([together, rest])[:COMPARED], len(together) + len(rest) <= COMPARED

    def _of_kinds(self, marked: NDArray[np.bool_], kinds: Sequence[str]) -> Ints:
        """The nodes of some kinds among those that are marked."""
        nodes = np.flatnonzero(marked).astype(np.int32)
        return nodes[self.network.are_of(nodes, kinds)]

    def _linked_to(self, iris: Iterable[str]) -> NDArray[np.bool_]:
        """Marks those that are linked with one of some themes or territories, the least linked of these first."""
        nodes = np.array([node for iri in sorted(iris) if (node := self.scopes.number(iri)) is not None], np.int32)
        degrees = self.network.degrees(nodes)
        order = np.argsort(degrees, kind="stable")
        order = order[: int(np.searchsorted(np.cumsum(degrees[order]), _BEARERS, side="right"))]
        return self.network.linked_with(nodes[order])

    def _matched(self, node: int, kinds: Sequence[str]) -> dict[int, Match]:
        """Actors who offer what the entity needs or need what it offers, each with its best match."""
        if "actor" not in kinds:
            return {}
        best: dict[int, Match] = {}
        for listing in self.market.of_actor(self.network.iri(node))[:MOST_LISTINGS]:
            for match in self.market.match(listing, on_themes=True).items[:_FEW]:
                for actor in match.other.actors:
                    other = self.network.ordinal(actor)
                    if other is not None and (other not in best or match.points > best[other].points):
                        best[other] = match
        return best

    @cached_property
    def _weights(self) -> dict[str, float]:
        """The ontology's weights of the links that are not followed but compared."""
        numbers = self.network.scheme.numbers
        return {name: self.network.links[numbers[str(MAILLAGE[name])]].weight for name in ("theme", "territory", "offeredBy")}


def _allocated(others: Ints, common: Shared) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """What shared contexts give each of some candidates, in order, added as a suggestion adds them; whether one is a reason."""
    found = np.minimum(np.searchsorted(others, common.candidates), len(others) - 1)
    its = others[found] == common.candidates
    places, contexts, points = found[its], common.contexts[its], common.allocated[its]
    told = np.lexsort((contexts, -points, places))
    sums = np.bincount(places[told], points[told], minlength=len(others))
    reasons = np.bincount(places[~np.isin(contexts, common.hubs)], minlength=len(others)) > 0
    return sums.astype(np.float64), reasons


def _varied(ranked: Iterable[Suggestion]) -> list[Suggestion]:
    """The first pairs of each entity only, so that one that shares much with everybody does not fill the list."""
    seen: dict[int, int] = {}
    kept = []
    for one in ranked:
        if seen.get(one.one, 0) < PAIRS_EACH and seen.get(one.other, 0) < PAIRS_EACH:
            kept.append(one)
            for node in (one.one, one.other):
                seen[node] = seen.get(node, 0) + 1
    return kept
