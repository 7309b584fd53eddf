"""What changed between two days, at ``/changes``; counted in app.discovery.changes. The history of versions is in versions."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice

import pyoxigraph as ox
from flask import Blueprint, Response, abort, render_template, request

from app import reads
from app.asking import EXPORTS, Filled, fill_one
from app.discovery import naming
from app.discovery.arrays import Ints
from app.discovery.change_rows import COLUMNS, days, read_day, rows_of, touching
from app.discovery.changes import CHANGES, Changed, Timeline
from app.entities.model import Part
from app.entities.names import Names
from app.errors import BadParameter
from app.facts.extents import TABLES
from app.queries import Parameter
from app.web.market import market_of
from app.web.questions import options
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit
from app.web.tables import Sheet, links, send
from app.web.works import narrowed

blueprint = Blueprint("changes", __name__)
PARAMETERS = {
    "area": Parameter("area", "iri", of_class="maillage:Territory"),
    "theme": Parameter("theme", "iri", of_class="maillage:Theme"),
}
_PAGE, _MOST_ROWS = 20, 10_000


@dataclass(frozen=True)
class Asked:
    """Two days, a filter, and what of it was not understood (a name of a field with the reason)."""

    first: datetime.date | None
    last: datetime.date | None
    texts: Mapping[str, str]
    filled: Mapping[str, Filled]
    problems: Mapping[str, str]

    @property
    def query(self) -> dict[str, str | None]:
        terms = {name: one.term.value if isinstance(one.term, ox.NamedNode) else None for name, one in self.filled.items()}
        return {
            "from": self.first.isoformat() if self.first else None,
            "to": self.last.isoformat() if self.last else None,
            **terms,
        }


@blueprint.get("/changes")
def page() -> Response:
    seen = visit()
    return conditional("html", lambda: _render(seen, _asked(seen)))


@blueprint.get("/changes.<suffix>")
def file(suffix: str) -> Response:
    if suffix not in EXPORTS:
        abort(404)
    seen = visit()
    asked = _asked(seen)
    for name, reason in asked.problems.items():
        raise BadParameter(name=name, value=asked.texts.get(name, "")[:100], reason=reason)
    address = seen.urls.page("/changes", **asked.query, version=seen.version)
    return send(seen, "changes", suffix, address, lambda: _sheet(seen, asked))


def timeline_of(seen: Visit) -> Timeline:
    """The dated pairs of the version that is read: gathered once, what it shares with an earlier version not again, then kept."""
    with reads.unheeded():  # the same is gathered whatever is known
        _, earlier = seen.site.kept.latest("timeline", seen.number) or (0, None)
    known = earlier if isinstance(earlier, Timeline) else None

    def make() -> Timeline:
        seen.site.networks.told(seen.number, "timeline", Timeline.standing)
        return Timeline.of(seen.site.networks.read(seen.number)[0], known)

    return seen.site.kept.get("timeline", seen.number, make)


def _asked(seen: Visit) -> Asked:
    """Without days: the last year that the data know, beside the one before."""
    texts = {name: request.args.get(name, "").strip() for name in ("from", "to")}
    filled = {name: fill_one(parameter, request.args, seen.questions) for name, parameter in PARAMETERS.items()}
    problems = {name: f"queries.{one.reason}" for name, one in filled.items() if one.reason}
    typed = {name: read_day(text) for name, text in texts.items()}
    problems |= {name: "changes.not-a-day" for name, text in texts.items() if text and typed[name] is None}
    first, last = days(timeline_of(seen), typed["from"], typed["to"])
    if first and last and first > last:
        problems["from"] = "changes.backwards"
    return Asked(first, last, texts, filled, problems)


def _changed(seen: Visit, asked: Asked) -> Changed | None:
    if asked.problems or asked.first is None or asked.last is None:
        return None
    first, last = asked.first, asked.last
    name = f"changed {seen.number} {first} {last} {asked.query['area']} {asked.query['theme']}"
    with seen.reading(TABLES):  # where this is kept as well
        facts = seen.facts
    return facts.lately(name, lambda: timeline_of(seen).between(first, last, _kept(seen, asked)))


def _kept(seen: Visit, asked: Asked) -> Ints | None:
    """What a pair must touch: what is in the area and about the theme."""
    query = asked.query
    if not query["area"] and not query["theme"]:
        return None
    market = market_of(seen)
    return touching(seen.network, market.places, market.tree, query["area"], query["theme"])


def _render(seen: Visit, asked: Asked) -> str:
    changed = _changed(seen, asked)
    network = seen.site.networks.read(seen.number)[0]  # of which the timeline tells
    parts = {name: _part(name, len(pairs)) for name, pairs in (changed.pairs.items() if changed else ())}
    shown = {name: changed.pairs[name][part.first - 1 : part.last] for name, part in parts.items()} if changed else {}
    nodes = [node for pairs in shown.values() for pair in pairs for node in (pair.one, pair.other, pair.newest)]
    names = Names(seen.site.vocabulary, seen.language)
    given = {iri for name, iri in asked.query.items() if iri and name in PARAMETERS}
    names.ask(seen.questions, {network.iri(node) for node in nodes} | given)
    timeline = timeline_of(seen)
    return render_template(
        "changes.html",
        asked=asked,
        called=_called(seen, "changes.title", asked),
        changed=changed,
        parts_of=parts,
        shown=shown,
        name_of=lambda node: names.node(network.iri(node)),
        written=lambda day_: naming.day(day_, seen.language),
        area_text=_text(names, asked.filled["area"]),
        themes=options(seen, asked.filled["theme"]),
        undated=timeline.undated,
        large=timeline.large,
        order=CHANGES,
        files=links(seen, "/changes", **asked.query) if changed else {},
        formats={suffix: form.media_type for suffix, (form, _) in EXPORTS.items()},
    )


def _part(name: str, total: int) -> Part:
    return Part(total, min(asked_number(f"page-{name}") or 1, Part(total, size=_PAGE).pages), _PAGE)


def _text(names: Names, one: Filled) -> str:
    iri = one.term.value if isinstance(one.term, ox.NamedNode) else None
    return names.node(iri).label if iri and names.is_named(iri) else one.text


def _called(seen: Visit, question: str, asked: Asked) -> str:
    """What is asked, between which days, where and about what."""
    days_ = {name: naming.day(day_, seen.language) for name, day_ in (("first", asked.first), ("last", asked.last)) if day_}
    between = seen.say("changes.between", **days_) if len(days_) == 2 else None
    return narrowed(seen, seen.say(question), (between, asked.query["area"], asked.query["theme"]))


def _sheet(seen: Visit, asked: Asked) -> Sheet:
    changed = _changed(seen, asked)
    rows = list(islice(rows_of(changed, seen.network, seen.language), _MOST_ROWS)) if changed else []
    return Sheet(_called(seen, "changes.question", asked), COLUMNS, rows, seen.say("changes.method-how"))
