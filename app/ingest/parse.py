"""The process that parses one foreign file, and may die of it; :mod:`app.ingest.reading` starts it and interprets its end.

``python -m app.ingest.parse`` reads an :class:`app.ingest.orders.Order` from its input and writes one JSON object a line: now and
then ``{"done": bytes, "total": bytes}``, at last ``{"parsed": …}``, ``{"lines": …}`` or ``{"error": key, "details": …}``.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
from collections.abc import Iterator
from typing import Any, cast

import pyoxigraph as ox

from app.engine import sandbox
from app.errors import MaillageError, SyntaxRefused, UnreadableInput
from app.ingest.lengths import too_long
from app.ingest.nodes import Component, Statement, components, name
from app.ingest.orders import Order
from app.ingest.reasons import refusal
from app.ingest.stream import Lines
from app.ingest.whereabouts import Whereabouts

_TOLD_EVERY = 0.2


def main() -> None:
    sandbox.leave_no_core()
    sandbox.die_with_parent()
    order = Order.from_json(sys.stdin.read())
    sandbox.enter(loopback=False)
    sandbox.limit_memory(order.bounds.memory_mb)
    resource.setrlimit(resource.RLIMIT_FSIZE, (_largest_output(order), resource.RLIM_INFINITY))
    try:
        _tell(_lines(order) if order.wanted is not None else _statements(order))
    except MaillageError as told:
        _tell({"error": told.key, "details": told.details})
    except MemoryError:
        error = UnreadableInput(path=order.document.name, reason="too-much-memory", megabytes=order.bounds.memory_mb)
        _tell({"error": error.key, "details": error.details})


def _statements(order: Order) -> dict[str, Any]:
    reader = _Reader(order)
    if order.output is None:
        raise TypeError("an output or wanted lines")
    with order.output.open("wb") as output:
        ox.serialize(reader.all(), output, ox.RdfFormat.N_TRIPLES)
    told = {
        "statements": reader.count,
        "nodes": reader.nodes,
        "entities": len(reader.entities),
        "graphs": sorted(reader.graphs),
    }
    return {"parsed": told}


def _lines(order: Order) -> dict[str, Any]:
    reader = _Reader(order)
    whereabouts = Whereabouts(order.wanted or [])
    for triple, line in reader.statements():
        whereabouts.look(triple, line)
    for component in reader.components():
        whereabouts.look_in(component, order.base)
    return {"lines": whereabouts.found()}


class _Reader:
    """Statements of one document; those with blank nodes wait until all are known."""

    def __init__(self, order: Order) -> None:
        self.order = order
        self.count = 0
        self.nodes = 0
        self.graphs: set[str] = set()
        self.entities: set[int] = set()
        """Hashes of the subjects with IRIs: a million of them take some tens of megabytes."""
        self._node = f"{order.base}id/node/"
        self._waiting: list[Statement] = []
        document = order.document
        self._lines = Lines(
            document, most=order.bounds.megabytes * 1_000_000, without_doctype=document.format == ox.RdfFormat.RDF_XML
        )

    def all(self) -> Iterator[ox.Triple]:
        """Every statement, without blank nodes."""
        for triple, _ in self.statements():
            yield triple
        for component in self.components():
            yield from name(component, self.order.base)

    def statements(self) -> Iterator[Statement]:
        """The statements without blank nodes, as they come."""
        allowed = {ox.DefaultGraph(), ox.NamedNode(self.order.graph)} if self.order.graph else {ox.DefaultGraph()}
        for quad in self._quads():
            self.count += 1
            if quad.graph_name not in allowed:
                self._take_graph(quad)
            subject, value = quad.subject, quad.object
            self._check(value)
            if long := too_long(quad, self.order.bounds.literal):
                raise self._refused(long.reason, self._lines.line, length=long.length, limit=long.limit)
            if isinstance(subject, ox.NamedNode) and not subject.value.startswith(self._node):
                self.entities.add(hash(subject))
            if isinstance(subject, ox.BlankNode) or isinstance(value, ox.BlankNode):
                self._waiting.append((quad.triple, self._lines.line))
            else:
                yield quad.triple, self._lines.line

    def components(self) -> Iterator[Component]:
        """What waited, in parts that can be named one by one; each within its time."""
        bounds = self.order.bounds
        for component in components(self._waiting):
            if component.nodes > bounds.component:
                raise self._refused("component-too-large", component.line, nodes=component.nodes, limit=bounds.component)
            self.nodes += component.nodes
            if component.nodes > 1:
                _tell({"naming": component.line})
            signal.setitimer(signal.ITIMER_VIRTUAL, bounds.component_seconds)  # its signal ends the process
            yield component
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _quads(self) -> Iterator[ox.Quad]:
        document = self.order.document
        total = document.path.stat().st_size
        told = time.monotonic()
        try:
            for place, quad in enumerate(
                ox.parse(cast(Any, self._lines), document.format, base_iri=self.order.relative_to or self.order.base)
            ):
                if place % 4096 == 0 and time.monotonic() - told > _TOLD_EVERY:
                    told = time.monotonic()
                    _tell({"done": self._lines.done, "total": total})
                yield quad
        except SyntaxError as error:
            raise refusal(error, document.name, self._lines.line) from error
        finally:
            self._lines.close()

    def _take_graph(self, quad: ox.Quad) -> None:
        if not self.order.merge:
            raise self._refused("named-graph", self._lines.line, found=str(quad.graph_name).strip("<>"))
        self.graphs.add(str(quad.graph_name).strip("<>"))

    def _check(self, value: Any) -> None:
        if isinstance(value, ox.Literal):
            if value.direction is not None:
                raise self._refused("direction", self._lines.line, found=str(value))
        elif isinstance(value, ox.Triple):
            raise self._refused("triple-term", self._lines.line)

    def _refused(self, reason: str, line: int, **details: Any) -> SyntaxRefused:
        return SyntaxRefused(path=self.order.document.name, line=line, column=None, reason=reason, **details)


def _largest_output(order: Order) -> int:
    """N-Triples repeat what other formats abbreviate."""
    return order.bounds.megabytes * 1_000_000 * 20


def _tell(said: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(said) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
