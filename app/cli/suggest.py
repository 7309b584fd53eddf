"""``maillage suggest``: who should meet an actor, a project or the actors of a territory, and why."""

from __future__ import annotations

from typing import Any

import click

from app.assembly import load_vocabulary
from app.cli.console import Console
from app.cli.discovering import discover, entity_of, suggester_on
from app.cli.parts import open_place, pass_console
from app.cli.wording import Whole, make
from app.discovery.suggestions import Suggester, Suggestions
from app.discovery.suggestions.wording import Told, Words, mentioned
from app.entities.names import Names
from app.entities.sentences import flat
from app.errors import BadParameter, UnknownEntity
from app.text import say

_KINDS = {"actor": ("actor",), "project": ("project", "actor")}


@make("suggest")
@click.argument("entity", required=False)
@click.option("--limit", type=Whole(1), default=10, metavar="N")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def suggest(console: Console, entity: str | None, limit: int, version: int | None) -> int:
    place = open_place()
    questions = discover(place, version)
    suggester = suggester_on(place, questions, version)
    found = _found(suggester, entity_of(entity, questions, "ENTITY", console.language) if entity else None, console)
    shown = found.items[:limit]
    names = Names(load_vocabulary(), console.language)
    names.ask(questions, mentioned(suggester, shown))
    words = Words(suggester, names, console.language)
    told = [words.suggestion(one) for one in shown]
    console.result({**_counts(found), "suggestions": [_document(one) for one in told]})
    for one in told:
        console.tell("suggest-pair", one=one.one.label, other=one.other.label, score=f"{one.score:.3f}")
        for reason in one.reasons:
            console.tell("suggest-reason", text=flat(reason.words), points=f"{reason.points:.3f}")
    counts = [
        console.say(f"suggest-{what}", n=n)
        for what, n in (("shown", len(told)), ("found", found.found), ("compared", found.compared))
    ]
    console.tell("suggest-counts", n=len(found.items), counts=", ".join(counts))
    if not found.complete:
        console.note("suggest-cut")
    return 0


def _found(suggester: Suggester, iri: str | None, console: Console) -> Suggestions:
    if iri is None:
        return suggester.within(None)
    node = suggester.network.ordinal(iri)
    kind = suggester.network.kind(node) if node is not None else None
    if node is None:
        raise UnknownEntity(iri=iri)
    if kind not in (*_KINDS, "territory"):
        raise BadParameter(name="ENTITY", value=iri, reason=say("suggestions.wrong-kind", console.language))
    return suggester.for_entity(node, _KINDS[kind]) if kind in _KINDS else suggester.within(iri)


def _counts(found: Suggestions) -> dict[str, Any]:
    return {"total": len(found.items), "found": found.found, "compared": found.compared, "complete": found.complete}


def _document(one: Told) -> dict[str, Any]:
    reasons = [{"reason": flat(reason.words), "points": reason.points} for reason in one.reasons]
    ends = {name: {"iri": node.iri, "name": node.label} for name, node in (("one", one.one), ("other", one.other))}
    return {**ends, "score": one.score, "reasons": reasons}


COMMAND = suggest
