"""``maillage statistics``: a measure by rows and columns, as the page of figures shows it."""

from __future__ import annotations

from typing import Any

import click

from app.assembly import load_vocabulary
from app.cli.console import Console
from app.cli.discovering import discover
from app.cli.misread import unknown_name
from app.cli.parts import open_place, pass_console
from app.cli.wording import OneOf, Whole, make
from app.engine.indexes import Indexes
from app.entities.addresses import Addresses
from app.entities.names import Names
from app.errors import BadParameter, UnknownChoice
from app.facts import Facts, open_facts
from app.statistics import CONDITIONS, DIMENSIONS, MEASURES, Question, Table, tabulate
from app.statistics.places import find_territories
from app.statistics.wording import Labels, figure, title
from app.terms import TERRITORY
from app.text import say


@make("statistics")
@click.option("--measure", type=OneOf(tuple(MEASURES)), default="actors")
@click.option("--rows", type=OneOf(tuple(DIMENSIONS)), default="theme")
@click.option("--columns", type=OneOf(tuple(DIMENSIONS)))
@click.option("--where", multiple=True, metavar="NAME=VALUE")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def statistics(
    console: Console, measure: str, rows: str, columns: str | None, where: tuple[str, ...], version: int | None
) -> int:
    place = open_place()
    number = version if version is not None else place.repository.current_number()
    facts = Indexes(place.repository.lease, "facts", open_facts).at(number)
    conditions = dict(_condition(one, facts, console) for one in where)
    question = Question.read({**conditions, "measure": measure, "rows": rows, "columns": columns or ""})
    table = tabulate(facts, question)
    vocabulary = load_vocabulary()
    names = Names(vocabulary, console.language)
    kinds = frozenset(kind.segment for kind in vocabulary.kinds())
    said = Labels(facts, vocabulary, names, Addresses(place.settings.base_iri, kinds), console.language)
    names.ask(discover(place, number), said.wanted(rows, table.rows) | said.wanted(columns or "", table.columns))
    console.result(_document(table, said, number))
    if not console.as_json:
        _show(table, said, console)
        console.note("statistics-figures", title=title(question, console.language), version=str(number))
    return 0


def _show(table: Table, said: Labels, console: Console) -> None:
    question, everything = table.question, say("statistics.total", console.language)
    columns = (*table.columns, "")
    heads = [said.node(question.columns, word).label if word else everything for word in columns]
    lines = [
        [
            said.node(question.rows, row).label if row else everything,
            *(figure(table[row, column], question, console.language) for column in columns),
        ]
        for row in (*table.rows, "")
    ]
    console.table([say(f"statistics.by-{question.rows}", console.language), *heads], lines)


def _condition(text: str, facts: Facts, console: Console) -> tuple[str, str]:
    """``territory=Essonne`` as a name and a word. Raises :class:`app.errors.BadParameter`."""
    name, equals, value = text.partition("=")
    if not equals:
        raise BadParameter(name="--where", value=text, reason=console.say("where", choices=", ".join(CONDITIONS)))
    if name not in CONDITIONS:
        raise UnknownChoice(name="--where", value=name, choices=", ".join(CONDITIONS))
    if name == "territory":
        found = [facts.tables.territories[n].removeprefix(str(TERRITORY)) for n in find_territories(facts, value)]
        if not found:
            raise BadParameter(name=name, value=value, reason=unknown_name(value, console.language))
        if len(found) > 1:
            raise UnknownChoice(name=name, value=value, choices=", ".join(found))
        value = found[0]
    return name, value


def _document(table: Table, said: Labels, version: int) -> dict[str, Any]:
    question = table.question
    figures = [
        {
            "row": row or None,
            "column": column or None,
            "label": said.node(question.rows, row).label if row else None,
            "value": _value(table, row, column),
        }
        for row in (*table.rows, "")
        for column in (*table.columns, "")
    ]
    return {"version": version, "question": question.given, "figures": figures}


def _value(table: Table, row: str, column: str) -> float | int:
    value = table[row, column].value
    if table.question.measure == "amounts":
        return value / 100
    return value / 1_000_000 if table.question.what.how == "density" else value


COMMAND = statistics
