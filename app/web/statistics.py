"""Figures over HTTP: the table of a question at ``/statistics`` and the list behind each figure; counted in app.statistics."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from app.asking import EXPORTS
from app.charts import SERIES, Chart, Drawing, Series, draw
from app.entities.model import Node, Part
from app.entities.names import Names
from app.entities.questions import Row
from app.errors import BadParameter
from app.statistics import CONDITIONS, DIMENSIONS, MEASURES, Question, behind, pairs_behind
from app.statistics.dimensions import pairs_of
from app.statistics.table import Table
from app.statistics.wording import Labels, euros, figure, plain, share, title
from app.terms import TERRITORY
from app.text import number
from app.web import tables
from app.web.figures import cell_link, labels, table_of
from app.web.places import Place, asked_place, large_territories, theme_options
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("statistics", __name__)
CHARTS = ("auto", "bars", "lines", "heat", "none")
SECOND = ("territory2", "from2", "to2")
FIRST = {"measure": "amounts", "rows": "year", "columns": "programme"}
"""What the page shows before anything is asked."""
PAGE = 50
_MOST_LISTED = 20_000
_MOST_FILE = (10_000, 200)
_EXAMPLES = (
    {"measure": "amounts", "rows": "receiver", "columns": "year"},
    {"measure": "posts", "rows": "year", "columns": "programme"},
    {"measure": "engaged", "rows": "year"},
    {"measure": "actors", "rows": "theme", "columns": "department"},
    {"measure": "entities", "rows": "kind", "columns": "source"},
    {"measure": "density", "rows": "active"},
)


@dataclass(frozen=True)
class Cell:
    """A figure with the list that it opens; ``heat`` from 0 to 6 is how large it is among all."""

    text: str
    link: str | None
    heat: int = 0
    note: str | None = None


@dataclass(frozen=True)
class Line:
    """One row of a page's table."""

    node: Node
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Shown:
    """A table as a page shows it: ``heads`` over the columns, the last of which is all."""

    title: str
    heads: tuple[Node, ...]
    lines: tuple[Line, ...]
    total: Line | None
    left_out: int = 0
    overlapping: bool = False


@blueprint.get("/statistics")
def page() -> Response:
    return conditional("html", lambda: _page(visit()))


@blueprint.get("/statistics.<suffix>")
def file(suffix: str) -> Response:
    seen = visit()
    if suffix not in EXPORTS:
        abort(404)
    question = Question.read(_given(_understood(seen)))
    address = seen.urls.page("/statistics", **question.given, version=seen.version)
    return tables.send(seen, f"{question.measure}-{question.rows}", suffix, address, lambda: _sheet(seen, question))


@blueprint.get("/statistics/list")
def listed() -> Response:
    return conditional("html", lambda: _list(visit()))


@blueprint.get("/statistics/list.<suffix>")
def list_file(suffix: str) -> Response:
    seen = visit()
    if suffix not in EXPORTS:
        abort(404)
    question = Question.read(_given(_understood(seen)))
    address = seen.urls.page("/statistics/list", **question.given, version=seen.version)
    return tables.send(seen, f"{question.measure}-list", suffix, address, lambda: _list_sheet(seen, question))


def _page(seen: Visit) -> str:
    places = _places(seen)
    given = _given(places)
    question = Question.read(given)
    second = _second(question, {name: given.get(name, "") for name in SECOND})
    chart = _choice("chart", CHARTS)
    if any(place.reason for place in places.values()):
        shown, drawing, series = Shown(title(question, seen.language), (), (), None), None, 0
    else:
        shown, drawing, series = _compared(seen, question, second) if second else _tabled(seen, question, chart)
    link = {"chart": chart if chart != "auto" else None, **{name: given.get(name) or None for name in SECOND}}
    return render_template(
        "statistics.html",
        question=question,
        shown=shown,
        drawing=drawing,
        series=series,
        chart=chart,
        charts=CHARTS,
        places=places,
        given=given,
        measures=list(MEASURES),
        dimensions=list(DIMENSIONS),
        options=_options(seen),
        conditions=_conditions(seen, question, link),
        method=_method(seen, question),
        suffixes=tuple(EXPORTS),
        files={s: seen.urls.page(f"/statistics.{s}", **question.given, version=seen.version) for s in EXPORTS},
        permanent=seen.urls.absolute(seen.urls.page("/statistics", **question.given, **link, version=seen.version)),
        examples=[(seen.urls.page("/statistics", **one), title(Question.read(one), seen.language)) for one in _EXAMPLES],
    )


