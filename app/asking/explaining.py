"""How entities are linked, asked and told: options as people give them, the explanations with their sources; no form, no file."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import pyoxigraph as ox

from app.asking.neighbourhood import Bond, Thing, Told
from app.asking.path_drawing import placed
from app.asking.path_words import Clause, Wording, flat
from app.discovery.costs import COMMON_KINDS, Options
from app.discovery.intervals import ALWAYS_AFTER, ALWAYS_BEFORE
from app.discovery.network import Network
from app.discovery.paths import Found, connect, find_paths
from app.discovery.steps import Path, Step, StepLink, also_shared
from app.entities.addresses import Addresses
from app.entities.model import Node, Source
from app.entities.names import Names
from app.entities.provenance import Descriptions, number_sources
from app.entities.questions import Questions, iris
from app.entities.sentences import Words
from app.text import Language
from app.vocabulary import Vocabulary

BEST, MOST_BEST = 5, 20
MOST_ENDS = 6
FAMILIES: Mapping[str, tuple[str, ...]] = {
    "partnership": ("participation", "concerns", "agreement", "fundingProgramme"),
    "membership": ("memberOf", "unitOf"),
    "activity": ("leader", "organizer", "partOf", "editionOf", "action"),
    "exchange": ("offeredBy", "neededBy", "proposedBy", "providedBy", "publishedBy"),
    "policy": ("steward", "servesPolicy", "governs", "coversTerritory"),
    "document": ("about", "author", "observedOn", "observes"),
    "theme": ("theme", "mainTheme"),
    "territory": ("territory", "within", "place", "headOffice"),
}
"""Kinds of links that people choose together; roles go with participations, capacities with memberships."""


@dataclass(frozen=True)
class Wish:
    """What an explanation may be made of, as people say it: families of links (none: all), years, entities left out by IRI, kinds
    that are not passed through."""

    longest: int = 4
    best: int = BEST
    families: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    without: tuple[str, ...] = ()
    avoided: frozenset[str] = frozenset()

    @property
    def is_narrow(self) -> bool:
        """Something other than the length is restricted."""
        return self != Wish(self.longest, self.best)

    def options(self, network: Network) -> Options:
        chosen = {number for number, _ in enumerate(network.links) if family_of(network, number) in self.families}
        nodes = (network.ordinal(iri) for iri in self.without)
        return Options(
            frozenset(chosen) if self.families else None,
            _day(self.since, 1, 1) if self.since else ALWAYS_BEFORE,
            _day(self.until, 12, 31) if self.until else ALWAYS_AFTER,
            self.longest,
            frozenset(node for node in nodes if node is not None),
            self.avoided & frozenset(COMMON_KINDS),
        )


@dataclass(frozen=True)
class ToldStep:
    """A step as a line of a table: what is linked how, its sentence, the sources' graphs, and what else joins the two."""

    source: Node
    target: Node
    link: str
    kind: str
    sentence: Words
    period: str | None
    graphs: tuple[str, ...]
    apart: bool
    others: tuple[Words, ...]
    bond: tuple[int, int]
    days: tuple[int, int]


@dataclass(frozen=True)
class Explanation:
    """One path, told. ``also`` are other partnerships of two of its entities; ``common``: it goes by a theme or territory."""

    path: Path
    nodes: tuple[Node, ...]
    clauses: tuple[Clause, ...]
    steps: tuple[ToldStep, ...]
    also: tuple[tuple[Node, Node, tuple[Node, ...]], ...]
    common: bool

    @property
    def text(self) -> str:
        return flat(self.clauses)

    def graphs(self, clause: Clause) -> tuple[str, ...]:
        """The graphs that state what a clause says."""
        return tuple(sorted({graph for place in clause.steps for graph in self.steps[place].graphs}))


@dataclass(frozen=True)
class Explained:
    """All that a page or a file tells: explanations, their sources by graph, the queries behind names and sources."""

    ends: tuple[Node, ...]
    explanations: tuple[Explanation, ...]
    complete: bool
    sources: Mapping[str, Source]
    queries: tuple[str, ...]
    picture: Told


@dataclass
class Proofs:
    """Which graphs state each link of some paths: three questions at most, however many links."""

    questions: Questions
    texts: list[str] = field(default_factory=list)
    graphs: dict[tuple[str, ...], set[str]] = field(default_factory=dict)

    def ask(self, network: Network, paths: Iterable[Path]) -> None:
        pairs: dict[str, set[tuple[str, str]]] = {}
        for step in (step for path in paths for step in path.steps):
            for link in step.links:
                ends = (step.source, step.target) if link.forward else (step.target, step.source)
                pairs.setdefault(network.links[link.kind].carrier, set()).add((network.iri(ends[0]), network.iri(ends[1])))
        self._ask("step-statements", ("subject", "object"), pairs.get("property"), ("property",))
        self._ask("step-parties", ("participant", "partnership"), pairs.get("participation"))
        self._ask("step-memberships", ("member", "group"), pairs.get("membership"))

    def of(self, network: Network, step: Step, link: StepLink) -> tuple[str, ...]:
        kind = network.links[link.kind]
        ends = (step.source, step.target) if link.forward else (step.target, step.source)
        named = network.iri(ends[0]), network.iri(ends[1])
        key = (*named, kind.iri) if kind.carrier == "property" else named
        return tuple(sorted(self.graphs.get((_QUESTIONS[kind.carrier], *key), ())))

    def _ask(self, question: str, ends: tuple[str, str], pairs: set[tuple[str, str]] | None, more: tuple[str, ...] = ()) -> None:
        if not pairs:
            return
        bound = {name: iris(sorted({pair[place] for pair in pairs})) for place, name in enumerate(ends)}
        text = self.questions.text(question, **bound)
        self.texts.append(text)
        for row in self.questions.ask_rows(text):
            key = tuple(_text(row.get(name)) for name in (*ends, *more))
            self.graphs.setdefault((question, *key), set()).add(_text(row.get("graph")))


