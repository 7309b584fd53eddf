"""Where everything lies in the data folder, and the pointer to the current version; not what the files hold.

versions/000042/store/            the engine's files, immutable once published
versions/000042/<index>/          its derived indexes, one folder each
versions/000042/manifest.json     what the version is
versions/000042/lease             locked in shared mode by each reader
changes/000042.*                  what the version changed, and its manifest: kept after the version itself is pruned
current -> versions/000042        the newest version
pins/000042                       never pruned
damaged/000042                    found unreadable, and why
trash/                            versions that were pruned, until their files are deleted
drafts/                           versions being written; what is left there by a killed writer is swept
erasing/                          an erasure being prepared, or put in place
erasures.log                      that there were erasures
lock                              locked by the one writer
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from app.errors import NoStore

WIDTH = 6
Stamp = tuple[int, int]


def named(number: int) -> str:
    """A version's name in paths: ``000042``."""
    return f"{number:0{WIDTH}d}"


@dataclass(frozen=True)
class Layout:
    """The paths of one data folder."""

    data: Path

    @cached_property
    def _folder(self) -> str:
        """The data folder for what is asked at every query: a path object takes longer to build than the system to answer."""
        return str(self.data)

    @property
    def versions(self) -> Path:
        return self.data / "versions"

    @property
    def changes(self) -> Path:
        return self.data / "changes"

    @property
    def pins(self) -> Path:
        return self.data / "pins"

    @property
    def damaged(self) -> Path:
        return self.data / "damaged"

    @property
    def drafts(self) -> Path:
        return self.data / "drafts"

    @property
    def trash(self) -> Path:
        return self.data / "trash"

    @property
    def lock(self) -> Path:
        return self.data / "lock"

    @property
    def erasures(self) -> Path:
        """That something was erased, and when; not what."""
        return self.data / "erasures.log"

    def erased(self) -> int:
        """A number that changes with each erasure, after which nothing that was read before holds; 0 where there was none."""
        try:
            return os.stat(f"{self._folder}/erasures.log").st_mtime_ns  # noqa: PTH116 - see _folder
        except FileNotFoundError:
            return 0

    def tell_erased(self) -> None:
        """Have :meth:`erased` be another number for every process, from now on."""
        moment = max(time.time_ns(), self.erased() + 1)
        os.utime(self.erasures, ns=(moment, moment))

    def version(self, number: int) -> Path:
        return self.versions / named(number)

    def store(self, number: int) -> Path:
        return self.version(number) / "store"

    def stamp(self, number: int) -> Stamp | None:
        """What tells a version's files from others that take their place; None for a version that is not there."""
        try:
            found = os.stat(f"{self._folder}/versions/{named(number)}/store")  # noqa: PTH116 - see _folder
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns

    def lease(self, number: int) -> Path:
        return self.version(number) / "lease"

    def quads(self, number: int, side: str, *, derived: bool = False) -> Path:
        """The file of one ``side`` (``added`` or ``removed``) of a version's change. No file where the side is empty."""
        return self.changes / f"{named(number)}.{'derived-' if derived else ''}{side}.nq.gz"

    def record(self, number: int) -> Path:
        """The manifest that outlives the version."""
        return self.changes / f"{named(number)}.json"

    def gone(self, number: int) -> Path:
        """The IRIs that lost their last statement in a version, one a line. No file where there are none."""
        return self.changes / f"{named(number)}.gone.gz"

    def subjects(self, number: int) -> Path:
        """The digests of the subjects of a version's source change. No file where nothing changed."""
        return self.changes / f"{named(number)}.subjects"

    def is_marked(self, number: int) -> bool:
        """Whether a version was found unreadable."""
        return os.path.exists(f"{self._folder}/damaged/{named(number)}")  # noqa: PTH110 - see _folder

    def create(self) -> None:
        """Make the folders."""
        for folder in (self.versions, self.changes, self.pins, self.damaged, self.trash, self.drafts):
            folder.mkdir(parents=True, exist_ok=True)

    def newest(self) -> int:
        """The version that ``current`` points to. Raises :class:`app.errors.NoStore`."""
        try:
            return int(os.readlink(f"{self._folder}/current").rpartition("/")[2])  # noqa: PTH115 - see _folder
        except FileNotFoundError:
            raise NoStore(path=str(self.data)) from None

    def point(self, number: int) -> None:
        """Swing ``current`` to a version, in one step. The caller syncs the folder."""
        fresh = self.drafts / "current"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(f"versions/{named(number)}")
        fresh.rename(self.data / "current")

    def present(self) -> list[int]:
        """The published versions whose files are there, oldest first."""
        newest = self.newest()
        return [n for n in numbers(self.versions) if n <= newest]


def numbers(folder: Path) -> list[int]:
    """The versions named by a folder's entries, in order."""
    return sorted(int(entry.name) for entry in folder.iterdir() if entry.name.isdigit()) if folder.is_dir() else []
