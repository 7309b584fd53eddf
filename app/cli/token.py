"""``maillage token``: who may write over HTTP, to which graphs, until when; what tokens are is in :mod:`app.tokens`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time
from typing import Any, cast

import click

from app.cli.console import Console
from app.cli.parts import pass_console
from app.cli.wording import LocalisedGroup, OneOf, make
from app.errors import BadParameter
from app.settings import Settings
from app.text import say
from app.tokens import OPERATIONS, Operation, Token, Tokens

token = LocalisedGroup("token", key="token")


@make("create", token)
@click.argument("name")
@click.option("--graph", "graphs", multiple=True, required=True, metavar="GRAPH")
@click.option("--operation", "operations", multiple=True, type=OneOf(OPERATIONS))
@click.option("--expires", metavar="DATE")
@pass_console
def create(console: Console, name: str, graphs: Sequence[str], operations: Sequence[str], expires: str | None) -> None:
    allowed = cast(Sequence[Operation], tuple(dict.fromkeys(operations)) or OPERATIONS)
    made, text = _tokens().create(name, graphs, allowed, _end_of(expires) if expires else None)
    console.result({**_plain(made), "token": text})
    console.tell("token-made", name=made.name, id=made.id, graphs=", ".join(made.graphs), operations=_named(made, console))
    if not console.as_json:
        console.write(text)
    console.note("token-once")


@make("list", token)
@pass_console
def list_(console: Console) -> None:
    tokens = _tokens()
    last = {use["token"]: use for use in tokens.uses()}
    told = [{**_plain(each), "last_use": last.get(each.id)} for each in tokens.all()]
    console.result(told)
    if console.as_json:
        return
    columns = [console.say(f"token-{column}") for column in ("id", "name", "state", "graphs", "operations", "expires", "last")]
    console.table(columns, [_row(each, last.get(each.id), console) for each in tokens.all()])
    console.note("token-log", path=str(tokens.log))


def _row(each: Token, use: dict[str, Any] | None, console: Console) -> list[str]:
    state = say(f"tokens.state-{each.state(datetime.now(UTC))}", console.language)
    last = f"{use['time']} {use['action']} ({use['outcome']})" if use else "–"
    return [each.id, each.name, state, ", ".join(each.graphs), _named(each, console), each.expires or "–", last]


@make("revoke", token)
@click.argument("id")
@pass_console
def revoke(console: Console, id: str) -> None:  # noqa: A002  the word that users know
    revoked = _tokens().revoke(id)
    console.result(_plain(revoked))
    console.tell("token-revoked", name=revoked.name, id=revoked.id)


def _tokens() -> Tokens:
    settings = Settings.load()
    return Tokens(settings.data, settings.base_iri)


def _end_of(written: str) -> datetime:
    """The end of a day, in UTC."""
    try:
        return datetime.combine(date.fromisoformat(written), time.max, UTC)
    except ValueError as error:
        raise BadParameter(name="expires", value=written[:40], reason="expiry") from error


def _named(each: Token, console: Console) -> str:
    return ", ".join(say(f"tokens.operation-{operation}", console.language) for operation in each.operations)


def _plain(each: Token) -> dict[str, Any]:
    """What may be told of a token: all but its digest."""
    return {name: value for name, value in asdict(each).items() if name != "digest"}


COMMAND = token
