"""``maillage quality``: what is wrong, double, unsourced, old, unlinked, empty or unsure in the data, as the page tells it."""

from __future__ import annotations

import datetime

import click

from app.asking.sheets import Sheet
from app.cli.console import Console
from app.cli.parts import pass_console
from app.cli.sheets import AREA, Reading
from app.cli.wording import Whole, make
from app.discovery.places import Places
from app.discovery.quality import Report, report_of
from app.discovery.quality.report import chosen
from app.discovery.quality.telling import COLUMNS, problem, rows_of
from app.discovery.structure.shape import shape_of
from app.errors import UnknownChoice
from app.text import number, say


@make("quality")
@click.argument("check", required=False)
@click.option("--in-source", "source", metavar="NAME")
@click.option("--area", metavar="NAME")
@click.option("--limit", type=Whole(1), default=20, metavar="N")
@click.option("--csv", "as_csv", is_flag=True)
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def quality(
    console: Console,
    check: str | None,
    source: str | None,
    area: str | None,
    limit: int,
    as_csv: bool,
    version: int | None,
) -> int:
    reading = Reading.of(version)
    inside = reading.iri(AREA, area, console.language)
    graph = _graph(source, reading)
    report = _report(reading)
    checks = [report.get(check)] if check else list(report.checks)
    if None in checks:
        raise UnknownChoice(name="check", value=str(check), choices=", ".join(one.key for one in report.checks))
    places = reading.suggester.scopes.places
    if not (check or as_csv or console.as_json):
        _summarise(console, report, places, graph, inside)
        return 0
    chosen_of = [(one, chosen(one, places, graph, inside)) for one in checks if one]
    found = [row for one, its in chosen_of for row in rows_of(one, its, reading.addresses, reading.vocabulary, console.language)]
    sheet = Sheet(say("quality.question", console.language), COLUMNS, found, say("quality.method-how", console.language))
    query = {"check": check, "source": graph, "area": inside}
    reading.show(console, sheet, "quality", query, limit=limit, as_csv=as_csv)
    return 0


def _report(reading: Reading) -> Report:
    isolated = shape_of(reading.suggester.network).alone.tolist()
    today = datetime.date.today()
    return report_of(reading.questions, reading.suggester.network, isolated, reading.version, today)


def _graph(source: str | None, reading: Reading) -> str | None:
    """The graph of a source, by its name or its IRI."""
    return source if source is None or ":" in source else f"{reading.place.settings.base_iri}graphs/{source}"


def _summarise(console: Console, report: Report, places: Places, source: str | None, area: str | None) -> None:
    """Each check with the number of its findings."""
    rows = [
        [one.key, number(len(chosen(one, places, source, area)), console.language), problem(one, console.language)]
        for one in report.checks
    ]
    console.table([console.say(f"quality-{name}") for name in ("check", "found", "problem")], rows)
    console.note("quality-more", version=str(report.version))


COMMAND = quality