def _choice(name: str, known: Sequence[str]) -> str:
    value = request.args.get(name) or known[0]
    if value not in known:
        raise BadParameter(name=name, value=value[:200], reason=", ".join(known))
    return value


def _given(places: Mapping[str, Place]) -> dict[str, str]:
    """The words of the address; names of territories are replaced by their words, those that are not understood left out."""
    found = {name: value for name, value in request.args.items() if value.strip()}
    found |= {name: place.word for name, place in places.items() if name in found}
    known = {"measure", "rows", "columns", *CONDITIONS, *SECOND, "row", "column"}
    asked = {name: value for name, value in found.items() if name in known}
    return asked if "measure" in asked or "rows" in asked else {**FIRST, **asked}


def _places(seen: Visit) -> dict[str, Place]:
    """What was asked for as territories."""
    return {name: asked_place(seen, name) for name in ("territory", "territory2")}


def _understood(seen: Visit) -> dict[str, Place]:
    """The same. Raises :class:`app.errors.BadParameter` for a territory that is not understood."""
    places = _places(seen)
    for name, place in places.items():
        place.require(seen, name)
    return places


def _second(question: Question, given: Mapping[str, str]) -> Question | None:
    """The same question about another territory or period, where one is given."""
    changed: dict[str, str | None] = {name.removesuffix("2"): value for name, value in given.items() if value}
    if not changed:
        return None
    if "from" in changed or "to" in changed:
        changed = {"from": changed.get("from"), "to": changed.get("to")} | changed
    found = question.where(**changed)
    return Question.read(found.given)


def _tabled(seen: Visit, question: Question, chart: str) -> tuple[Shown, Drawing | None, int]:
    table = table_of(seen, question)
    said = _labels_for(seen, table)
    largest = max((table[row, column].value for row in table.rows for column in table.columns), default=0)
    heads = tuple(said.node(question.columns, word) for word in table.columns)
    lines = tuple(
        Line(
            said.node(question.rows, row),
            tuple(_cell(seen, table, row, column, largest if chart in ("heat",) else 0) for column in (*table.columns, "")),
        )
        for row in table.rows
    )
    total = Line(
        Node("", seen.say("statistics.total")), tuple(_cell(seen, table, "", column, 0) for column in (*table.columns, ""))
    )
    everything = (*heads, Node("", seen.say("statistics.total")))
    shown = Shown(
        title(question, seen.language), everything, lines, total if lines else None, sum(table.left_out), _overlaps(table)
    )
    drawing, series = _drawing(seen, table, said, chart)
    return shown, drawing, series


def _overlaps(table: Table) -> bool:
    """Whether some entity stands in several lines."""
    added = (sum(table[row, ""].value for row in table.rows), sum(table["", column].value for column in table.columns))
    return max(added) > table["", ""].value


def _labels_for(seen: Visit, table: Table) -> Labels:
    names = Names(seen.site.vocabulary, seen.language)
    said = labels(seen, names)
    question = table.question
    names.ask(seen.questions, said.wanted(question.rows, table.rows) | said.wanted(question.columns, table.columns))
    return said


