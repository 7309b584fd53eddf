"""``maillage serve``: the whole service on one port, until it is stopped."""

from __future__ import annotations

import os
from dataclasses import replace

import click

from app.assembly import ensure_store, lacking_indexes
from app.cli.console import Console
from app.cli.parts import pass_console
from app.cli.serving import Service, bind
from app.cli.wording import Whole, make
from app.settings import Settings


@make("serve")
@click.option("--port", type=Whole(0), metavar="PORT")
@click.option("--host", metavar="ADDRESS")
@pass_console
def serve(console: Console, port: int | None, host: str | None) -> int:
    given = {"MAILLAGE_PORT": port, "MAILLAGE_HOST": host}
    settings = Settings.load({**os.environ, **{name: str(value) for name, value in given.items() if value is not None}})
    with bind(settings) as listener:
        settings = replace(settings, port=listener.getsockname()[1])
        console.note("opening-store", data=str(settings.data.absolute()))
        lacking = lacking_indexes(settings)
        if lacking:
            console.note("making-indexes", names=", ".join(lacking))
        with console.progress("indexing" if lacking else "creating-store") as progress:
            version = ensure_store(settings, progress)
        return Service(settings, listener, console).run(version.number)


COMMAND = serve
