"""A neighbourhood in words: names of things, a sentence for each link, periods; what is drawn is app.discovery's."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import pyoxigraph as ox

from app.discovery.intervals import ALWAYS_AFTER, ALWAYS_BEFORE
from app.discovery.kinds import PARTICIPATION, LinkKind
from app.discovery.neighbourhood import Around, Tie, themes_of
from app.discovery.network import Network
from app.entities import wording
from app.entities.model import Node
from app.entities.names import Names
from app.entities.questions import Questions
from app.entities.sentences import Words, fill
from app.entities.wording import best
from app.terms import PREFIXES
from app.text import Language, say
from app.vocabulary import Vocabulary

_XSD = PREFIXES["xsd"]
NAMED = frozenset({None, "actor", "theme", "territory", "place", "programme"})
"""Kinds whose entities have names of their own; what others have is a title."""


@dataclass(frozen=True)
class Thing:
    """One node as it is shown; ``themes`` are places in the neighbourhood's themes."""

    node: Node
    kind: str | None
    degree: int
    is_hub: bool
    x: float
    y: float
    opened: bool
    parent: int | None
    themes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Bond:
    """One link between two things, by their places; years are None where no date is known."""

    source: int
    target: int
    kind: str
    words: Words
    period: str | None
    first: int | None
    last: int | None

    @property
    def sentence(self) -> str:
        return "".join(word if isinstance(word, str) else word.label for word in self.words)


@dataclass(frozen=True)
class More:
    """Links of one kind that are not drawn."""

    thing: int
    kind: str
    count: int


@dataclass(frozen=True)
class Told:
    """The neighbourhood: ``kinds`` says what links are called, ``natures`` what things are; the first thing is the centre."""

    things: tuple[Thing, ...]
    bonds: tuple[Bond, ...]
    more: tuple[More, ...]
    kinds: Mapping[str, str]
    natures: Mapping[str, str]
    themes: Mapping[str, str]

    @property
    def centre(self) -> Thing:
        return self.things[0]

    @property
    def counts(self) -> Mapping[str, int]:
        """How many links there are of each kind."""
        return Counter(bond.kind for bond in self.bonds)

    @property
    def years(self) -> tuple[int, int] | None:
        """The first and the last year of any link."""
        known = [year for bond in self.bonds for year in (bond.first, bond.last) if year is not None]
        return (min(known), max(known)) if known else None


@dataclass(frozen=True)
class Wish:
    """What is to be seen: only some kinds of links (None: all), a theme with its sub-themes, a period in years, hubs or not."""

    links: frozenset[str] | None = None
    theme: str | None = None
    first: int | None = None
    last: int | None = None
    hubs: bool = True


def narrowed(told: Told, wish: Wish) -> Told:
    """The centre and all that is still joined to it by the links, and over the things, that the wish lets through.

    A thing that has the theme brings those over which it was reached. A link without a date is of any period.
    """
    allowed = {place for place, thing in enumerate(told.things) if wish.hubs or not thing.is_hub} | {0}
    if wish.theme:
        allowed &= _on_theme(told, wish.theme)
    bonds = [bond for bond in told.bonds if {bond.source, bond.target} <= allowed and _lets_through(wish, bond)]
    order = {place: turn for turn, place in enumerate(sorted(_reached(bonds)))}
    return replace(
        told,
        things=tuple(_moved(told.things[place], order) for place in order),
        bonds=tuple(
            replace(b, source=order[b.source], target=order[b.target]) for b in bonds if {b.source, b.target} <= order.keys()
        ),
        more=tuple(
            replace(more, thing=order[more.thing])
            for more in told.more
            if more.thing in order and (wish.links is None or more.kind in wish.links)
        ),
    )


def _moved(thing: Thing, order: Mapping[int, int]) -> Thing:
    return replace(thing, parent=order.get(thing.parent) if thing.parent is not None else None)


def _lets_through(wish: Wish, bond: Bond) -> bool:
    began = wish.last is None or bond.first is None or bond.first <= wish.last
    lasted = wish.first is None or bond.last is None or bond.last >= wish.first
    return (wish.links is None or bond.kind in wish.links) and began and lasted


def _on_theme(told: Told, theme: str) -> set[int]:
    found = {0}
    for place, thing in enumerate(told.things):
        step: int | None = place if theme in thing.themes else None
        while step is not None and step not in found:
            found.add(step)
            step = told.things[step].parent
    return found


def _reached(bonds: Sequence[Bond]) -> set[int]:
    nearby: dict[int, list[int]] = {}
    for bond in bonds:
        nearby.setdefault(bond.source, []).append(bond.target)
        nearby.setdefault(bond.target, []).append(bond.source)
    found, edge = {0}, [0]
    while edge:
        edge = [other for other in dict.fromkeys(o for place in edge for o in nearby.get(place, ())) if other not in found]
        found.update(edge)
    return found


