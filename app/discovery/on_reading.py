"""A sequence whose items are made when they are read: of many thousand, a page shows a few."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable, Sequence
from typing import TypeVar, overload

Item = TypeVar("Item")


class OnReading(Sequence[Item]):
    """Items by their places, from 0; the length is the subclass's."""

    @overload
    def __getitem__(self, place: int) -> Item: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[Item, ...]: ...
    def __getitem__(self, place: int | slice) -> Item | tuple[Item, ...]:
        if isinstance(place, slice):
            return tuple(self._several(range(len(self))[place]))
        return self._made(range(len(self))[place])

    def _several(self, places: range) -> Iterable[Item]:
        """The items at some places: for those that are made faster together."""
        return map(self._made, places)

    @abstractmethod
    def _made(self, place: int) -> Item:
        """The item at a place that there is."""
