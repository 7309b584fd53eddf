"""What pages need of figures: tables kept by version, the names of their lines, the link from a figure to its list; no route."""

from __future__ import annotations

from collections.abc import Callable

from app.entities.names import Names
from app.facts.extents import TABLES
from app.statistics import Question, Table, tabulate
from app.statistics.table import MOST_COLUMNS, MOST_ROWS
from app.statistics.wording import Labels
from app.web.site import Visit

_KEPT, _CELLS = 500, 200_000
"""Tables, and figures of all of them, that are kept: strangers choose what is tabulated."""


def table_of(seen: Visit, question: Question, *, most: tuple[int, int] = (MOST_ROWS, MOST_COLUMNS)) -> Table:
    """The table of a question on the visit's version: worked out once, since a version never changes."""
    if most != (MOST_ROWS, MOST_COLUMNS):
        return tabulate(seen.facts, question, most=most)
    facts = seen.facts
    kept, key = seen.site.figures, (seen.number, question)
    found = kept.get(key)
    if found is None:
        found = tabulate(facts, question)
        while kept and (len(kept) >= _KEPT or sum(len(one.figures) for one in list(kept.values())) > _CELLS):
            kept.pop(next(iter(list(kept)), key), None)  # of a copy: another thread may change it between two steps
        kept[key] = found
    return found


def labels(seen: Visit, names: Names) -> Labels:
    """The names of lines in the reader's language."""
    with seen.reading(TABLES):
        return Labels(seen.facts, seen.site.vocabulary, names, seen.site.addresses, seen.language)


def labels_for(seen: Visit, table: Table) -> Labels:
    """The names of the rows and columns of a table, looked up."""
    names, question = Names(seen.site.vocabulary, seen.language), table.question
    said = labels(seen, names)
    names.ask(seen.questions, said.wanted(question.rows, table.rows) | said.wanted(question.columns, table.columns))
    return said


def cell_links(seen: Visit, question_of: Callable[[str], Question]) -> Callable[[str], str]:
    """The lists behind the figures of one row or column, whose questions differ by one word."""
    return seen.urls.like(lambda word: cell_link(seen, question_of(word)))


def cell_link(seen: Visit, question: Question) -> str:
    """The list behind a figure."""
    return seen.urls.page("/statistics/list", **question.given, version=seen.asked_version)
