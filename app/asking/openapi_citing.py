"""The part of the OpenAPI document about what is cited: histories, citations, catalogue, dumps; the rest is in openapi.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals
from app.media import HTML

_READ = (400, 404, 410, 413, 500, 503)
_SHARED = [ref("parameters", "version"), ref("parameters", "known")]


def citing_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each address with what it takes and answers."""
    yield from _history()


def _history() -> Iterator[tuple[str, dict[str, Any]]]:
    iri = parameter("iri", {"type": "string", "format": "iri"})
    ends = [
        parameter(name, {"type": "integer", "minimum": 0, "description": both(f"openapi.{name}-version")}, required=False)
        for name in ("from", "to")
    ]
    for path, form in (("/history", HTML.media_type), ("/history.json", "application/json")):
        answer = {"200": document_answer((form,), "openapi.history-answer"), "304": ref("responses", "Unchanged")}
        yield path, _get(path.strip("/").replace(".", "-"), "openapi.history", [iri, *ends, *_SHARED], answer, _READ)


def _get(name: str, key: str, inputs: list[dict[str, Any]], answers: dict[str, Any], errors: Iterable[int]) -> dict[str, Any]:
    asked = {"operationId": name, "tags": ["data"], "summary": both(key), "parameters": inputs}
    return {"get": asked | {"responses": answers | refusals(errors)}}
