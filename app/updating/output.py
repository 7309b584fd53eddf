"""The content of a graph as a document that is streamed: no more of it is in memory than is on its way; changes nothing.

``python -m app.updating.output STORE MEDIA_TYPE [GRAPH]`` writes it to its output: a large graph is written by a process of its
own, so that it holds up no page, and only as fast as it is read.
"""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from itertools import islice

import pyoxigraph as ox

from app.engine import sandbox
from app.engine.hand import environment
from app.engine.versions import Repository
from app.errors import QueueFull, UnknownGraph
from app.media import Format
from app.terms import PREFIXES

FEW = 5_000
"""Statements that are written at once, in a stable order."""

_AT_ONCE = 2
_WAIT = 5
_PIECE = 64 * 1024

Place = ox.NamedNode | ox.DefaultGraph
Small = Callable[[list[ox.Triple], Format], bytes]


@dataclass(frozen=True)
class GraphReader:
    """Reads graphs of one repository; few large ones at once."""

    repository: Repository
    _free: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE))

    def require(self, graph: Place, version: int) -> None:
        """Raises :class:`app.errors.UnknownGraph` where nothing is said in a graph; the default graph is always there."""
        with self.repository.reader(version) as reader:
            if isinstance(graph, ox.NamedNode) and next(iter(reader.quads(graph=graph)), None) is None:
                raise UnknownGraph(graph=graph.value)

    def content(self, graph: Place, version: int, form: Format, small: Small) -> bytes | Iterator[bytes]:
        """The document: whole, by ``small``, where it has few statements, else in pieces, to be closed in every case.

        Raises :class:`app.errors.UnknownGraph`, and :class:`app.errors.QueueFull` where too many large ones are being read.
        """
        with self.repository.reader(version) as reader:
            triples = [quad.triple for quad in islice(reader.quads(graph=graph), FEW + 1)]
        if not triples and isinstance(graph, ox.NamedNode):
            raise UnknownGraph(graph=graph.value)
        if len(triples) <= FEW:
            return small(triples, form)
        if not self._free.acquire(blocking=False):
            raise QueueFull(limit=_AT_ONCE, seconds=_WAIT)
        pieces = self._pieces(graph, version, form)
        next(pieces)  # only what has begun gives its place back when it is closed
        return pieces

    def _pieces(self, graph: Place, version: int, form: Format) -> Iterator[bytes]:
        with ExitStack() as held:
            held.callback(self._free.release)
            store = held.enter_context(self.repository.lease(version))
            named = [graph.value] if isinstance(graph, ox.NamedNode) else []
            command = [sys.executable, "-P", "-m", "app.updating.output", str(store), form.media_type, *named]
            process = subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment())  # noqa: S603
            held.enter_context(process)
            held.callback(process.kill)
            if process.stdout is None:
                raise TypeError("a process with an output")
            yield b""
            while piece := process.stdout.read(_PIECE):
                yield piece
            if process.wait() != 0:
                raise RuntimeError("the graph was not written to its end")  # the connection breaks: nothing cut looks whole


def main(store: str, media_type: str, graph: str | None = None) -> None:
    sandbox.leave_no_core()
    sandbox.die_with_parent()
    form = ox.RdfFormat.from_media_type(media_type)
    source = ox.NamedNode(graph) if graph else ox.DefaultGraph()
    quads = ox.Store.read_only(store).quads_for_pattern(None, None, None, source)
    with suppress(BrokenPipeError):
        ox.serialize((quad.triple for quad in quads), sys.stdout.buffer, form, prefixes=PREFIXES)
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
