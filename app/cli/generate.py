"""``maillage generate``: a clearly synthetic data set, for benchmarks and demonstrations, to a file or into the store."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import click

from app.cli.console import Console, Progress
from app.cli.import_ import document, tell
from app.cli.parts import Place, author, filled_place, open_place, pass_console, written_file
from app.cli.wording import NewFile, Whole, make
from app.generate import GRAPH, MOST_ACTORS, generate, read_communes, read_themes
from app.ingest.importing import Source, import_file
from app.resources import folder

_TOLD_EVERY = 10_000
_STATEMENTS_AN_ACTOR = 35


@make("generate")
@click.option("--actors", type=Whole(2), default=1000, metavar="N")
@click.option("--seed", type=Whole(0), default=1, metavar="S")
@click.option("--output", type=NewFile(), metavar="FILE")
@click.option("--load", is_flag=True)
@pass_console
def generate_(console: Console, actors: int, seed: int, output: Path | None, load: bool) -> int:
    if actors > MOST_ACTORS:
        raise click.BadParameter(console.say("too-many-actors", most=MOST_ACTORS), param_hint="--actors")
    if load and output is not None:
        raise click.UsageError(console.say("output-or-load"))
    place = filled_place(console) if load else open_place()
    if not load:
        count = _write(console, place, output, actors, seed)
        if output is not None:
            console.result({"statements": count, "file": str(output)})
        return 0
    with tempfile.TemporaryDirectory(prefix="maillage-") as scratch:
        path = Path(scratch) / "synthetic.nq"
        _write(console, place, path, actors, seed)
        with console.progress("importing", file=GRAPH) as progress:
            report = import_file(
                place.repository,
                place.settings.base_iri,
                Source(path, GRAPH, bounds=place.bounds),
                author=author(),
                message=console.say("generate-message", actors=actors, seed=str(seed)),
                steps=lambda step, done, total: progress(done, total),  # noqa: ARG005
            )
    console.result(document(report, console, dry_run=False))
    tell(report, console, dry_run=False)
    return 0


def _write(console: Console, place: Place, output: Path | None, actors: int, seed: int) -> int:
    communes, themes = read_communes(folder("seed") / "territories.ttl.gz"), read_themes(folder("ontology") / "themes.ttl")
    lines = generate(actors, seed, place.settings.base_iri, communes, themes)
    count = 0
    with console.progress("generating") as progress, written_file(output) as file:
        for line in _watched(lines, progress, actors * _STATEMENTS_AN_ACTOR):
            count += 1
            file.write(line.encode())
    if output is not None:
        console.note("generated", n=count, file=str(output))
    return count


def _watched(lines: Iterator[str], progress: Progress, total: int) -> Iterator[str]:
    for done, line in enumerate(lines):
        if done % _TOLD_EVERY == 0:
            progress(min(done, total), total)
        yield line


COMMAND = generate_
