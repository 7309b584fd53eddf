"""An opened index: rows by IRI, columns, lists, and who takes part in what. Read-only and safe for threads."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from functools import cached_property
from threading import Lock
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from app.facts import kept
from app.facts.arrays import Ints, merged, of, ranges, span
from app.facts.files import Base, Delta, Pair, Parties
from app.facts.naming import numbers_of
from app.facts.outlines import Outlines
from app.facts.tables import Tables
from app.reads import Made
from app.terms import iri_key
from app.text import Language

Value = TypeVar("Value")
_LATEST = 64
Mask = npt.NDArray[np.bool_]


class Facts:
    """The facts of one version.

    A row is a number below ``size``; rows that ``alive`` leaves out are those of entities that are gone. ``column(name)``
    has one value a row (:data:`app.facts.kept.COLUMNS`), ``pairs(name)`` is a list of rows, sorted, beside one of values
    (:data:`app.facts.kept.PAIRS`): numbers of ``tables``, or rows. Arrays are shared: never write into one.
    """

    def __init__(self, tables: Tables, base: Base, delta: Delta, outlines: Outlines | None = None) -> None:
        self.tables = tables
        self.outlines = outlines or Outlines.of_none()
        self.base = base
        self.delta = delta
        self._columns: dict[str, npt.NDArray[Any]] = {}
        self._pairs: dict[str, Pair] = {}
        self._remembered: dict[str, Made[Any]] = {}
        self._latest: OrderedDict[str, Made[Any]] = OrderedDict()
        self.states: dict[object, bytes] = {}
        """What is within some extents, shortly told: see :mod:`app.facts.extents`."""

        self._lock = Lock()

    def remembered(self, name: str, make: Callable[[], Value]) -> Value:
        """What others work out of these facts, once: it is kept as long as they are."""
        if name not in self._remembered:
            self._remembered[name] = Made.by(make)
        found: Value = self._remembered[name].given()
        return found

    def lately(self, name: str, make: Callable[[], Value]) -> Value:
        """The same for what there may be much of: only the latest are kept. Versions may share their facts, so what is made of
        anything else as well has the version in its name."""
        with self._lock:
            if name in self._latest:
                self._latest.move_to_end(name)
                kept_: Value = self._latest[name].given()
                return kept_
        made = Made.by(make)
        with self._lock:
            self._latest[name] = made
            while len(self._latest) > _LATEST:
                self._latest.popitem(last=False)
        return made.given()

    @property
    def size(self) -> int:
        return self.base.size + len(self.delta.iris)

    def iri(self, row: int) -> str:
        """The IRI of a row."""
        return self.base.iri(row) if row < self.base.size else self.delta.iris[row - self.base.size]

    def iris(self, rows: Iterable[int]) -> list[str]:
        return [self.iri(int(row)) for row in rows]

    def row(self, iri: str) -> int | None:
        """The row of an entity, None for what has none or is gone."""
        found = self.place(iri)
        return found if found is not None and self.column("kind")[found] else None

    def place(self, iri: str) -> int | None:
        """The row of an IRI, also where its entity is gone."""
        added = self._added.get(iri)
        return self.base.size + added if added is not None else self.base.find(iri)

    def rows_of(self, iris: Iterable[str]) -> Ints:
        """The row of each of some entities, -1 for what has none or is gone."""
        return self.rows_by_key(np.array([iri_key(iri) for iri in iris], np.int64))

    def rows_by_key(self, keys: Ints) -> Ints:
        """The row of each of some keys (:func:`app.terms.iri_key`), -1 for what has none or is gone."""
        rows = np.full(len(keys), -1, np.int64)
        for known, own in self._by_key:
            if len(known):
                places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
                rows = np.where(known[places] == keys, own[places], rows)
        found = rows >= 0
        found[found] = self.alive[rows[found]]
        return np.where(found, rows, -1)

    @cached_property
    def _by_key(self) -> tuple[Pair, Pair]:
        """The keys, sorted, and their rows: those of the base, and those that this version has besides."""
        base = self.base
        added = np.arange(base.size, self.size)
        return (
            base.once("keys", None, lambda: _sorted(base.arrays["column-key"], np.arange(base.size))),
            _sorted(self.column("key")[added], added),
        )

    @cached_property
    def _added(self) -> dict[str, int]:
        return {iri: number for number, iri in enumerate(self.delta.iris)}

    @cached_property
    def alive(self) -> Mask:
        mask: Mask = self.column("kind") != 0
        return mask

    def column(self, name: str) -> npt.NDArray[Any]:
        """One value a row."""
        found = self._columns.get(name)
        if found is None:
            found = self._columns[name] = self._patched(name)
        return found

    def _patched(self, name: str) -> npt.NDArray[Any]:
        base, delta = self.base.arrays[f"column-{name}"], self.delta
        rows, values = (delta.degree_rows, delta.degrees) if name == "degree" else (delta.rows, delta.columns.get(name))
        if values is None or len(rows) == 0:
            return base
        found = np.full(self.size, kept.missing(name), base.dtype)
        found[: len(base)] = base
        found[rows] = values
        return found

    def pairs(self, name: str) -> Pair:
        """Rows and values of a list, sorted by row; references to what is gone are left out."""
        found = self._pairs.get(name)
        if found is None:
            found = self._pairs[name] = self._merged(name)
        return found

    def _merged(self, name: str) -> Pair:
        rows, values = self.base.arrays[f"list-{name}-rows"], self.base.arrays[f"list-{name}"]
        if len(self.delta.rows):
            rows, values = merged((rows, values), self.delta.pairs[name], self.changed)
            if kept.PAIRS[name] is None:
                there = self.alive[values]
                rows, values = rows[there], values[there]
        return rows, values

    def of(self, name: str, row: int) -> Ints:
        """The values of one row in a list."""
        if self.changed[row]:
            found = of(*self.delta.pairs[name], row)
        else:
            found = of(self.base.arrays[f"list-{name}-rows"], self.base.arrays[f"list-{name}"], row)
        return found[self.alive[found]] if kept.PAIRS[name] is None else found

    @cached_property
    def changed(self) -> Mask:
        """The rows that are not, or not as they are, in the base."""
        mask = np.zeros(self.size, bool)
        mask[self.delta.rows] = True
        return mask

    @cached_property
    def parties(self) -> Parties:
        """Partnership, actor (rows) and role (a code, 0 where none is stated): who takes part in what, sorted by partnership."""
        base = tuple(self.base.arrays[f"parties-{name}"] for name in ("partnerships", "actors", "roles"))
        if not len(self.delta.rows):
            return base[0], base[1], base[2]
        stays = ~self.changed[base[0]]
        columns = [np.concatenate((old[stays], new)) for old, new in zip(base, self.delta.parties, strict=True)]
        there = self.alive[columns[1]]
        order = np.argsort(columns[0][there], kind="stable")
        partnerships, actors, roles = (column[there][order] for column in columns)
        return partnerships, actors, roles

    def _base_places(self, actor: int) -> Ints:
        """Where an actor stands among the parties of the base, in partnerships that are as they were."""
        partnerships, actors = (self.base.arrays[f"parties-{name}"] for name in ("partnerships", "actors"))
        by_actor = self.base.arrays["parties-by-actor"]
        places: Ints = by_actor[span(self.base.once("actors", None, lambda: actors[by_actor]), actor)]
        return places[~self.changed[partnerships[places]]] if len(self.delta.rows) else places

    def by_name(self, rows: Ints, language: Language) -> Ints:
        """Some rows in the order of their names for readers of a language, then of their IRIs; what has no name is last."""
        ranks = self.base.names[language].ranks
        delta = self.delta
        numbers = numbers_of(ranks, delta.rows, delta.name_places[language], self._changed_names(language), rows)
        ordered: Ints = rows[np.argsort(numbers, kind="stable")]
        return ordered

    def name_key(self, row: int, language: Language) -> bytes:
        """What a row is sorted by."""
        run = span(self.delta.rows, row)
        return self.delta.names[language][run.start] if run.start < run.stop else self.base.names[language].key(row)

    def _changed_names(self, language: Language) -> list[tuple[bytes, bytes]]:
        """The keys of the delta's names, with their IRIs."""

        def make() -> list[tuple[bytes, bytes]]:
            iris = (self.iri(row).encode("utf-8") for row in self.delta.rows.tolist())
            return list(zip(self.delta.names[language], iris, strict=True))

        return self.remembered(f"names {language}", make)

    def engagements(self, actor: int) -> tuple[Ints, Ints]:
        """The partnerships that an actor takes part in, with its role in each."""
        if not self.alive[actor]:
            return np.zeros(0, np.int32), np.zeros(0, np.int32)
        places, own = self._base_places(actor), np.flatnonzero(self.delta.parties[1] == actor)
        partnerships, roles = (
            np.concatenate((self.base.arrays[f"parties-{name}"][places], self.delta.parties[column][own]))
            for name, column in (("partnerships", 0), ("roles", 2))
        )
        order = np.argsort(partnerships, kind="stable")
        return partnerships[order], roles[order]

    def parties_of(self, partnership: int) -> tuple[Ints, Ints]:
        """The actors of a partnership, with the role of each."""
        run = span(self.parties[0], partnership)
        return self.parties[1][run], self.parties[2][run]

    def partners(self, actor: int) -> Ints:
        """Those who have a partnership with an actor, each once."""
        partnerships = np.unique(self.engagements(actor)[0])
        first = np.searchsorted(self.parties[0], partnerships, "left")
        counts = np.searchsorted(self.parties[0], partnerships, "right") - first
        found = np.unique(self.parties[1][ranges(first, counts)])
        others: Ints = found[found != actor]
        return others


def _sorted(keys: Ints, rows: Ints) -> Pair:
    order = np.argsort(keys)
    return keys[order], rows[order]
