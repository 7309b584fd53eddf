"""What a map shows: territories of a level inside a frame, entities by their own territory, links between communes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from app.facts import Facts, Mask
from app.facts.arrays import join
from app.facts.sharing import Chosen
from app.statistics.dimensions import unique
from app.statistics.table import pairs_within, parties_within

LEVELS = {"department": "Department", "intercommunality": "Intercommunality", "commune": "Commune"}
_FINER = {"Region": "intercommunality", "Department": "commune", "Intercommunality": "commune", "Commune": "commune"}
COMMUNE = "Commune"


@dataclass(frozen=True)
class Gathered:
    """How many entities have a territory of their own, by its number."""

    territory: int
    counts: tuple[int, ...]


@dataclass(frozen=True)
class Thread:
    """How many partnerships join actors of two communes, by number."""

    one: int
    other: int
    partnerships: int


def largest(facts: Facts) -> int:
    """The territory that a map begins with: the region that has an outline, or the largest that has one; 0 for none."""
    tree = facts.tables.territory_tree
    drawn = set(facts.outlines.owners.tolist())
    for level in ("Region", "Department", "Intercommunality", "Commune"):
        found = [number for number in tree.of_level(level) if number in drawn]
        if found:
            return max(found, key=lambda number: (tree[number].population or 0, -number))
    return 0


def level_in(facts: Facts, frame: int, asked: str) -> str:
    """The level that is shown in a frame: the one asked for, or the one that suits it."""
    return asked or _FINER.get(facts.tables.territory_tree[frame].level, "commune")


def parts(facts: Facts, frame: int, level: str) -> list[int]:
    """The territories of a level inside a frame, the frame itself where it is of that level."""
    below = facts.tables.territory_tree.below(frame)
    return [number for number in facts.tables.territory_tree.of_level(LEVELS[level]) if number in below]


def gather(facts: Facts, masks: Sequence[Mask], frame: int) -> list[Gathered]:
    """Entities of some masks by their own territory in a frame; those with the most first."""
    rows, territories = facts.pairs("territories")
    size = len(facts.tables.territories)
    counts = np.array([np.bincount(territories[mask[rows]], minlength=size) for mask in masks])
    below = facts.tables.territory_tree.below(frame)
    found = [Gathered(n, tuple(counts[:, n].tolist())) for n in np.flatnonzero(counts.sum(axis=0)).tolist() if n in below]
    return sorted(found, key=lambda one: (-sum(one.counts), one.territory))


def threads(facts: Facts, partnerships: Mask, frame: int, most: int = 150) -> list[Thread]:
    """Which communes of a frame are joined by partnerships of their actors, each partnership once a pair."""
    tree = facts.tables.territory_tree
    inside = np.zeros(len(facts.tables.territories), bool)
    inside[[number for number in tree.below(frame) if tree[number].level == COMMUNE]] = True
    rows, territories = facts.pairs("territories")
    rows, territories = rows[inside[territories]], territories[inside[territories]]
    own, pairs = pairs_within(*parties_within(facts, Chosen.of(partnerships)))
    left, first = join(pairs >> 32, rows)
    again, second = join(pairs[left] & 0xFFFFFFFF, rows)
    one, other = territories[first][again].astype(np.int64), territories[second].astype(np.int64)
    apart = one != other
    codes = np.minimum(one, other)[apart] << 32 | np.maximum(one, other)[apart]
    _, numbers = np.unique(codes, return_inverse=True)
    _, kept = unique(own[left][again][apart], numbers)
    found, counts = np.unique(codes, return_counts=False), np.bincount(kept) if len(kept) else np.zeros(0, np.int64)
    order = np.argsort(-counts, kind="stable")[:most]
    return [Thread(int(found[n] >> 32), int(found[n] & 0xFFFFFFFF), int(counts[n])) for n in order.tolist()]
