"""Has the derived indexes of a version written beside its store, from those of its parent; knows no index."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from app.engine.changes import Change
from app.engine.layout import Layout
from app.engine.lookup import Index, Progress, State

_FORM = "form"
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
    written: list[Path] = []
    for done, index in enumerate(indexes):
        if progress is not None:
            progress(done, len(indexes))
        own = folder / index.name
        own.mkdir()
        usable = parent is not None and change.is_small and derived.is_small and _form(parent / index.name) == index.form
        index.write(own, parent / index.name if usable and parent is not None else None, after, change, derived)
        (own / _FORM).write_text(index.form, encoding="utf-8")
        written += unshared(own)
    return written


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
