"""``maillage versions restore|prune|pin|unpin|rebuild|optimize``: which versions stay whole; they are told in versions.py."""

from __future__ import annotations

from dataclasses import asdict

import click

from app.assembly import retention
from app.cli.console import Console
from app.cli.parts import author, open_place, pass_console
from app.cli.wording import LocalisedGroup, Whole, make

versions = LocalisedGroup("versions", key="versions")
_NUMBER = Whole(1)


@make("restore", versions)
@click.argument("n", type=_NUMBER)
@click.option("--author", "by", metavar="NAME")
@click.option("--unjudged", is_flag=True)
@pass_console
def restore(console: Console, n: int, by: str | None, unjudged: bool) -> None:
    repository = open_place().repository
    with console.progress("restoring", number=str(n)):
        version = repository.restore(n, by or author(), judged=not unjudged)
    console.result({"restored": n, "version": version.number if version else None})
    if version is None:
        console.tell("restore-nothing", number=str(n))
    else:
        console.tell("restored", number=str(n), version=str(version.number), added=version.added, removed=version.removed)


@make("prune", versions)
@click.option("--keep", type=_NUMBER, metavar="N")
@pass_console
def prune(console: Console, keep: int | None) -> None:
    place = open_place()
    place.repository.current_number()
    done = place.repository.prune(keep or retention(place.settings))
    console.result(asdict(done))
    console.tell("pruned", n=len(done.removed))
    for why in ("pinned", "in_use"):
        if getattr(done, why):
            console.tell(f"pruned-{why}", numbers=", ".join(map(str, getattr(done, why))))


@make("optimize", versions)
@click.option("--author", "by", metavar="NAME")
@pass_console
def optimize(console: Console, by: str | None) -> None:
    repository = open_place().repository
    with console.progress("optimizing"):
        version = repository.optimize(by or author())
    console.result({"version": version.number})
    console.tell("optimized", version=str(version.number))


@make("pin", versions)
@click.argument("n", type=_NUMBER)
@pass_console
def pin(console: Console, n: int) -> None:
    repository = open_place().repository
    repository.pin(n)
    if n not in repository.present():
        with console.progress("rebuilding", number=str(n)):
            repository.rebuild(n)
    console.result({"pinned": n})
    console.tell("pinned", number=str(n))


@make("unpin", versions)
@click.argument("n", type=_NUMBER)
@pass_console
def unpin(console: Console, n: int) -> None:
    repository = open_place().repository
    repository.version(n)
    repository.unpin(n)
    console.result({"unpinned": n})
    console.tell("unpinned", number=str(n))


@make("rebuild", versions)
@click.argument("n", type=_NUMBER)
@pass_console
def rebuild(console: Console, n: int) -> None:
    repository = open_place().repository
    with console.progress("rebuilding", number=str(n)):
        repository.rebuild(n)
    console.result({"rebuilt": n, "pinned": n})
    console.tell("rebuilt", number=str(n))
