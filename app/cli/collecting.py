"""What a process keeps for long is left to it: the garbage collector need not look through it; what is kept, others decide.

A full collection stops all threads: 0.2 s where a version of a million entities is open, and a page in fifty met one.
"""

from __future__ import annotations

import gc
import time

_RENEWED_SECONDS = 3_600.0
"""So often, at the most, all is looked through: what an older version left in circles goes then."""


class Collecting:
    """Sets aside what is there from time to time, for one process."""

    def __init__(self, seconds: float = _RENEWED_SECONDS) -> None:
        self._seconds = seconds
        self._renewed = time.monotonic()

    def set_aside(self) -> None:
        """What is no garbage now stays out of collections, until all is looked through again."""
        if time.monotonic() - self._renewed > self._seconds:
            self._renewed = time.monotonic()
            gc.unfreeze()
        gc.collect()
        gc.freeze()
