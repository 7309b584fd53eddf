"""Opens the folder of an index; all files are read or mapped when it returns."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from app.engine.clone import Mark, mark
from app.facts.facts import Facts
from app.facts.files import TABLES, Base, Waiting, open_base, read_delta
from app.facts.outlines import FILE, Outlines
from app.facts.tables import Tables

_BASE = "ends.npy"
"""One of the files of a base, which are written together and linked together."""

Part = TypeVar("Part")


class Opening:
    """Opens the folders of one store's versions in turn; what is the very file that was read last is taken over.

    A small write links the tables, the outlines and the base of the version before: with them stays what was worked out of them.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[Mark | None, Any]] = {}

    def __call__(self, folder: Path) -> Facts:
        """The facts of the version that the folder belongs to."""
        return Facts(
            self._taken_over(folder / TABLES, Tables.read),
            self._taken_over(folder / _BASE, lambda _: open_base(folder)),
            read_delta(folder),
            self._taken_over(folder / FILE, lambda _: Outlines.read(folder)),
        )

    def _taken_over(self, path: Path, read: Callable[[Path], Part]) -> Part:
        its = mark(path)
        known = self._kept.get(path.name)
        if its is not None and known is not None and known[0] == its:
            return known[1]  # type: ignore[no-any-return]
        found = read(path)
        self._kept[path.name] = its, found
        return found


def open_facts(folder: Path) -> Facts:
    """The facts of one folder alone."""
    return Opening()(folder)


def open_to_follow(folder: Path) -> Facts:
    """The facts of a folder that stays meanwhile, as a write needs them: few columns, and no outlines, which it takes over."""
    return Facts(Tables.read(folder / TABLES), Base(Waiting(folder)), read_delta(folder))
