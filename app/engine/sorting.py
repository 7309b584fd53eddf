"""Differences of line files larger than memory, by GNU ``sort`` and ``comm`` in byte order; knows nothing of RDF."""

from __future__ import annotations

import errno
import gzip
import shutil
import subprocess
import tempfile
import weakref
from collections.abc import Iterable, Sequence
from pathlib import Path

_BUFFER = "256M"
_ENVIRONMENT = {"LC_ALL": "C", "PATH": "/usr/local/bin:/usr/bin:/bin"}
_CHUNK = 1 << 22


class Room:
    """A folder for temporary files that is deleted with the last reference to it."""

    def __init__(self, parent: Path | None = None) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="maillage-", dir=parent))
        self._end = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def file(self, name: str) -> Path:
        return self.path / name


def sort_lines(sources: Sequence[Path], target: Path) -> None:
    """The lines of all sources, repeated ones too, in byte order. Raises ``OSError``."""
    _run(["sort", "-S", _BUFFER, "-T", str(target.parent), "-o", str(target), *map(str, sources)])


def only_in_first(first: Path, second: Path, target: Path) -> None:
    """The lines of one sorted file that another lacks; a line repeated n and m times remains n − m times. Raises ``OSError``."""
    with target.open("wb") as out:
        _run(["comm", "-23", "--nocheck-order", str(first), str(second)], out)


def _run(command: list[str], out: object = subprocess.DEVNULL) -> None:
    done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, env=_ENVIRONMENT, check=False)  # type: ignore[call-overload]  # noqa: S603
    if done.returncode != 0:
        told = done.stderr.decode(errors="replace").strip()
        raise OSError(errno.ENOSPC if "No space left" in told else errno.EIO, told)


def unpack(sources: Iterable[Path], target: Path) -> None:
    """The text of gzipped files, one after the other."""
    with target.open("wb") as out:
        for source in sources:
            with gzip.open(source, "rb") as text:
                shutil.copyfileobj(text, out, _CHUNK)


def pack(source: Path, target: Path, old_end: bytes = b"", new_end: bytes = b"") -> int:
    """Gzip a text, replacing each line's end; its number of lines."""
    count = 0
    with source.open("rb") as text, gzip.open(target, "wb", compresslevel=1) as out:
        while lines := text.readlines(_CHUNK):
            count += len(lines)
            block = b"".join(lines)
            out.write(block.replace(old_end, new_end) if old_end else block)
    return count


def join_packed(sources: Iterable[Path], target: Path) -> None:
    """One gzip file of several: their members one after the other (RFC 1952 §2.2)."""
    with target.open("wb") as out:
        for source in sources:
            with source.open("rb") as packed:
                shutil.copyfileobj(packed, out, _CHUNK)
