"""What each operation of an update adds to and removes from an open store (SPARQL 1.1 Update §3); the store is not changed.

The effect is computed, never found by comparing stores: WHERE is asked as a SELECT of the variables of the templates, and the
templates are filled in an empty scratch store, by the engine's own INSERT over those rows. So the cost follows the answer, not
the size of the graphs, and the grammar of templates stays the engine's affair. Only what is about whole graphs (CLEAR, DROP,
COPY, MOVE, ADD) reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from app.engine.lookup import Graph
from app.errors import LoadRefused, MaillageError, ProtectedGraph, UpdateFailed, UsingConflict
from app.updating.orders import Dataset
from app.updating.splitting import Operation, variables

_BLANK = "urn:maillage:blank:"
_ROW = "maillageRow"
_BATCH = 2_000
_DEFAULT = ox.DefaultGraph()

Loader = Callable[[str], Path]
"""Gives a file of N-Triples with what an address holds. Raises :class:`app.errors.LoadRefused` or an ``InputError``."""


@dataclass(frozen=True)
class Effects:
    """The effects on one state; ``default`` is the graph that the word DEFAULT and statements without a graph mean.

    ``computed`` are graphs that the service keeps itself: CLEAR NAMED and ALL pass them by, and they are no target.
    """

    store: ox.Store
    base_iri: str
    default: Graph
    dataset: Dataset
    computed: frozenset[Graph]
    load: Loader
    within: str | None = None

    def of(self, operation: Operation) -> tuple[Iterable[ox.Quad], Iterable[ox.Quad]]:
        """What an operation asks to remove and to add, in this order of effect; not all in a ``set`` need change anything.

        Raises :class:`app.errors.UpdateFailed`, ``UsingConflict``, ``ProtectedGraph``, ``LoadRefused``, and the engine's
        ``SyntaxError`` for a part that does not parse by itself.
        """
        match operation.kind:
            case "insert-data":
                return (), self._filled(operation, operation.insert or "", [])
            case "delete-data":
                return self._filled(operation, operation.delete or "", []), ()
            case "delete-where" | "modify":
                return self._modified(operation)
            case "load":
                return (), self._loaded(operation)
            case "clear" | "drop":
                return self._cleared(operation), ()
            case "create":
                return self._created(operation)
        return self._moved(operation)

    def _modified(self, operation: Operation) -> tuple[Iterable[ox.Quad], Iterable[ox.Quad]]:
        delete = operation.where if operation.kind == "delete-where" else operation.delete
        names = list(dict.fromkeys([*variables(delete or ""), *variables(operation.insert or "")])) or [_ROW]
        removed: set[ox.Quad] = set()
        added: set[ox.Quad] = set()
        rows = self._rows(operation, names)
        while some := list(islice(rows, _BATCH)):
            if delete:
                removed |= self._filled(operation, delete, names, some)
            if operation.insert:
                added |= self._filled(operation, operation.insert, names, some)
        return removed, added

    def _rows(self, operation: Operation, names: list[str]) -> Iterator[str]:
        """The solutions of WHERE, as lines of a VALUES block."""
        wanted = f"(1 AS ?{_ROW})" if names == [_ROW] else " ".join(f"?{name}" for name in names)
        froms = " ".join(f"FROM {'NAMED ' if named else ''}{graph}" for named, graph in operation.using)
        text = f"{operation.prologue}\nSELECT {wanted} {froms} WHERE {operation.where}\n"
        found: Any = self.store.query(text, base_iri=self.base_iri, **self._read(operation))
        for row in found:
            yield f"({' '.join(_value(row[name]) for name in names)})"

    def _read(self, operation: Operation) -> dict[str, Any]:
        """The dataset of WHERE: that of the protocol, or USING in the text itself, or WITH for the default graph alone."""
        if self.dataset.is_given:
            if operation.using or operation.within:
                raise UsingConflict
            given = ([ox.NamedNode(iri) for iri in each] for each in (self.dataset.default, self.dataset.named))
            return dict(zip(("default_graph", "named_graphs"), given, strict=True))
        if operation.using:
            return {}
        within = self._within(operation)
        return {"default_graph": [within]} if within is not None else {}

    def _within(self, operation: Operation) -> Graph | None:
        if operation.within:
            return self._graph(operation, operation.within)
        return ox.NamedNode(self.within) if self.within else None

    def _filled(self, operation: Operation, template: str, names: list[str], rows: Iterable[str] = ("()",)) -> set[ox.Quad]:
        """A template with the values of each row, as the engine would store it (SPARQL 1.1 Update §4.1.2).

        Without WITH, what names no graph goes to the default one.
        """
        scratch = ox.Store()
        within = f"WITH {operation.within} " if operation.within else ""
        values = f"VALUES ({' '.join(f'?{name}' for name in names)}) {{ {chr(10).join(rows)} }}"
        scratch.update(f"{operation.prologue}\n{within}INSERT {template}\nWHERE {{ {values} }}", base_iri=self.base_iri)
        return {made for quad in scratch if (made := self._placed(quad)) is not None}

    def _placed(self, quad: ox.Quad) -> ox.Quad | None:
        """The quad with its blank nodes back, and its graph; None where a blank node cannot stand."""
        subject, value = _back(quad.subject), _back(quad.object)
        if any(isinstance(_back(term), ox.BlankNode) for term in (quad.predicate, quad.graph_name)):
            return None
        return ox.Quad(subject, quad.predicate, value, self.default if quad.graph_name == _DEFAULT else quad.graph_name)

    def _graph(self, operation: Operation, reference: str) -> Graph:
        """The graph that a reference names, or DEFAULT means."""
        if reference == "default":
            return self.default
        scratch = ox.Store()
        probe = "<urn:a:a> <urn:a:a> <urn:a:a>"
        text = f"{operation.prologue}\nINSERT DATA {{ GRAPH {reference} {{ {probe} }} }}"
        scratch.update(text, base_iri=self.base_iri)
        made: Graph = next(iter(scratch)).graph_name
        return made

    def _all_of(self, graph: Graph) -> Iterator[ox.Quad]:
        return self.store.quads_for_pattern(None, None, None, graph)

    def _exists(self, graph: Graph) -> bool:
        return graph == self.default or next(self._all_of(graph), None) is not None

    def _cleared(self, operation: Operation) -> Iterator[ox.Quad]:
        target = operation.target or ""
        if target in ("named", "all"):
            kept = {*self.computed, self.default}
            graphs: list[Graph] = [graph for graph in self.store.named_graphs() if graph not in kept]
            graphs += [self.default] if target == "all" else []
        else:
            graph = self._graph(operation, target)
            if not self._exists(graph) and not operation.silent:
                raise UpdateFailed(graph=_iri(graph), reason="no-such-graph")
            graphs = [graph]
        return (quad for graph in graphs for quad in self._all_of(graph))

    def _created(self, operation: Operation) -> tuple[tuple[()], tuple[()]]:
        """An empty graph is as none, so there is nothing to do (SPARQL 1.1 Update §3.2.1)."""
        graph = self._graph(operation, operation.target or "")
        if graph in self.computed:
            raise ProtectedGraph(graph=_iri(graph))
        if self._exists(graph) and not operation.silent:
            raise UpdateFailed(graph=_iri(graph), reason="graph-exists")
        return (), ()

    def _moved(self, operation: Operation) -> tuple[Iterable[ox.Quad], Iterable[ox.Quad]]:
        """ADD, COPY and MOVE (SPARQL 1.1 Update §3.2.3 to §3.2.5)."""
        source, target = (self._graph(operation, each or "") for each in (operation.source, operation.target))
        if not self._exists(source):
            if operation.silent:
                return (), ()
            raise UpdateFailed(graph=_iri(source), reason="no-such-graph")
        if source == target:
            return (), ()
        cleared = [] if operation.kind == "add" else [target]
        gone = (quad for graph in cleared for quad in self._all_of(graph) if _in(quad, source) not in self.store)
        left = self._all_of(source) if operation.kind == "move" else iter(())
        return chain(gone, left), self._new(_in(quad, target) for quad in self._all_of(source))

    def _new(self, quads: Iterable[ox.Quad]) -> Iterator[ox.Quad]:
        return (quad for quad in quads if quad not in self.store)

    def _loaded(self, operation: Operation) -> Iterable[ox.Quad]:
        """LOAD (SPARQL 1.1 Update §3.1.4): what was fetched is N-Triples without blank nodes by now."""
        source = self._graph(operation, operation.source or "")
        target = self._graph(operation, operation.target) if operation.target else self.default
        try:
            path = self.load(_iri(source))
        except MaillageError:
            if operation.silent:
                return ()
            raise
        scratch = ox.Store()
        scratch.load(path=str(path), format=ox.RdfFormat.N_TRIPLES)
        return self._new(_in(quad, target) for quad in scratch)


def no_loader(address: str) -> Path:
    """Where nothing may be loaded."""
    raise LoadRefused(target=address[:200], reason="not-allowed")


def _in(quad: ox.Quad, graph: Graph) -> ox.Quad:
    """The same triple in another graph."""
    return ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def _value(term: Any) -> str:
    """A term as VALUES takes it, which has no blank nodes."""
    if term is None:
        return "UNDEF"
    return f"<{_BLANK}{term.value}>" if isinstance(term, ox.BlankNode) else str(term)


def _back(term: Any) -> Any:
    is_blank = isinstance(term, ox.NamedNode) and term.value.startswith(_BLANK)
    return ox.BlankNode(term.value.removeprefix(_BLANK)) if is_blank else term


def _iri(graph: Graph) -> str:
    return graph.value if isinstance(graph, ox.NamedNode) else "DEFAULT"