_QUESTIONS = {"property": "step-statements", "participation": "step-parties", "membership": "step-memberships"}


def family_of(network: Network, number: int) -> str | None:
    """The family of a kind of link."""
    kind = network.links[number]
    plain = {"participation": "participation", "membership": "memberOf"}.get(kind.carrier, kind.iri.rpartition("#")[2])
    return next((family for family, names in FAMILIES.items() if plain in names), None)


def search(network: Network, nodes: Sequence[int], wish: Wish) -> Found:
    """The best explanations between two entities, or what connects several."""
    options = wish.options(network)
    if len(nodes) == 2:
        return find_paths(network, nodes[0], nodes[1], wish.best, options)
    return connect(network, nodes, options)


def fitting(network: Network, nodes: Sequence[int], wish: Wish, longest: int) -> tuple[Wish, Found]:
    """The wish of who named no length, longer where the usual one links too few, and what it finds."""
    found = search(network, nodes, wish)
    if len(found.paths) >= len(nodes) - 1:
        return wish, found
    longer = replace(wish, longest=longest)
    return longer, search(network, nodes, longer)


def easier(network: Network, nodes: Sequence[int], wish: Wish, longest: int) -> Wish | None:
    """The least that must be allowed for two entities to be linked at all; None where nothing helps."""
    for one in (replace(wish, longest=longest), Wish(wish.longest, wish.best), Wish(longest, wish.best)):
        if one != wish and search(network, nodes, replace(one, best=1)).paths:
            return one
    return None


def tell(
    found: Found,
    network: Network,
    nodes: Sequence[int],
    questions: Questions,
    vocabulary: Vocabulary,
    addresses: Addresses,
    language: Language,
) -> Explained:
    """Everything in words: names and sources are read in about five questions."""
    proofs = Proofs(questions)
    proofs.ask(network, found.paths)
    graphs = {graph for stated in proofs.graphs.values() for graph in stated}
    also = [also_shared(network, path) for path in found.paths]
    mentioned = {
        *nodes,
        *(n for path in found.paths for n in path.nodes),
        *(n for one in also for o in one.values() for n in o[:5]),
    }
    sources = {addresses.source_of(graph) or graph for graph in graphs}
    names = Names(vocabulary, language)
    wanted = {network.iri(node) for node in mentioned} | sources
    names.ask(questions, wanted)
    wording = Wording(network, names, vocabulary, language)
    explanations = tuple(_explanation(path, more, wording, proofs) for path, more in zip(found.paths, also, strict=True))
    shown = {graph for one in explanations for step in one.steps for graph in step.graphs}
    return Explained(
        tuple(wording.node(node) for node in nodes),
        explanations,
        found.complete,
        number_sources(shown, Descriptions.ask(questions, sources), addresses, names, language),
        (questions.text("nodes", node=iris(sorted(wanted))), *proofs.texts),
        _picture(explanations, nodes, wording),
    )


def _explanation(path: Path, also: Mapping[int, tuple[int, ...]], wording: Wording, proofs: Proofs) -> Explanation:
    return Explanation(
        path,
        tuple(wording.node(node) for node in path.nodes),
        tuple(wording.clauses(path)),
        tuple(_step(step, wording, proofs) for step in path.steps),
        tuple(
            (wording.node(path.nodes[place - 1]), wording.node(path.nodes[place + 1]), tuple(wording.node(n) for n in others))
            for place, others in also.items()
        ),
        any(wording.network.kind(node) in COMMON_KINDS for node in path.nodes[1:-1]),
    )


def _step(step: Step, wording: Wording, proofs: Proofs) -> ToldStep:
    link = step.links[0]
    ends = (step.source, step.target) if link.forward else (step.target, step.source)
    return ToldStep(
        wording.node(step.source),
        wording.node(step.target),
        wording.label(link),
        wording.kind(link).iri,
        wording.alone(step, link),
        wording.period(link),
        proofs.of(wording.network, step, link),
        step.apart,
        tuple(dict.fromkeys(wording.alone(step, other) for other in step.links[1:])),
        ends,
        (link.start, link.end),
    )


def _picture(explanations: Sequence[Explanation], nodes: Sequence[int], wording: Wording) -> Told:
    """The union of the paths, with a place for each node."""
    network = wording.network
    places = placed([one.path.nodes for one in explanations], nodes)
    order = {node: turn for turn, node in enumerate(places)}
    things = tuple(
        Thing(wording.node(node), network.kind(node), network.degree(node), False, x, y, node in nodes, None)
        for node, (x, y) in places.items()
    )
    steps = {(step.bond, step.kind): step for one in explanations for step in one.steps}
    bonds = tuple(
        Bond(order[a], order[b], kind, step.sentence, step.period, _year(step.days[0]), _year(step.days[1]))
        for ((a, b), kind), step in steps.items()
    )
    kinds = {step.kind: step.link for step in steps.values()}
    natures = {
        kind.segment: kind.said(wording.language)
        for kind in wording.vocabulary.kinds()
        if kind.segment in {thing.kind for thing in things}
    }
    return Told(things, bonds, (), kinds, natures, {})


def _year(day: int) -> int | None:
    return datetime.date.fromordinal(day).year if 0 < day <= datetime.date.max.toordinal() else None


def _day(year: int, month: int, day: int) -> int:
    return datetime.date(year, month, day).toordinal()


def _text(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
