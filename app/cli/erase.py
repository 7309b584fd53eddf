"""``maillage erase IRI``: an entity's literals vanish from every version, change and given backup (the law on personal data)."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path

import click

from app.assembly import open_repository
from app.cli.console import Console
from app.cli.parts import author, open_place, pass_console
from app.cli.wording import Folder, make
from app.engine.versions import Repository
from app.entities.addresses import is_iri
from app.errors import BadParameter
from app.terms import MAILLAGE

_ABOUT = (str(MAILLAGE.aboutSubject),)


@make("erase")
@click.argument("iri", metavar="IRI")
@click.option("--backup", "backups", multiple=True, type=Folder(), metavar="DIR")
@click.option("--author", "by", metavar="NAME")
@click.option("--yes", is_flag=True)
@pass_console
def erase(console: Console, iri: str, backups: tuple[Path, ...], by: str | None, yes: bool) -> int:
    if not is_iri(iri):
        raise BadParameter(name="IRI", value=iri, reason="iri")
    place = open_place()
    touched = place.repository.changes_of(iri)
    if not yes and not touched:
        console.problem("erase-unknown", console.say("erase-unknown", iri=iri))
        return 1
    if not yes:
        console.tell("erase-would", iri=iri, n=len(touched))
        console.result({"versions": list(touched), "erased": False})
        return 1
    stores = {str(place.settings.data): place.repository}
    stores |= {str(folder): open_repository(replace(place.settings, data=folder)) for folder in backups}
    told = [_erase(console, folder, repository, iri, by or author()) for folder, repository in stores.items()]
    console.result(told)
    if not any(each["statements"] for each in told) and not any(one.changes_of(iri) for one in stores.values()):
        console.note("erase-unknown", iri=iri)
        return 1
    console.note("erase-memory")
    return 0


def _erase(console: Console, folder: str, repository: Repository, iri: str, by: str) -> dict[str, object]:
    with console.progress("erasing", folder=folder):
        done = repository.erase(iri, by, _ABOUT)
    console.tell("erased", folder=folder, n=done.statements, versions=len(done.versions))
    if done.shared:
        console.tell("erased-shared", n=done.shared)
    if done.waiting:
        console.tell("erased-waiting", numbers=", ".join(map(str, done.waiting)))
    return {"folder": folder, **asdict(done)}


COMMAND = erase
