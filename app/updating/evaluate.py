"""The process that parses and evaluates one foreign update, and may die of it; :mod:`app.updating.running` starts it.

``python -m app.updating.evaluate`` reads an :class:`app.updating.orders.Order` from the first line of its input and writes one
JSON object a line: ``{"load": address}`` where it waits for ``{"path": …}`` or ``{"error": …, "details": …}`` on its input,
and at last ``{"done": {…}}`` or ``{"error": key, "details": …}``. It has no network, opens the store read-only, and changes
nothing but files in the order's room.
"""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from itertools import chain, islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from app.engine import merge, sandbox
from app.engine.changes import SMALL, Change, QuadFile, Quads, batched_quads, serialised, write_quads
from app.engine.clone import WAYS, clone_store
from app.engine.composition import compose
from app.engine.federation import Edit, Rewritten
from app.engine.guard import check
from app.engine.guarded import checked
from app.engine.lookup import Graph
from app.engine.syntax import MARGIN, QUERIES, explained, first_of
from app.errors import (
    MaillageError,
    OutsideGraph,
    QueryFailed,
    QueryMemory,
    QuerySyntax,
    ServiceRefused,
    SyntaxRefused,
)
from app.ingest.lengths import too_long
from app.updating.effects import Effects
from app.updating.naming import named
from app.updating.orders import Order
from app.updating.splitting import NotSplit, Operation, labels, split

_FIRST = "DROP GRAPH <urn:maillage:nothing> ;\n"
"""An operation that fails on an empty store: the engine has parsed what follows by then, and evaluates none of it."""


def main() -> None:
    sandbox.leave_no_core()
    sandbox.die_with_parent()
    order = Order.from_json(sys.stdin.readline())
    held = sandbox.enter(loopback=bool(order.services))
    relays = _relays(order, held)
    store = ox.Store.read_only(str(order.store)) if order.store else ox.Store()
    sandbox.limit_memory(order.memory_mb)
    try:
        _tell({"done": Evaluation(order, store, relays).run()})
    except MaillageError as told:
        _tell({"error": told.key, "details": told.details})
    except MemoryError:
        _tell({"error": QueryMemory.key, "details": {"megabytes": order.memory_mb}})


