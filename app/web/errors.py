"""What each error becomes at the edge: a status, and a page or a problem document (RFC 9457); never a traceback."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, current_app, render_template, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed, RequestedRangeNotSatisfiable

from app import errors
from app.errors import MaillageError
from app.media import HTML, JSON_LD, PROBLEM_JSON, TURTLE, choose
from app.text import LANGUAGES, Language, explain, say
from app.web.rdf import content_type
from app.web.urls import Urls

RETRY_SECONDS = 5

STATUSES: dict[type[MaillageError], HTTPStatus] = {
    errors.AccessError: HTTPStatus.FORBIDDEN,
    errors.BadParameter: HTTPStatus.BAD_REQUEST,
    errors.BodyRefused: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    errors.ClientBusy: HTTPStatus.TOO_MANY_REQUESTS,
    errors.GoneEntity: HTTPStatus.GONE,
    errors.InputError: HTTPStatus.BAD_REQUEST,
    errors.NoSuchVersion: HTTPStatus.NOT_FOUND,
    errors.NotYetDescribed: HTTPStatus.NOT_FOUND,
    errors.PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
    errors.NotAcceptable: HTTPStatus.NOT_ACCEPTABLE,
    errors.ProtectedGraph: HTTPStatus.FORBIDDEN,
    errors.QueryError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.QueryMissing: HTTPStatus.BAD_REQUEST,
    errors.QueryRepeated: HTTPStatus.BAD_REQUEST,
    errors.QuerySyntax: HTTPStatus.BAD_REQUEST,
    errors.QueryTooDeep: HTTPStatus.BAD_REQUEST,
    errors.QueryTooLong: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.Refused: HTTPStatus.UNPROCESSABLE_ENTITY,
    errors.ResultTooLarge: HTTPStatus.BAD_REQUEST,
    errors.ServiceRefused: HTTPStatus.BAD_REQUEST,
    errors.TokenMissing: HTTPStatus.UNAUTHORIZED,
    errors.TokenRefused: HTTPStatus.UNAUTHORIZED,
    errors.SettingsError: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StorageFull: HTTPStatus.INSUFFICIENT_STORAGE,
    errors.StoreError: HTTPStatus.SERVICE_UNAVAILABLE,
    errors.UnknownEntity: HTTPStatus.NOT_FOUND,
    errors.UnknownGraph: HTTPStatus.NOT_FOUND,
    errors.UnknownQuery: HTTPStatus.NOT_FOUND,
    errors.UpdateRefused: HTTPStatus.BAD_REQUEST,
    errors.UpdateFailed: HTTPStatus.CONFLICT,
    errors.UsingConflict: HTTPStatus.BAD_REQUEST,
    errors.OutsideGraph: HTTPStatus.BAD_REQUEST,
    errors.LoadRefused: HTTPStatus.BAD_REQUEST,
    errors.VersionPruned: HTTPStatus.GONE,
    MaillageError: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""The status of each class; a class without one has that of its nearest base."""

_UNREADABLE = {kind.key for kind in (errors.NoSuchVersion, errors.VersionPruned, errors.CorruptVersion)}
_OF_THE_VERSION = {*_UNREADABLE, errors.BadParameter.key}
"""Errors after which the links of the page lead to the newest version."""

Offered = Callable[[], Sequence[tuple[str, str]]]
"""Gives addresses with their texts."""

_WAIT = (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS)


def register(app: Flask) -> None:
    app.register_error_handler(MaillageError, expected)
    app.register_error_handler(HTTPException, _from_http)
    app.register_error_handler(Exception, _unexpected)


def status_of(kind: type[MaillageError]) -> HTTPStatus:
    """The status of a class of errors."""
    return next(STATUSES[base] for base in kind.__mro__ if base in STATUSES)


def title(status: int, language: Language) -> str:
    """A few words for a status; the general ones where it has none of its own."""
    try:
        return say(f"problems.{status}", language)
    except KeyError:
        return say("problems.400" if status < 500 else "problems.500", language)


def expected(error: MaillageError, offered: Offered = tuple) -> Response:
    """The answer to one of our errors; ``offered`` is what a page lists to be chosen instead, as addresses and texts."""
    status = status_of(type(error))
    if status == HTTPStatus.INTERNAL_SERVER_ERROR:
        current_app.logger.error("%s", error)
    if isinstance(error, errors.UnreadableInput) and str(error.details.get("reason")).endswith("too-large"):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    texts = {language: explain(error, language) for language in LANGUAGES}
    report = error.report if isinstance(error, errors.Refused) else None
    response = _reported(report) or _answer(status, error.key, texts, error.details, report, offered)
    if status in _WAIT:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if isinstance(error, errors.AccessError):
        response.headers["WWW-Authenticate"] = _challenge(error)
    return response


