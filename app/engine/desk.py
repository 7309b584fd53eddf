"""Where versions are written: the folder, what is known of it, and who judges and derives; one writer sits at it at a time."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import pyoxigraph as ox

from app.engine import merge
from app.engine.clone import Way
from app.engine.disk import Probe, probe, refusals, require_room
from app.engine.draft import Draft
from app.engine.history import History
from app.engine.layout import Layout
from app.engine.locks import write_lock
from app.engine.lookup import Gate, Index, Rules
from app.engine.manifest import Version
from app.engine.options import Options
from app.engine.retention import Pruned, prune, sweep
from app.engine.rule import Retention
from app.engine.shelf import Shelf
from app.engine.swap import resume
from app.errors import CorruptVersion, NoStore

ENGINE = f"pyoxigraph {ox.__version__}"
PRUNED_PER_WRITE = 4
"""An editor does not wait for the whole of a lowered retention."""


@dataclass(frozen=True)
class Desk:
    """What every write needs."""

    layout: Layout
    history: History
    shelf: Shelf
    base: str
    gate: Gate | None
    rules: Rules | None
    digest: str
    options: Options
    indexes: Sequence[Index] = ()

    @property
    def derived_graph(self) -> ox.NamedNode:
        return ox.NamedNode(f"{self.base}graphs/derived")

    @property
    def merge_graph(self) -> ox.NamedNode:
        return ox.NamedNode(f"{self.base}graphs/merge")

    @property
    def default_graph(self) -> ox.NamedNode:
        """Where statements go that name no graph."""
        return ox.NamedNode(f"{self.base}graphs/default")

    @property
    def keeps_default(self) -> bool:
        """Whether the default graph is written like any other."""
        return self.options.stored_default

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only writer, in a folder that exists and is swept.

        Raises :class:`app.errors.WriterBusy` or :class:`app.errors.StorageFull`.
        """
        with ExitStack() as held:
            with refusals(self.layout.data):
                self.layout.create()
                held.enter_context(write_lock(self.layout.lock, self.options.wait_seconds))
                self.options.step("locked")
                if self.newest():
                    resume(self.layout)
                sweep(self.layout, self.newest())
            self.options.step("swept")
            yield

    def newest(self) -> int:
        """The number that ``current`` points to, 0 before the first version."""
        try:
            return self.layout.newest()
        except NoStore:
            return 0

    def parent(self) -> Version | None:
        newest = self.newest()
        return self.history.version(newest) if newest else None

    @cached_property
    def probe(self) -> Probe:
        """What the data folder can do; tried once. Raises :class:`app.errors.StorageFull`."""
        return probe(self.layout.data)

    @property
    def ways(self) -> list[Way]:
        """The ways of cloning a file that are worth trying, cheapest first."""
        names = ["link", "reflink", "copy"]
        return [self.options.ways[name] for name in names[names.index(self.probe.clone) :] if name in self.options.ways]

    def draft(self, number: int, content: int) -> Draft:
        """An open draft of version ``number`` that holds what version ``content`` holds.

        It starts as a clone of that version, or where its files are pruned or damaged, of the nearest good one, with the
        changes between both applied; in the worst case, of nothing.
        """
        require_room(self.layout.data, self.options.reserve_bytes)
        while True:
            good = self.shelf.good() if self.newest() else []
            source = min((*good, 0), key=lambda n: (n == 0, abs(n - content)))
            try:
                draft = Draft(self.layout.drafts, number, self.layout.store(source) if source else None, self.ways)
            except (CorruptVersion, FileNotFoundError) as error:
                if source == 0:
                    raise
                self.shelf.mark_damaged(source, str(error))
                continue
            self.options.step("cloned")
            if source != content:
                self._replay(draft, source, content)
            return draft

    def _replay(self, draft: Draft, source: int, content: int) -> None:
        try:
            with refusals(draft.folder, content):
                change = self.history.diff(source, content, derived=True)
                merge.apply(draft.store, change, merging=not self.options.stored_default)
        except BaseException:
            draft.discard()
            raise

    def prune(self, keep: Retention, most: int | None = None) -> Pruned:
        """Prune under the lock that the caller holds; what is served stays."""
        return prune(self.layout, keep, self._moment, frozenset({self.shelf.current_number()}), most)

    def _moment(self, n: int) -> datetime:
        return self.history.version(n).moment
