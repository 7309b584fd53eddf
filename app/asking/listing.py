"""The entities of a list as a reader sees them, from the facts and the search index: no question to the graph, no HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.browsing import Browser
from app.browsing.nearby import Point
from app.entities import wording
from app.entities.model import Node
from app.entities.names import ending, nature
from app.facts import Facts
from app.facts.arrays import Ints
from app.facts.dates import date
from app.facts.kept import DAY, MONTH, missing
from app.search import Hit
from app.search.document import Text
from app.terms import PREFIXES
from app.text import Language, pick
from app.vocabulary import Vocabulary

_XSD = PREFIXES["xsd"]
_CHARACTERS = 200


@dataclass(frozen=True)
class Line:
    """One entity of a list. ``start`` and ``end`` are as precise as they were stated; ``links`` counts statements of links."""

    node: Node
    types: tuple[str, ...]
    territories: tuple[Node, ...]
    themes: tuple[Node, ...] = ()
    period: str | None = None
    start: str | None = None
    end: str | None = None
    description: tuple[str, str | None] | None = None
    links: int | None = None
    amount: float | None = None
    point: Point | None = None


@dataclass(frozen=True)
class Lines:
    """Words the rows of one version."""

    browser: Browser
    vocabulary: Vocabulary
    language: Language

    def of(self, rows: Ints, *, themed: bool = True, placed: bool = True) -> tuple[Line, ...]:
        """Some rows, in their order; as many as a page or a file holds. Their themes and their points are looked up unless it is
        said that nobody sees them."""
        facts = self.browser.rows(rows)
        hits = self.browser.hits(rows)
        territories = [_listed(facts, row, "territories") for row in rows.tolist()]
        themes = [_listed(facts, row, "themes") if themed else [] for row in rows.tolist()]
        named = self.browser.search.of(iri for iris in (*themes, *territories) for iri in iris)
        points = self.browser.positions(rows) if placed else {}
        beside = zip(*([self._nodes(iris, named) for iris in each] for each in (territories, themes)), strict=True)
        its = zip(rows.tolist(), facts.iris(rows.tolist()), hits, beside, strict=True)
        return tuple(self._line(facts, row, iri, hit, nodes, points.get(row)) for row, iri, hit, nodes in its)

    def _nodes(self, iris: Sequence[str], named: Mapping[str, Hit]) -> tuple[Node, ...]:
        return tuple(self._node(iri, named.get(iri)) for iri in iris)

    def _line(
        self, facts: Facts, row: int, iri: str, hit: Hit | None, beside: tuple[tuple[Node, ...], ...], point: Point | None
    ) -> Line:
        """``beside`` are its territories and its themes."""
        start, end = self._day(facts, row, "start"), self._day(facts, row, "end")
        types = hit.types if hit else ()
        amount = int(facts.column("amount")[row])
        return Line(
            node=self._node(iri, hit),
            types=tuple(filter(None, (nature(self.vocabulary, types, self.language),))),
            territories=beside[0],
            themes=beside[1],
            period=wording.period(start, end, self.language),
            start=start.value if start else None,
            end=end.value if end else None,
            description=self._description(hit),
            links=int(facts.column("degree")[row]),
            amount=None if amount == missing("amount") else amount / 100,
            point=point,
        )

    def _node(self, iri: str, hit: Hit | None) -> Node:
        text, tag = self._pick((*hit.names, *hit.other_names)) if hit else (None, None)
        return Node(iri, text or ending(iri), tag if text and tag != self.language else None)

    def _description(self, hit: Hit | None) -> tuple[str, str | None] | None:
        text, tag = self._pick(hit.descriptions) if hit else (None, None)
        if not text:
            return None
        short = text if len(text) <= _CHARACTERS else text[: text.rfind(" ", 0, _CHARACTERS)] + " …"
        return short, tag if tag != self.language else None

    def _pick(self, texts: tuple[Text, ...]) -> tuple[str | None, str | None]:
        by_language: dict[str | None, str] = {}
        for text, tag in texts:
            by_language.setdefault(tag, text)
        return pick(by_language, self.language) or (None, None)

    def _day(self, facts: Facts, row: int, name: str) -> ox.Literal | None:
        """A beginning or an end, as precise as it was stated."""
        number = int(facts.column(name)[row])
        if number == missing(name):
            return None
        day, precision = date(number), int(facts.column(f"{name}_precision")[row])
        text, type_ = (
            (day.isoformat(), "date")
            if precision == DAY
            else (f"{day:%Y-%m}", "gYearMonth")
            if precision == MONTH
            else (f"{day.year:04}", "gYear")
        )
        return ox.Literal(text, datatype=ox.NamedNode(_XSD + type_))


def _listed(facts: Facts, row: int, name: str) -> list[str]:
    names = facts.tables.names(name)
    return [names[n] for n in facts.of(name, row).tolist()]
