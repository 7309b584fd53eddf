"""``maillage changes``: the links between actors that are new, resumed, stronger, weaker, ended or passed between two days."""

from __future__ import annotations

import datetime

import click

from app.asking.sheets import Sheet
from app.cli.console import Console
from app.cli.parts import pass_console
from app.cli.sheets import AREA, THEME, Reading
from app.cli.wording import Whole, make
from app.discovery.change_rows import COLUMNS, days, read_day, rows_of, touching
from app.discovery.changes import Timeline
from app.errors import BadParameter
from app.text import say


@make("changes")
@click.option("--from", "from_", metavar="DAY")
@click.option("--to", metavar="DAY")
@click.option("--area", metavar="NAME")
@click.option("--theme", metavar="NAME")
@click.option("--limit", type=Whole(1), default=20, metavar="N")
@click.option("--csv", "as_csv", is_flag=True)
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def changes(
    console: Console,
    from_: str | None,
    to: str | None,
    area: str | None,
    theme: str | None,
    limit: int,
    as_csv: bool,
    version: int | None,
) -> int:
    reading = Reading.of(version)
    inside, about = reading.iri(AREA, area, console.language), reading.iri(THEME, theme, console.language)
    scopes, network = reading.suggester.scopes, reading.suggester.network
    timeline = Timeline.of(network)
    first, last = days(timeline, _day("--from", from_, console), _day("--to", to, console))
    if first and last and first > last:
        raise BadParameter(name="--from", value=first.isoformat(), reason=say("changes.backwards", console.language))
    kept = touching(network, scopes.places, scopes.tree, inside, about)
    found = timeline.between(first, last, kept) if first and last else None
    rows = list(rows_of(found, network, console.language)) if found else []
    question, method = (say(f"changes.{key}", console.language) for key in ("question", "method-how"))
    sheet = Sheet(question, COLUMNS, rows, method)
    query = {"from": first.isoformat() if first else None, "to": last.isoformat() if last else None}
    if found:
        console.note("changes-same", first=str(first), last=str(last), n=found.same)
    reading.show(console, sheet, "changes", {**query, "area": inside, "theme": about}, limit=limit, as_csv=as_csv)
    return 0


def _day(name: str, text: str | None, console: Console) -> datetime.date | None:
    """A day or a year. Raises :class:`app.errors.BadParameter` for anything else."""
    if text is None:
        return None
    found = read_day(text)
    if found is None:
        raise BadParameter(name=name, value=text, reason=say("changes.not-a-day", console.language))
    return found


COMMAND = changes
