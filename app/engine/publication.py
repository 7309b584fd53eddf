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
from app.engine.chronicle import write_subjects
from app.engine.disk import refusals, sync, sync_all
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


def publish(layout: Layout, folder: Path, told: Publication, settled: Sequence[Path], step: Step) -> None:
    """Publish the settled draft in ``folder``, of which ``settled`` is not synced yet.

    Raises :class:`app.errors.StorageFull`, and then nothing has happened.
    """
    with refusals(layout.data):
        written = _write_change(layout, told)
        step("recorded")
        placed = place(layout, folder, told.version, settled)
        step("placed")
        sync_all([*written, *placed])
        step("synced")
        layout.point(told.version.number)
        sync(layout.data)
    step("swung")


def place(layout: Layout, folder: Path, version: Version, settled: Sequence[Path]) -> list[Path]:
    """Give a settled draft its manifest, its lease and its place among the versions; what is to be synced in its new place."""
    final = layout.version(version.number)
    (folder / "manifest.json").write_text(version.to_json(), encoding="utf-8")
    (folder / "lease").touch()
    os.rename(folder, final)  # noqa: PTH104 - fails where the target exists and is not empty
    moved = [final / path.relative_to(folder) for path in settled]
    return [*moved, final / "manifest.json", final, layout.versions]


def _write_change(layout: Layout, told: Publication) -> list[Path]:
    n = told.version.number
    written = [layout.changes, layout.record(n)]
    for change, derived in ((told.change, False), (told.derived, True)):
        for side, quads in (("added", change.added), ("removed", change.removed)):
            if len(quads):
                write_quads(layout.quads(n, side, derived=derived), quads)
                written.append(layout.quads(n, side, derived=derived))
    if not told.change.is_empty:
        write_subjects(layout.subjects(n), told.change)
        written.append(layout.subjects(n))
    if told.gone:
        layout.gone(n).write_bytes(gzip.compress("\n".join(told.gone).encode(), mtime=0))
        written.append(layout.gone(n))
    layout.record(n).write_text(told.version.to_json(), encoding="utf-8")
    return written
