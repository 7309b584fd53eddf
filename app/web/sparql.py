"""The SPARQL endpoint: one address for machines and for the editor page; the engine answers, this only reads and writes HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from flask import Blueprint, Response, render_template, request
from werkzeug.datastructures import MultiDict

from app.asking.labels import labels
from app.asking.parameters import exemplified
from app.engine.asks import Answer, Ask
from app.errors import FormatUnfit, QueryError, QueryMissing, StoreError
from app.media import HTML, PROBLEM_JSON, choose
from app.terms import PREFIXES
from app.text import explain
from app.web import result_tags, results, service_description, update, works
from app.web.entity import data_block
from app.web.errors import RETRY_SECONDS, status_of
from app.web.rdf import content_type
from app.web.site import visit
from app.web.sparql_request import FORM, NAMED, TEXT, Wanted, ask_of, dataset_of, parameters, require_utf8, text_of, wanted

blueprint = Blueprint("sparql", __name__)
_CHUNK = 64 * 1024


@blueprint.route("/sparql", methods=["GET", "POST"])
def endpoint() -> Response:
    require_utf8(request)
    if update.is_update():
        return update.answer()
    given = parameters(request)
    text = text_of(request, given)
    if text is None or not text.strip():
        return _without_query(text)
    formats = wanted(request, given)
    try:
        response = _page(text, formats) if formats.page else _data(text, given, formats)
    except (QueryError, FormatUnfit) as error:
        if choose(request.headers.get("Accept", ""), (PROBLEM_JSON, HTML)) is not HTML:
            raise
        response = _problem(text, error)
    response.vary.add("Accept")
    return response


def _without_query(text: str | None) -> Response:
    """A bare GET: the editor for people, the service's description for machines."""
    form = service_description.chosen()
    if form is HTML:
        return Response(_editor(text or ""), mimetype=HTML.media_type, headers={"Vary": "Accept"})
    if text is not None:
        raise QueryMissing
    response = service_description.answer(form)
    response.headers["Accept-Post"] = f"{TEXT}, {update.TEXT}, {FORM}"
    return response


def _data(text: str, given: MultiDict[str, str], formats: Wanted) -> Response:
    ask = ask_of(request, text, given, formats)
    known = result_tags.unchanged(ask)
    if known is not None:
        return known
    answer = _answer(ask)
    return result_tags.tagged(streamed(answer, content_type(answer.media_type)), ask, answer.version)


def streamed(answer: Answer, type_: str) -> Response:
    """A result sent piece by piece; its file is closed in every case."""
    if request.method == "HEAD":
        answer.body.close()
    chunks = () if request.method == "HEAD" else _chunks(answer.body)
    response = Response(chunks, content_type=type_)
    response.call_on_close(answer.body.close)
    response.content_length = answer.size
    response.headers["X-Maillage-Rows"] = str(answer.rows)
    return response


def _answer(ask: Ask) -> Answer:
    return visit().site.engine.answer(ask)


def _chunks(body: BinaryIO) -> Iterator[bytes]:
    """The result, piece by piece; its file is closed at the end, or when the reader leaves."""
    with body:
        while chunk := body.read(_CHUNK):
            yield chunk


def _page(text: str, formats: Wanted) -> Response:
    """The editor with the result below it."""
    answer = _answer(ask_of(request, text, parameters(request), formats))
    with answer.body as body:
        cited = works.of_query(visit(), text, answer.version, dataset_of(parameters(request)))
        page = _editor(text, answer=answer, cited=cited, **_shown(answer, body))
    return Response(page, mimetype=HTML.media_type, headers={"X-Maillage-Version": str(answer.version)})


def _problem(text: str, error: QueryError | FormatUnfit) -> Response:
    """The editor with what went wrong below the query, whatever the format; the status is the one that a machine gets."""
    status = status_of(type(error))
    page = _editor(text, problem=error, explanation=explain(error, visit().language))
    response = Response(page, status, mimetype=HTML.media_type)
    if status in (429, 503):
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    return response


def _shown(answer: Answer, body: BinaryIO) -> dict[str, object]:
    match answer.kind:
        case "boolean":
            return {"boolean": body.read(10).strip().lower().startswith(b"true")}
        case "graph":
            return _named(results.triples(body), answer.version)
    return _named(results.solutions(body), answer.version)


def _named(table: results.Table, version: int) -> dict[str, object]:
    """The table with the names of what it mentions, where the version has an index of them: no query."""
    seen = visit()
    iris = (cell.iri for row in table.rows for cell in row if cell.iri)
    try:
        names = labels(seen.site.searches.at(version), seen.site.vocabulary, seen.language, iris)
    except StoreError:
        names = {}
    return {"table": table, "names": names}


def _editor(text: str, **result: object) -> str:
    seen = visit()
    questions = seen.site.catalogue.within("")
    return render_template(
        "sparql.html",
        query=text,
        examples=[(query.question[seen.language], query.name) for query in questions if exemplified(query)],
        formats=[name for name in NAMED if name not in ("srj", "srx")],
        shown_rows=results.SHOWN_ROWS,
        given=parameters(request),
        prefixes=data_block(PREFIXES),
        starter=seen.site.catalogue.get("pages/starter").body,
        **result,
    )
