"""Reads the address of a page of figures into questions; what they count is in app.statistics."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import request

from app.errors import UnknownChoice
from app.statistics import CONDITIONS, Question
from app.web.places import Place, asked_place
from app.web.site import Visit

CHARTS = ("auto", "bars", "lines", "heat", "none")
SECOND = ("territory2", "from2", "to2")
"""The conditions of the question beside which the first is shown."""
_FIRST = {"measure": "amounts", "rows": "year", "columns": "programme"}
"""What the page shows before anything is asked."""


def asked(seen: Visit) -> Question:
    """The question of the address. Raises :class:`app.errors.BadParameter` for one that is not understood."""
    found = places(seen)
    for name, place in found.items():
        place.require(name)
    return Question.read(given_words(found))


def places(seen: Visit) -> dict[str, Place]:
    """What was asked for as territories."""
    return {name: asked_place(seen, name) for name in ("territory", "territory2")}


def given_words(places: Mapping[str, Place]) -> dict[str, str]:
    """The words of the address; names of territories are replaced by their words, those that are not understood left out."""
    found = {name: value for name, value in request.args.items() if value.strip()}
    found |= {name: place.word for name, place in places.items() if name in found}
    known = {"measure", "rows", "columns", *CONDITIONS, *SECOND, "row", "column"}
    words = {name: value for name, value in found.items() if name in known}
    return words if "measure" in words or "rows" in words else {**_FIRST, **words}


def choice(name: str, known: Sequence[str]) -> str:
    """One of the values that a parameter may have, the first where it is not given."""
    value = request.args.get(name) or known[0]
    if value not in known:
        raise UnknownChoice(name=name, value=value[:200], choices=", ".join(known))
    return value


def other_question(question: Question, given: Mapping[str, str]) -> Question | None:
    """The same question about another territory or period, where one is given."""
    changed: dict[str, str | None] = {name.removesuffix("2"): given[name] for name in SECOND if given.get(name)}
    if not changed:
        return None
    if "from" in changed or "to" in changed:
        changed = {"from": changed.get("from"), "to": changed.get("to")} | changed
    return Question.read(question.where(**changed).given)
