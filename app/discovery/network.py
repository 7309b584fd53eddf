"""The network of one version as its readers use it: nodes by number, their links, and nothing of what they are called.

    network = Network.open(folder)                  # or networks.at(version), see app.assembly.indexing
    node = network.ordinal("http://…/id/actor/poles-noe")
    links = network.neighbours(node)                # arrays: targets, kinds, starts, ends, forward
    network.iri(int(links.targets[0]))              # back to an IRI
    network.links[links.kinds[0]]                   # what kind of link it is: property, role or capacity, and its weight

Numbers hold within one version only. Opening takes some milliseconds and no memory to speak of, however large the network is.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import LINK, NO_NEIGHBOURS, Ints, Links, Neighbours, Rows, joined
from app.discovery.files import GONE, Base, Patch, mark_of_base, read_scheme
from app.discovery.kinds import LinkKind, Scheme

__all__ = ["Neighbours", "Network"]


class Network:
    """Entities and their links in one version: a base, and a patch of recent changes. Safe for threads."""

    def __init__(self, scheme: Scheme, base: Base, patch: Patch, origin: object = None) -> None:
        self.scheme = scheme
        self.base = base
        self.patch = patch
        self.origin = origin
        """What tells its base from any other, also in later versions, whose bases have the same numbers; None where that is not
        known."""
        self._old = len(base.iris)
        self._fresh = {iri: self._old + turn for turn, iri in enumerate(patch.fresh)}
        self._altered = dict(zip(patch.changed.tolist(), patch.changed_kinds.tolist(), strict=True))
        self._more = _Overlay(patch.added)
        self._cut = np.sort(patch.cut_places.ravel())

    @classmethod
    def open(cls, folder: Path) -> Network:
        """The network in a version's folder ``network``."""
        return cls(read_scheme(folder), Base.open(folder), Patch.read(folder), mark_of_base(folder))

    # Nodes

    def __len__(self) -> int:
        """How many numbers there are; the few of nodes that are gone are among them."""
        return self._old + len(self.patch.fresh)

    def ordinal(self, iri: str) -> int | None:
        """The number of an entity; None for one that the network does not have."""
        found = self._fresh.get(iri)
        if found is None:
            found = self.base.iris.find(iri)
        return found if found is not None and self._kind(found) != GONE else None

    def iri(self, node: int) -> str:
        """The entity that a number stands for."""
        return self.base.iris[node] if node < self._old else self.patch.fresh[node - self._old]

    def kind(self, node: int) -> str | None:
        """The path segment of the node's class (``actor``); None for what no class describes."""
        kinds, number = self.scheme.kinds, self._kind(node)
        return kinds[number] if number < len(kinds) else None

    @property
    def kinds(self) -> tuple[str, ...]:
        """The path segments of classes; :meth:`kinds_of` gives places in it."""
        return self.scheme.kinds

    def kinds_of(self, nodes: Ints) -> NDArray[np.uint8]:
        """The kinds of many nodes as places in :attr:`kinds`; what is above them is no kind (see kinds and files)."""
        if not self.patch.fresh and not self._altered:
            return self.base.kinds[nodes]
        return self._all_kinds[nodes]

    def nodes(self, kind: str | None = None) -> Ints:
        """Every node, or those of one kind, in the order of their numbers. Reads one byte for each node there is."""
        wanted = self._all_kinds != GONE if kind is None else self._all_kinds == self.kinds.index(kind)
        return np.flatnonzero(wanted).astype(np.int32)

    def are_of(self, nodes: Ints, kinds: Collection[str]) -> NDArray[np.bool_]:
        """Which of many nodes are of one of some kinds."""
        found: NDArray[np.bool_] = self.numbers_of(kinds)[self.kinds_of(nodes)]
        return found

    def numbers_of(self, kinds: Collection[str]) -> NDArray[np.bool_]:
        """For each number that :meth:`kinds_of` may give, whether it is of one of some kinds."""
        wanted = np.zeros(256, bool)
        wanted[[number for number, kind in enumerate(self.kinds) if kind in kinds]] = True
        return wanted

    def count(self, kind: str) -> int:
        """How many nodes of a kind there are; counted once."""
        return int(self._counts[self.kinds.index(kind)])

    @cached_property
    def _counts(self) -> NDArray[np.int64]:
        return np.bincount(self._all_kinds, minlength=256)

    # Links

    @property
    def links(self) -> tuple[LinkKind, ...]:
        """The kinds of links by their number."""
        return self.scheme.links

    def neighbours(self, node: int) -> Neighbours:
        """The links of a node, from both ends, in a stable order; without copying where nothing changed."""
        if node >= self._old:
            return self._more.row(node)
        low, high = self.base.rows.span(node)
        row = self.base.rows.row(node)
        cut = self._cut[np.searchsorted(self._cut, low) : np.searchsorted(self._cut, high)]
        if len(cut):
            kept = np.ones(high - low, dtype=bool)
            kept[cut - low] = False
            row = row.only(kept)
        return joined([row, self._more.row(node)]) if self._more.has(node) else row

    def around(self, nodes: Ints, among: NDArray[np.bool_] | None = None) -> tuple[Neighbours, NDArray[np.int64]]:
        """The links of several nodes at once, and for each link the place of its node in ``nodes``; only those with a node that
        ``among`` marks, where it is given."""
        places, origins = self._places(nodes, among)
        rows = Neighbours._make(column[places] for column in self.base.rows.columns)
        more, sources = self._more.around(nodes)
        if among is not None:
            more, sources = more.only(among[more.targets]), sources[among[more.targets]]
        if len(sources):
            return joined([rows, more]), np.concatenate([origins, sources])
        return rows, origins

    def between(self, nodes: Ints, others: Ints, *, turned: bool) -> tuple[Neighbours, NDArray[np.int64]]:
        """The links of several nodes with some others, each of these once, as :meth:`around` gives them; with ``turned`` they are
        read from the others."""
        marked = np.zeros(len(self), bool)
        if not turned:
            marked[others] = True
            return self.around(nodes, marked)
        marked[nodes] = True
        rows, origins = self.around(others, marked)
        order = np.argsort(nodes, kind="stable")
        lows, highs = (np.searchsorted(nodes[order], rows.targets, side) for side in ("left", "right"))
        each = np.repeat(np.arange(len(lows)), highs - lows)
        places = order[np.arange(len(each)) - np.repeat(np.cumsum(highs - lows) - highs, highs - lows)]
        rows = rows._replace(targets=others[origins], forward=~rows.forward)
        return Neighbours._make(column[each] for column in rows), places

    def linked_with(self, nodes: Ints) -> NDArray[np.bool_]:
        """Marks every node that is linked with one of some."""
        marked = np.zeros(len(self), bool)
        marked[self.base.rows.columns.targets[self._places(nodes)[0]]] = True
        marked[self._more.around(nodes)[0].targets] = True
        return marked

    def _places(self, nodes: Ints, among: NDArray[np.bool_] | None = None) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Where the base has the links of several nodes, as :meth:`around` gives them."""
        old = np.flatnonzero(nodes < self._old)
        places, origins = self.base.rows.positions(nodes[old])
        if among is not None:
            marked = among[self.base.rows.columns.targets[places]]
            places, origins = places[marked], origins[marked]
        if len(self._cut):
            found = np.searchsorted(self._cut, places)
            kept = self._cut[np.minimum(found, len(self._cut) - 1)] != places
            places, origins = places[kept], origins[kept]
        return places, old[origins]

    def degree(self, node: int) -> int:
        """How many links a node has."""
        return int(self.degrees(np.array([node], dtype=np.int32))[0])

    def degrees(self, nodes: Ints) -> NDArray[np.int64]:
        """How many links each of many nodes has."""
        if not self.patch.fresh and not len(self._moved):
            return self._old_degrees(nodes)
        counts = np.zeros(len(nodes), np.int64)
        old = nodes < self._old
        counts[old] = self._old_degrees(nodes[old])
        if not len(self._moved):
            return counts
        place = np.minimum(np.searchsorted(self._moved, nodes), len(self._moved) - 1)
        moved = self._moved[place] == nodes
        counts[moved] += self._gained[place[moved]]
        return counts

    def standing(self, iri: str) -> object:
        """What tells how a node and its links are from how they are in other versions of the same base."""
        node = self.ordinal(iri)
        if self.origin is None:
            return object()
        if node is None:
            return None
        low, high = self.base.rows.span(node) if node < self._old else (0, 0)
        cut = self._cut[np.searchsorted(self._cut, low) : np.searchsorted(self._cut, high)]
        return self.origin, node, self._kind(node), cut.tobytes(), *(column.tobytes() for column in self._more.row(node))

    def joining(self) -> NDArray[np.bool_]:
        """Which kinds of links nodes of each kind may have, by the numbers of both: those of nodes that are gone may be among
        them."""
        found = np.array(self.base.joining)
        for end in ("source", "target"):
            found[self.kinds_of(self.patch.added[end]), self.patch.added["kind"]] = True
        return found

    def all_links(self) -> Links:
        """Every link once, as records: what reads the whole network starts here."""
        links, places = self.base.rows.links()
        return np.concatenate([links[~np.isin(places, self._cut)] if len(self._cut) else links, self.patch.added])

    # Parts

    def _kind(self, node: int) -> int:
        if node >= self._old:
            return int(self.patch.fresh_kinds[node - self._old])
        changed = self._altered.get(node)
        return int(self.base.kinds[node]) if changed is None else changed

    @cached_property
    def _all_kinds(self) -> NDArray[np.uint8]:
        """Of every node: a copy of a byte for each, made once, in less time than a page takes to look up those that it needs."""
        kinds = np.concatenate([self.base.kinds, self.patch.fresh_kinds])
        kinds[self.patch.changed] = self.patch.changed_kinds
        return kinds

    def _old_degrees(self, nodes: Ints) -> NDArray[np.int64]:
        pointers = self.base.rows.pointers
        return pointers[nodes + 1] - pointers[nodes]

    @cached_property
    def _moved(self) -> Ints:
        """The nodes whose links are not those of the base, in order."""
        return np.unique(
            np.concatenate([links[end] for links in (self.patch.added, self.patch.cut) for end in ("source", "target")])
        )

    @cached_property
    def _gained(self) -> NDArray[np.int64]:
        """How many links more each of them has than in the base."""
        gained = np.zeros(len(self._moved), np.int64)
        for links, sign in ((self.patch.added, 1), (self.patch.cut, -1)):
            for end in ("source", "target"):
                np.add.at(gained, np.searchsorted(self._moved, links[end]), sign)
        return gained


class _Overlay:
    """The links that a patch adds, by node: as rows over the few nodes that have any."""

    def __init__(self, added: Links) -> None:
        self._nodes, packed = np.unique(np.concatenate([added["source"], added["target"]]), return_inverse=True)
        local = np.empty(len(added), dtype=LINK)
        local[:] = added
        local["source"], local["target"] = packed[: len(added)], packed[len(added) :]
        self._rows = Rows.of(local, len(self._nodes))

    def has(self, node: int) -> bool:
        place = int(np.searchsorted(self._nodes, node))
        return place < len(self._nodes) and int(self._nodes[place]) == node

    def row(self, node: int) -> Neighbours:
        if not self.has(node):
            return NO_NEIGHBOURS
        row = self._rows.row(int(np.searchsorted(self._nodes, node)))
        return row._replace(targets=self._nodes[row.targets])

    def around(self, nodes: Ints) -> tuple[Neighbours, NDArray[np.int64]]:
        if not len(self._nodes):
            return NO_NEIGHBOURS, np.empty(0, np.int64)
        places = np.minimum(np.searchsorted(self._nodes, nodes), len(self._nodes) - 1)
        known = np.flatnonzero(self._nodes[places] == nodes)
        positions, origins = self._rows.positions(places[known].astype(np.int32))
        rows = Neighbours._make(column[positions] for column in self._rows.columns)
        return rows._replace(targets=self._nodes[rows.targets]), known[origins]
