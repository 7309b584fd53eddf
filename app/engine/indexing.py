"""Has the derived indexes of a version written beside its store, from those of its parent; knows no index."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from app.engine.apart import Elsewhere, pays
from app.engine.changes import Change
from app.engine.clone import share
from app.engine.layout import Layout
from app.engine.lookup import Index, Progress, State
from app.engine.shelf import OpenStore

_FORM = "form"
_ROOM = "snapshot"
"""The file in an index's folder that names its format."""


def write_indexes(
    indexes: Sequence[Index],
    folder: Path,
    parent: Path | None,
    after: State,
    change: Change,
    derived: Change,
    progress: Progress | None = None,
) -> list[Path]:
    """Fill each index's folder in a draft's ``folder``; what is to be synced. ``parent`` is the folder of the version that the
    two changes start from, None to build everything."""
    places = [(index, _place(index, folder, parent if change.is_small and derived.is_small else None)) for index in indexes]
    with ExitStack() as held:
        apart = [
            (held.enter_context(Elsewhere(folder / f"{_ROOM}-{index.name}", after, index, *place, change, derived)), index, place)
            for index, place in places
            if isinstance(after, OpenStore) and pays(index, change, derived)
        ]
        for done, (index, place) in enumerate(places):
            if progress is not None:
                progress(done, len(indexes))
            if all(index is not other for _, other, _ in apart):
                index.write(*place, after, change, derived)
        for elsewhere, index, (own, earlier) in apart:
            if not elsewhere.finish():
                shutil.rmtree(own)
                own.mkdir()
                index.write(own, earlier, after, change, derived)
    return [path for index, place in places for path in _formed(index, *place)]


def _place(index: Index, folder: Path, parent: Path | None) -> tuple[Path, Path | None]:
    """The index's new folder, and its earlier one where it can go on from it."""
    own = folder / index.name
    own.mkdir()
    return own, parent / index.name if parent is not None and _form(parent / index.name) == index.form else None


def _formed(index: Index, own: Path, earlier: Path | None) -> list[Path]:
    if earlier is not None:
        share(earlier / _FORM, own / _FORM)
    else:
        (own / _FORM).write_text(index.form, encoding="utf-8")
    return unshared(own)


def lacking(indexes: Sequence[Index], layout: Layout, number: int) -> list[str]:
    """The names of the indexes that a version does not have, or has in another form."""
    folder = layout.version(number)
    return [index.name for index in indexes if _form(folder / index.name) != index.form]


def unshared(folder: Path) -> list[Path]:
    """A folder, those below it, and their files that are not hard links to what an earlier version synced."""
    found = [folder]
    for entry in os.scandir(folder):
        if entry.is_dir(follow_symlinks=False):
            found += unshared(Path(entry.path))
        elif entry.stat().st_nlink == 1:
            found.append(Path(entry.path))
    return found


def _form(folder: Path) -> str | None:
    try:
        return (folder / _FORM).read_text(encoding="utf-8")
    except (FileNotFoundError, NotADirectoryError):
        return None
