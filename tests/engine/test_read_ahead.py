"""Reading a version's files ahead: which files are asked for, and that the system then has them."""

from __future__ import annotations

import ctypes
import mmap
import os
import time
from pathlib import Path

import pytest

from app.engine.read_ahead import read_ahead

pytestmark = pytest.mark.skipif(not hasattr(os, "posix_fadvise"), reason="the system has no posix_fadvise")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "store").mkdir()
    (tmp_path / "facts").mkdir()
    (tmp_path / "store/large.sst").write_bytes(b"l" * 3_000)
    (tmp_path / "facts/small.npy").write_bytes(b"s" * 10)
    (tmp_path / "manifest.json").write_bytes(b"m" * 200)
    return tmp_path


def test_every_file_of_every_folder_is_asked_for(folder: Path) -> None:
    assert read_ahead(folder, 1_000_000) == 3_210


def test_the_small_files_come_first_and_what_is_too_much_is_left(folder: Path) -> None:
    assert read_ahead(folder, 3_209) == 210
    assert read_ahead(folder, 9) == 0


def test_a_file_that_nobody_may_read_or_that_is_gone_is_left_out(folder: Path) -> None:
    (folder / "facts/small.npy").unlink()
    (folder / "facts/small.npy").symlink_to(folder / "gone")
    assert read_ahead(folder, 1_000_000) == 3_200
    assert read_ahead(folder / "none", 1_000_000) == 0


def test_what_was_asked_for_is_in_memory(disk: Path) -> None:
    path = disk / "table.sst"
    path.write_bytes(os.urandom(4_000_000))
    with path.open("rb") as file:
        os.fsync(file.fileno())
        os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
    if _share_in_memory(path) > 0.1:
        pytest.skip("this file system keeps its files in memory")
    read_ahead(disk, 10_000_000)
    deadline = time.monotonic() + 10
    while _share_in_memory(path) < 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert _share_in_memory(path) == 1


def _share_in_memory(path: Path) -> float:
    """See ``mincore(2)``."""
    with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as mapped:
        pages = -(-len(mapped) // mmap.PAGESIZE)
        told = (ctypes.c_ubyte * pages)()
        first = ctypes.c_char.from_buffer(mapped)
        try:
            assert ctypes.CDLL(None).mincore(ctypes.byref(first), ctypes.c_size_t(len(mapped)), told) == 0
        finally:
            del first
        return sum(each & 1 for each in told) / pages
