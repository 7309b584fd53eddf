"""Opens the folder of an index; all files are read or mapped when it returns."""

from __future__ import annotations

from pathlib import Path

from app.facts.facts import Facts
from app.facts.files import TABLES, Base, Waiting, open_base, read_delta
from app.facts.outlines import Outlines
from app.facts.tables import Tables


def open_facts(folder: Path) -> Facts:
    """The facts of the version that the folder belongs to."""
    return Facts(Tables.read(folder / TABLES), open_base(folder), read_delta(folder), Outlines.read(folder))


def open_to_follow(folder: Path) -> Facts:
    """The facts of a folder that stays meanwhile, as a write needs them: few columns, and no outlines, which it takes over."""
    return Facts(Tables.read(folder / TABLES), Base(Waiting(folder)), read_delta(folder))
