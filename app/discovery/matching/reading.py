"""Reads the needs, offers and calls of a version into a :class:`Market`; what suits what is decided there."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation

import pyoxigraph as ox

from app.discovery.matching.listing import Call, Listing, Scope, Side, Span
from app.discovery.matching.market import Market
from app.discovery.places import Places
from app.discovery.themes import ThemeTree
from app.entities.questions import Questions, Row, Window, iris
from app.terms import CODE, MAILLAGE, PREFIXES, EngineTerm

Statements = Mapping[str, tuple[EngineTerm, ...]]
"""What one listing says, by property."""

KINDS = str(CODE) + "resource-kind/"
_TYPE = PREFIXES["rdf"] + "type"
_SIDES: Mapping[str, Side] = {"Offer": "offer", "Need": "need", "Internship": "offer", "VolunteerMission": "need"}
_IMPLIED = {"Internship": f"{KINDS}internships", "VolunteerMission": f"{KINDS}volunteers"}
"""What an opportunity offers or seeks by its class alone."""

_CALL = str(MAILLAGE.CallForProjects)
CLASSES = sorted([*(str(MAILLAGE[name]) for name in _SIDES), _CALL])
BY = tuple(str(MAILLAGE[name]) for name in ("offeredBy", "neededBy", "proposedBy"))
"""From a listing to its actor."""

WEEKS = str(MAILLAGE.weeks)
THEMES = tuple(str(MAILLAGE[name]) for name in ("theme", "mainTheme"))
TERRITORIES = tuple(str(MAILLAGE[name]) for name in ("territory", "governs", "coversTerritory"))
"""What a listing that states none takes from its actor."""

_ROWS = 50_000
_MOST_ROWS = 10_000_000


def read_market(questions: Questions, tree: ThemeTree, places: Places) -> Market:
    """Every need, offer and call. One that states no theme or territory takes those of its actor."""
    listings, calls = _made(questions, _gathered(_all(questions)))
    return Market(listings, calls, tree, places)


def advanced(market: Market, questions: Questions, changed: Collection[str], tree: ThemeTree, places: Places) -> Market:
    """The market of a later version: what changed is read again, or depends on what did (an actor, a week); the rest is kept.

    ``changed`` are the subjects of all statements that were added or removed in between.
    """
    again = market.told_by(changed) | set(changed)
    listings, calls = _made(questions, _gathered(questions.about_each("listings-among", "listing", again)))
    return market.after(again, listings, calls, tree, places)


def _made(questions: Questions, said: Mapping[str, Statements]) -> tuple[dict[str, Listing], dict[str, Call]]:
    """The listings and the calls among what was read."""
    weeks = _read_weeks(questions) if any(WEEKS in its for its in said.values()) else {}
    listings = {iri: one for iri, its in said.items() if (one := listing_of(iri, its, weeks.get(iri, ())))}
    calls = {iri: call for iri, its in said.items() if (call := call_of(iri, its))}
    scopes = read_scopes(questions, {actor for one in listings.values() if not is_full(one.scope) for actor in one.actors})
    return {iri: completed(one, scopes) for iri, one in listings.items()}, calls


def read_scopes(questions: Questions, entities: Iterable[str]) -> dict[str, Scope]:
    """The themes and territories of some entities."""
    themes: dict[str, set[str]] = defaultdict(set)
    territories: dict[str, set[str]] = defaultdict(set)
    wanted = set(entities)
    for row in questions.about_each("scopes-of", "entity", wanted):
        entity, theme, territory = row["entity"], row.get("theme"), row.get("territory")
        if isinstance(entity, ox.NamedNode) and isinstance(theme, ox.NamedNode):
            themes[entity.value].add(theme.value)
        if isinstance(entity, ox.NamedNode) and isinstance(territory, ox.NamedNode):
            territories[entity.value].add(territory.value)
    return {one: Scope(frozenset(themes[one]), frozenset(territories[one])) for one in wanted}


def question_behind(questions: Questions) -> str:
    """The query that reads the listings, for readers."""
    return questions.text("listings", **{"class": iris(CLASSES)})


def _gathered(rows: Iterable[Row]) -> dict[str, Statements]:
    found: dict[str, dict[str, tuple[EngineTerm, ...]]] = defaultdict(dict)
    for row in rows:
        listing, about = row["listing"], row["property"]
        if isinstance(listing, ox.NamedNode) and isinstance(about, ox.NamedNode):
            its = found[listing.value]
            its[about.value] = (*its.get(about.value, ()), row["value"])
    return dict(found)


def _all(questions: Questions) -> Iterator[Row]:
    for start in range(0, _MOST_ROWS, _ROWS):
        rows = questions.rows("listings", Window(_ROWS, start), **{"class": iris(CLASSES)})
        yield from rows
        if len(rows) < _ROWS:
            return


def _read_weeks(questions: Questions) -> dict[str, tuple[Span, ...]]:
    found: dict[str, set[Span]] = defaultdict(set)
    for row in questions.rows("listing-weeks", Window(_ROWS)):
        listing, span = row["listing"], Span(day_of(row.get("start")), day_of(row.get("end")))
        if isinstance(listing, ox.NamedNode) and span != Span():
            found[listing.value].add(span)
    return {iri: tuple(sorted(spans, key=str)) for iri, spans in found.items()}


def listing_of(iri: str, its: Statements, weeks: tuple[Span, ...]) -> Listing | None:
    """The need or offer that an entity is, by its statements and the days of its weeks; None for one that is neither."""
    classes = [name for name in _SIDES if str(MAILLAGE[name]) in _values(its, _TYPE)]
    if not classes:
        return None
    kinds = {kind for kind in _values(its, "resourceKind") if kind.startswith(KINDS)}
    kinds |= {_IMPLIED[name] for name in classes if name in _IMPLIED}
    return Listing(
        iri=iri,
        side=_SIDES[classes[0]],
        kinds=frozenset(kinds),
        actors=tuple(sorted({actor for name in BY for actor in _values(its, name)})),
        scope=_scope(its),
        quantity=_number(its, "quantity", "capacity"),
        spans=weeks or _spans(its),
        weeks=tuple(sorted(_values(its, "weeks"))),
    )


def call_of(iri: str, its: Statements) -> Call | None:
    """The call for projects that an entity is, by its statements; None for one that is none."""
    if _CALL not in _values(its, _TYPE):
        return None
    texts = its.get(str(MAILLAGE.eligibleAudience), ())
    return Call(
        iri=iri,
        publishers=tuple(sorted(_values(its, "publishedBy"))),
        scope=_scope(its),
        deadline=_first_day(its, "deadline"),
        audience=tuple(sorted((text.language, text.value) for text in texts if isinstance(text, ox.Literal))),
    )


def _scope(its: Statements) -> Scope:
    return Scope(frozenset({*_values(its, "theme"), *_values(its, "mainTheme")}), frozenset(_values(its, "territory")))


def is_full(scope: Scope) -> bool:
    """Whether nothing is taken from an actor."""
    return bool(scope.themes and scope.territories)


def completed(listing: Listing, scopes: Mapping[str, Scope]) -> Listing:
    """The listing with the themes and the territories of its first actor that has some, where it states none itself."""
    scope = listing.scope
    for actor in listing.actors if not is_full(scope) else ():
        its = scopes.get(actor, Scope())
        if not scope.themes and its.themes:
            scope = replace(scope, themes=its.themes, themes_of=actor)
        if not scope.territories and its.territories:
            scope = replace(scope, territories=its.territories, territories_of=actor)
    return listing if scope is listing.scope else replace(listing, scope=scope)


def _values(its: Statements, name: str) -> list[str]:
    """The IRIs of one property: a local name of ours, or a whole IRI."""
    path = name if ":" in name else str(MAILLAGE[name])
    return [term.value for term in its.get(path, ()) if isinstance(term, ox.NamedNode)]


def _number(its: Statements, *names: str) -> Decimal | None:
    """The least number that the first property with one states."""
    for name in names:
        found = [number for term in its.get(str(MAILLAGE[name]), ()) if (number := _decimal(term)) is not None]
        if found:
            return min(found)
    return None


def _decimal(term: EngineTerm) -> Decimal | None:
    try:
        found = Decimal(term.value) if isinstance(term, ox.Literal) else None
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() else None


def _spans(its: Statements) -> tuple[Span, ...]:
    """The days of validity; those of the thing itself where it states no validity."""
    for first, last in (("validFrom", "validThrough"), ("startDate", "endDate")):
        span = Span(_first_day(its, first), _first_day(its, last))
        if span != Span():
            return (span,)
    return ()


def _first_day(its: Statements, name: str) -> datetime.date | None:
    return min((day for term in its.get(str(MAILLAGE[name]), ()) if (day := day_of(term))), default=None)


def day_of(term: EngineTerm | None) -> datetime.date | None:
    """A day; a year or a month is no day and proves nothing."""
    try:
        return datetime.date.fromisoformat(term.value[:10]) if isinstance(term, ox.Literal) and len(term.value) >= 10 else None
    except ValueError:
        return None
