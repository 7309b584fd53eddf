"""Keeps the index named ``facts`` beside each version: a base, and for small writes a delta that is folded when it has grown."""

from __future__ import annotations

import filecmp
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from app.engine.changes import Change
from app.engine.clone import share
from app.engine.lookup import State
from app.facts.building import build
from app.facts.files import DELTA, TABLES, Delta, link_base, write_base, write_delta
from app.facts.folding import fold
from app.facts.following import Following
from app.facts.opening import open_to_follow
from app.facts.outlines import FILE, trace
from app.facts.tables import Tables
from app.vocabulary import Vocabulary

NAME = "facts"
_SHARE = 100


@dataclass(frozen=True)
class FactsIndex:
    """Implements :class:`app.engine.lookup.Index`. ``vocabulary`` is only read where all is built anew; ``form`` must name it."""

    form: str
    vocabulary: Callable[[], Vocabulary]
    name: str = NAME
    least_fold: int = 2_000
    """A delta is folded when it has more rows than this, and than one in ``_SHARE`` of the base."""

    def write(self, folder: Path, earlier: Path | None, after: State, change: Change, derived: Change) -> None:  # noqa: ARG002
        """See :class:`app.engine.lookup.Index`. No rule derives what is kept here."""
        if earlier is None or not self._follow(folder, earlier, after, change):
            tables = Tables.of(self.vocabulary())
            write_base(folder, build(after, tables))
            tables.write(folder / TABLES)
            trace(after, tables).write(folder)

    def _follow(self, folder: Path, earlier: Path, after: State, change: Change) -> bool:
        """Whether the earlier index could be brought up to date: not where so much changed that building anew is faster."""
        facts = open_to_follow(earlier)
        following = Following(facts, after, change)
        if following.weight > max(self.least_fold, facts.size // 5):
            return False
        sizes = facts.tables.sizes
        delta = following.delta()
        if len(delta) > max(self.least_fold, facts.base.size // _SHARE):
            write_base(folder, fold(facts.tables, facts.base, delta))
        else:
            link_base(folder, earlier)
            _go_on(folder, earlier, facts.delta, delta)
        if following.tables_changed or facts.tables.sizes != sizes:
            facts.tables.write(folder / TABLES)
        _share_alike(folder / TABLES, earlier / TABLES)
        if following.outlines_changed:
            trace(after, facts.tables).write(folder)
        _share_alike(folder / FILE, earlier / FILE)
        return True


def _share_alike(path: Path, earlier: Path) -> None:
    """The very file of the version before, where nothing else was written: readers know by it that nothing has changed."""
    if path.exists() and not filecmp.cmp(path, earlier, shallow=False):
        return
    path.unlink(missing_ok=True)
    path.hardlink_to(earlier)


def _go_on(folder: Path, earlier: Path, before: Delta, delta: Delta) -> None:
    """A version that says nothing else than the one before has its very file."""
    if delta.says_as(before):
        share(earlier / DELTA, folder / DELTA)
    else:
        write_delta(folder, delta)
