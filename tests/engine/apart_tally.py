"""An index that is written apart, importable by the process that writes it."""

from __future__ import annotations

import errno
import os
import time
from dataclasses import dataclass
from pathlib import Path

from app.engine.apart import Apart
from app.engine.changes import Change
from app.engine.lookup import State


@dataclass
class ApartTally(Apart):
    """Writes down who wrote it, from what; ``trouble`` is what befalls any process but the one that made it."""

    trouble: str = ""
    form: str = "1"
    name: str = "apart"
    maker: int = 0

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:
        if self.trouble and os.getpid() != self.maker:
            (folder / "half").write_text("written")
            if self.trouble == "slow":
                (folder.parents[2] / "at-work").write_text(str(os.getpid()))
                time.sleep(60)
            if self.trouble == "killed":
                os.kill(os.getpid(), 9)
            raise OSError(errno.ENOSPC, "No space left on device")
        (folder / "writer").write_text(str(os.getpid()))
        (folder / "earlier").write_text(str(earlier is not None))
        told = sorted(map(str, after.quads())), sorted(map(str, change.added)), sorted(map(str, change.removed)), len(derived)
        (folder / "told").write_text(repr(told))