@dataclass
class Evaluation:
    """One update on one state; ``store`` becomes a clone once a second operation must see what the first has changed."""

    order: Order
    store: ox.Store
    relays: dict[str, str]
    done: list[Change] = field(default_factory=list)
    cloned: bool = False

    @property
    def derived_graph(self) -> ox.NamedNode:
        return ox.NamedNode(f"{self.order.base}graphs/derived")

    @property
    def merge_graph(self) -> ox.NamedNode:
        return ox.NamedNode(f"{self.order.base}graphs/merge")

    @property
    def default_graph(self) -> ox.NamedNode:
        return ox.NamedNode(f"{self.order.base}graphs/default")

    @property
    def keeps_default(self) -> bool:
        return self.order.stored_default

    def run(self) -> dict[str, Any]:
        """The net effect, in two files of the room; their lengths. Raises subclasses of :class:`app.errors.QueryError`."""
        limits = {"characters": self.order.characters, "depth": self.order.depth}
        text = check(self.order.text, **limits, relays=self.relays)
        operations = parsed(text, self.order.base_iri)
        for place, operation in enumerate(operations):
            change = self._effect(operation)
            self.done.append(change)
            if place + 1 < len(operations) and not change.is_empty:
                self._make(change)
        return self._written(compose(self.done, self.order.room, SMALL), len(operations))

    def _effect(self, operation: Operation) -> Change:
        order = self.order
        default: Graph = ox.NamedNode(order.graph) if order.graph else self._default
        computed: frozenset[Graph] = frozenset({self.derived_graph, self.merge_graph})
        effects = Effects(self.store, order.base_iri, default, order.dataset, computed, load, order.graph)
        try:
            change = self._checked(*effects.of(operation))
        except (SyntaxError, UnicodeEncodeError) as error:
            raise ServiceRefused(target=str(error)[:200], reason="ambiguous") from error
        except MemoryError as error:
            raise QueryMemory(megabytes=order.memory_mb) from error
        except (OSError, RuntimeError, ValueError) as error:
            raise QueryFailed(reason=str(error)) from error
        if order.graph and (others := change.graphs - {default}):
            raise OutsideGraph(graph=order.graph, other=str(min(others, key=str)).strip("<>"))
        return change

    @property
    def _default(self) -> Graph:
        return ox.DefaultGraph() if self.order.stored_default else self.default_graph

    def _checked(self, removed: Iterable[ox.Quad], added: Iterable[ox.Quad]) -> Change:
        """The effective change. What is about whole graphs comes as such; the rest is in memory."""
        if isinstance(added, set) or isinstance(removed, set):
            _refuse_terms(added, self.order.literal)
            new = added if self.order.stored_default else named(added, self.order.base)
            change = merge.effective(self.store, Change(frozenset(new), frozenset(removed)))
        else:
            change = Change(self._gathered(added, "new"), self._gathered(removed, "old"))
        return checked(change, self)

    def _gathered(self, quads: Iterable[ox.Quad], side: str) -> Quads:
        """Quads in memory where they are few, else in a file."""
        rest = iter(quads)
        some = list(islice(rest, SMALL + 1))
        if len(some) <= SMALL:
            return frozenset(some)
        path = self.order.room / f"{side}-{len(self.done)}.nq.gz"
        count = 0
        with gzip.open(path, "wb", 1) as file:
            for batch in batched_quads(chain(some, rest)):
                count += len(batch)
                file.writelines(serialised(batch))
        return QuadFile(path, count)

    def _make(self, change: Change) -> None:
        """Have the operations that follow see the change."""
        if self.order.store and not self.cloned:
            path = self.order.room / "store"
            clone_store(self.order.store, path, list(WAYS.values()))
            sandbox.free_memory()
            self.store = ox.Store(str(path))
            sandbox.limit_memory(self.order.memory_mb)
            self.cloned = True
        merge.apply(self.store, change, merging=not self.order.stored_default)

    def _written(self, change: Change, operations: int) -> dict[str, Any]:
        for side, quads in (("added", change.added), ("removed", change.removed)):
            write_quads(self.order.room / f"{side}.nq.gz", quads)
        return {"added": len(change.added), "removed": len(change.removed), "operations": operations}


def parsed(text: Rewritten, base_iri: str) -> list[Operation]:
    """The operations of a text that the engine can parse, in the reading of its outline in which each part parses by itself.

    Raises :class:`app.errors.QuerySyntax` with the place in the text as it was written.
    """
    first: QuerySyntax | None = None
    for sure in (False, True):
        try:
            operations = split(text.text, sure=sure)
            for place, operation in enumerate(operations):
                _require_parsed(text, operation, base_iri, is_first=place == 0)
        except NotSplit as error:
            first = first or _unsplit(text, error, base_iri)
        except QuerySyntax as error:
            first = first or error
        else:
            _refuse_shared_labels(operations)
            return operations
    raise first or QuerySyntax(line=None, column=None, reason="ambiguous")


def _require_parsed(text: Rewritten, operation: Operation, base_iri: str, *, is_first: bool) -> None:
    """The operation as a whole, then each of its parts."""
    before = f"{operation.prologue}\n{_FIRST}"
    edit = Edit(operation.start, operation.start, _FIRST) if is_first else Edit(0, operation.start, before)
    written = f"{text.text[: edit.start]}{edit.text}{text.text[operation.start : operation.end]}"
    try:
        _parse(written, base_iri)
    except (SyntaxError, UnicodeEncodeError) as error:
        raise _located(error, text, Rewritten(written, text.text, (edit,)), base_iri) from error
    if operation.kind != "modify":
        return
    parts = [f"INSERT {part} WHERE {{}}" for part in (operation.delete, operation.insert) if part]
    for part in (*parts, f"INSERT {{}} WHERE {operation.where}"):
        try:
            _parse(before + part, base_iri)
        except SyntaxError as error:
            raise QuerySyntax(line=None, column=None, reason="ambiguous") from error


