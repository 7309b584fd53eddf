"""The last steps of a write: the closed draft becomes a version, and the pointer swings to it; all on the disk, in this order.

A writer that is killed before the pointer swings has changed nothing: no reader looks at a number above it, and the next writer
sweeps.
"""

from __future__ import annotations

import gzip
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from app.engine.changes import Change, write_quads
from app.engine.disk import refusals, sync, write_synced
from app.engine.layout import Layout
from app.engine.manifest import Version
from app.engine.options import Step


@dataclass(frozen=True)
class Publication:
    """A version and what it changed: source statements, derived ones, and the IRIs that are no longer described."""

    version: Version
    change: Change = Change()
    derived: Change = Change()
    gone: Sequence[str] = ()


def publish(layout: Layout, folder: Path, told: Publication, step: Step) -> None:
    """Publish the settled draft in ``folder``. Raises :class:`app.errors.StorageFull`, and then nothing has happened."""
    with refusals(layout.data):
        _write_change(layout, told)
        step("recorded")
        place(layout, folder, told.version)
        step("placed")
        layout.point(told.version.number)
        sync(layout.data)
    step("swung")


def place(layout: Layout, folder: Path, version: Version) -> None:
    """Give a settled draft its manifest, its lease and its place among the versions."""
    write_synced(folder / "manifest.json", version.to_json().encode())
    (folder / "lease").touch()
    sync(folder)
    os.rename(folder, layout.version(version.number))  # noqa: PTH104 - fails where the target exists and is not empty
    sync(layout.versions)


def _write_change(layout: Layout, told: Publication) -> None:
    n = told.version.number
    for change, derived in ((told.change, False), (told.derived, True)):
        for side, quads in (("added", change.added), ("removed", change.removed)):
            if len(quads):
                write_quads(layout.quads(n, side, derived=derived), quads)
    if told.gone:
        write_synced(layout.gone(n), gzip.compress("\n".join(told.gone).encode(), mtime=0))
    write_synced(layout.record(n), told.version.to_json().encode())
    sync(layout.changes)
