"""``maillage validate``: the gate's whole report on a file, as if it were imported; nothing is written."""

from __future__ import annotations

from pathlib import Path

import click

from app.cli.console import Console
from app.cli.parts import author, filled_place, given_file, pass_console
from app.cli.wording import OneOf, make
from app.errors import Refused
from app.ingest.documents import SUFFIXES
from app.ingest.importing import Source, import_file, source_name
from app.shapes import Report

REFUSED = 1


@make("validate")
@click.argument("file")
@click.option("--source", metavar="NAME")
@click.option("--format", "format_", type=OneOf(SUFFIXES))
@click.option("--merge-graphs", is_flag=True)
@click.option("--report", "form", type=OneOf(("text", "ttl", "jsonld")), default="text")
@pass_console
def validate(console: Console, file: str, source: str | None, format_: str | None, merge_graphs: bool, form: str) -> int:
    place = filled_place(console)
    with given_file(file) as (path, name):
        given = Source(path, source or source_name(Path(name)), name, format_, merge_graphs, bounds=place.bounds)
        with console.progress("validating", file=name) as progress:
            try:
                done = import_file(
                    place.repository,
                    place.settings.base_iri,
                    given,
                    author=author(),
                    message="",
                    dry_run=True,
                    steps=lambda step, done, total: progress(done, total),  # noqa: ARG005
                )
                report = done.report or Report()
            except Refused as refused:
                report = refused.report
    _show(report, form, console)
    return 0 if report.conforms else REFUSED


def _show(report: Report, form: str, console: Console) -> None:
    if console.as_json:
        console.result({"conforms": report.conforms, **report.as_problem(console.language)})
    elif form == "ttl":
        console.write(report.to_turtle().rstrip())
    elif form == "jsonld":
        console.write(report.to_jsonld())
    else:
        console.write(report.as_text(console.language).rstrip())


COMMAND = validate
