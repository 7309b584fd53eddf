"""Results that were given before, by all that they depend on; bounded in bytes, the least recently used go first.

Exact: a version never changes, and its folder's own stamp is in the key, so that a version made anew is another one. What a
query takes from elsewhere (:mod:`app.engine.volatile`) is never kept; nor are errors.
"""

from __future__ import annotations

import os
import tempfile
from collections import OrderedDict
from collections.abc import Hashable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.engine.spool import IN_HAND
from app.engine.wire import Message

_SHARE = 8
"""One result may take an eighth of the whole, so that a large one does not push out all the others."""

_COPIED = 256 * 1024
"""Larger results stay in the file that they came in; these are copied, since each open file counts."""

_MOST_FILES = 64
_OVERHEAD = 500
_OWN_FILES = Path("/proc/self/fd")


@dataclass(frozen=True)
class Kept:
    """A result: what was said of it, and its bytes or the open file that holds them; ``size`` is what it counts for."""

    content: dict[str, Any]
    body: bytes | None
    file: int
    size: int

    def message(self) -> Message:
        """The result once more, a larger one in a file with a place of its own. Raises ``OSError`` where none can be opened."""
        told = {**self.content, "cached": True, "seconds": 0.0, "queued": 0.0}
        if self.body is None:
            return Message(told, os.open(_OWN_FILES / str(self.file), os.O_RDONLY | os.O_CLOEXEC))
        if len(self.body) <= IN_HAND:
            return Message(told, body=self.body)
        return Message(told, _file_of(self.body))

    def close(self) -> None:
        if self.body is None:
            os.close(self.file)


class ResultCache:
    """``most`` bytes in all; 0 keeps nothing."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.size = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._files = 0

    def get(self, key: Hashable) -> Message | None:
        """The result under a key, or None. The message's file is the caller's."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        try:
            return found.message()
        except OSError:  # no descriptor is left: a worker's answer brings its own
            return None

    def put(self, key: Hashable, weight: int, message: Message) -> None:
        """Keeps an answer, whose file stays the caller's; ``weight`` is what its key takes."""
        size = int(message.content["size"]) + weight + _OVERHEAD
        if size > self.most // _SHARE:
            return
        with suppress(OSError):
            kept = self._take(message, size)
            if kept is not None:
                self._drop(key)
                self._kept[key] = kept
                self.size += size
                self._files += kept.body is None
        while self.size > self.most or self._files > _MOST_FILES:
            self._drop(next(iter(self._kept)))

    def clear(self) -> None:
        while self._kept:
            self._drop(next(iter(self._kept)))

    def status(self) -> dict[str, int]:
        return {"results": len(self._kept), "bytes": self.size, "limit": self.most}

    def _take(self, message: Message, size: int) -> Kept | None:
        content, file = message.content, message.file
        if message.body is not None:
            return Kept(content, message.body, -1, size)
        if file is None:
            return None
        if content["size"] <= _COPIED:
            body = os.pread(file, content["size"] + 1, 0)
            return Kept(content, body, -1, size) if len(body) == content["size"] else None
        return Kept(content, None, os.dup(file), size) if _OWN_FILES.is_dir() else None

    def _drop(self, key: Hashable) -> None:
        dropped = self._kept.pop(key, None)
        if dropped is not None:
            self.size -= dropped.size
            self._files -= dropped.body is None
            dropped.close()


def _file_of(body: bytes) -> int:
    if not hasattr(os, "memfd_create"):
        with tempfile.TemporaryFile(buffering=0) as written:
            written.write(body)
            written.seek(0)
            return os.dup(written.fileno())
    file = os.memfd_create("result")
    try:
        left = memoryview(body)
        while left:
            left = left[os.write(file, left) :]
        os.lseek(file, 0, os.SEEK_SET)
    except BaseException:
        os.close(file)
        raise
    return file
