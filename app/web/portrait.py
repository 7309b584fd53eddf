"""The section of figures on the page of a territory or a theme; what it shows is worked out in app.statistics.portrait."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint

from app.charts import Chart, Drawing, Series, draw
from app.entities.model import Node
from app.entities.names import Names
from app.entities.wording import collation
from app.facts import Facts
from app.facts.dates import day
from app.facts.extents import Extent
from app.facts.tables import Tables
from app.statistics import Question, Table
from app.statistics.portrait import KINDS, Near, Portrait, extent_of, of_territory, of_theme
from app.statistics.table import Figure
from app.statistics.wording import Labels, euros, figure
from app.terms import TERRITORY, THEME
from app.text import number
from app.web.figures import cell_link, cell_links, labels
from app.web.site import Visit, visit

blueprint = Blueprint("portrait", __name__)
_LISTS = {
    "actor": "actors",
    "project": "projects",
    "partnership": "partnerships",
    "event": "events",
    "opportunity": "opportunities",
}


@dataclass(frozen=True)
class Counted:
    """A name with a figure and the list behind it."""

    node: Node
    text: str
    link: str | None = None


@dataclass(frozen=True)
class Listed:
    """Some entities of a kind, how many there are, and where all are."""

    kind: str
    nodes: tuple[tuple[Node, str | None], ...]
    total: int
    link: str


@dataclass(frozen=True)
class Shown:
    """A portrait in words and shapes; ``condition`` and ``word`` name what it is of, for links."""

    condition: str
    word: str
    figures: tuple[Counted, ...]
    years: Drawing | None
    amounts: Drawing | None
    year_lines: tuple[tuple[str, str, str | None, str, str | None], ...]
    lists: tuple[Listed, ...]
    funders: tuple[Counted, ...]
    policies: tuple[Node, ...]
    inside: tuple[Counted, ...]
    beside: tuple[Counted, ...]
    themes: tuple[Counted, ...]
    gaps: tuple[Counted, ...]
    departments: tuple[Counted, ...]

    @property
    def is_empty(self) -> bool:
        return not any(one.link for one in self.figures)


@blueprint.app_context_processor
def _global() -> dict[str, Any]:
    return {"portrait_of": portrait_of}


def portrait_of(iri: str) -> Shown | None:
    """The portrait of a territory or theme of this version; None for anything else."""
    seen = visit()
    extent = _extent(seen, iri)
    if extent is None:
        return None
    with seen.reading(extent):
        facts = seen.facts
        return _shown(seen, facts, _portrait(facts, iri))


def named_in(seen: Visit, iri: str) -> set[str]:
    """The IRIs whose names are needed to show the portrait, where there is one."""
    extent = _extent(seen, iri)
    if extent is None:
        return set()
    with seen.reading(extent):
        facts = seen.facts
        return _mentioned(facts, _portrait(facts, iri))


def _extent(seen: Visit, iri: str) -> Extent | None:
    """What a portrait is made of; None for what has none."""
    with seen.reading(Extent(outlines=True)):
        extent = extent_of(seen.facts, iri)
    return extent if extent is not None and seen.told(f"row {iri}", lambda facts: facts.row(iri)) is not None else None


def _portrait(facts: Facts, iri: str) -> Portrait:
    today = day(datetime.date.today())
    number = facts.tables.territories.find(iri)
    make, found = (of_territory, number) if number else (of_theme, facts.tables.themes.find(iri))
    return facts.lately(f"portrait {today} {iri}", lambda: make(facts, found, today))


def _funders(portrait: Portrait) -> list[str]:
    return [word for word in portrait.funders.rows if word.startswith("http")]


def _mentioned(facts: Facts, portrait: Portrait) -> set[str]:
    rows = [row for rows in portrait.entities.values() for row in rows]
    return {*_funders(portrait), *facts.iris(rows), *facts.iris(portrait.policies)}


def _shown(seen: Visit, facts: Facts, portrait: Portrait) -> Shown:
    names = seen.names
    said = labels(seen, names)
    names.ask(seen.questions, _mentioned(facts, portrait))
    space = "territory" if portrait.condition[0] == "territory" else "theme"
    return Shown(
        *portrait.condition,
        figures=tuple(_figure(seen, portrait, measure, value) for measure, value in portrait.figures.items()),
        years=_columns(portrait.years, lambda value: number(int(value) if value == int(value) else value, seen.language)),
        amounts=_columns(portrait.amounts, lambda value: euros(value, seen.language)),
        year_lines=_year_lines(seen, portrait),
        lists=tuple(_listed(seen, names, portrait, kind, facts.iris(portrait.entities[kind])) for kind in KINDS),
        funders=_lines(seen, said, "funder", portrait.funders, _funders(portrait)),
        policies=tuple(names.node(iri) for iri in facts.iris(portrait.policies)),
        inside=_near(seen, said, facts.tables, space, portrait.inside),
        beside=_near(seen, said, facts.tables, space, portrait.beside),
        themes=_near(seen, said, facts.tables, "theme", portrait.themes, portrait.condition),
        gaps=_near(seen, said, facts.tables, "theme", portrait.gaps),
        departments=_lines(seen, said, "department", where, where.rows) if (where := portrait.departments) else (),
    )


def _ask(portrait: Portrait, measure: str, rows: str = "kind") -> Question:
    return Question.read({"measure": measure, "rows": rows, portrait.condition[0]: portrait.condition[1]})


def _figure(seen: Visit, portrait: Portrait, measure: str, value: int) -> Counted:
    question = _ask(portrait, measure)
    text = figure(Figure(value), question, seen.language)
    return Counted(Node("", seen.say(f"portrait.figure-{measure}", n=value)), text, cell_link(seen, question) if value else None)


def _text(seen: Visit, table: Table, row: str) -> str:
    return figure(table[row, ""], table.question, seen.language)


def _columns(table: Table, write: Callable[[float], str]) -> Drawing | None:
    years = [row for row in table.rows if row.isdigit()]
    if len(years) < 2:
        return None
    every = [str(year) for year in range(int(years[0]), int(years[-1]) + 1)] if int(years[-1]) - int(years[0]) < 80 else years
    return draw(Chart("columns", every, [Series("", [table[year, ""].value for year in every])], write))


def _year_lines(seen: Visit, portrait: Portrait) -> tuple[tuple[str, str, str | None, str, str | None], ...]:
    """Year by year: partnerships under way and amounts begun, each with its list."""
    years = sorted({row for table in (portrait.years, portrait.amounts) for row in table.rows if row.isdigit()})
    tables = [(table, cell_links(seen, table.question.at)) for table in (portrait.years, portrait.amounts)]
    found = []
    for year in years[-30:]:
        cells: list[str | None] = []
        for table, link in tables:
            cells += [_text(seen, table, year), link(year) if table[year, ""].value else None]
        found.append((year, str(cells[0]), cells[1], str(cells[2]), cells[3]))
    return tuple(found)


def _listed(seen: Visit, names: Names, portrait: Portrait, kind: str, iris: Sequence[str]) -> Listed:
    nodes = tuple((names.node(iri), names.period(iri)) for iri in iris)
    return Listed(kind, nodes, portrait.totals[kind], cell_link(seen, _ask(portrait, _LISTS[kind])))


def _near(
    seen: Visit,
    said: Labels,
    tables: Tables,
    dimension: str,
    near: Sequence[Near],
    condition: tuple[str, str] | None = None,
) -> tuple[Counted, ...]:
    names, space = (tables.themes, str(THEME)) if dimension == "theme" else (tables.territories, str(TERRITORY))
    asked = Question("entities", "kind", conditions=(condition,) if condition else ())
    link = cell_links(seen, lambda word: asked.where(**{dimension: word}))
    words = [names[one.number].removeprefix(space) for one in near]
    found = [
        Counted(said.node(dimension, word), number(one.count, seen.language), link(word) if one.count else None)
        for one, word in zip(near, words, strict=True)
    ]
    if condition is None:
        found.sort(key=lambda one: (one.link is None, collation(one.node.label)))
    return tuple(found)


def _lines(seen: Visit, said: Labels, dimension: str, table: Table, rows: Sequence[str]) -> tuple[Counted, ...]:
    link = cell_links(seen, table.question.at)
    return tuple(Counted(said.node(dimension, row), _text(seen, table, row), link(row)) for row in rows)
