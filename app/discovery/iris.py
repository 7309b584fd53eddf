"""A sorted table of IRIs in two files, looked up where it lies: no dictionary is made of it, however long it is."""

from __future__ import annotations

import mmap
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Offsets = NDArray[np.int64]
_TEXT, _OFFSETS = "iris.bin", "offsets.npy"
FILES = (_TEXT, _OFFSETS)


class IriTable:
    """IRIs in the order of their bytes; the number of one is its place. ``text`` is all of them, one after the other."""

    def __init__(self, text: bytes | mmap.mmap, offsets: Offsets) -> None:
        self.text = text
        self.offsets = offsets

    @classmethod
    def of(cls, iris: Iterable[str]) -> IriTable:
        """A table of IRIs that differ from each other, in any order."""
        parts = sorted(iri.encode() for iri in iris)
        return cls(b"".join(parts), _ends([len(part) for part in parts]))

    @classmethod
    def open(cls, folder: Path) -> IriTable:
        offsets = np.load(folder / _OFFSETS, mmap_mode="r").view(np.ndarray)
        with (folder / _TEXT).open("rb") as file:
            text = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if len(offsets) > 1 else b""
        return cls(text, offsets)

    def write(self, folder: Path) -> None:
        (folder / _TEXT).write_bytes(self.text)
        np.save(folder / _OFFSETS, self.offsets)

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __getitem__(self, place: int) -> str:
        return self._bytes(place).decode()

    def place(self, iri: bytes) -> int:
        """Where an IRI is, or would be."""
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle) < iri:
                low = middle + 1
            else:
                high = middle
        return low

    def find(self, iri: str) -> int | None:
        """The number of an IRI, or None where the table does not have it; about 20 looks for a million."""
        wanted = iri.encode()
        place = self.place(wanted)
        return place if place < len(self) and self._bytes(place) == wanted else None

    def merged(self, fresh: Sequence[str], dead: NDArray[np.bool_]) -> tuple[IriTable, NDArray[np.int32], NDArray[np.int32]]:
        """The table without the ``dead`` and with ``fresh`` ones, and the new numbers of the old (−1 for the dead) and of the
        fresh; in time that grows with the table only by copying."""
        new = sorted((iri.encode(), turn) for turn, iri in enumerate(fresh))
        places = np.array([self.place(iri) for iri, _ in new], dtype=np.int64)
        lengths = np.insert(np.diff(self.offsets), places, [len(iri) for iri, _ in new])
        alive = np.insert(~dead, places, np.ones(len(new), dtype=bool))
        numbers = np.where(alive, np.cumsum(alive) - 1, -1).astype(np.int32)
        inserted = places + np.arange(len(new))
        of_fresh = np.empty(len(new), dtype=np.int32)
        of_fresh[[turn for _, turn in new]] = numbers[inserted]
        table = IriTable(
            self._spliced([(int(p), iri) for p, (iri, _) in zip(places, new, strict=True)], dead), _ends(lengths[alive])
        )
        return table, np.delete(numbers, inserted), of_fresh

    def _spliced(self, new: Sequence[tuple[int, bytes]], dead: NDArray[np.bool_]) -> bytes:
        """The text with some IRIs put in at their places and the dead left out."""
        events = sorted([(place, 0, iri) for place, iri in new] + [(int(n), 1, b"") for n in np.flatnonzero(dead)])
        parts, at = [], 0
        for place, is_dead, iri in events:
            parts += [self.text[self.offsets[at] : self.offsets[place]], iri]
            at = place + is_dead
        return b"".join([*parts, self.text[self.offsets[at] : self.offsets[len(self)]]])

    def _bytes(self, place: int) -> bytes:
        return self.text[self.offsets[place] : self.offsets[place + 1]]


def _ends(lengths: Sequence[int] | NDArray[np.int64]) -> Offsets:
    offsets = np.zeros(len(lengths) + 1, dtype=np.int64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets
