"""How much a version holds: triples, entities by class and triples by property, in each graph and in their merge.

An index beside the store, exact: kept from the parent's figures and a small change; a large one has its graphs counted anew.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pyoxigraph as ox

from app.engine.changes import Change
from app.engine.lookup import State
from app.engine.manifest import now
from app.terms import PREFIXES

NAME = "description"
MERGE = ""
"""The name that the merge has among the graphs."""

_SHARE = 20
_TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
_FILE = "figures.json"


@dataclass
class Figures:
    """Of one graph: ``properties`` and ``classes`` by IRI; ``changed`` is when a version last changed it (ISO 8601)."""

    triples: int = 0
    properties: Counter[str] = field(default_factory=Counter)
    classes: Counter[str] = field(default_factory=Counter)
    changed: str = ""

    def count(self, triple: ox.Triple | ox.Quad, sign: int) -> None:
        """Have one triple more or less."""
        self.triples += sign
        _move(self.properties, triple.predicate.value, sign)
        if triple.predicate == _TYPE and isinstance(triple.object, ox.NamedNode):
            _move(self.classes, triple.object.value, sign)


def _move(counter: Counter[str], key: str, sign: int) -> None:
    counter[key] += sign
    if counter[key] == 0:
        del counter[key]


@dataclass(frozen=True)
class Description:
    """The figures of each graph by its IRI, and of the merge."""

    graphs: Mapping[str, Figures]

    @property
    def merge(self) -> Figures:
        return self.graphs.get(MERGE, Figures())

    @classmethod
    def read(cls, folder: Path) -> Description:
        told: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
        return cls(
            {
                name: Figures(f["triples"], Counter(f["properties"]), Counter(f["classes"]), f["changed"])
                for name, f in told.items()
            }
        )

    def write(self, folder: Path) -> None:
        told = {name: vars(figures) for name, figures in self.graphs.items() if figures.triples}
        (folder / _FILE).write_text(json.dumps(told, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")


@dataclass(frozen=True)
class DescriptionIndex:
    """Implements :class:`app.engine.lookup.Index`."""

    name: str = NAME
    form: str = "1"
    least: int = 2_000
    """Where more statements change than this, and than one in ``_SHARE``, counting is faster than looking each of them up."""

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
        if earlier is None:
            counted(after).write(folder)
            return
        before = Description.read(earlier)
        if len(change) + len(derived) > max(self.least, before.merge.triples // _SHARE):
            recounted(before, after, change.graphs | derived.graphs).write(folder)
        else:
            moved(before, after, change, derived).write(folder)


def counted(state: State) -> Description:
    """The figures of a state, asked of the engine graph by graph."""
    return recounted(Description({}), state, {row["graph"] for row in state.query("SELECT ?graph WHERE { GRAPH ?graph { } }")})


def recounted(before: Description, state: State, touched: Iterable[ox.NamedNode]) -> Description:
    """The figures of a state that has changed in some graphs only: those and the merge are asked of the engine."""
    moment = now()
    graphs = {
        name.value: _asked(state, f"GRAPH {name} {{ ?s ?p ?o }}", f"GRAPH {name} {{ ?s a ?o }}", moment) for name in touched
    }
    return Description({**before.graphs, MERGE: _asked(state, "?s ?p ?o", "?s a ?o", moment), **graphs})


def _asked(state: State, all_: str, typed: str, moment: str) -> Figures:
    properties = state.query(f"SELECT ?p (COUNT(*) AS ?n) WHERE {{ {all_} }} GROUP BY ?p")
    by_property = Counter({row["p"].value: int(row["n"].value) for row in properties})
    classes = state.query(f"SELECT ?o (COUNT(*) AS ?n) WHERE {{ {typed} }} GROUP BY ?o")
    by_class = Counter({row["o"].value: int(row["n"].value) for row in classes if isinstance(row["o"], ox.NamedNode)})
    return Figures(sum(by_property.values()), by_property, by_class, moment)


def moved(before: Description, after: State, change: Change, derived: Change) -> Description:
    """The figures after two effective changes that led to the state ``after``."""
    graphs = dict(before.graphs)
    moment = now()
    added, removed = [*change.added, *derived.added], [*change.removed, *derived.removed]
    for quads, sign in ((added, 1), (removed, -1)):
        for quad in quads:
            figures = graphs.setdefault(cast(ox.NamedNode, quad.graph_name).value, Figures())
            figures.count(quad, sign)
            figures.changed = moment
    for triple, sign in _merged(after, added, removed):
        figures = graphs.setdefault(MERGE, Figures())
        figures.count(triple, sign)
        figures.changed = moment
    return Description(graphs)


def _merged(after: State, added: Iterable[ox.Quad], removed: Iterable[ox.Quad]) -> Iterable[tuple[ox.Triple, int]]:
    """The triples that entered the merge (1) and that left it (-1): stated by no graph before, or by none after."""
    came: dict[ox.Triple, set[Any]] = {}
    went: dict[ox.Triple, set[Any]] = {}
    for quads, graphs in ((added, came), (removed, went)):
        for quad in quads:
            graphs.setdefault(quad.triple, set()).add(quad.graph_name)
    for triple in came.keys() | went.keys():
        now_in = {quad.graph_name for quad in after.quads(*triple)} - {ox.DefaultGraph()}
        before_in = (now_in - came.get(triple, set())) | went.get(triple, set())
        if bool(now_in) != bool(before_in):
            yield triple, 1 if now_in else -1
