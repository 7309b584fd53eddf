"""Needs and offers, calls and candidates at ``/matches``; what suits what is decided in app.discovery.matching."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from app.asking import EXPORTS, Filled, fill_one, settled
from app.discovery.matching import Call, Listing, Market, Match
from app.discovery.matching.answers import BY, By, Desk, Filter, Found
from app.discovery.matching.calls import MOST_CANDIDATES, Candidate
from app.discovery.matching.criteria import FAR_KM, NEAR_KM
from app.discovery.matching.reading import question_behind
from app.discovery.matching.wording import Proposal, Side, Words, mentioned
from app.discovery.places import Places
from app.entities.model import Node, Part
from app.entities.names import Names
from app.errors import UnderWay, UnknownChoice
from app.facts.extents import TABLES
from app.queries import Parameter
from app.terms import EngineTerm
from app.web.market import market_of
from app.web.near import Around, asked_around
from app.web.questions import options
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit
from app.web.tables import Sheet, links, send
from app.web.underway import leave_unfinished
from app.web.works import narrowed

blueprint = Blueprint("matches", __name__)
PARAMETERS = {
    "kind": Parameter("kind", "iri", of_class="code:resource-kind"),
    "theme": Parameter("theme", "iri", of_class="maillage:Theme"),
    "area": Parameter("area", "iri", of_class="maillage:Territory"),
    "on": Parameter("on", "date"),
    "for": Parameter("for", "iri"),
}
CRITERIA = ("kind", "theme", "place", "dates", "capacity", "deadline", "funding", "audience")
_KINDS = ("actor", "need", "offer", "opportunity", "call")
_LINES, _BEST, _PAGE, _MOST_ROWS = 10, 3, 20, 2_000


@dataclass(frozen=True)
class Line:
    """One need, offer or call as it is shown, with some of its proposals; ``total`` is how many it has."""

    own: Side | None
    what: str
    proposals: tuple[Proposal, ...]
    total: int
    iri: str
    found: Found


@dataclass(frozen=True)
class Asked:
    """What the address asks for, and what of it was not understood."""

    by: By
    filled: Mapping[str, Filled]
    around: Around | None = None

    @property
    def problem(self) -> Filled | None:
        return next((one for one in self.filled.values() if one.reason), None)

    @property
    def for_(self) -> str | None:
        return self._value("for")

    @property
    def is_unclear(self) -> bool:
        """Whether something of it was not understood."""
        return self.problem is not None or (self.around is not None and not self.around.is_known)

    def filter(self, places: Places) -> Filter:
        on = self._value("on")
        day = datetime.date.fromisoformat(on) if on else None
        near = places.around(self.around.place.centres, self.around.near.km) if self.around else None
        return Filter(self._value("kind"), self._value("theme"), self._value("area"), day, near)

    @property
    def query(self) -> dict[str, str | None]:
        """The parameters of an address that asks the same."""
        near = self.around.given if self.around else {}
        return {"by": self.by, **{name: self._value(name) for name in PARAMETERS}, **near}

    def _value(self, name: str) -> str | None:
        term = self.filled[name].term
        return term.value if isinstance(term, ox.NamedNode | ox.Literal) else None


@blueprint.get("/matches")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen, _asked(seen)))


@blueprint.get("/matches.<suffix>")
def file(suffix: str) -> Response:
    if suffix not in EXPORTS:
        abort(404)
    seen = visit()
    asked = _asked(seen)
    if (wrong := asked.problem) is not None:
        raise wrong.refusal()
    if asked.around:
        asked.around.require()
    address = seen.urls.page("/matches", **asked.query, version=seen.version)
    return send(seen, "matches", suffix, address, lambda: _sheet(seen, asked))


def found_for(seen: Visit, iri: str, kind: str | None) -> list[Found]:
    """What the page of an entity shows: the matches of a need, an offer, a call, or of what an actor has."""
    if kind not in _KINDS:
        return []
    try:
        market = market_of(seen)
    except UnderWay:
        leave_unfinished()
        return []
    return (Desk(market, seen.questions).about(iri) or [])[:_LINES]


def best_of(seen: Visit, found: Sequence[Found]) -> list[Line]:
    """Each in words with its best matches."""
    return _lines(seen, found, _BEST)


def named_in(found: Sequence[Found]) -> set[str]:
    """The IRIs whose names are needed to tell them."""
    return _mentioned(found, [one.pairs[:_BEST] for one in found])


def _asked(seen: Visit) -> Asked:
    by = request.args.get("by", "need")
    if by not in BY:
        raise UnknownChoice(name="by", value=by[:40], choices=", ".join(BY))
    filled = {name: settled(fill_one(parameter, request.args, seen.questions)) for name, parameter in PARAMETERS.items()}
    return Asked(next(one for one in BY if one == by), filled, asked_around(seen))


def _render(seen: Visit, asked: Asked) -> str:
    market = market_of(seen)
    desk = Desk(market, seen.questions, asked.filter(market.places))
    lines, part = ([], Part(0)) if asked.is_unclear else _board(seen, desk, asked)
    names = _names(seen, {asked.for_} if asked.for_ else set())
    kinds = options(seen, asked.filled["kind"])
    return render_template(
        "matches.html",
        asked=asked,
        sides=BY,
        subject=names.node(asked.for_) if asked.for_ else None,
        options={"kind": kinds, "theme": options(seen, asked.filled["theme"])},
        texts=_texts(seen, asked),
        lines=lines,
        part=part,
        single=asked.for_ is not None and len(lines) == 1,
        counts=[(kind, label, *_counted(market, kind)) for kind, label in kinds],
        calls=len(market.calls),
        most=MOST_CANDIDATES,
        near=NEAR_KM,
        far=FAR_KM,
        files={} if asked.is_unclear else links(seen, "/matches", **asked.query),
        formats={suffix: form.media_type for suffix, (form, _) in EXPORTS.items()},
        behind=question_behind(seen.questions),
    )


def _counted(market: Market, kind: str) -> tuple[int, int]:
    """How many needs and offers there are of a kind of resource."""
    its = market.counts.get(kind, {})
    return its.get("need", 0), its.get("offer", 0)


def _board(seen: Visit, desk: Desk, asked: Asked) -> tuple[list[Line], Part]:
    """The lines of the page, and which part of all of them this is."""
    number = asked_number("page") or 1
    if asked.for_ is not None:
        found = desk.about(asked.for_) or []
        if len(found) != 1:
            return _lines(seen, found, _BEST), Part(len(found), size=max(1, len(found)))
        part = _part(len(found[0].pairs), number, _PAGE)
        return _lines(seen, found, part.size, part.first - 1), part
    name = f"chosen {seen.number} {asked.query} {asked.around and asked.around.near}"
    with seen.reading(TABLES):  # where what is told of the market is kept as well
        facts = seen.facts
    chosen = facts.lately(name, lambda: desk.chosen(asked.by))
    part = _part(len(chosen), number, _LINES)
    return _lines(seen, [_found(seen, desk, one) for one in chosen[part.first - 1 : part.last]], _BEST), part


def _found(seen: Visit, desk: Desk, own: Listing | Call) -> Found:
    """The matches of one of a list, kept for the other readers of the version."""
    with seen.reading(TABLES):
        facts = seen.facts
    return facts.lately(f"matches {seen.number} {own.iri} {desk.filter.on}", lambda: desk.found(own))


def _part(total: int, number: int, size: int) -> Part:
    return Part(total, min(number, Part(total, size=size).pages), size)


def _lines(seen: Visit, found: Sequence[Found], most: int, first: int = 0) -> list[Line]:
    """Each in words, with ``most`` of its proposals from the ``first`` on."""
    shown = [one.pairs[first : first + most] for one in found]
    words = Words(_names(seen, _mentioned(found, shown)), seen.language)
    return [_line(one, pairs, words) for one, pairs in zip(found, shown, strict=True)]


def _mentioned(found: Sequence[Found], shown: Sequence[Sequence[Match | Candidate]]) -> set[str]:
    owns = [one.own for one in found]
    return mentioned(
        [own for own in owns if isinstance(own, Listing)],
        [own for own in owns if isinstance(own, Call)],
        [pair for pairs in shown for pair in pairs],
    )


def _line(one: Found, pairs: Sequence[object], words: Words) -> Line:
    own = one.own
    proposals = []
    for pair in pairs:
        if isinstance(pair, Match):
            proposals.append(words.match(pair))
        elif isinstance(pair, Candidate):
            proposals.append(words.candidate(pair, as_call=isinstance(own, str)))
    what = own.side if isinstance(own, Listing) else "call" if isinstance(own, Call) else "candidate"
    side = words.listing(own) if isinstance(own, Listing) else words.call(own) if isinstance(own, Call) else None
    return Line(side, what, tuple(proposals), len(one.pairs), own if isinstance(own, str) else own.iri, one)


def _names(seen: Visit, wanted: set[str]) -> Names:
    seen.names.ask(seen.questions, wanted)
    return seen.names


def _texts(seen: Visit, asked: Asked) -> dict[str, str]:
    """What stands in each field: the name of what was given by its address, else what was typed."""
    iris = {name: one.term.value for name, one in asked.filled.items() if isinstance(one.term, ox.NamedNode)}
    names = _names(seen, set(iris.values()))
    return {
        name: names.node(iris[name]).label if name in iris and names.is_named(iris[name]) else one.text
        for name, one in asked.filled.items()
    }


def _sheet(seen: Visit, asked: Asked) -> Sheet:
    """Every proposal as a row, up to a bound: all of one thing, or the best of each that the filter lets through."""
    market = market_of(seen)
    desk = Desk(market, seen.questions, asked.filter(market.places))
    if asked.for_ is not None:
        lines = _lines(seen, desk.about(asked.for_) or [], _MOST_ROWS)
    else:
        chosen = desk.chosen(asked.by)[: _MOST_ROWS // _BEST]
        lines = _lines(seen, [desk.found(one) for one in chosen], _BEST)
    rows = [row for line in lines for row in _rows(line)]
    columns = ("listing", "actor", "match", "matchActor", "points", *(f"criterion-{name}" for name in CRITERIA))
    return Sheet(_called(seen, asked), columns, rows[:_MOST_ROWS], seen.say("matching.method-how"))


def _called(seen: Visit, asked: Asked) -> str:
    """What is asked, of which side, and what narrows it."""
    query, around = asked.query, asked.around
    near = seen.say("list.within-km", km=around.near.km, place=around.label) if around else None
    values = (*(query[name] for name in ("for", "kind", "theme", "area", "on")), near)
    return narrowed(seen, seen.say(f"matching.question-{asked.by}"), values)


def _rows(line: Line) -> Iterator[dict[str, EngineTerm]]:
    for proposal in line.proposals:
        row: dict[str, EngineTerm] = {"listing": ox.NamedNode(line.iri), "match": ox.NamedNode(proposal.side.node.iri)}
        _put(row, "actor", line.own.actors if line.own else ())
        _put(row, "matchActor", proposal.side.actors)
        row["points"] = ox.Literal(proposal.points)
        for reason in proposal.reasons:
            row[f"criterion-{reason.criterion}"] = ox.Literal(f"{reason.state_label} – {reason.text}")
        yield row


def _put(row: dict[str, EngineTerm], name: str, actors: Sequence[Node]) -> None:
    if actors:
        row[name] = ox.NamedNode(actors[0].iri)
