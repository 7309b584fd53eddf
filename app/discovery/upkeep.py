"""Brings a network from one version to the next by what a change touched, or folds its patch into a new base."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import product
from typing import cast

import numpy as np
import pyoxigraph as ox
from numpy.typing import NDArray

from app.discovery import intervals
from app.discovery.arrays import LINK, NO_LINKS, Links
from app.discovery.files import GONE, Base, Patch
from app.discovery.kinds import CAPACITY, MEMBER, MEMBER_OF, PARTICIPANT, PARTICIPATION, ROLE, Carrier
from app.discovery.network import Network
from app.discovery.statements import TYPE, Link, Statements
from app.engine.changes import Change

Numbered = tuple[int, int, int, int, int]
"""A link as the fields of :data:`app.discovery.arrays.LINK`."""


@dataclass
class Touched:
    """What must be read again after a change: entities with their own links, partnerships with their parties, pairs of a member
    and its group, entities with their kind."""

    owners: set[str] = field(default_factory=set)
    partnerships: set[str] = field(default_factory=set)
    pairs: set[tuple[str, str]] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)

    @classmethod
    def by(cls, change: Change, after: Statements) -> Touched:
        found = cls()
        dated: set[str] = set()
        memberships: dict[str, set[tuple[str, str]]] = {}
        direct = {after.scheme.links[number].iri for number in after.scheme.carried("property")}
        for quad in change.quads():
            subject, path = cast(ox.NamedNode, quad.subject).value, quad.predicate.value
            if path in direct:
                found.owners.add(subject)
            elif path in intervals.TELLING:
                dated.add(subject)
            elif path == TYPE:
                found.typed.add(subject)
                dated.add(subject)  # an event lasts a day where another entity's end is unknown
            elif path == PARTICIPATION:
                found.partnerships.add(subject)
            elif path in (PARTICIPANT, ROLE):
                found.partnerships.update(after.subjects(PARTICIPATION, subject))
            elif path in (MEMBER, MEMBER_OF, CAPACITY):
                ends = memberships.setdefault(subject, set())
                ends |= {(path, quad.object.value)} if isinstance(quad.object, ox.NamedNode) else set()
        found._add_dated(dated, memberships, after)
        for membership, ends in memberships.items():
            members, groups = (_ends(membership, path, ends, after) for path in (MEMBER, MEMBER_OF))
            found.pairs.update(product(members, groups))
        return found

    def _add_dated(self, dated: set[str], memberships: dict[str, set[tuple[str, str]]], after: Statements) -> None:
        """What bears the dates that have changed, directly or by a period."""
        for iri in dated | {bearer for one in dated for bearer in after.subjects(intervals.PERIOD, one)}:
            self.owners.add(iri)
            self.partnerships.add(iri)
            if after.values(iri, MEMBER):
                memberships.setdefault(iri, set())


def _ends(membership: str, path: str, told: Iterable[tuple[str, str]], after: Statements) -> set[str]:
    """All whom a membership joins or joined."""
    return {iri for end, iri in told if end == path} | set(after.values(membership, path))


class Upkeep:
    """One step from a network to its next version."""

    def __init__(self, network: Network, after: Statements) -> None:
        self._network, self._after = network, after
        self._old = len(network.base.iris)
        self._names = list(network.patch.fresh)
        self._fresh = {iri: self._old + turn for turn, iri in enumerate(self._names)}
        self._added: set[Numbered] = set()
        self._removed: set[Numbered] = set()

    def patch(self, change: Change) -> Patch:
        """The patch of the next version."""
        touched = Touched.by(change, self._after)
        for iri in touched.owners:
            self._compare(self._links(iri, "property", forward=True), self._after.own_links(iri))
        for iri in touched.partnerships:
            self._compare(self._links(iri, "participation", forward=False), self._after.party_links(iri))
        for member, group in touched.pairs:
            had = self._links(member, "membership", forward=True)
            self._compare(had[had["target"] == self._known(group)], self._after.member_links(member, group))
        linked = self._with_links()
        return self._with_kinds(linked, touched.typed)

    def _links(self, iri: str, carrier: Carrier, *, forward: bool) -> Links:
        """What the network has of a node's links."""
        node = self._known(iri)
        if not 0 <= node < len(self._network):
            return NO_LINKS
        row = self._network.neighbours(node)
        row = row.only((row.forward == forward) & np.isin(row.kinds, self._after.scheme.carried(carrier)))
        links = np.empty(len(row.targets), LINK)
        links["source"], links["target"] = (node, row.targets) if forward else (row.targets, node)
        links["kind"], links["start"], links["end"] = row.kinds, row.starts, row.ends
        return links

    def _known(self, iri: str) -> int:
        """The number of an entity, also of one that is gone; −1 where it has none."""
        number = self._fresh.get(iri)
        number = self._network.base.iris.find(iri) if number is None else number
        return -1 if number is None else number

    def _node(self, iri: str) -> int:
        """The number of an entity, a new one where it has none; what turns out not to be a node is marked as gone."""
        number = self._known(iri)
        if number < 0:
            number = self._fresh[iri] = self._old + len(self._names)
            self._names.append(iri)
        return number

    def _compare(self, had: Links, has: Iterable[Link]) -> None:
        before = set(had.tolist())
        now = {(self._node(source), self._node(target), kind, start, end) for source, target, kind, start, end in has}
        self._removed |= before - now
        self._added |= now - before

    def _with_links(self) -> Patch:
        """The patch with links added and removed; a link of the base that comes back is no longer cut."""
        patch, rows = self._network.patch, self._network.base.rows
        own, back = among(patch.added, self._removed), among(patch.cut, self._added)
        cut = sorted(self._removed - set(patch.added[own].tolist()))
        added = sorted(self._added - set(patch.cut[back].tolist()))
        places = np.array([rows.places_of(link) for link in cut], np.int64).reshape(-1, 2)
        return replace(
            patch,
            added=np.concatenate([patch.added[~own], np.array(added, LINK)]),
            cut=np.concatenate([patch.cut[~back], np.array(cut, LINK)]),
            cut_places=np.concatenate([patch.cut_places[~back], places]),
        )

    def _with_kinds(self, patch: Patch, typed: set[str]) -> Patch:
        """The patch with the kinds of the nodes that may have come, changed or gone."""
        moved = {end for link in self._removed | self._added for end in link[:2]}
        reached = moved | {self._node(iri) for iri in typed}
        fresh_kinds = np.full(len(self._names), GONE, np.uint8)
        fresh_kinds[: len(patch.fresh_kinds)] = patch.fresh_kinds
        draft = replace(patch, fresh=tuple(self._names), fresh_kinds=fresh_kinds)
        linked = Network(self._after.scheme, self._network.base, draft)
        altered = dict(zip(patch.changed.tolist(), patch.changed_kinds.tolist(), strict=True))
        for node in reached:
            kind = self._kind(node, linked)
            if node >= self._old:
                fresh_kinds[node - self._old] = kind
            else:
                altered[node] = kind
        changed = sorted(node for node, kind in altered.items() if kind != self._network.base.kinds[node])
        kinds = [altered[node] for node in changed]
        return replace(draft, changed=np.array(changed, np.int32), changed_kinds=np.array(kinds, np.uint8))

    def _kind(self, node: int, linked: Network) -> int:
        kind, is_node = self._after.kind(linked.iri(node))
        return kind if is_node or linked.degree(node) else GONE


def among(links: Links, wanted: set[Numbered]) -> NDArray[np.bool_]:
    """Which of some links are among others; only those that share a source are looked at closely."""
    found = np.zeros(len(links), dtype=bool)
    near = np.flatnonzero(np.isin(links["source"], [link[0] for link in wanted])) if wanted else ()
    for place in near:
        found[place] = tuple(links[place].tolist()) in wanted
    return found


def folded(network: Network) -> Base:
    """A base that has all that a network's base and patch say together, and no node that is gone."""
    base, patch = network.base, network.patch
    kinds = np.concatenate([base.kinds, patch.fresh_kinds])
    kinds[patch.changed] = patch.changed_kinds
    old, alive = len(base.iris), kinds != GONE
    living = np.flatnonzero(alive[old:])
    iris, of_old, of_fresh = base.iris.merged([patch.fresh[turn] for turn in living], ~alive[:old])
    numbers = np.full(len(kinds), -1, np.int32)
    numbers[:old] = of_old
    numbers[old + living] = of_fresh
    links = network.all_links()
    links["source"], links["target"] = numbers[links["source"]], numbers[links["target"]]
    placed = np.empty(len(iris), np.uint8)
    placed[numbers[alive]] = kinds[alive]
    return Base.of(iris, placed, links)
