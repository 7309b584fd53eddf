"""``maillage versions list|show|diff``: what was published, and what each version changed; their keeping is in keeping.py."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from itertools import islice
from typing import Any

import click
import pyoxigraph as ox
from babel.dates import format_datetime

from app.citing.remarks import said
from app.cli.console import Console
from app.cli.keeping import versions
from app.cli.parts import open_place, pass_console
from app.cli.wording import Whole, make
from app.engine.changes import Change
from app.engine.manifest import Version
from app.terms import compact
from app.text import LOCALES, number

_SHOWN = 200
_NUMBER = Whole(1)


@make("list", versions)
@click.option("--limit", type=Whole(1), default=20, metavar="N")
@pass_console
def list_(console: Console, limit: int) -> None:
    repository = open_place().repository
    current = repository.current_number()
    present = set(repository.present())
    total = repository.published()
    told = repository.versions(1 if console.as_json else total - limit + 1)[::-1]
    console.result([{**asdict(version), "present": version.number in present} for version in told])
    if console.as_json:
        return
    columns = ("number", "date", "author", "added", "removed", "quads", "message")
    rows = [_row(version, current, present, console) for version in told]
    console.table([console.say(f"versions-{column}") for column in columns], rows)
    if total > limit:
        console.note("versions-more", n=total - limit)


def _row(version: Version, current: int, present: set[int], console: Console) -> list[str]:
    mark = "*" if version.number == current else "" if version.number in present else "–"
    figures = (number(figure, console.language) for figure in (version.added, version.removed, version.quads))
    remark = said(version.message, console.language)
    return [f"{version.number}{mark}", _date(version.created, console), version.author, *figures, remark]


@make("show", versions)
@click.argument("n", type=_NUMBER)
@click.option("--limit", type=Whole(0), default=_SHOWN, metavar="N")
@pass_console
def show(console: Console, n: int, limit: int) -> None:
    repository = open_place().repository
    version, change = repository.version(n), repository.change(n)
    if console.as_json:
        console.result({**asdict(version), "present": n in repository.present(), **_statements(change)})
        return
    console.tell("version-head", number=str(n), date=_date(version.created, console), author=version.author)
    console.write(said(version.message, console.language))
    for name in ("parent", "restored_from"):
        if getattr(version, name) is not None:
            console.tell(f"version-{name}", number=str(getattr(version, name)))
    console.tell("version-figures", quads=version.quads, derived=version.derived, warnings=version.warnings)
    if n not in repository.present():
        console.tell("version-pruned", number=str(n))
    _tell_change(change, limit, console)


@make("diff", versions)
@click.argument("a", type=Whole(0))
@click.argument("b", type=Whole(0))
@click.option("--limit", type=Whole(0), default=_SHOWN, metavar="N")
@pass_console
def diff(console: Console, a: int, b: int, limit: int) -> None:
    repository = open_place().repository
    with console.progress("comparing"):
        change = repository.diff(a, b)
    if console.as_json:
        console.result({"from": a, "to": b, **_statements(change)})
        return
    _tell_change(change, limit, console)


def _statements(change: Change) -> dict[str, Any]:
    """Every statement as N-Quads, for programs."""
    return {side: sorted(f"{quad} ." for quad in getattr(change, side)) for side in ("added", "removed")}


def _tell_change(change: Change, limit: int, console: Console) -> None:
    console.tell("change-figures", added=len(change.added), removed=len(change.removed))
    for sign, quads in (("-", change.removed), ("+", change.added)):
        for line in _lines(quads, limit):
            console.write(f"{sign} {line}")
    hidden = max(len(change.removed) - limit, 0) + max(len(change.added) - limit, 0)
    if hidden:
        console.note("change-more", n=hidden)


def _lines(quads: Iterable[ox.Quad], limit: int) -> list[str]:
    """The first statements in the order of their subjects; of very many, the first that come."""
    some = islice(quads, max(limit, 20_000))
    return sorted(f"{_graph(quad)}: {' '.join(map(_term, quad.triple))}" for quad in some)[:limit]


def _graph(quad: ox.Quad) -> str:
    return str(quad.graph_name).strip("<>").rpartition("/")[2]


def _term(term: object) -> str:
    if not isinstance(term, ox.NamedNode):
        return str(term)
    short = compact(term.value)
    return short if short != term.value else str(term)


def _date(created: str, console: Console) -> str:
    form = "dd/MM/yyyy HH:mm" if console.language == "fr" else "yyyy-MM-dd HH:mm"
    return str(format_datetime(datetime.fromisoformat(created), form, locale=LOCALES[console.language]))


COMMAND = versions
