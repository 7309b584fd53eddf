"""The list behind a figure, a page at a time: the entities that it counts, or the pairs of actors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from app.entities.model import Node, Part
from app.entities.names import Names
from app.statistics import Question, behind, pairs_behind
from app.statistics.behind import Link
from app.statistics.wording import Labels, euros, figure
from app.terms import TERRITORY
from app.web.figures import labels, table_of
from app.web.site import Visit, asked_number

_PAGE = 50


def listing(seen: Visit, question: Question) -> dict[str, Any]:
    """The figure and the page of its list that is asked for, as the template names them; ``pairs`` is None for entities."""
    names = Names(seen.site.vocabulary, seen.language)
    said = labels(seen, names)
    own = lines_of(question)
    table = table_of(seen, question)
    is_pairs = question.what.how in ("links", "density")
    found: Sequence[Any] = pairs_behind(seen.facts, question) if is_pairs else behind(seen.facts, question).tolist()
    part = _part(len(found))
    window = found[part.first - 1 : part.last]
    ends = [row for pair in window for row in (pair.one, pair.other)] if is_pairs else window
    wanted = {iri for name, value in (*question.conditions, *own) for iri in said.wanted(name, [value])}
    names.ask(seen.questions, {*wanted, *map(seen.facts.iri, ends)})
    return {
        "part": part,
        "figure": figure(table["", ""], question, seen.language),
        "lines": [] if is_pairs else [_line(seen, names, said, question, row) for row in window],
        "pairs": _pairs(seen, names, window) if is_pairs else None,
        "own": [(seen.say(f"statistics.by-{name}").capitalize(), said.node(name, value)) for name, value in own],
    }


def _part(total: int) -> Part:
    """The page that is asked for, the last one where there are fewer."""
    pages = Part(total, 1, _PAGE).pages
    return Part(total, min(asked_number("page") or 1, pages), _PAGE)


def lines_of(question: Question) -> list[tuple[str, str]]:
    """The lines of the table that a figure stands in."""
    pairs = ((question.rows, question.row), (question.columns, question.column))
    return [(name, value) for name, value in pairs if name and value]


def _line(
    seen: Visit, names: Names, said: Labels, question: Question, row: int
) -> tuple[Node, list[Node], str | None, str | None]:
    """An entity, its territories, its dates, and what it adds to a sum."""
    iri = seen.facts.iri(row)
    places = [_territory(seen, said, number) for number in seen.facts.of("territories", row).tolist()]
    return names.node(iri), places, names.period(iri), _own_figure(seen, question, row)


def _pairs(seen: Visit, names: Names, pairs: Iterable[Link]) -> list[tuple[Node, Node, int]]:
    iri = seen.facts.iri
    return [(names.node(iri(pair.one)), names.node(iri(pair.other)), pair.partnerships) for pair in pairs]


def _territory(seen: Visit, said: Labels, number: int) -> Node:
    return said.node("territory", seen.facts.tables.territories[number].removeprefix(str(TERRITORY)))


def _own_figure(seen: Visit, question: Question, row: int) -> str | None:
    """What one entity adds to a sum."""
    if question.what.how != "sum":
        return None
    value = int(seen.facts.column(question.what.column)[row])
    return euros(value, seen.language) if question.measure == "amounts" else str(value)
