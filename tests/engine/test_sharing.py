"""One file in two folders: linked where the file system can, copied where not, refused where nothing helps."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from app.engine.clone import WAYS, share


def refuses(number: int):
    def way(source: Path, target: Path) -> None:
        raise OSError(number, os.strerror(number))

    return way


def test_a_file_is_linked(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"index")
    share(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "two").stat().st_ino == (tmp_path / "one").stat().st_ino


def test_across_file_systems_it_is_copied(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"index")
    left = share(tmp_path / "one", tmp_path / "two", (refuses(errno.EXDEV), WAYS["copy"]))
    assert (tmp_path / "two").read_bytes() == b"index"
    assert (tmp_path / "two").stat().st_ino != (tmp_path / "one").stat().st_ino
    assert left == (WAYS["copy"],)


def test_a_full_disk_is_told_and_nothing_else_is_tried(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"index")
    with pytest.raises(OSError, match=os.strerror(errno.ENOSPC)):
        share(tmp_path / "one", tmp_path / "two", (refuses(errno.ENOSPC), WAYS["copy"]))
    assert not (tmp_path / "two").exists()
