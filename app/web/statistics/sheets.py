"""Tables and lists of figures as rows of terms, for files; the formats are in app.web.tables."""

from __future__ import annotations

import pyoxigraph as ox

from app.entities.model import Node
from app.entities.questions import Row
from app.statistics import Question, behind, pairs_behind
from app.statistics.table import Figure
from app.statistics.wording import plain
from app.web.figures import labels_for, table_of
from app.web.site import Visit
from app.web.statistics.form import method, titled
from app.web.tables import Sheet

_MOST_LISTED = 20_000
"""What a spreadsheet holds with ease."""
_MOST_TABLED = (10_000, 200)


def table_sheet(seen: Visit, question: Question) -> Sheet:
    """The table: one column a value of the columns, then all."""
    table = table_of(seen, question, most=_MOST_TABLED)
    said = labels_for(seen, table)
    heads = {word: said.node(question.columns, word).label for word in table.columns} | {"": seen.say("statistics.total")}
    first = seen.say(f"statistics.by-{question.rows}").capitalize()
    rows: list[Row] = []
    for row in (*table.rows, ""):
        node = said.node(question.rows, row) if row else Node("", seen.say("statistics.total"))
        terms: dict[str, ox.NamedNode | ox.Literal] = {first: ox.NamedNode(node.iri) if node.iri else ox.Literal(node.label)}
        terms |= {heads[column]: plain(table[row, column], question) for column in (*table.columns, "")}
        rows.append(terms)
    return _sheet(seen, question, [first, *heads.values()], rows)


def list_sheet(seen: Visit, question: Question) -> Sheet:
    """The list behind a figure, up to a number that a spreadsheet holds with ease."""
    return _pairs(seen, question) if question.what.how in ("links", "density") else _entities(seen, question)


def _pairs(seen: Visit, question: Question) -> Sheet:
    one, other, shared = heads = [seen.say(f"statistics.{name}") for name in ("one", "other", "shared")]
    iri = seen.facts.iri
    rows: list[Row] = [
        {one: ox.NamedNode(iri(p.one)), other: ox.NamedNode(iri(p.other)), shared: ox.Literal(p.partnerships)}
        for p in pairs_behind(seen.facts, question)[:_MOST_LISTED]
    ]
    return _sheet(seen, question, heads, rows)


def _entities(seen: Visit, question: Question) -> Sheet:
    """Each entity, with what it adds to a sum."""
    facts, added = seen.facts, {"amounts": "amount", "posts": "posts"}.get(question.measure)
    heads = [seen.say(f"statistics.{word}") for word in ("name", added) if word]
    rows: list[Row] = []
    for row in behind(facts, question)[:_MOST_LISTED].tolist():
        terms: dict[str, ox.NamedNode | ox.Literal] = {heads[0]: ox.NamedNode(facts.iri(row))}
        if added:
            terms[heads[1]] = plain(Figure(int(facts.column(question.what.column)[row])), question)
        rows.append(terms)
    return _sheet(seen, question, heads, rows)


def _sheet(seen: Visit, question: Question, heads: list[str], rows: list[Row]) -> Sheet:
    return Sheet(titled(seen, question), heads, rows, "\n".join(method(seen, question)))
