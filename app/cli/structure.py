"""``maillage structure``: communities, bridges, central and isolated actors, projects to pool, as the page tells them."""

from __future__ import annotations

import click

from app.asking.sheets import Sheet
from app.cli.console import Console
from app.cli.parts import pass_console
from app.cli.sheets import AREA, THEME, Reading
from app.cli.wording import OneOf, Whole, make
from app.discovery.structure import PARTS, narrowed, rows_of, whole_from
from app.engine.indexes import Indexes
from app.facts import open_facts
from app.text import say


@make("structure")
@click.argument("part", type=OneOf(PARTS), default="communities")
@click.option("--area", metavar="NAME")
@click.option("--theme", metavar="NAME")
@click.option("--limit", type=Whole(1), default=20, metavar="N")
@click.option("--csv", "as_csv", is_flag=True)
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def structure(
    console: Console, part: str, area: str | None, theme: str | None, limit: int, as_csv: bool, version: int | None
) -> int:
    reading = Reading.of(version)
    inside, about = reading.iri(AREA, area, console.language), reading.iri(THEME, theme, console.language)
    scopes, network = reading.suggester.scopes, reading.suggester.network
    facts = Indexes(reading.place.repository.lease, "facts", open_facts).at(reading.version)
    whole = whole_from(network, scopes, facts, reading.version).told_in(console.language)
    whole = narrowed(whole, network, scopes, inside, about)
    columns, rows = rows_of(part, whole, network)
    question, method = (say(f"structure.{key}", console.language) for key in (f"question-{part}", "method-how"))
    sheet = Sheet(question, columns, rows, method)
    reading.show(console, sheet, "structure", {"area": inside, "theme": about}, limit=limit, as_csv=as_csv)
    return 0


COMMAND = structure
