"""SPARQL Update over HTTP (SPARQL 1.1 Protocol §2.2), at the address of queries; the writer does it, this only reads HTTP."""

from __future__ import annotations

from flask import Response, request
from werkzeug.datastructures import MultiDict

from app.entities.addresses import is_iri
from app.errors import BadParameter, QueryRepeated, UpdateRefused
from app.updating.orders import Dataset
from app.web import writing
from app.web.site import current_site, visit
from app.web.sparql_request import FORM, decoded, endpoint, parameters

TEXT = "application/sparql-update"
_BYTES_A_CHARACTER = 12
_OVERHEAD = 64 * 1024


def is_update() -> bool:
    """Whether the request is an update: a POST of its text, or of a form that has one."""
    if request.method != "POST":
        return False
    if request.mimetype == TEXT:
        return True
    if "Authorization" in request.headers and _is_long():
        writing.bearer()
        allow_length()  # a form may then be as long as an update
    return request.mimetype == FORM and "update" in request.form


def _is_long() -> bool:
    """Whether a body is longer than any query, or does not say."""
    length, most = request.content_length, request.max_content_length
    return length is None or most is None or length > most


def allow_length() -> None:
    """Let this request's body be as long as an update may be."""
    longest = current_site().settings.update_characters * _BYTES_A_CHARACTER + _OVERHEAD
    request.max_content_length = request.max_form_memory_size = longest


def answer() -> Response:
    """Does the update. Raises what :meth:`app.updating.writing.Writer.update` raises."""
    token = writing.bearer()
    allow_length()
    given = parameters(request)
    writing.refuse_version(given)
    text = _text(given)
    dataset = Dataset(_graphs(given, "using-graph-uri"), _graphs(given, "using-named-graph-uri"))
    by = writing.by(token, visit().say("writing.update"), given.get(writing.MESSAGE))
    return writing.answer(writing.writer().update(text, by, dataset, base_iri=endpoint()))


def _text(given: MultiDict[str, str]) -> str:
    if "query" in given:
        raise UpdateRefused
    if request.mimetype == TEXT:
        if "update" in given:
            raise QueryRepeated(name="update")
        return decoded(request.get_data())
    texts = given.getlist("update")
    if len(texts) != 1:
        raise QueryRepeated(name="update")
    return texts[0]


def _graphs(given: MultiDict[str, str], name: str) -> tuple[str, ...]:
    found = tuple(given.getlist(name))
    for iri in found:
        if not is_iri(iri):
            raise BadParameter(name=name, value=iri[:200], reason="iri")
    return found
