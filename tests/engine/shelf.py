"""Published versions laid out by hand, as readers find them; how they are really made is tested with the repository."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://e/{name}")


def numbered(count: int) -> list[ox.Quad]:
    """``count`` statements with a number each."""
    return [ox.Quad(term(f"s{i}"), term("p"), ox.Literal(i)) for i in range(count)]


def publish(data: Path, number: int, quads: Iterable[ox.Quad]) -> None:
    """Writes a version and points ``current`` at it."""
    folder = data / "versions" / f"{number:06d}"
    folder.mkdir(parents=True)
    store = ox.Store(str(folder / "store"))
    store.extend(quads)
    store.flush()
    del store
    (folder / "lease").touch()
    pointer = data / "next"
    pointer.symlink_to(f"versions/{number:06d}")
    os.replace(pointer, data / "current")  # noqa: PTH105  the one call that swaps a link in one step