def _cell(seen: Visit, table: Table, row: str, column: str, largest: int) -> Cell:
    value = table[row, column]
    text = figure(value, table.question, seen.language)
    note = None
    if value.parts is not None and value.parts[1]:
        note = seen.say("statistics.pairs-of", links=value.parts[0], possible=value.parts[1])
    heat = 1 + min(5, 6 * value.value // (largest + 1)) if largest and value.value > 0 else 0
    opens = bool(value.value or (value.parts and value.parts[1]))
    return Cell(text, cell_link(seen, table.question.at(row, column)) if opens else None, heat, note)


def _compared(seen: Visit, question: Question, second: Question) -> tuple[Shown, Drawing | None, int]:
    """Two tables of the same rows side by side, with the difference."""
    bare, other = (Question.read({**one.given, "columns": ""}) for one in (question, second))
    tables_ = (table_of(seen, bare), table_of(seen, other))
    rows = tuple(dict.fromkeys((*tables_[0].rows, *tables_[1].rows)))
    if DIMENSIONS[question.rows].ordered:
        rows = tuple(sorted(rows, key=lambda word: word.rjust(8)))
    said = _labels_for(seen, Table(bare, rows, (), {}))
    heads = tuple(Node("", _told(seen, one, said)) for one in (bare, other))
    lines = tuple(Line(said.node(bare.rows, row), _pair(seen, tables_, row)) for row in rows)
    total = Line(Node("", seen.say("statistics.total")), _pair(seen, tables_, ""))
    everything = (*heads, Node("", seen.say("statistics.difference")))
    shown = Shown(title(bare, seen.language), everything, lines, total if lines else None, sum(t.left_out[0] for t in tables_))
    series = [Series(head.label, [t[row, ""].value for row in rows[:12]]) for head, t in zip(heads, tables_, strict=True)]
    shape = "columns" if DIMENSIONS[bare.rows].ordered else "bars"
    drawing = draw(Chart(shape, [said.node(bare.rows, row).label for row in rows[:12]], series, _writer(seen, bare)))  # type: ignore[arg-type]
    return shown, drawing, 0


def _pair(seen: Visit, both: tuple[Table, Table], row: str) -> tuple[Cell, ...]:
    cells = tuple(_cell(seen, table, row, "", 0) for table in both)
    change = both[1][row, ""].value - both[0][row, ""].value
    sign = "+" if change > 0 else "−" if change < 0 else ""
    return (*cells, Cell(sign + _writer(seen, both[0].question)(abs(change)), None))


def _told(seen: Visit, question: Question, said: Labels) -> str:
    """The conditions that tell two compared questions apart."""
    conditions = dict(question.conditions)
    parts = [said.node("territory", conditions["territory"]).label] if "territory" in conditions else []
    days = [conditions[name] for name in ("from", "to") if name in conditions]
    return ", ".join([*parts, "–".join(dict.fromkeys(days))] if days else parts) or seen.say("statistics.any")


def _drawing(seen: Visit, table: Table, said: Labels, chart: str) -> tuple[Drawing | None, int]:
    """The chart that suits a table, and how many series it has."""
    question = table.question
    if chart in ("none", "heat") or not table.rows:
        return None, 0
    ordered = [DIMENSIONS[name].ordered for name in (question.rows, question.columns) if name]
    across = len(ordered) == 2 and ordered[1] and not ordered[0]
    down, columns = (table.columns, table.rows) if across else (table.rows, table.columns)
    categories = down if any(ordered) else down[:15]
    series = [
        Series(
            said.node(question.rows if across else question.columns, word).label if word else "",
            [(table[word, c] if across else table[c, word]).value for c in categories],
        )
        for word in (columns[:SERIES] or ("",))
    ]
    is_ordered = any(ordered)
    shape = ("lines" if chart == "lines" or (chart == "auto" and len(series) > 3) else "columns") if is_ordered else "bars"
    words = [said.node(question.columns if across else question.rows, word).label for word in categories]
    return draw(Chart(shape, words, series, _writer(seen, question))), len(series) if len(columns) > SERIES else 0  # type: ignore[arg-type]


def _writer(seen: Visit, question: Question) -> Callable[[float], str]:
    """How a chart writes a number of a measure."""
    if question.measure == "amounts":
        return lambda value: euros(value, seen.language)
    if question.what.how == "density":
        return lambda value: share(value, seen.language)
    return lambda value: number(int(value) if value == int(value) else value, seen.language)


def _options(seen: Visit) -> dict[str, list[tuple[str, str]]]:
    """What the lists of the form offer: values in use, by name."""
    facts, said = seen.facts, labels(seen, Names(seen.site.vocabulary, seen.language))
    found = {"theme": theme_options(seen, said), "territory": large_territories(seen, said)}
    for name in ("nature", "class", "form", "status"):
        numbers = sorted(set(pairs_of(facts, name)[1].tolist()))
        words = [DIMENSIONS[name].word(facts, number) for number in numbers]
        found[name] = sorted(((word, said.node(name, word).label) for word in words), key=lambda one: one[1].casefold())
    return found


def _conditions(seen: Visit, question: Question, link: Mapping[str, str | None]) -> list[tuple[str, Node, str]]:
    """Each condition in words, with the address that drops it."""
    names = Names(seen.site.vocabulary, seen.language)
    said = labels(seen, names)
    names.ask(seen.questions, {iri for name, value in question.conditions for iri in said.wanted(name, [value])})
    return [
        (
            seen.say(f"statistics.{'form-legal' if name == 'form' else name}"),
            said.node("subtheme" if name == "theme" else name, value),
            seen.urls.page("/statistics", **question.where(**{name: None}).given, **link, version=seen.asked_version),
        )
        for name, value in question.conditions
    ]


def _method(seen: Visit, question: Question) -> list[str]:
    how = seen.say(f"statistics.how-{question.what.how}")
    rest = [seen.say(f"statistics.method-{name}") for name in ("contain", "dates")]
    return [how, seen.say("statistics.method-facts", version=str(seen.version)), *rest]


def _sheet(seen: Visit, question: Question) -> tables.Sheet:
    """The table as rows of terms: one column a value of the columns, then all."""
    table = table_of(seen, question, most=_MOST_FILE)
    said = _labels_for(seen, table)
    heads = {word: said.node(question.columns, word).label for word in table.columns} | {"": seen.say("statistics.total")}
    first = seen.say(f"statistics.by-{question.rows}").capitalize()
    rows: list[Row] = []
    for row in (*table.rows, ""):
        node = said.node(question.rows, row) if row else Node("", seen.say("statistics.total"))
        terms: dict[str, ox.NamedNode | ox.Literal] = {first: ox.NamedNode(node.iri) if node.iri else ox.Literal(node.label)}
        terms |= {heads[column]: plain(table[row, column], question) for column in (*table.columns, "")}
        rows.append(terms)
    return tables.Sheet(title(question, seen.language), [first, *heads.values()], rows, "\n".join(_method(seen, question)))


def _list(seen: Visit) -> str:
    question = Question.read(_given(_understood(seen)))
    names = Names(seen.site.vocabulary, seen.language)
    table = table_of(seen, question)
    facts, how = seen.facts, question.what.how
    pairs = pairs_behind(facts, question) if how in ("links", "density") else None
    rows = [] if pairs is not None else behind(facts, question).tolist()
    part = Part(len(rows) if pairs is None else len(pairs), 1, PAGE)
    part = Part(part.total, min(asked_number("page") or 1, part.pages), PAGE)
    window = slice(part.first - 1, part.last)
    said = labels(seen, names)
    wanted = {iri for name, value in (*question.conditions, *_own(question)) for iri in said.wanted(name, [value])}
    ends = [facts.iri(row) for pair in (pairs or [])[window] for row in (pair.one, pair.other)]
    shown = [facts.iri(row) for row in rows[window]]
    places = {row: facts.of("territories", row).tolist() for row in rows[window]}
    names.ask(seen.questions, {*wanted, *ends, *shown})
    return render_template(
        "statistics-list.html",
        question=question,
        part=part,
        figure=figure(table["", ""], question, seen.language),
        title=title(question, seen.language),
        lines=[
            (
                names.node(facts.iri(row)),
                [_territory(seen, said, number) for number in places[row]],
                names.period(facts.iri(row)),
                _own_figure(seen, question, row),
            )
            for row in rows[window]
        ],
        pairs=None
        if pairs is None
        else [(names.node(facts.iri(p.one)), names.node(facts.iri(p.other)), p.partnerships) for p in pairs[window]],
        own=[(seen.say(f"statistics.by-{name}").capitalize(), said.node(name, value)) for name, value in _own(question)],
        conditions=_conditions(seen, question, {}),
        table=seen.urls.page("/statistics", **question.at().given, version=seen.asked_version),
        method=_method(seen, question),
        suffixes=tuple(EXPORTS),
        files={s: seen.urls.page(f"/statistics/list.{s}", **question.given, version=seen.version) for s in EXPORTS},
        permanent=seen.urls.absolute(seen.urls.page("/statistics/list", **question.given, version=seen.version)),
    )


def _own(question: Question) -> list[tuple[str, str]]:
    """The lines of the table that a figure stands in."""
    pairs = ((question.rows, question.row), (question.columns, question.column))
    return [(name, value) for name, value in pairs if name and value]


def _territory(seen: Visit, said: Labels, number: int) -> Node:
    return said.node("territory", seen.facts.tables.territories[number].removeprefix(str(TERRITORY)))


def _own_figure(seen: Visit, question: Question, row: int) -> str | None:
    """What one entity adds to a sum."""
    if question.what.how != "sum":
        return None
    value = int(seen.facts.column(question.what.column)[row])
    return euros(value, seen.language) if question.measure == "amounts" else str(value)


def _list_sheet(seen: Visit, question: Question) -> tables.Sheet:
    """The whole list, up to a number that a spreadsheet holds with ease."""
    facts = seen.facts
    if question.what.how in ("links", "density"):
        heads = [seen.say(f"statistics.{name}") for name in ("one", "other", "shared")]
        pairs = pairs_behind(facts, question)[:_MOST_LISTED]
        rows: list[Row] = [
            dict(
                zip(
                    heads, (ox.NamedNode(facts.iri(p.one)), ox.NamedNode(facts.iri(p.other)), _whole(p.partnerships)), strict=True
                )
            )
            for p in pairs
        ]
        return tables.Sheet(title(question, seen.language), heads, rows, "\n".join(_method(seen, question)))
    name, column = seen.say("statistics.name"), seen.say(f"statistics.{_column(question)}") if _column(question) else ""
    found: list[Row] = []
    for row in behind(facts, question)[:_MOST_LISTED].tolist():
        terms: dict[str, ox.NamedNode | ox.Literal] = {name: ox.NamedNode(facts.iri(row))}
        if column:
            value = int(facts.column(question.what.column)[row])
            terms[column] = _cents(value) if question.measure == "amounts" else _whole(value)
        found.append(terms)
    return tables.Sheet(
        title(question, seen.language), [name, column] if column else [name], found, "\n".join(_method(seen, question))
    )


def _column(question: Question) -> str:
    return {"amounts": "amount", "posts": "posts"}.get(question.measure, "")


def _whole(value: int) -> ox.Literal:
    return ox.Literal(value)


def _cents(value: int) -> ox.Literal:
    sign = "-" if value < 0 else ""
    decimal = ox.NamedNode("http://www.w3.org/2001/XMLSchema#decimal")
    return ox.Literal(f"{sign}{abs(value) // 100}.{abs(value) % 100:02}", datatype=decimal)
