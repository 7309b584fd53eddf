"""The files of a network: a base that later versions share by hard links, and a small patch on it; no lookup of its own.

``base/`` holds the sorted IRIs, the kinds of nodes and the rows of links; ``patch.npz`` what has changed since it was written.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.discovery.arrays import NO_LINKS, Links, Neighbours, Rows
from app.discovery.iris import IriTable
from app.discovery.kinds import Scheme
from app.engine.clone import Mark, mark, share

_BASE, _PATCH, _SCHEME = "base", "patch.npz", "scheme.json"
_COLUMNS = Neighbours._fields
GONE = 254
"""The kind of a node that the base has and the version does not."""


@dataclass(frozen=True)
class Base:
    """Nodes and links as they were when the base was written. ``joining`` tells which kinds of links (columns) nodes of each kind
    (rows) have."""

    iris: IriTable
    kinds: NDArray[np.uint8]
    rows: Rows
    joining: NDArray[np.bool_]

    @classmethod
    def of(cls, iris: IriTable, kinds: NDArray[np.uint8], links: Links) -> Base:
        """The base of nodes and links, from their arrays."""
        joining = np.zeros((256, 256), dtype=bool)
        for end in ("source", "target"):
            joining[kinds[links[end]], links["kind"]] = True
        return cls(iris, kinds, Rows.of(links, len(iris)), joining)

    def write(self, folder: Path) -> None:
        target = folder / _BASE
        target.mkdir()
        self.iris.write(target)
        np.save(target / "node-kinds.npy", self.kinds)
        np.save(target / "joining.npy", self.joining)
        np.save(target / "pointers.npy", self.rows.pointers)
        for name in _COLUMNS:
            np.save(target / f"{name}.npy", getattr(self.rows.columns, name))

    @classmethod
    def open(cls, folder: Path) -> Base:
        """The base, mapped into memory: nothing is read before it is used."""
        source = folder / _BASE
        columns = Neighbours._make(_mapped(source / f"{name}.npy") for name in _COLUMNS)
        rows = Rows(_mapped(source / "pointers.npy"), columns)
        return cls(IriTable.open(source), _mapped(source / "node-kinds.npy"), rows, _mapped(source / "joining.npy"))


@dataclass(frozen=True)
class Patch:
    """What has changed since the base: new nodes are numbered after those of the base, in this order.

    ``cut`` are links of the base that are gone, with their two places in its rows; ``changed`` are nodes of the base that have
    another kind, or :data:`GONE`.
    """

    fresh: tuple[str, ...] = ()
    fresh_kinds: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))
    added: Links = field(default_factory=NO_LINKS.copy)
    cut: Links = field(default_factory=NO_LINKS.copy)
    cut_places: NDArray[np.int64] = field(default_factory=lambda: np.empty((0, 2), np.int64))
    changed: NDArray[np.int32] = field(default_factory=lambda: np.empty(0, np.int32))
    changed_kinds: NDArray[np.uint8] = field(default_factory=lambda: np.empty(0, np.uint8))

    def __len__(self) -> int:
        return len(self.fresh) + len(self.added) + len(self.cut) + len(self.changed)

    def says_as(self, other: Patch) -> bool:
        """Whether both change a base alike."""
        arrays = (name for name in self.__dataclass_fields__ if name != "fresh")
        return self.fresh == other.fresh and all(np.array_equal(getattr(self, name), getattr(other, name)) for name in arrays)

    def write(self, folder: Path) -> None:
        table = "\n".join(self.fresh).encode()
        arrays = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "fresh"}
        np.savez(folder / _PATCH, fresh=np.frombuffer(table, np.uint8), **arrays)

    @classmethod
    def read(cls, folder: Path) -> Patch:
        with np.load(folder / _PATCH) as said:
            arrays = {name: said[name] for name in cls.__dataclass_fields__}
        text = arrays.pop("fresh").tobytes().decode()
        return replace(cls(**arrays), fresh=tuple(text.split("\n")) if text else ())


def share_patch(earlier: Path, folder: Path) -> None:
    share(earlier / _PATCH, folder / _PATCH)


def share_base(earlier: Path, folder: Path) -> None:
    """Give a version the base of an earlier one: by hard links, or copied where there are none."""
    (folder / _BASE).mkdir()
    for file in (earlier / _BASE).iterdir():
        share(file, folder / _BASE / file.name)


def mark_of_base(folder: Path) -> Mark | None:
    """What tells the base of a version from those of others: its files are written together and shared together."""
    return mark(folder / _BASE / "pointers.npy")


def write_scheme(folder: Path, scheme: Scheme) -> None:
    (folder / _SCHEME).write_text(json.dumps(scheme.to_json()), encoding="utf-8")


def share_scheme(earlier: Path, folder: Path) -> None:
    share(earlier / _SCHEME, folder / _SCHEME)


def read_scheme(folder: Path) -> Scheme:
    return Scheme.from_json(json.loads((folder / _SCHEME).read_text(encoding="utf-8")))


def _mapped(path: Path) -> NDArray[Any]:
    array: NDArray[Any] = np.load(path, mmap_mode="r").view(np.ndarray)
    return array