def _reported(report: Any) -> Response | None:
    """The gate's report as RDF, for who prefers it (https://www.w3.org/TR/shacl/#validation-report)."""
    wanted = choose(request.headers.get("Accept", ""), (PROBLEM_JSON, HTML, TURTLE, JSON_LD)) if report else None
    if wanted not in (TURTLE, JSON_LD):
        return None
    text = report.to_turtle() if wanted is TURTLE else report.to_jsonld()
    response = Response(text, status_of(errors.Refused), content_type=content_type(wanted.media_type))
    response.vary.add("Accept")
    return response


def _challenge(error: errors.AccessError) -> str:
    """What a client must bring (RFC 6750 §3)."""
    if isinstance(error, errors.TokenMissing):
        return 'Bearer realm="Maillage"'
    kind = "invalid_token" if isinstance(error, errors.TokenRefused) else "insufficient_scope"
    return f'Bearer realm="Maillage", error="{kind}"'


def _from_http(error: HTTPException) -> Response:
    status = HTTPStatus(error.code or 500)
    if status < 400 and error.response is None:
        return Response(error.get_response(request.environ).data, status, error.get_headers())
    if status < 400:
        return Response(status=status, headers=error.get_headers())
    texts = {language: _detail(status, language) for language in LANGUAGES}
    response = _answer(status, f"http-{int(status)}", texts, {})
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    if isinstance(error, RequestedRangeNotSatisfiable):
        response.headers["Content-Range"] = f"{error.units} */{error.length}"
    return response


def _detail(status: HTTPStatus, language: Language) -> str:
    try:
        return say(f"problems.{int(status)}-detail", language, limit=request.max_content_length or 0)
    except KeyError:
        return say("problems.400-detail" if status < 500 else "errors.error", language)


def _unexpected(error: Exception) -> Response:
    current_app.logger.error("unexpected error at %s", request.path, exc_info=error)
    texts = {language: say("errors.error", language) for language in LANGUAGES}
    return _answer(HTTPStatus.INTERNAL_SERVER_ERROR, "error", texts, {})


def _answer(
    status: HTTPStatus,
    key: str,
    texts: dict[Language, str],
    details: dict[str, object],
    report: Any = None,
    offered: Offered = tuple,
) -> Response:
    urls = Urls.of(request, current_app.extensions["maillage"].addresses)
    wanted = choose(request.headers.get("Accept", ""), (PROBLEM_JSON, HTML))
    if wanted is HTML:
        links = urls.newest if key in _OF_THE_VERSION else urls
        said = {"status": int(status), "title": title(status, urls.language), "detail": texts[urls.language]}
        shown = report.as_text(urls.language) if report else None
        others = {
            "described": _described(urls, details),
            "without": _without(urls, details),
            "newest": _newest(urls, key),
            "offered": offered(),
        }
        if others["offered"] and key == errors.UnknownChoice.key:
            said["detail"] = say("problems.not-offered", urls.language, value=str(details.get("value", "")))
        page = render_template("error.html", urls=links, report=shown, **others, **said)
        response = Response(page, status, mimetype=HTML.media_type)
    else:
        told = _problem(urls, status, key, texts, details)
        if report:
            told |= {name: value for name, value in report.as_problem(urls.language).items() if name in ("findings", "omitted")}
        response = Response(json.dumps(told, ensure_ascii=False), status)
        response.headers["Content-Type"] = PROBLEM_JSON.media_type
    response.headers["Content-Language"] = urls.language
    response.vary.add("Accept")
    return response


def _described(urls: Urls, details: dict[str, object]) -> str | None:
    """The address of an entity in the version that describes it, when the error tells one."""
    iri, version = details.get("iri"), details.get("version")
    return urls.entity(str(iri), version=str(version)) if iri and version else None


def _without(urls: Urls, details: dict[str, object]) -> str | None:
    """The same page without the parameter that an error names, where it can do without."""
    name = details.get("name")
    asked = request.method == "GET" and any(own == name for own, _ in urls.query)
    return urls.here(**{str(name): None}) if asked else None


def _newest(urls: Urls, key: str) -> str | None:
    """The same page of the newest version, where the one that is asked for cannot be read."""
    asked = key in _UNREADABLE and request.method == "GET" and any(own == "version" for own, _ in urls.query)
    return urls.here(version=None) if asked else None


def _problem(
    urls: Urls, status: HTTPStatus, key: str, texts: dict[Language, str], details: dict[str, object]
) -> dict[str, object]:
    """The members of RFC 9457, our ``details``, and the explanation in each language."""
    return {
        "type": urls.absolute(urls.data(f"/problems#{key}")),
        "title": title(status, urls.language),
        "status": int(status),
        "detail": texts[urls.language],
        "instance": urls.data(request.path),
        "details": details,
        "explanations": texts,
    }
