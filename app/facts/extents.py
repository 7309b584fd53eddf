"""Which rows something was made of, and whether a later version has the same in them: then it would be made alike.

Two versions can be compared where they share a base and tables: what they say of some rows then differs only by their deltas,
which are small. Within an extent are all rows that belong to it in the base or in the version; so a row that comes to it or
leaves it makes a difference too, and what belongs to it in neither makes none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt

from app.engine.indexes import Indexes
from app.facts.arrays import Ints, ranges
from app.facts.facts import Facts, Mask
from app.remembering import remembered
from app.text import LANGUAGES

_STATES, _FEW = 2_000, 200
"""States of one version that are remembered, and the most single rows of each: a page shows fewer, a file fifty thousand."""


@dataclass(frozen=True)
class Extent:
    """Rows of some kinds, those of some themes or territories (by number) or of what is below them, and single rows: with all of
    their columns and lists, and who takes part in those of them that are partnerships. Tables count always, outlines only with
    ``outlines``."""

    kinds: frozenset[str] = frozenset()
    themes: frozenset[int] = frozenset()
    territories: frozenset[int] = frozenset()
    rows: frozenset[int] = frozenset()
    outlines: bool = False

    @classmethod
    def of_kinds(cls, *kinds: str) -> Extent:
        return cls(frozenset(kinds))

    @property
    def size(self) -> int:
        """Bytes, roughly."""
        return 500 + 40 * (len(self.kinds) + len(self.themes) + len(self.territories) + len(self.rows))


TABLES = Extent()
"""No rows: the names behind numbers and the trees, which all rows share."""


def read_extent(facts: Indexes[Facts], number: int, extent: Extent) -> Facts:
    """The facts of a version for one who reads no more of them."""
    facts.told(number, extent, partial(state_of, extent=extent), extent.size)
    return facts.read(number)[0]


def state_of(facts: Facts, extent: Extent) -> bytes:
    """What tells how rows are from how they are in other versions."""
    if len(extent.rows) > _FEW:
        return _state(facts, extent)
    return remembered(facts.states, extent, _STATES, lambda: _state(facts, extent))


def _state(facts: Facts, extent: Extent) -> bytes:
    delta, opened = facts.delta, (facts.base.opened, facts.tables.opened, facts.outlines.opened if extent.outlines else 0)
    digest = hashlib.blake2b(repr(opened).encode(), digest_size=16)
    gone = delta.rows[delta.columns["kind"] == 0] if len(delta.rows) else delta.rows
    _add(digest, [gone], ())  # whatever refers to them has lost a value
    if len(delta.rows) and (chosen := _chosen(facts, extent, delta.rows)).any():
        _add(digest, *_said(facts, chosen))
    degreed = _chosen(facts, extent, delta.degree_rows)
    _add(digest, [delta.degree_rows[degreed], delta.degrees[degreed]], ())
    return digest.digest()


def _said(facts: Facts, chosen: Mask) -> tuple[list[npt.NDArray[Any]], list[bytes]]:
    """All that a version says of some of the rows that it changed."""
    delta, rows = facts.delta, facts.delta.rows[chosen]
    arrays = [rows, *(values[chosen] for values in delta.columns.values())]
    kept = np.zeros(facts.size, bool)
    kept[rows] = True
    for owners, *values in (*delta.pairs.values(), delta.parties):
        own = kept[owners]
        arrays += [owners[own], *(column[own] for column in values)]
    arrays += [delta.name_places[language][chosen] for language in LANGUAGES]
    texts = [delta.names[language][place] for language in LANGUAGES for place in np.flatnonzero(chosen).tolist()]
    return arrays, [*texts, *(iri.encode() for iri in facts.iris(rows.tolist()))]


def _add(digest: Any, arrays: Iterable[npt.NDArray[Any]], texts: Iterable[bytes]) -> None:
    """Each with its length before it."""
    for values in (*(np.ascontiguousarray(one).tobytes() for one in arrays), *texts):
        digest.update(len(values).to_bytes(8, "little"))
        digest.update(values)


def _chosen(facts: Facts, extent: Extent, rows: Ints) -> Mask:
    """Which of some rows are within an extent, in the base or in the version."""
    found = np.isin(rows, np.array(sorted(extent.rows), np.int64))
    numbers = np.array(sorted(filter(None, map(facts.tables.kind_number, extent.kinds))), np.int64)
    if len(numbers):
        before = np.zeros(len(rows), np.int64)
        old = rows < facts.base.size
        before[old] = facts.base.arrays["column-kind"][rows[old]]
        found |= np.isin(before, numbers)
        if len(facts.delta.rows):
            found |= np.isin(rows, facts.delta.rows[np.isin(facts.delta.columns["kind"], numbers)])
    trees = (("themes", extent.themes, facts.tables.theme_tree), ("territories", extent.territories, facts.tables.territory_tree))
    for name, tops, tree in trees:
        if tops:
            found |= _having(facts, name, {number for top in tops for number in tree.below(top)}, rows)
    return found


def _having(facts: Facts, name: str, numbers: Collection[int], rows: Ints) -> Mask:
    """Which of some rows have any of some values in a list, in the base or in the version: few, of which each is looked up."""
    base, values = facts.base.arrays, np.array(sorted(numbers), np.int64)
    before = (base[f"list-{name}-rows"], base[f"list-{name}"])
    found = np.zeros(len(rows), bool)
    for owners, own in (before, facts.delta.pairs[name]) if len(facts.delta.rows) else (before,):
        first = np.searchsorted(owners, rows.astype(owners.dtype), "left")
        counts = np.searchsorted(owners, rows.astype(owners.dtype), "right") - first
        found[np.repeat(np.arange(len(rows)), counts)[np.isin(own[ranges(first, counts)], values)]] = True
    return found
