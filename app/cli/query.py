"""``maillage query``: a question of the catalogue or SPARQL, answered in this process without limits of time."""

from __future__ import annotations

import re
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
import pyoxigraph as ox

from app.assembly import load_catalogue
from app.cli.asked import is_question, text_of
from app.cli.console import Console
from app.cli.parts import open_place, pass_console
from app.cli.wording import OneOf, Whole, make
from app.engine.asks import Answer, Ask
from app.engine.direct import DirectEngine
from app.engine.evaluation import Bounds
from app.errors import BadParameter, UnreadableInput
from app.media import GRAPHS, SOLUTIONS
from app.terms import compact

_SOLUTIONS = {"json": SOLUTIONS[0], "xml": SOLUTIONS[1], "csv": SOLUTIONS[2], "tsv": SOLUTIONS[3]}
_GRAPHS = {form.suffix: form for form in GRAPHS}
_QUESTION = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_OF_GRAPHS = {"json": "jsonld", "xml": "rdf"}
"""The formats of graphs that go by the names of those of tables."""

_OWN = Bounds(characters=10_000_000, depth=1_000, rows=1_000_000_000, size=1_000_000_000_000)
"""The operator's own queries are limited only against mistakes that would end this process."""


@make("query")
@click.argument("query")
@click.option("--format", "format_", type=OneOf(("table", *_SOLUTIONS, *_GRAPHS)))
@click.option("--param", "params", multiple=True, metavar="NAME=VALUE")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def query(console: Console, query: str, format_: str | None, params: tuple[str, ...], version: int | None) -> int:
    catalogue = load_catalogue()
    named = is_question(query, catalogue)
    text = "" if named else _text(query, params)
    form = format_ or ("json" if console.as_json else "table")
    solutions, graph = _types(form)
    engine = DirectEngine(open_place().repository, _OWN)
    if named:
        text = text_of(query, params, catalogue, engine, version, console.language)
    ask = Ask(text, lane="page", solutions=solutions, graph=graph, version=version)
    with _stopped_at_once():
        answer = engine.answer(ask)
    with answer.body as body:
        if form == "table" and answer.kind != "graph":
            _show(answer, console)
        else:
            sys.stdout.flush()
            shutil.copyfileobj(body, sys.stdout.buffer)
            sys.stdout.buffer.flush()
    return 0


def _types(form: str) -> tuple[str | None, str | None]:
    """The media types of a table and of a graph in the format of that name; None where the one is not written so."""
    if form == "table":
        return _SOLUTIONS["json"].media_type, _GRAPHS["ttl"].media_type
    found = _SOLUTIONS.get(form), _GRAPHS.get(_OF_GRAPHS.get(form, form))
    solutions, graph = (one.media_type if one else None for one in found)
    return solutions, graph


@contextmanager
def _stopped_at_once() -> Iterator[None]:
    """Ctrl-C ends the process: the engine does not look at Python's signals while it works."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _text(given: str, params: tuple[str, ...]) -> str:
    """The text of a query: a file's, the input's, or the argument itself. Raises :class:`app.errors.UnreadableInput`.

    Only a question of the catalogue has parameters. With any, and for a name like theirs that is no file's:
    :class:`app.errors.UnknownQuery`; with those of SPARQL itself, :class:`app.errors.BadParameter`.
    """
    is_text = "{" in given or "\n" in given
    if params and (is_text or given == "-"):
        name, _, value = params[0].partition("=")
        raise BadParameter(name=name, value=value, reason="only-of-questions")
    if params:
        load_catalogue().get(given)
    if given == "-":
        return sys.stdin.read()
    if is_text:
        return given
    try:
        return Path(given).read_text(encoding="utf-8")
    except FileNotFoundError as error:
        if _QUESTION.fullmatch(given):
            load_catalogue().get(given)
        raise UnreadableInput(path=given, reason="no-query-file") from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        reason = "not-utf8" if isinstance(error, UnicodeDecodeError) else str(error)
        raise UnreadableInput(path=given, reason=reason) from error


def _show(answer: Answer, console: Console) -> None:
    found = ox.parse_query_results(answer.body.read(), ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        console.tell("query-yes" if found else "query-no")
        return
    columns = [variable.value for variable in found.variables]
    rows = [[_cell(solution[name]) for name in columns] for solution in found]
    console.table(columns, rows)
    console.note("query-rows", n=len(rows), version=str(answer.version))


def _cell(term: object) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value)
    return term.value if isinstance(term, ox.Literal) else str(term)


COMMAND = query
