"""Which nodes a change can affect, in which source graphs; derived from the shapes' paths, never from a list of special cases.

Wherever a shape's path reads a statement of another node, a changed statement of that predicate is followed back along the
path's beginning, over the statements that are there now, to the focus nodes. References (sh:class) and uniqueness (siren ^siren)
are paths like any other: the first ends in rdf:type.

Statements that were removed need not be followed. A path that is there no more, or is new, has a first changed statement; all
before it are there still, and lead back from it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from app.shapes import paths, reading
from app.shapes.case import Stated
from app.shapes.lookup import Change, Lookup, Subject
from app.shapes.paths import HERE, Path, Step
from app.shapes.reach import SAME_AS, spread, standings
from app.shapes.shapes import Shapes
from app.terms import EngineTerm

Pairs = dict[ox.NamedNode, set[Subject]]
"""Source graph to nodes."""


ITSELF: tuple[Step, Path] = (reading.TYPE, HERE)
"""A node's own type: other graphs that say something of it, and no type, judge it by that one."""


@dataclass(frozen=True)
class Watch:
    """The places where paths read statements of other nodes: by predicate, the step and the way back to the focus nodes."""

    places: tuple[tuple[Step, Path], ...]

    @classmethod
    def of(cls, shapes: Shapes) -> Watch:
        """The places in all paths of the shapes."""
        found = (place for path in shapes.paths for place in paths.occurrences(path))
        beyond = (place for place in found if place[1] != HERE or place[0].inverse)
        return cls((ITSELF, *dict.fromkeys((step, paths.reverse(prefix)) for step, prefix in beyond)))

    def by_predicate(self) -> dict[ox.NamedNode, list[int]]:
        """The numbers of the places where a predicate is read."""
        found: dict[ox.NamedNode, list[int]] = defaultdict(list)
        for number, (step, _) in enumerate(self.places):
            for predicate in step.predicates:
                found[predicate].append(number)
        return found


@dataclass(frozen=True)
class Graphs:
    """Which named graphs are sources: all but what the service itself writes."""

    written: frozenset[ox.NamedNode]

    def is_source(self, graph: object) -> bool:
        """Whether statements of a graph are judged."""
        return isinstance(graph, ox.NamedNode) and graph not in self.written

    def everything(self, after: Lookup) -> Pairs:
        """Every node in every source graph."""
        pairs: Pairs = defaultdict(set)
        for quad in after.quads(None, None, None, None):
            if isinstance(quad.graph_name, ox.NamedNode) and self.is_source(quad.graph_name) and quad.predicate != SAME_AS:
                pairs[quad.graph_name].add(quad.subject)
        return pairs


@dataclass(frozen=True)
class Affected:
    """The nodes that a change can affect, with each source graph that says something of them.

    ``stated`` are statements that the change adds and that are all that a graph says of a node; of the nodes ``sole``, no other
    graph says anything.
    """

    pairs: Pairs
    stated: Stated = field(default_factory=dict)
    sole: Mapping[Subject, Sequence[ox.Quad]] = field(default_factory=dict)


def affected(after: Lookup, change: Change, watch: Watch, graphs: Graphs, added: Stated) -> Affected:
    """The nodes that a change can affect; ``added`` is what it adds, as far as that is held in memory."""
    trail = _Trail(watch, graphs)
    for side in (change.removed, change.added):
        for quad in side:
            trail.add(quad)
    stated, sole = _told(after, added, graphs)
    for node, standing in standings(after, trail.followed_back(after, sole) - sole.keys()):
        for graph in standing:
            if graphs.is_source(graph):
                trail.pairs[graph].add(node)
    return Affected(trail.pairs, stated, sole)


def _told(after: Lookup, added: Stated, graphs: Graphs) -> tuple[Stated, Mapping[Subject, Sequence[ox.Quad]]]:
    """Of what was added, that which is all that its graph says of a node, and that which is all that is said of it."""
    stated: dict[ox.NamedNode, dict[Subject, Sequence[ox.Quad]]] = defaultdict(dict)
    sole: dict[Subject, Sequence[ox.Quad]] = {}
    for node, standing in standings(after, {node for nodes in added.values() for node in nodes}):
        for graph, said in standing.items():
            told = added.get(graph, _NO_NODE).get(node, ())
            if len(told) == said and graphs.is_source(graph):
                stated[graph][node] = told
                if len(standing) == 1:
                    sole[node] = told
    return stated, sole


_NO_NODE: Mapping[Subject, Sequence[ox.Quad]] = {}


class _Trail:
    """What a change touches: subjects, and where to follow paths back from."""

    def __init__(self, watch: Watch, graphs: Graphs) -> None:
        self._watch, self._graphs = watch, graphs
        self._places = watch.by_predicate()
        self._starts: list[set[EngineTerm]] = [set() for _ in watch.places]
        self.pairs: Pairs = defaultdict(set)

    def add(self, quad: ox.Quad) -> None:
        """Note a statement that was added or removed."""
        predicate, graph = quad.predicate, quad.graph_name
        if predicate == SAME_AS:
            return
        if isinstance(graph, ox.NamedNode) and self._graphs.is_source(graph):
            self.pairs[graph].add(quad.subject)
        for number in self._places.get(predicate, ()):
            self._starts[number].add(quad.object if self._watch.places[number][0].inverse else quad.subject)

    def followed_back(self, after: Lookup, sole: Mapping[Subject, Sequence[ox.Quad]]) -> set[Subject]:
        """The focus nodes of the paths that a changed statement is on."""

        def step_from(step: Step, here: set[EngineTerm]) -> set[EngineTerm]:
            if step.inverse:
                return spread(after, step, here)
            known = here & sole.keys()
            said = (quad for node in known for quad in sole[node])  # type: ignore[index]
            return {quad.object for quad in said if quad.predicate in step.predicates} | spread(after, step, here - known)

        ways = (way for _, way in self._watch.places)
        found = (paths.reach(way, nodes, step_from) for way, nodes in zip(ways, self._starts, strict=True) if nodes)
        return {node for ends in found for node in ends if not isinstance(node, ox.Literal)}
