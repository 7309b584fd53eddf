"""All questions of a ``queries/`` folder by name; the only reader of that folder."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import MisnamedQuery, UnknownQuery
from app.queries.canned import CannedQuery
from app.queries.wishes import Wishes, read_wishes

if TYPE_CHECKING:
    from app.queries.footprint import Footprint


@dataclass(frozen=True)
class Catalogue:
    """Questions by name: the public ones bare, the others as ``pages/…``, ``checks/…`` and ``rules/…``."""

    queries: Mapping[str, CannedQuery]
    wishes: Wishes = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> Catalogue:
        """Every ``.rq`` file below ``folder``, and the wishes. Raises ``ValueError`` naming the first file that is wrong."""
        found = (CannedQuery.read(path, folder) for path in sorted(folder.rglob("*.rq")))
        queries = {query.name: query for query in found}
        return cls(queries, read_wishes(folder, queries))

    def get(self, name: str) -> CannedQuery:
        """The question of that name. Raises :class:`app.errors.UnknownQuery`, with the nearest name of its folder where one
        is near."""
        if name not in self.queries:
            folder = name.rpartition("/")[0]
            beside = [known for known in self.queries if known.rpartition("/")[0] == folder]
            nearest = difflib.get_close_matches(name, beside, n=1)
            raise MisnamedQuery(name=name, nearest=nearest[0]) if nearest else UnknownQuery(name=name)
        return self.queries[name]

    def footprint(self, name: str) -> Footprint | None:
        """Which statements have a part in the answer to a question, worked out once; None where that is not known."""
        from app.queries.footprint import Footprint, NoFootprint  # a parser of SPARQL, which not every process needs

        if name not in self._footprints:
            try:
                self._footprints[name] = Footprint.of(self.get(name))
            except NoFootprint:
                self._footprints[name] = None
        return self._footprints[name]

    @cached_property
    def _footprints(self) -> dict[str, Footprint | None]:
        return {}

    def within(self, folder: str) -> Iterator[CannedQuery]:
        """The questions of one folder: ``pages``, ``checks``, ``rules``, or ``""`` for the public catalogue."""
        for name, query in self.queries.items():
            if name.rpartition("/")[0] == folder:
                yield query