def tell(around: Around, network: Network, questions: Questions, vocabulary: Vocabulary, language: Language) -> Told:
    """Names are read in one question for about a hundred things."""
    order = {spot.node: place for place, spot in enumerate(around.spots)}
    iris = [network.iri(spot.node) for spot in around.spots]
    themes = _themes(network, around, questions)
    names = Names(vocabulary, language)
    names.ask(questions, {*iris, *(theme for found in themes.values() for theme in found)})
    things = tuple(
        Thing(
            names.node(iri),
            network.kind(spot.node),
            spot.degree,
            spot.is_hub,
            spot.x,
            spot.y,
            spot.opened,
            None if spot.parent is None else order[spot.parent],
            themes.get(spot.node, ()),
        )
        for iri, spot in zip(iris, around.spots, strict=True)
    )
    bonds = tuple(_bond(tie, order, things, network.links[tie.kind], vocabulary, language) for tie in around.ties)
    more = tuple(More(order[rest.node], network.links[rest.kind].iri, rest.count) for rest in around.rests)
    met = {bond.kind for bond in bonds} | {one.kind for one in more}
    kinds = {iri: names.term(iri).label for iri in met}
    return Told(
        things,
        tuple(sorted(bonds, key=lambda bond: (bond.kind, -(bond.first or 0), bond.sentence))),
        more,
        dict(sorted(kinds.items(), key=lambda pair: wording.collation(pair[1]))),
        {kind.segment: kind.said(language) for kind in vocabulary.kinds() if kind.segment in {thing.kind for thing in things}},
        _named(names, {theme for found in themes.values() for theme in found}),
    )


def _named(names: Names, iris: Iterable[str]) -> Mapping[str, str]:
    return dict(sorted(((iri, names.node(iri).label) for iri in iris), key=lambda pair: wording.collation(pair[1])))


def _themes(network: Network, around: Around, questions: Questions) -> Mapping[int, tuple[str, ...]]:
    """The themes of each node with those that are broader, so that choosing a theme finds its sub-themes too."""
    own = themes_of(network, [spot.node for spot in around.spots])
    iris = {network.iri(theme) for found in own.values() for theme in found}
    broader: dict[str, set[str]] = {iri: {iri} for iri in iris}
    for row in questions.about_each("theme-ancestors", "theme", iris):
        theme, above = row.get("theme"), row.get("broader")
        if isinstance(theme, ox.NamedNode) and isinstance(above, ox.NamedNode):
            broader[theme.value].add(above.value)
    return {node: tuple(sorted({a for t in found for a in broader[network.iri(t)]})) for node, found in own.items()}


def _bond(
    tie: Tie, order: Mapping[int, int], things: tuple[Thing, ...], kind: LinkKind, vocabulary: Vocabulary, language: Language
) -> Bond:
    ends = things[order[tie.source]], things[order[tie.target]]
    source, target = (thing.node for thing in ends)
    titles = {thing.node.iri for thing in ends if thing.kind not in NAMED}
    first, last = _year(tie.start), _year(tie.end)
    return Bond(
        order[tie.source],
        order[tie.target],
        kind.iri,
        quoted(link_words(kind, source, target, vocabulary, language), lambda node: node.iri in titles, language),
        days_in_words(tie.start, tie.end, language),
        first,
        last,
    )


def quoted(words: Words, is_title: Callable[[Node], bool], language: Language) -> Words:
    """The same with titles between quotation marks: of partnerships, projects, documents, but not of actors or places."""
    opening, closing = say("paths.quoted", language).split("…")
    said: list[str | Node] = []
    for word in words:
        said += [word] if isinstance(word, str) or not is_title(word) else [opening, word, closing]
    return tuple(part for part in said if part)


def link_words(kind: LinkKind, source: Node, target: Node, vocabulary: Vocabulary, language: Language) -> Words:
    """The sentence of a link, from its property, role or capacity."""
    pattern, *ends = link_pattern(kind, vocabulary, language)
    return fill(pattern, {"property": kind.iri, ends[0]: source, ends[1]: target})


def link_pattern(kind: LinkKind, vocabulary: Vocabulary, language: Language) -> tuple[str, str, str]:
    """The pattern of that sentence, and what its blanks for the source and the target of the link are called."""
    pattern = best(vocabulary.sentence(kind.iri), language)
    if kind.carrier == "participation":
        told = pattern if kind.iri != PARTICIPATION else None
        return told[0] if told else say("entity.plain-role", language), "participant", "partnership"
    if kind.carrier == "membership":
        return say("entity.membership", language), "member", "group"
    return pattern[0] if pattern else say("entity.plain-link", language), "subject", "object"


def days_in_words(start: int, end: int, language: Language) -> str | None:
    """The period from one day to another, in whole years where it is made of these."""
    return wording.period(_literal(start, ALWAYS_BEFORE, (1, 1)), _literal(end, ALWAYS_AFTER, (12, 31)), language)


def _literal(day: int, never: int, edge: tuple[int, int]) -> ox.Literal | None:
    date = _date(day) if day != never else None
    if date is None:
        return None
    if (date.month, date.day) == edge:
        return ox.Literal(f"{date.year:04d}", datatype=ox.NamedNode(_XSD + "gYear"))
    return ox.Literal(date.isoformat(), datatype=ox.NamedNode(_XSD + "date"))


def _year(day: int) -> int | None:
    date = _date(day)
    return date.year if date else None


def _date(day: int) -> datetime.date | None:
    return datetime.date.fromordinal(day) if 0 < day <= datetime.date.max.toordinal() else None
