"""Suggestions in a reader's words: who, and each reason as a sentence whose names are links, with the points that it brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from app.discovery.matching.criteria import NEAR_KM
from app.discovery.suggestions.suggester import Context, Suggester, Suggestion
from app.entities.model import Node
from app.entities.names import Names
from app.entities.sentences import Words as Sentence
from app.entities.sentences import enumerate_nodes, few, fill
from app.text import Language, say

NAMED = 3
"""Contexts of one kind that a reason names; the others are counted."""

_KINDS = ("actor", "project", "programme", "policy", "event", "call", "service", "document")


@dataclass(frozen=True)
class Reason:
    """Why two should meet, in words, and what it adds to the score (nothing for what is only worth knowing)."""

    words: Sentence
    points: float


@dataclass(frozen=True)
class Told:
    """A suggestion as it is shown."""

    one: Node
    other: Node
    score: float
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Words:
    """Says suggestions; ``names`` must know what :func:`mentioned` finds."""

    suggester: Suggester
    names: Names
    language: Language

    def suggestion(self, one: Suggestion) -> Told:
        reasons = tuple(sorted(self._reasons(one), key=lambda reason: -reason.points))
        return Told(self._node(one.one), self._node(one.other), one.score, reasons)

    def hubs(self, nodes: Sequence[int]) -> Sentence:
        """What nearly everybody shares."""
        return enumerate_nodes([self._node(node) for node in nodes[:NAMED]], self._and())

    def _reasons(self, one: Suggestion) -> Iterator[Reason]:
        for kind in _KINDS:
            its = [context for context in one.reasons if context.kind == kind]
            if its:
                yield self._shared(kind, its)
        if one.theme:
            yield Reason((self._theme(one),), one.theme_points)
        if one.place and one.place_points:
            yield Reason((self._place(one),), one.place_points)
        if one.match:
            need, offer = (one.match.own, one.match.other)
            need, offer = (need, offer) if need.side == "need" else (offer, need)
            things: dict[str, Node | str] = {"offer": self.names.node(offer.iri), "need": self.names.node(need.iri)}
            yield Reason(fill(say("suggestions.match", self.language), things), one.match_points)
        calls = calls_of(self.suggester, one)
        if calls:
            nodes = enumerate_nodes([self.names.node(iri) for iri in calls[:NAMED]], self._and())
            yield Reason((say("suggestions.call", self.language), *nodes), 0.0)

    def _shared(self, kind: str, its: Sequence[Context]) -> Reason:
        named = few(its, NAMED)
        more = len(its) - len(named)
        rest = say("entity.others", self.language, n=more) if more else None
        nodes = enumerate_nodes([self._node(context.node) for context in named], self._and(), rest)
        words = (say(f"suggestions.share-{kind}", self.language, n=len(its)), *nodes)
        return Reason(words, sum(context.points for context in its))

    def _theme(self, one: Suggestion) -> str:
        pair = one.theme
        if pair is None:
            return ""
        if pair.one == pair.other:
            return say("suggestions.theme-same", self.language, theme=self._label(pair.one))
        if pair.common in (pair.one, pair.other):
            narrow = pair.other if pair.common == pair.one else pair.one
            named = {"theme": self._label(narrow), "broader": self._label(pair.common)}
            return say("suggestions.theme-within", self.language, **named)
        named = {"one": self._label(pair.one), "other": self._label(pair.other), "broader": self._label(pair.common)}
        return say("suggestions.theme-near", self.language, **named)

    def _place(self, one: Suggestion) -> str:
        pair = one.place
        if pair is None:
            return ""
        if pair.same:
            return say("suggestions.place-same", self.language, place=self._label(pair.one))
        if pair.within:
            is_inner = pair.other in self.suggester.scopes.places.above(pair.one)
            inner, outer = (pair.one, pair.other) if is_inner else (pair.other, pair.one)
            return say("suggestions.place-within", self.language, inner=self._label(inner), outer=self._label(outer))
        if pair.kilometres is None:
            return say("suggestions.place-shared", self.language, shared=self._label(pair.shared or pair.one))
        named = {"one": self._label(pair.one), "other": self._label(pair.other)}
        if pair.kilometres <= NEAR_KM:
            return say("suggestions.place-close", self.language, near=NEAR_KM, **named)
        return say("suggestions.place-km", self.language, km=round(pair.kilometres), **named)

    def _node(self, node: int) -> Node:
        return self.names.node(self.suggester.network.iri(node))

    def _label(self, iri: str) -> str:
        return self.names.node(iri).label

    def _and(self) -> str:
        return say("entity.and", self.language)


def calls_of(suggester: Suggester, one: Suggestion) -> list[str]:
    """The calls for projects that both could answer."""
    first, second = suggester.calls_for(one.one), suggester.calls_for(one.other)
    return [iri for iri in first if iri in second]


def mentioned(suggester: Suggester, shown: Iterable[Suggestion], hubs: Iterable[int] = ()) -> set[str]:
    """The IRIs whose names are needed to say some suggestions."""
    network = suggester.network
    found = {network.iri(node) for node in hubs}
    for one in shown:
        nodes = [one.one, one.other]
        for kind in _KINDS:
            nodes += [context.node for context in few([c for c in one.reasons if c.kind == kind], NAMED)]
        found |= {network.iri(node) for node in nodes} | set(calls_of(suggester, one)[:NAMED])
        for pair in (one.theme, one.place):
            found |= {pair.one, pair.other} if pair else set()
        found |= {one.theme.common} if one.theme else set()
        found |= {one.place.shared} if one.place and one.place.shared else set()
        found |= {one.match.own.iri, one.match.other.iri} if one.match else set()
    return found
