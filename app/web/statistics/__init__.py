"""Figures over HTTP: the table of a question at ``/statistics``, the list behind each figure, both as files; routes alone.

What is asked is read in :mod:`~app.web.statistics.asking`, the form and the words around figures are in
:mod:`~app.web.statistics.form`, tables in :mod:`~app.web.statistics.showing` with their charts in
:mod:`~app.web.statistics.charts`, lists in :mod:`~app.web.statistics.listing`, files in :mod:`~app.web.statistics.sheets`;
figures are counted in :mod:`app.statistics`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, Response, abort, render_template, request

from app.asking import EXPORTS
from app.errors import BadParameter
from app.statistics import DIMENSIONS, MEASURES, Question
from app.web import tables
from app.web.errors import expected
from app.web.lasting import stated
from app.web.responses import conditional
from app.web.site import Visit, visit
from app.web.statistics.asking import CHARTS, SECOND, asked, choice, given_words, other_question, places
from app.web.statistics.form import conditions, examples, instead, method, options, titled
from app.web.statistics.listing import listing
from app.web.statistics.sheets import list_sheet, table_sheet
from app.web.statistics.showing import shown

blueprint = Blueprint("statistics", __name__)
_TABLE, _LIST = "/statistics", "/statistics/list"


@blueprint.errorhandler(BadParameter)
def refused(error: BadParameter) -> Response:
    """The page of an error lists what is offered instead."""
    return expected(error, lambda: instead(visit(), str(error.details.get("name"))))


@blueprint.get("/statistics")
def page() -> Response:
    return conditional("html", lambda: _page(visit()))


@blueprint.get("/statistics.<suffix>")
def file(suffix: str) -> Response:
    return _send(suffix, _TABLE, lambda question: question.rows, table_sheet)


@blueprint.get("/statistics/list")
def listed() -> Response:
    return conditional("html", lambda: _list(visit()))


@blueprint.get("/statistics/list.<suffix>")
def list_file(suffix: str) -> Response:
    return _send(suffix, _LIST, lambda _: "list", list_sheet)


def _send(
    suffix: str, path: str, called: Callable[[Question], str], sheet: Callable[[Visit, Question], tables.Sheet]
) -> Response:
    """The file of a page; ``called`` is the end of its name, after the measure."""
    seen = visit()
    if suffix not in EXPORTS:
        abort(404)
    question = asked(seen)
    address = seen.urls.page(path, **question.given, version=seen.version)
    return tables.send(seen, f"{question.measure}-{called(question)}", suffix, address, lambda: sheet(seen, question))


def _page(seen: Visit) -> str:
    found = places(seen)
    given = given_words(found)
    question = Question.read(given)
    second = other_question(question, given)
    chart = choice("chart", CHARTS)
    is_understood = not any(place.reason for place in found.values())
    link = {"chart": chart if chart != CHARTS[0] else None, **{name: given.get(name) or None for name in SECOND}}
    with seen.reading(question.extent):  # the second question is about the same rows
        figures = shown(seen, question, second, chart, is_understood=is_understood)
    return render_template(
        "statistics.html",
        question=question,
        **figures,
        chart=chart,
        charts=CHARTS,
        places=found,
        given=given,
        measures=list(MEASURES),
        dimensions=list(DIMENSIONS),
        options=options(seen),
        titled=figures["shown"].title if second else titled(seen, question),
        conditions=conditions(seen, question, link),
        method=method(seen, question),
        examples=examples(seen),
        **_addresses(seen, _TABLE, question, {**link, "page": number if (number := request.args.get("page")) != "1" else None}),
    )


def _list(seen: Visit) -> str:
    question = asked(seen)
    with seen.reading(question.extent):
        entries = listing(seen, question)
    return render_template(
        "statistics-list.html",
        question=question,
        title=titled(seen, question),
        **entries,
        conditions=conditions(seen, question, {}),
        table=seen.urls.page(_TABLE, **question.at().given, version=seen.asked_version),
        method=method(seen, question),
        **_addresses(seen, _LIST, question, {}),
    )


def _addresses(seen: Visit, path: str, question: Question, link: Mapping[str, str | None]) -> dict[str, Any]:
    """Where a page has its files, and the address that will always show the same."""
    return {
        "suffixes": tuple(EXPORTS),
        "files": {suffix: seen.urls.page(f"{path}.{suffix}", **question.given, version=stated(seen)) for suffix in EXPORTS},
        "permanent": seen.urls.absolute(seen.urls.page(path, **question.given, **link, version=stated(seen))),
    }
