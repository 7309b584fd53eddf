"""The part of the OpenAPI document about what is cited: histories, citations, catalogue, dumps; the rest is in openapi.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, heading, named, parameter, ref, refusals
from app.media import HTML

_READ = (400, 404, 410, 413, 500, 503)
_SHARED = [ref("parameters", "version"), ref("parameters", "known")]


def citing_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each address with what it takes and answers."""
    yield from _history()
    yield from _cite()
    yield from _memento()


def _history() -> Iterator[tuple[str, dict[str, Any]]]:
    iri = parameter("iri", {"type": "string", "format": "iri"})
    ends = [
        parameter(name, {"type": "integer", "minimum": 0, "description": both(f"openapi.{name}-version")}, required=False)
        for name in ("from", "to")
    ]
    for path, form in (("/history", HTML.media_type), ("/history.json", "application/json")):
        answer = {"200": document_answer((form,), "openapi.history-answer"), "304": ref("responses", "Unchanged")}
        yield path, _get(path.strip("/").replace(".", "-"), "openapi.history", [iri, *ends, *_SHARED], answer, _READ)


def _cite() -> Iterator[tuple[str, dict[str, Any]]]:
    inputs = [
        parameter("iri", {"type": "string", "format": "iri"}, required=False),
        parameter("kind", {"type": "string"}, required=False),
        parameter("question", {"type": "string"}, required=False),
        parameter("query", {"type": "string"}, required=False),
    ]
    forms = ("application/x-bibtex", "application/vnd.citationstyles.csl+json", "text/plain")
    answer = {"200": document_answer(forms, "openapi.cite-answer", file=True), "304": ref("responses", "Unchanged")}
    suffix = named("suffix", ("bib", "json", "txt"))
    yield "/cite.{suffix}", _get("cite", "openapi.cite", [suffix, *inputs, *_SHARED], answer, _READ)


def _memento() -> Iterator[tuple[str, dict[str, Any]]]:
    """TimeGates and TimeMaps of entities (RFC 7089)."""
    original = parameter("original", {"type": "string", "minLength": 1, "description": both("openapi.original")}, place="path")
    moment = parameter("Accept-Datetime", {"type": "string"}, place="header", required=False)
    sent = {"302": {"description": both("openapi.timegate-answer"), "headers": heading("Location", "openapi.location")}}
    sent |= {"308": {"description": both("openapi.see-other"), "headers": heading("Location", "openapi.location")}}
    yield "/timegate/{original}", _get("timegate", "openapi.timegate", [original, moment], sent, _READ)
    listed = {"200": document_answer(("application/link-format",), "openapi.timemap-answer")}
    listed |= {"304": ref("responses", "Unchanged"), "308": sent["308"]}
    yield "/timemap/{original}", _get("timemap", "openapi.timemap", [original, *_SHARED], listed, _READ)


def _get(name: str, key: str, inputs: list[dict[str, Any]], answers: dict[str, Any], errors: Iterable[int]) -> dict[str, Any]:
    asked = {"operationId": name, "tags": ["data"], "summary": both(key), "parameters": inputs}
    return {"get": asked | {"responses": answers | refusals(errors)}}
