"""What a write adds to and removes from the named graphs, in memory or in files; not how it is applied or merged."""

from __future__ import annotations

import gzip
import shutil
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

Quads = Collection[ox.Quad]
"""Quads without repetition that can be iterated any number of times: a frozenset, or a :class:`QuadFile`."""

SMALL = 200_000
"""Quads that are held in memory at most; more go through files."""

DEFAULT = "default"
"""The name of a stored default graph."""

_BATCH = 20_000


@dataclass(frozen=True)
class QuadFile:
    """The quads of a gzipped N-Quads file of which ``length`` is known; each once. Membership reads the file.

    ``within`` are its graphs where they are known without reading; ``keeper`` is whatever keeps the file from being deleted.
    """

    path: Path
    length: int
    within: frozenset[ox.NamedNode] | None = field(default=None, compare=False)
    keeper: Any = field(default=None, compare=False, repr=False)

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[ox.Quad]:
        with gzip.open(self.path, "rb") as text:
            yield from ox.parse(cast(IO[bytes], text), ox.RdfFormat.N_QUADS)

    def subjects(self) -> Iterator[str]:
        """The subjects in the file's order, each once where its quads follow each other; read without parsing the rest."""
        before = b""
        with gzip.open(self.path, "rb") as text:
            for line in text:
                subject = line[1 : line.index(b">")]
                if subject != before:
                    yield subject.decode()
                before = subject

    def about(self, subject: str) -> Iterator[ox.Quad]:
        """The quads of one subject: all lines are passed over, few are parsed."""
        start = f"<{subject}> ".encode()
        with gzip.open(self.path, "rb") as text:
            for line in text:
                if line.startswith(start):
                    yield from ox.parse(line, ox.RdfFormat.N_QUADS)

    def __contains__(self, quad: object) -> bool:
        return any(quad == own for own in self)


@dataclass(frozen=True)
class Change:
    """Quads of named source graphs that a write adds and removes.

    Small changes are frozensets; those of a bulk load are files (:class:`QuadFile`), so iterate and count, and combine them as
    sets only when ``is_small``.
    """

    added: Quads = frozenset()
    removed: Quads = frozenset()

    def __len__(self) -> int:
        return len(self.added) + len(self.removed)

    @property
    def is_empty(self) -> bool:
        return len(self) == 0

    @property
    def is_small(self) -> bool:
        """Both sides are in memory."""
        return isinstance(self.added, frozenset) and isinstance(self.removed, frozenset)

    def quads(self) -> Iterator[ox.Quad]:
        """Both sides, one after the other."""
        return chain(self.added, self.removed)

    @cached_property
    def graphs(self) -> frozenset[ox.NamedNode]:
        """The graphs that change."""
        return graphs_of(self.added) | graphs_of(self.removed)

    @property
    def graph_names(self) -> tuple[str, ...] | None:
        """The same as text, ``default`` for the default graph; None where a file would have to be read for it."""
        if any(isinstance(side, QuadFile) and side.within is None for side in (self.added, self.removed)):
            return None
        return tuple(sorted(name_of(graph) for graph in self.graphs))

    @cached_property
    def subjects(self) -> frozenset[ox.NamedNode]:
        """The nodes whose own statements change."""
        return frozenset(cast(ox.NamedNode, quad.subject) for quad in self.quads())

    def inverse(self) -> Change:
        """The change that undoes this one."""
        return Change(self.removed, self.added)


def graphs_of(quads: Quads) -> frozenset[ox.NamedNode]:
    """The graphs that some quads are in."""
    if isinstance(quads, QuadFile) and quads.within is not None:
        return quads.within
    return frozenset(cast(ox.NamedNode, quad.graph_name) for quad in quads)


def name_of(graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph) -> str:
    """How a manifest names a graph."""
    return graph.value if not isinstance(graph, ox.DefaultGraph) else DEFAULT


def write_quads(path: Path, quads: Quads) -> None:
    """Write a side of a change as gzipped N-Quads. The caller syncs it."""
    if isinstance(quads, QuadFile):
        shutil.copyfile(quads.path, path)
        return
    with gzip.open(path, "wb", 6 if len(quads) < _BATCH else 1) as text:
        for lines in serialised(quads):
            text.write(lines)


def serialised(quads: Iterable[ox.Quad]) -> Iterator[bytes]:
    """N-Quads, many lines at a time."""
    for some in batched_quads(quads):
        yield cast(bytes, ox.serialize(some, format=ox.RdfFormat.N_QUADS))


def batched_quads(quads: Iterable[ox.Quad], size: int = _BATCH) -> Iterator[list[ox.Quad]]:
    """The quads in lists of bounded length."""
    rest = iter(quads)
    while some := list(islice(rest, size)):
        yield some
