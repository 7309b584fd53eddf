"""A version being written: a clone of an earlier one in a folder of its own, open until it is settled or discarded."""

from __future__ import annotations

import gc
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox

from app.engine.clone import Way, clone_store, drop_leftovers, unsynced
from app.engine.disk import refusals
from app.engine.layout import named
from app.engine.shelf import OpenStore


class Draft(OpenStore):
    """The folder ``drafts/NNNNNN-…`` that becomes ``versions/NNNNNN``. Its name is never used twice in a process: the engine
    remembers by name what it has open, also where an exception's traceback still holds it."""

    def __init__(self, drafts: Path, number: int, source: Path | None, ways: Sequence[Way]) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix=f"{named(number)}-", dir=drafts))
        self.folder.chmod(0o755)
        path = self.folder / "store"
        try:
            with refusals(path):
                if source is not None:
                    clone_store(source, path, ways)
                super().__init__(ox.Store(str(path)))
        except BaseException:
            self.discard()
            raise

    def settle(self, *, compact: bool) -> list[Path]:
        """Write everything out and close; what is still to be synced. ``compact`` after a bulk change: else a later small
        write would have to."""
        with refusals(self.folder):
            self.store.flush()
            if compact:
                self.store.optimize()
                self.store.flush()
            self.close()
            _require_closed(self.folder)
            drop_leftovers(self.folder / "store")
            return unsynced(self.folder / "store", all_new=compact)

    def discard(self) -> None:
        """Close and delete; nothing has happened."""
        self._store = None
        shutil.rmtree(self.folder, ignore_errors=True)


def _require_closed(folder: Path) -> None:
    """An engine that something still holds would go on changing the files of a published version."""
    if _held(folder):
        gc.collect()
    if _held(folder):
        raise RuntimeError("the store is still open: an iterator or a query result was kept beyond the gate or the rules")


def _held(folder: Path) -> bool:
    own = Path("/proc/self/fd")
    prefix = f"{folder}/"
    return own.is_dir() and any(_target(entry).startswith(prefix) for entry in list(own.iterdir()))


def _target(entry: Path) -> str:
    try:
        return str(entry.readlink())
    except FileNotFoundError:
        return ""
