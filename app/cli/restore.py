"""``maillage restore SRC``: an empty data folder filled from a backup; ``versions restore`` is another thing (keeping.py)."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from app.cli.console import Console
from app.cli.parts import open_place, pass_console
from app.cli.wording import make


@make("restore")
@click.argument("source", type=click.Path(path_type=Path), metavar="SRC")
@pass_console
def restore(console: Console, source: Path) -> None:
    place = open_place()
    with console.progress("putting-back"):
        done = place.repository.put_back(source)
    console.result({"folder": str(place.settings.data), **asdict(done)})
    console.tell("put-back", folder=str(place.settings.data), version=str(done.newest), n=len(done.versions))


COMMAND = restore
