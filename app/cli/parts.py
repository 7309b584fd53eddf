"""What commands share: the store that they work on, files that are given or written; no command of its own."""

from __future__ import annotations

import getpass
import gzip
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, cast

import click

from app.assembly import ensure_store, open_repository
from app.cli.console import Console
from app.engine.versions import Repository
from app.errors import BaseMismatch
from app.ingest.orders import Bounds
from app.settings import Settings, gather

pass_console = click.make_pass_decorator(Console)


@dataclass(frozen=True)
class Place:
    """The settings and the store that a command works on."""

    settings: Settings
    repository: Repository

    @property
    def bounds(self) -> Bounds:
        """What a file that is imported here may take."""
        settings = self.settings
        most = (settings.import_mb, settings.import_seconds, settings.import_memory_mb)
        return Bounds(*most, literal=settings.literal_characters)


def open_place() -> Place:
    """The store of the settings. A base IRI that nobody set is the one that the store remembers."""
    settings = Settings.load()
    try:
        return Place(settings, open_repository(settings))
    except BaseMismatch as mismatch:
        if "base_iri" in gather():
            raise
        settings = replace(settings, base_iri=str(mismatch.details["stored"]))
        return Place(settings, open_repository(settings))


def filled_place(console: Console) -> Place:
    """The same; a store that does not exist yet is made from the ontology and the seed."""
    place = open_place()
    with console.progress("creating-store") as progress:
        ensure_store(place.settings, progress)
    return place


def author() -> str:
    """Who a version says it is by when nobody says: the account's name."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"uid {os.geteuid()}"


@contextmanager
def given_file(path: str) -> Iterator[tuple[Path, str]]:
    """A file that an argument names, and what to call it; ``-`` is the input, kept in a file for the while."""
    if path != "-":
        yield Path(path), path
        return
    with tempfile.NamedTemporaryFile(prefix="maillage-") as copy:
        shutil.copyfileobj(sys.stdin.buffer, copy)
        copy.flush()
        yield Path(copy.name), "-"


@contextmanager
def written_file(path: Path | None) -> Iterator[BinaryIO]:
    """Where a command writes: the output, or a file that is there only once it is whole; packed when its name ends with .gz."""
    if path is None:
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with gzip.open(draft, "wb") if path.suffix == ".gz" else draft.open("wb") as output:
            yield cast(BinaryIO, output)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
