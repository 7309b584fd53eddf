"""The agenda at ``/agenda`` and opportunities at ``/opportunities``, with their feeds; chosen in app.agenda."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox
from flask import Blueprint, Response, render_template, request

from app.agenda import atom, icalendar
from app.agenda.choosing import EVENTS, OPPORTUNITIES, Chosen, choose
from app.agenda.entries import Details, read_details, when
from app.entities.model import Node, Part
from app.entities.names import Names
from app.entities.wording import period
from app.errors import BadParameter
from app.facts.dates import day
from app.facts.extents import Extent
from app.statistics.wording import Labels
from app.terms import PREFIXES, TERRITORY, THEME
from app.text import date as in_words
from app.text import pick
from app.web.figures import labels
from app.web.near import Around, asked_around
from app.web.places import Place, asked_place, theme_options
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit

blueprint = Blueprint("agenda", __name__)
PAGE, OVER, MOST = 50, 20, 500


@dataclass(frozen=True)
class Asked:
    """What narrows the agenda: a territory and a theme, by the words of their addresses; what is near a place."""

    territory: Place
    theme: str = ""
    around: Around | None = None

    @property
    def given(self) -> dict[str, str | None]:
        near = self.around.given if self.around else {}
        return {"territory": self.territory.word or None, "theme": self.theme or None, **near}

    @property
    def is_unclear(self) -> bool:
        """Whether a place that was asked for is none that is known."""
        return bool(self.territory.reason) or (self.around is not None and not self.around.is_known)


@dataclass(frozen=True)
class Line:
    """One entry of the page."""

    node: Node
    period: str | None
    deadline: str | None
    places: tuple[str, ...]
    carriers: tuple[Node, ...]
    territories: tuple[Node, ...]
    summary: str | None


@blueprint.get("/agenda")
def page() -> Response:
    return _html(visit(), "agenda", EVENTS + OPPORTUNITIES)


@blueprint.get("/opportunities")
def opportunities() -> Response:
    return _html(visit(), "opportunities", OPPORTUNITIES)


@blueprint.get("/agenda.ics")
def calendar() -> Response:
    """Every event and opportunity whose day is known; those that are over too, so that a calendar does not lose them."""
    seen = visit()
    asked = _understood(seen)
    response = conditional("ics", lambda: Response(_calendar(seen, asked), content_type=icalendar.MEDIA_TYPE), daily=True)
    response.headers["Content-Disposition"] = 'inline; filename="agenda.ics"'
    return response


@blueprint.get("/opportunities.atom")
def feed() -> Response:
    """The opportunities that are open, those without a deadline among them."""
    seen = visit()
    asked = _understood(seen)
    return conditional("atom", lambda: Response(_feed(seen, asked), content_type=atom.MEDIA_TYPE), daily=True)


def _html(seen: Visit, name: str, kinds: Sequence[str]) -> Response:
    def build() -> str:
        with seen.reading(Extent.of_kinds(*kinds)):
            return _page(seen, name, kinds)

    return conditional("html", build, daily=True)


def _asked(seen: Visit) -> Asked:
    theme = request.args.get("theme", "").strip()
    if theme and not (seen.tables.themes.find(str(THEME) + theme) or seen.tables.themes.find(theme)):
        raise BadParameter(name="theme", value=theme[:200], reason="unknown")
    return Asked(asked_place(seen, "territory"), theme.removeprefix(str(THEME)), asked_around(seen))


def _understood(seen: Visit) -> Asked:
    asked = _asked(seen)
    asked.territory.require("territory")
    if asked.around:
        asked.around.require()
    return asked


def _chosen(seen: Visit, asked: Asked, kinds: Sequence[str]) -> Chosen:
    tables, word = seen.tables, asked.territory.word
    territory = str(TERRITORY) + word if tables.territories.find(str(TERRITORY) + word) else word or None
    theme = str(THEME) + asked.theme if tables.themes.find(str(THEME) + asked.theme) else asked.theme or None
    around = asked.around.mask(seen) if asked.around else None
    return choose(seen.facts, kinds, day(datetime.date.today()), territory, theme, around)


def _page(seen: Visit, name: str, kinds: Sequence[str]) -> str:
    asked = _asked(seen)
    found = _chosen(seen, asked, kinds)
    part = Part(len(found.ahead), 1, PAGE)
    part = Part(part.total, min(asked_number("page") or 1, part.pages), PAGE)
    groups = [found.ahead[part.first - 1 : part.last], found.undated[:PAGE], found.over[:OVER]]
    lines = _lines(seen, [row for group in groups for row in group.tolist()])
    said = labels(seen, Names(seen.site.vocabulary, seen.language))
    query = {**asked.given, "version": seen.asked_version}
    return render_template(
        "agenda.html",
        name=name,
        asked=asked,
        part=part,
        ahead=[lines[row] for row in groups[0].tolist()],
        undated=[lines[row] for row in groups[1].tolist()],
        over=[lines[row] for row in groups[2].tolist()],
        totals={"undated": len(found.undated), "over": len(found.over)},
        themes=theme_options(seen, said),
        theme=said.node("theme", asked.theme) if asked.theme else None,
        ics=seen.urls.page("/agenda.ics", **query),
        atom=seen.urls.page("/opportunities.atom", **query),
        query=seen.questions.text("announced"),
    )


def _read(seen: Visit, rows: Sequence[int]) -> tuple[dict[str, Details], Names, Labels]:
    iris = seen.facts.iris(rows)
    details = read_details(seen.questions.about_each("announced", "entity", iris))
    names = Names(seen.site.vocabulary, seen.language)
    names.ask(seen.questions, {*iris, *(iri for one in details.values() for iri in (*one.places, *one.carriers))})
    return details, names, labels(seen, names)


def _lines(seen: Visit, rows: Sequence[int]) -> dict[int, Line]:
    details, names, said = _read(seen, rows)
    return {row: _line(seen, row, details, names, said) for row in rows}


def _line(seen: Visit, row: int, details: dict[str, Details], names: Names, said: Labels) -> Line:
    iri = seen.facts.iri(row)
    one, own = details.get(iri, Details()), when(seen.facts, row)
    return Line(
        names.node(iri),
        names.period(iri) or _period(seen, row),
        in_words(own.deadline, seen.language) if own.deadline else None,
        (*(names.node(place).label for place in one.places), *one.localities),
        tuple(names.node(carrier) for carrier in one.carriers),
        tuple(_territory(seen, said, number) for number in seen.facts.of("territories", row).tolist()),
        _summary(seen, one),
    )


def _period(seen: Visit, row: int) -> str | None:
    """When an entity takes place that has no period of its own, but weeks or moments."""
    own = when(seen.facts, row)
    if own.first and own.last:
        return period(_term(own.first), _term(own.last), seen.language)
    one = own.first or own.last
    return in_words(one, seen.language) if one else None


def _term(one: datetime.date) -> ox.Literal:
    return ox.Literal(one.isoformat(), datatype=ox.NamedNode(PREFIXES["xsd"] + "date"))


def _territory(seen: Visit, said: Labels, number: int) -> Node:
    return said.node("territory", seen.facts.tables.territories[number].removeprefix(str(TERRITORY)))


def _where(seen: Visit, row: int, one: Details, names: Names, said: Labels) -> str:
    """The place and locality that are told, else the territories."""
    told = (*(names.node(place).label for place in one.places), *one.localities)
    return ", ".join(told or (_territory(seen, said, number).label for number in seen.facts.of("territories", row).tolist()))


def _summary(seen: Visit, details: Details) -> str | None:
    found = pick(details.descriptions, seen.language)
    return found[0] if found else None


def _title(seen: Visit, asked: Asked, name: str) -> str:
    said = labels(seen, Names(seen.site.vocabulary, seen.language))
    near = seen.say("list.within-km", place=asked.around.label, km=asked.around.near.km) if asked.around else ""
    parts = [asked.territory.text, near, said.node("theme", asked.theme).label if asked.theme else ""]
    return " – ".join([f"{seen.say(f'agenda.{name}')} ({seen.site.settings.site_name})", *filter(None, parts)])


def _calendar(seen: Visit, asked: Asked) -> bytes:
    found = _chosen(seen, asked, EVENTS + OPPORTUNITIES)
    rows = [*found.ahead.tolist()[:MOST], *found.over.tolist()[:MOST]]
    details, names, said = _read(seen, rows)
    stamp = seen.site.history.version(seen.version).moment
    happenings = [one for row in rows if (one := _happening(seen, row, details, names, said, stamp))]
    return icalendar.write_calendar(_title(seen, asked, "agenda"), f"-//Maillage//Maillage//{seen.language.upper()}", happenings)


def _happening(
    seen: Visit, row: int, details: dict[str, Details], names: Names, said: Labels, stamp: datetime.datetime
) -> icalendar.Happening | None:
    """None for what is only known by month or year."""
    iri = seen.facts.iri(row)
    one, own = details.get(iri, Details()), when(seen.facts, row)
    start = one.start or own.first or own.deadline
    if start is None:
        return None
    end = (one.end if one.end and _comparable(one.start, one.end) else None) if one.start else own.last if own.first else None
    title = names.node(iri).label
    themes = [seen.facts.tables.themes[number].removeprefix(str(THEME)) for number in seen.facts.of("themes", row).tolist()]
    carriers = ", ".join(names.node(carrier).label for carrier in one.carriers)
    return icalendar.Happening(
        uid=iri,
        stamp=stamp,
        start=start,
        end=end,
        summary=title if one.start or own.first else seen.say("agenda.deadline-of", name=title),
        description="\n\n".join(filter(None, (_summary(seen, one), carriers))),
        location=_where(seen, row, one, names, said),
        url=seen.urls.absolute(seen.urls.entity(iri)),
        categories=[said.node("theme", word).label for word in themes],
    )


def _comparable(start: datetime.datetime, end: datetime.datetime) -> bool:
    """An end before its start, or of another sort of time, is left out."""
    return (start.tzinfo is None) == (end.tzinfo is None) and start <= end


def _feed(seen: Visit, asked: Asked) -> bytes:
    found = _chosen(seen, asked, OPPORTUNITIES)
    rows = [*found.ahead.tolist()[:MOST], *found.undated.tolist()[:MOST]]
    details, names, said = _read(seen, rows)
    entries = [_entry(seen, row, details, names, said) for row in rows]
    address = seen.urls.page("/opportunities", **asked.given)
    own = seen.urls.absolute(seen.urls.page("/opportunities.atom", **asked.given))
    updated = seen.site.history.version(seen.version).moment
    feed = atom.Feed(
        _title(seen, asked, "opportunities"),
        own,
        seen.urls.absolute(address),
        updated,
        seen.site.settings.site_name,
        seen.language,
    )
    return atom.write_feed(feed, sorted(entries, key=lambda entry: entry.updated, reverse=True))


def _entry(seen: Visit, row: int, details: dict[str, Details], names: Names, said: Labels) -> atom.Entry:
    iri = seen.facts.iri(row)
    one, own = details.get(iri, Details()), when(seen.facts, row)
    words = [seen.facts.tables.themes[number].removeprefix(str(THEME)) for number in seen.facts.of("themes", row).tolist()]
    deadline = seen.say("agenda.until", date=in_words(own.deadline, seen.language)) if own.deadline else ""
    node, told = names.node(iri), pick(one.descriptions, seen.language) or ("", None)
    touched = [number for number in seen.site.history.changes_of(iri) if number <= seen.version]
    return atom.Entry(
        id=iri,
        title=node.label,
        updated=seen.site.history.version(touched[-1] if touched else seen.version).moment,
        link=seen.urls.absolute(seen.urls.entity(iri)),
        summary=" ".join(filter(None, (deadline, told[0]))),
        language=node.language,
        told_in=told[1] if told[1] != seen.language and not deadline else None,
        published=one.posted,
        terms=tuple((word, said.node("theme", word).label) for word in words),
    )
