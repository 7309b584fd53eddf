"""Themes and territories with what is above and below each: small trees by number, with names, levels and populations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Texts = Mapping[str | None, str]


@dataclass(frozen=True)
class Branch:
    """One theme or territory: what is directly above it (numbers), its names by language, and of a territory its level
    (``Commune``, ``Department``…), population and centre (longitude, latitude)."""

    parents: tuple[int, ...] = ()
    names: Texts = field(default_factory=dict)
    level: str = ""
    population: int | None = None
    centre: tuple[float, float] | None = None


@dataclass(frozen=True)
class Tree:
    """Branches by number; numbers that it does not have stand alone. What lies above and below is worked out once."""

    branches: Mapping[int, Branch] = field(default_factory=dict)

    def __getitem__(self, number: int) -> Branch:
        return self.branches.get(number, Branch())

    @cached_property
    def _children(self) -> Mapping[int, tuple[int, ...]]:
        found: dict[int, list[int]] = {}
        for number, branch in self.branches.items():
            for parent in branch.parents:
                found.setdefault(parent, []).append(number)
        return {number: tuple(sorted(children)) for number, children in found.items()}

    def children(self, number: int) -> tuple[int, ...]:
        return self._children.get(number, ())

    @cached_property
    def shape(self) -> tuple[tuple[int, tuple[int, ...], str], ...]:
        """What lies above what, without names: equal for trees in which the same is above and of the same level."""
        return tuple((number, branch.parents, branch.level) for number, branch in sorted(self.branches.items()))

    @cached_property
    def _above(self) -> dict[int, frozenset[int]]:
        return {}

    @cached_property
    def _below(self) -> dict[int, frozenset[int]]:
        return {}

    @cached_property
    def _closures(self) -> dict[int, tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]]:
        return {}

    def above(self, number: int) -> frozenset[int]:
        """A number and all above it; a loop ends where it began."""
        found = self._above.get(number)
        if found is None:
            found = self._above[number] = self._reach(number, lambda one: self[one].parents)
        return found

    def below(self, number: int) -> frozenset[int]:
        """A number and all below it."""
        found = self._below.get(number)
        if found is None:
            found = self._below[number] = self._reach(number, self.children)
        return found

    @staticmethod
    def _reach(number: int, step: Any) -> frozenset[int]:
        found, ahead = {number}, [number]
        while ahead:
            new = [one for one in step(ahead.pop()) if one not in found]
            found.update(new)
            ahead += new
        return frozenset(found)

    def closure(self, size: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
        """Every number below ``size`` with each that is above it and with itself: two columns, sorted by the first."""
        found = self._closures.get(size)
        if found is None:
            pairs = [(number, up) for number in range(1, size) for up in sorted(self.above(number))]
            both = np.array(pairs, np.int32).reshape(-1, 2)
            found = self._closures[size] = both[:, 0], both[:, 1]
        return found

    def of_level(self, level: str) -> list[int]:
        return [number for number, branch in self.branches.items() if branch.level == level]

    def roots(self) -> list[int]:
        """Those that have nothing above them."""
        return [number for number, branch in self.branches.items() if not branch.parents]

    def said(self) -> dict[str, Any]:
        """As JSON holds it."""
        return {str(number): _said(branch) for number, branch in self.branches.items()}

    @classmethod
    def heard(cls, said: Mapping[str, Any]) -> Self:
        return cls({int(number): _heard(one) for number, one in said.items()})


def _said(branch: Branch) -> list[Any]:
    names = {tag or "": text for tag, text in branch.names.items()}
    return [branch.parents, names, branch.level, branch.population, branch.centre]


def _heard(said: Iterable[Any]) -> Branch:
    parents, names, level, population, centre = said
    texts = {tag or None: text for tag, text in names.items()}
    return Branch(tuple(parents), texts, level, population, tuple(centre) if centre else None)
