"""``maillage backup DEST``: the whole data folder copied elsewhere, while it is served."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from app.cli.console import Console
from app.cli.parts import open_place, pass_console
from app.cli.wording import make


@make("backup")
@click.argument("destination", type=click.Path(path_type=Path), metavar="DEST")
@pass_console
def backup(console: Console, destination: Path) -> None:
    repository = open_place().repository
    with console.progress("backing-up"):
        done = repository.back_up(destination)
    console.result({"folder": str(destination), **asdict(done)})
    console.tell("backed-up", folder=str(destination), version=str(done.newest), n=len(done.versions))
    if done.linked:
        console.note("backed-up-linked")


COMMAND = backup
