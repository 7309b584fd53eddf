"""``maillage import``: one RDF file becomes the whole content of one source."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from app.cli.console import Console
from app.cli.parts import author, filled_place, given_file, pass_console
from app.cli.wording import OneOf, make
from app.ingest.documents import SUFFIXES
from app.ingest.importing import ImportReport, Source, import_file, source_name


@make("import")
@click.argument("file")
@click.option("--source", metavar="NAME")
@click.option("--format", "format_", type=OneOf(SUFFIXES))
@click.option("--dry-run", is_flag=True)
@click.option("--merge-graphs", is_flag=True)
@click.option("--allow-empty", is_flag=True)
@click.option("--author", "by", metavar="NAME")
@click.option("--message", metavar="TEXT")
@pass_console
def import_(
    console: Console,
    file: str,
    source: str | None,
    format_: str | None,
    dry_run: bool,
    merge_graphs: bool,
    allow_empty: bool,
    by: str | None,
    message: str | None,
) -> int:
    place = filled_place(console)
    with given_file(file) as (path, name):
        given = Source(path, source or source_name(Path(name)), name, format_, merge_graphs, allow_empty, place.bounds)
        with console.progress("importing", file=name) as progress:
            report = import_file(
                place.repository,
                place.settings.base_iri,
                given,
                author=by or author(),
                message=message or console.say("import-message", file=Path(name).name),
                dry_run=dry_run,
                steps=lambda step, done, total: progress(done, total),  # noqa: ARG005
            )
    console.result(document(report, console, dry_run=dry_run))
    tell(report, console, dry_run=dry_run)
    return 0


def document(report: ImportReport, console: Console, *, dry_run: bool) -> dict[str, Any]:
    """The report for programs."""
    told = asdict(report)
    told["dry_run"] = dry_run
    told["version"] = report.version.number if report.version else None
    told["report"] = report.report.as_problem(console.language) if report.report else None
    return told


def tell(report: ImportReport, console: Console, *, dry_run: bool) -> None:
    """The report for people: what was read, what it changes, what became of it."""
    console.tell("import-read", n=report.statements, graph=report.graph)
    if report.nodes:
        console.tell("import-nodes", n=report.nodes)
    if report.merged_graphs:
        console.tell("import-merged", graphs=", ".join(report.merged_graphs))
    figures = {name: getattr(report, name) for name in ("created", "changed", "removed", "unchanged")}
    console.tell("import-entities", **figures)
    console.tell("import-statements", added=report.added_statements, removed=report.removed_statements)
    if report.warnings:
        console.tell("import-warnings", n=report.warnings)
    if report.version:
        console.tell("import-published", version=str(report.version.number))
    else:
        console.tell("import-dry-run" if dry_run else "import-nothing")


COMMAND = import_
