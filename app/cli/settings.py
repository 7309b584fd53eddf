"""``maillage settings``: every setting with its value, where it comes from and what it is for."""

from __future__ import annotations

from dataclasses import fields

import click

from app.cli.console import Console
from app.cli.wording import make
from app.settings import FILE, PREFIX, Settings, gather
from app.text import say


@make("settings")
@click.pass_obj
def settings(console: Console) -> int:
    current, given = Settings.load(), gather()
    rows = []
    for declared in fields(Settings):
        value = getattr(current, declared.name)
        origin = given[declared.name].origin if declared.name in given else "default"
        about = say(f"settings.about-{declared.name}", console.language)
        rows.append((declared.name, value, origin, about))
    console.result(
        [
            {"name": name, "environment": PREFIX + name.upper(), "value": _plain(value), "origin": origin, "about": about}
            for name, value, origin, about in rows
        ]
    )
    if not console.as_json:
        columns = [console.say(f"settings-{column}") for column in ("name", "value", "origin", "about")]
        console.table(columns, [[PREFIX + n.upper(), _shown(v), console.say(f"origin-{o}"), about] for n, v, o, about in rows])
        console.tell("settings-how", file=FILE)
    return 0


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value if isinstance(value, int | float) else str(value)


def _shown(value: object) -> str:
    return ", ".join(value) or "–" if isinstance(value, tuple) else str(value)


COMMAND = settings
