"""The versioned store: every write is a transaction that publishes a whole new version, which readers open without waiting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from app.engine.backups import Copied, back_up, put_back
from app.engine.changes import Change
from app.engine.chronicle import Chronicle
from app.engine.desk import Desk
from app.engine.disk import MEGABYTE, free_bytes, refusals, sync_all
from app.engine.erasure import Erased, erase
from app.engine.graph_history import GraphHistory
from app.engine.history import History
from app.engine.indexing import lacking, write_indexes
from app.engine.layout import Layout, named, numbers
from app.engine.lookup import Gate, Index, Progress, Rules
from app.engine.manifest import Version
from app.engine.options import Options
from app.engine.publication import place
from app.engine.retention import Pruned, empty_trash, take_away
from app.engine.rule import Retention
from app.engine.shelf import Reader, Shelf
from app.engine.transaction import Transaction
from app.errors import BaseMismatch, SettingsError, StoreError, VersionInUse

__all__ = ["Options", "Pruned", "Reader", "Repository", "Retention", "Transaction", "Version"]


class Repository:
    """One data folder and its versions. Any number of processes may have one; nothing is open between calls.

    ``digest`` names the ontology, shapes and rules in force: a first write under another one derives everything anew.
    """

    def __init__(
        self,
        data: Path,
        base: str,
        gate: Gate | None = None,
        rules: Rules | None = None,
        *,
        digest: str = "",
        options: Options | None = None,
        indexes: Sequence[Index] = (),
    ) -> None:
        """Writes nothing. Raises :class:`app.errors.BaseMismatch`, and :class:`app.errors.NewerStore` for a store that a newer
        release wrote."""
        self._layout = Layout(data.absolute())
        options = options or Options()
        self._history = History(self._layout, options.small)
        self._chronicle = Chronicle(self._layout, self._history)
        self._graph_history = GraphHistory(self._history)
        self._shelf = Shelf(self._layout, self._history)
        self._desk = Desk(self._layout, self._history, self._shelf, base, gate, rules, digest, options, indexes)
        newest = self._desk.parent()
        if newest is not None and newest.base != base:
            raise BaseMismatch(stored=newest.base, configured=base)
        if newest is not None and newest.stored_default != options.stored_default:
            given = "stored" if options.stored_default else "merge"
            raise SettingsError(name="MAILLAGE_DEFAULT_GRAPH", value=given, reason="other-default-graph")

    # Reading

    def current_number(self) -> int:
        """The number of the version that is served. Raises :class:`app.errors.NoStore`."""
        return self._shelf.current_number()

    def current(self) -> Version:
        """The newest version that is not known to be damaged. Raises :class:`app.errors.NoStore`."""
        return self._history.version(self.current_number())

    def version(self, n: int) -> Version:
        """What is known of a version, pruned or not. Raises :class:`app.errors.NoSuchVersion`."""
        return self._history.version(n)

    def versions(self, first: int = 1, last: int | None = None) -> list[Version]:
        """Every version ever published from one number to another, oldest first, pruned ones too.

        Raises :class:`app.errors.NoStore`.
        """
        return self._history.versions(first, last)

    def published(self) -> int:
        """How many versions were ever published. Raises :class:`app.errors.NoStore`."""
        return self._layout.newest()

    def present(self) -> list[int]:
        """The versions whose files are there, oldest first. Raises :class:`app.errors.NoStore`."""
        return self._layout.present()

    def lease(self, n: int | None = None) -> AbstractContextManager[Path]:
        """The folder of a version's store, which stays while the lease is held. See :meth:`app.engine.shelf.Shelf.lease`."""
        return self._shelf.lease(n)

    def reader(self, n: int | None = None) -> AbstractContextManager[Reader]:
        """A version opened for reading, by default the newest that opens. See :meth:`app.engine.shelf.Shelf.reader`."""
        return self._shelf.reader(n)

    def mark_damaged(self, n: int, reason: str) -> None:
        """Tell every process that a version cannot be read: it is left alone until it is made anew."""
        self._shelf.mark_damaged(n, reason)

    # History

    def change(self, n: int, *, derived: bool = False) -> Change:
        """What a version changed in source graphs, or with ``derived`` in the derived graph."""
        return self._history.change(n, derived=derived)

    def diff(self, a: int, b: int, *, derived: bool = False) -> Change:
        """The net change from one version to another. See :meth:`app.engine.history.History.diff`."""
        return self._history.diff(a, b, derived=derived)

    def changes_of(self, iri: str) -> tuple[int, ...]:
        """The versions that changed a node's own statements. See :meth:`app.engine.chronicle.Chronicle.changes_of`."""
        return self._chronicle.changes_of(iri)

    def change_of(self, iri: str, a: int, b: int) -> Change | None:
        """What changed about a node between two versions. See :meth:`app.engine.chronicle.Chronicle.change_of`."""
        return self._chronicle.change_of(iri, a, b)

    def last_change(self, graph: str | None, n: int) -> int:
        """The last version up to ``n`` that changed a graph. See :meth:`app.engine.graph_history.GraphHistory.last_change`."""
        return self._graph_history.last_change(graph, n)

    def was_described(self, iri: str) -> int | None:
        """The last version that said something about an IRI that is no longer described; None if none did."""
        return self._history.was_described(iri)

    def deletions(self, iri: str) -> tuple[int, ...]:
        """The versions in which an IRI lost its last statement, oldest first."""
        return self._history.deletions(iri)

    def erased(self) -> int:
        """A number that changes with each erasure, after which nothing that was read before holds: the time of the last, in
        nanoseconds; 0 where there was none."""
        return self._layout.erased()

    # Writing

    @property
    def stored_default(self) -> bool:
        """Whether the default graph is stored like any other, and is no merge."""
        return self._desk.options.stored_default

    def transaction(self, author: str, message: str) -> Transaction:
        """A write, to be used in a ``with`` block. Entering raises :class:`app.errors.WriterBusy` or
        :class:`app.errors.StorageFull`."""
        return Transaction(self._desk, author, message)

    def restore(self, n: int, author: str, *, judged: bool = True) -> Version | None:
        """A new version with the source statements of version ``n``, pruned or not; None where the newest has them already.

        ``judged`` False lets it through although today's shapes would refuse it.
        """
        restored = self.version(n)
        message = f"restauration de la version {n} ({restored.message})"
        with Transaction(self._desk, author, message, n, judged=judged) as transaction:
            transaction.apply(self.diff(self._layout.newest(), n))
            return transaction.commit()

    def optimize(self, author: str) -> Version:
        """A new version with the same statements, its tables rewritten for reading: maintenance, in seconds to minutes."""
        self.current()
        with Transaction(self._desk, author, "réorganisation des tables") as transaction:
            transaction.compact()
            done = transaction.commit()
        if done is None:
            raise StoreError
        return done

    def lacking(self) -> list[str]:
        """The names of the indexes that the current version does not have in this release's form."""
        return lacking(self._desk.indexes, self._layout, self.current().number)

    def reindex(self, author: str, progress: Progress | None = None) -> Version:
        """The current version, where it has all its indexes; else a new one with the same statements that has them."""
        if not self.lacking():
            return self.current()
        with Transaction(self._desk, author, "mise à jour des index") as transaction:
            transaction.republish()
            done = transaction.commit(progress)
        if done is None:
            raise StoreError
        return done

    def rebuild(self, n: int) -> Version:
        """Give a pruned or damaged version its files back, from the changes, or one of an older release its indexes; pin it.

        Raises :class:`app.errors.VersionInUse` where a reader holds the damaged files.
        """
        version = self.version(n)
        with self._desk.locked():
            if n in self._shelf.good() and not lacking(self._desk.indexes, self._layout, n):
                self.pin(n)
                return version
            draft = self._desk.draft(n, n)
            try:
                with refusals(self._layout.data, n):
                    indexed = write_indexes(self._desk.indexes, draft.folder, None, draft, Change(), Change())
                    settled = [*draft.settle(compact=False), *indexed]
                    if self._layout.version(n).exists() and not take_away(self._layout, n):
                        raise VersionInUse(version=n)
                    sync_all(place(self._layout, draft.folder, version, settled))
            finally:
                draft.discard()
            self.pin(n)
            self._shelf.clear_damaged(n)
        return version

    # Keeping

    def pin(self, n: int) -> None:
        """Keep a version from pruning. Raises :class:`app.errors.NoSuchVersion`."""
        self.version(n)
        with refusals(self._layout.pins):
            (self._layout.pins / named(n)).touch()

    def unpin(self, n: int) -> None:
        """Let pruning take a version again."""
        with refusals(self._layout.pins):
            (self._layout.pins / named(n)).unlink(missing_ok=True)

    def pins(self) -> list[int]:
        """The versions that pruning leaves."""
        return numbers(self._layout.pins)

    def prune(self, keep: int | Retention) -> Pruned:
        """Remove the files of all but the newest ``keep`` versions, or of those that a rule does not keep; their changes stay."""
        rule = Retention(keep) if isinstance(keep, int) else keep
        with self._desk.locked():
            done = self._desk.prune(rule)
        empty_trash(self._layout)
        return done

    def erase(self, iri: str, author: str, about: Collection[str], seconds: float = 30.0) -> Erased:
        """Have an entity's literals vanish from all versions and changes. See :func:`app.engine.erasure.erase`."""
        return erase(self._desk, iri, author, about, seconds)

    def back_up(self, destination: Path) -> Copied:
        """Copy the whole data folder while it is in use. See :func:`app.engine.backups.back_up`."""
        return back_up(self._layout, destination)

    def put_back(self, source: Path) -> Copied:
        """Fill this data folder, which has no store yet, from a backup. See :func:`app.engine.backups.put_back`."""
        return put_back(source, self._layout, self._desk.base, self._desk.options.wait_seconds)

    def health(self) -> dict[str, Any]:
        """Figures for ``/health``: JSON values only."""
        told: dict[str, Any] = {"path": str(self._layout.data), "base": self._desk.base}
        try:
            told |= {"newest": self._layout.newest(), "present": len(self.present()), "damaged": self._shelf.damaged()}
            told |= {"current": self.current_number(), "pinned": self.pins()}
            told |= {"free_mb": free_bytes(self._layout.data) // MEGABYTE, **self._desk.probe.to_json()}
        except StoreError as error:
            told |= {"error": error.key, "details": error.details}
        return told
