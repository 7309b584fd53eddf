"""How good the data are, at ``/quality``: what to mend, by source and territory; found in app.discovery.quality."""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import pyoxigraph as ox
from flask import Blueprint, Response, abort, make_response, render_template, request

from app.asking import EXPORTS, Filled, fill_one
from app.discovery import naming
from app.discovery.quality import GROUPS, Check, Finding, Report, report_of
from app.discovery.quality.report import MOST, chosen
from app.discovery.quality.telling import COLUMNS, problem, rows_of, solution
from app.entities.model import Node, Part
from app.entities.names import Names
from app.errors import UnknownChoice
from app.queries import Parameter
from app.text import date
from app.web.market import market_of
from app.web.responses import conditional
from app.web.site import Visit, asked_number, visit
from app.web.structure import whole_of
from app.web.tables import Sheet, links, send
from app.web.underway import AT_ONCE
from app.web.works import narrowed

blueprint = Blueprint("quality", __name__)
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
AREA = Parameter("area", "iri", of_class="maillage:Territory")
_NAME = "quality "
_PAGE, _SOURCES = 50, 4


@dataclass(frozen=True)
class Line:
    """One check as it is shown: its words, how many it found in the area, and how many in each of the main sources."""

    key: str
    problem: str
    solution: str
    severity: str | None
    total: int
    by_source: tuple[int, ...]
    complete: bool


@blueprint.get("/quality")
def page() -> Response:
    seen = visit()
    report = report_for(seen)
    area = fill_one(AREA, request.args, seen.questions)
    if report is None or report.version != seen.version:
        response = make_response(_render(seen, report, area))
        response.cache_control.no_store = True
        return response
    return conditional(f"html {report.day}", lambda: _render(seen, report, area), dated=False)


@blueprint.get("/quality.<suffix>")
def file(suffix: str) -> Response:
    if suffix not in EXPORTS:
        abort(404)
    seen = visit()
    area = fill_one(AREA, request.args, seen.questions)
    if area.reason:
        raise area.refusal("area")
    report = report_for(seen, wait=True)
    if report is None:
        abort(404)
    check = _check(report)
    query = {"check": check.key if check else None, "source": _source(), "area": _iri(area)}
    address = seen.urls.page("/quality", **query, version=seen.version)
    return send(seen, "quality", suffix, address, lambda: _sheet(seen, report, check, area))


def report_for(seen: Visit, *, wait: bool = False) -> Report | None:
    """The report of the version and of today; of a large graph, an earlier one while it is made."""
    kept, version, day = seen.site.kept, seen.version, datetime.date.today()
    name = f"{_NAME}{day}"
    kept.only(name, _NAME)

    def make() -> Report:
        whole = whole_of(seen, wait=True)
        isolated = whole.shape.alone.tolist() if whole else []
        return report_of(seen.questions, seen.network, isolated, version, day)

    if wait or len(seen.network) <= AT_ONCE:
        return kept.get(name, version, make)
    whole_of(seen)
    kept.begin(name, version, make)
    found = kept.latest(name, version)
    return found[1] if found and isinstance(found[1], Report) else None


def _check(report: Report) -> Check | None:
    key = request.args.get("check")
    if not key:
        return None
    found = report.get(key)
    if found is None:
        raise UnknownChoice(name="check", value=key[:60], choices=", ".join(check.key for check in report.checks))
    return found


def _source() -> str | None:
    return request.args.get("source") or None


def _iri(area: Filled) -> str | None:
    return area.term.value if isinstance(area.term, ox.NamedNode) else None


def _render(seen: Visit, report: Report | None, area: Filled) -> str:
    check = _check(report) if report else None
    found = chosen(check, market_of(seen).places, _source(), _iri(area)) if check else ()
    part = Part(len(found), min(asked_number("page") or 1, Part(len(found), size=_PAGE).pages), _PAGE)
    shown = found[part.first - 1 : part.last]
    sources = report.sources[:_SOURCES] if report else []
    names = _names(seen, shown, sources, area)
    iri = _iri(area)
    query = {"check": check.key if check else None, "source": _source(), "area": iri}
    return render_template(
        "quality.html",
        report=report,
        check=_line(seen, check, sources, iri) if check else None,
        text=check.text if check else "",
        area=area,
        area_text=names.node(iri).label if iri and names.is_named(iri) else area.text,
        source=_source(),
        groups=[(group, lines) for group in GROUPS if (lines := _lines(seen, report, group, sources, iri))] if report else [],
        sources=[(graph, _source_node(seen, names, graph)) for graph in sources],
        rows=[_row(seen, one, names) for one in shown],
        source_node=lambda graph: _source_node(seen, names, graph),
        written=lambda day: naming.day(day, seen.language),
        part=part,
        most=MOST,
        warnings=seen.site.history.version(seen.version).warnings,
        files=links(seen, "/quality", **query),
    )


def _lines(seen: Visit, report: Report, group: str, sources: Sequence[str], area: str | None) -> list[Line]:
    return [_line(seen, check, sources, area) for check in report.checks if check.group == group]


def _line(seen: Visit, check: Check, sources: Sequence[str], area: str | None) -> Line:
    found = chosen(check, market_of(seen).places, None, area)
    by_source = tuple(sum(1 for one in found if graph in one.sources) for graph in sources)
    severity = check.query.severity if check.query else None
    words = problem(check, seen.language), solution(check, seen.language)
    return Line(check.key, *words, severity, len(found), by_source, check.complete)


def _names(seen: Visit, shown: Sequence[Finding], sources: Sequence[str], area: Filled) -> Names:
    names = Names(seen.site.vocabulary, seen.language)
    wanted = {iri for one in shown for iri in (one.entity, one.other) if iri}
    graphs = {*sources, *(graph for one in shown for graph in one.sources)}
    wanted |= {seen.site.addresses.source_of(graph) or graph for graph in graphs}
    iri = _iri(area)
    names.ask(seen.questions, wanted | ({iri} if iri else set()))
    return names


def _source_node(seen: Visit, names: Names, graph: str) -> Node:
    """The source that a graph holds, by its name."""
    return names.node(seen.site.addresses.source_of(graph) or graph)


def _sheet(seen: Visit, report: Report, check: Check | None, area: Filled) -> Sheet:
    places, addresses = market_of(seen).places, seen.site.addresses
    checks = [check] if check else report.checks
    found = [(one, chosen(one, places, _source(), _iri(area))) for one in checks]
    rows = [row for one, its in found for row in rows_of(one, its, addresses, seen.site.vocabulary, seen.language)]
    named = narrowed(seen, seen.say("quality.question"), (addresses.source_of(_source() or ""), _iri(area)))
    return Sheet(named, COLUMNS, rows, seen.say("quality.method-how"))


def _row(seen: Visit, one: Finding, names: Names) -> tuple[Node, Node | None, Finding]:
    """A finding with its records, its detail in the reader's words: a day as one reads it, and of two records that have the same
    names what tells them apart, the ends of their addresses."""
    other = names.node(one.other) if one.other else None
    detail = one.detail
    if other and " / " in detail:
        detail = f"{_end(one.entity)} / {_end(other.iri)}"
    elif _DAY.fullmatch(detail):
        with suppress(ValueError):
            detail = date(datetime.date.fromisoformat(detail), seen.language)
    return names.node(one.entity), other, replace(one, detail=detail)


def _end(iri: str) -> str:
    return iri.rstrip("/").rpartition("/")[2]