def _parse(text: str, base_iri: str) -> None:
    """Raises ``SyntaxError`` for what the engine cannot parse; nothing is evaluated (see ``_FIRST``)."""
    with suppress(RuntimeError):
        ox.Store().update(text + MARGIN, base_iri=base_iri)


def _located(error: SyntaxError | UnicodeEncodeError, text: Rewritten, written: Rewritten, base_iri: str) -> QuerySyntax:
    """The error with its place in the text as its author wrote it: back from what was parsed, and from the turned SERVICEs."""
    told = explained(_plainer(error, written.text, base_iri), written, lambda tried: _parse(tried, base_iri))
    if text.edits and told.details["line"]:
        lines = text.text.split("\n")
        offset = sum(len(line) + 1 for line in lines[: told.details["line"] - 1]) + told.details["column"] - 1
        line, column = text.place(offset)
        return QuerySyntax(**{**told.details, "line": line, "column": column})
    return told


def _plainer(error: SyntaxError | UnicodeEncodeError, text: str, base_iri: str) -> SyntaxError | UnicodeEncodeError:
    """Behind a text that ends with the mistake, the blank lines of the margin hide what the parser says of it."""
    try:
        with suppress(RuntimeError):
            ox.Store().update(text, base_iri=base_iri)
    except SyntaxError as bare:
        return bare if "not allowed in" in str(bare) else error
    return error


def _unsplit(text: Rewritten, outline: NotSplit, base_iri: str) -> QuerySyntax:
    """Where a text leaves the outline of an update; in a group that does not end, the engine knows better."""
    if outline.unclosed:
        before = f"{outline.prologue}\n{_FIRST}"
        written = before + text.text[outline.start :]
        try:
            _parse(written, base_iri)
        except (SyntaxError, UnicodeEncodeError) as error:
            return _located(error, text, Rewritten(written, text.text, (Edit(0, outline.start, before),)), base_iri)
    line, column = text.place(outline.place)
    if word := first_of(text.text[outline.place :], QUERIES):
        return QuerySyntax(line=line, column=column, reason="a-query", found=word)
    return QuerySyntax(line=line, column=column, reason="grammar")


def _refuse_shared_labels(operations: Iterable[Operation]) -> None:
    """A blank node's label belongs to one WHERE or one INSERT DATA of a request (SPARQL 1.1 Query §19.6)."""
    seen: set[str] = set()
    for operation in operations:
        own = labels(operation.insert or "") if operation.kind == "insert-data" else labels(operation.where or "")
        if shared := seen & own:
            raise QuerySyntax(line=None, column=None, reason="shared-label", found=f"_:{min(shared)}")
        seen |= own


def _refuse_terms(quads: Iterable[ox.Quad], literal: int) -> None:
    """RDF 1.2's triple terms and directions, which rdflib does not know, and terms that are too long."""
    for quad in quads:
        if long := too_long(quad, literal):
            raise SyntaxRefused(path="SPARQL", line=None, column=None, **asdict(long))
        if isinstance(quad.object, ox.Triple):
            raise SyntaxRefused(path="SPARQL", line=None, column=None, reason="triple-term")
        if isinstance(quad.object, ox.Literal) and quad.object.direction is not None:
            raise SyntaxRefused(path="SPARQL", line=None, column=None, reason="direction", found=str(quad.object))


def load(address: str) -> Path:
    """Has whoever started this process fetch a document; a file of N-Triples."""
    _tell({"load": address})
    reply = json.loads(sys.stdin.readline())
    if "error" in reply:
        raise MaillageError.revive(reply["error"], reply["details"])
    return Path(reply["path"])


def _relays(order: Order, held: dict[str, bool]) -> dict[str, str]:
    """The way to each endpoint that SERVICE may call, if there is one: never past a network of our own."""
    if not order.services or order.proxy is None or not held["loopback"]:
        return dict.fromkeys(order.services, "")
    from app.engine.relay import open_relay  # an HTTP server is only loaded where SERVICE is allowed

    return open_relay(order.services, order.proxy)


def _tell(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
