"""What a write adds to and removes from the named graphs, in memory or in files; not how it is applied or merged."""

from __future__ import annotations

import gzip
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import IO, cast

import pyoxigraph as ox

Quads = Collection[ox.Quad]
"""Quads without repetition that can be iterated any number of times: a frozenset, or a :class:`QuadFile`."""


@dataclass(frozen=True)
class QuadFile:
    """The quads of a gzipped N-Quads file of which ``length`` is known; each once. Membership reads the file."""

    path: Path
    length: int

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[ox.Quad]:
        with gzip.open(self.path, "rb") as text:
            yield from ox.parse(cast(IO[bytes], text), ox.RdfFormat.N_QUADS)

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
        return frozenset(cast(ox.NamedNode, quad.graph_name) for quad in self.quads())

    @cached_property
    def subjects(self) -> frozenset[ox.NamedNode]:
        """The nodes whose own statements change."""
        return frozenset(cast(ox.NamedNode, quad.subject) for quad in self.quads())

    def inverse(self) -> Change:
        """The change that undoes this one."""
        return Change(self.removed, self.added)
