"""``maillage matches``: needs with offers and calls with candidates, each proposal with its reasons."""

from __future__ import annotations

import datetime
from typing import Any

import click

from app.assembly import load_vocabulary
from app.cli.console import Console
from app.cli.discovering import discover, entity_of, market_of
from app.cli.parts import open_place, pass_console
from app.cli.wording import OneOf, Whole, make
from app.discovery.matching import Call, Candidate, Listing, Match
from app.discovery.matching.answers import BY, Desk, Filter, Found
from app.discovery.matching.wording import Proposal, Words, mentioned
from app.entities.names import Names
from app.errors import BadParameter


@make("matches")
@click.option("--by", type=OneOf(BY), default="need")
@click.option("--for", "for_", metavar="IRI")
@click.option("--on", metavar="DAY")
@click.option("--limit", type=Whole(1), default=3, metavar="N")
@click.option("--at", "version", type=Whole(1), metavar="N")
@pass_console
def matches(console: Console, by: str, for_: str | None, on: str | None, limit: int, version: int | None) -> int:
    place = open_place()
    questions = discover(place, version)
    market = market_of(place, questions, version)
    desk = Desk(market, questions, Filter(on=_day(on, console)))
    found = _found(desk, by, for_, console)
    names = Names(load_vocabulary(), console.language)
    listings = [one.own for one in found if isinstance(one.own, Listing)]
    calls = [one.own for one in found if isinstance(one.own, Call)]
    names.ask(questions, mentioned(listings, calls, [pair for one in found for pair in one.pairs[:limit]]))
    words = Words(names, console.language)
    told = [(one, _title(one, words), [_proposal(one, pair, words) for pair in one.pairs[:limit]]) for one in found]
    console.result([_document(one, title, proposals) for one, title, proposals in told])
    for one, title, proposals in told:
        _tell(one, title, proposals, console)
    if not found:
        console.tell("matches-none")
    return 0


def _found(desk: Desk, by: str, for_: str | None, console: Console) -> list[Found]:
    if for_ is not None:
        return desk.about(entity_of(for_, desk.questions, "--for", console.language)) or []
    side = next(one for one in BY if one == by)
    return [desk.found(one) for one in desk.chosen(side)]


def _day(text: str | None, console: Console) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise BadParameter(name="--on", value=text or "", reason=console.say("not-a-date")) from error


def _title(one: Found, words: Words) -> str:
    match one.own:
        case Listing():
            return words.listing(one.own).node.label
        case Call():
            return words.call(one.own).node.label
    return str(one.own)


def _proposal(one: Found, pair: Match | Candidate, words: Words) -> Proposal:
    return words.match(pair) if isinstance(pair, Match) else words.candidate(pair, as_call=isinstance(one.own, str))


def _document(one: Found, title: str, proposals: list[Proposal]) -> dict[str, Any]:
    its = {"iri": one.own if isinstance(one.own, str) else one.own.iri, "name": title, "total": len(one.pairs)}
    return {**its, "complete": one.complete, "proposals": [_told(proposal) for proposal in proposals]}


def _told(proposal: Proposal) -> dict[str, Any]:
    node = proposal.side.node
    reasons = [{"criterion": it.criterion, "state": it.state, "reason": it.text} for it in proposal.reasons]
    return {"iri": node.iri, "name": node.label, "points": proposal.points, "reasons": reasons}


def _tell(one: Found, title: str, proposals: list[Proposal], console: Console) -> None:
    console.tell("matches-of", name=title, n=len(one.pairs))
    for proposal in proposals:
        console.tell("matches-proposal", name=proposal.side.node.label, points=proposal.points)
        for reason in proposal.reasons:
            console.tell("matches-reason", state=reason.state_label, criterion=reason.label, text=reason.text)


COMMAND = matches
