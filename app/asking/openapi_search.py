"""Search and completion in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals

_ERRORS = (400, 404, 410, 500, 503)
_TEXT = {"type": "string"}
_MAYBE = {"type": ["string", "null"]}
_INPUTS: dict[str, dict[str, Any]] = {
    "q": {"type": "string"},
    "names": {"type": "string", "enum": ["0", "1", "true"]},
    "kind": {"type": "array", "items": _TEXT},
    "class": {"type": "array", "items": _TEXT},
    "limit": {"type": "integer", "minimum": 1, "maximum": 100, "default": 20},
    "offset": {"type": "integer", "minimum": 0, "maximum": 10_000, "default": 0},
}


def search_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """The one address, with its answer's schema."""
    inputs = [
        parameter(name, schema | {"description": both(f"openapi_search.{name}")}, required=False)
        for name, schema in _INPUTS.items()
    ]
    answer = document_answer(("application/json",), "openapi_search.answer", schema=_answer())
    yield (
        "/search.json",
        {
            "get": {
                "operationId": "search",
                "tags": ["data"],
                "summary": both("openapi_search.what"),
                "parameters": [*inputs, ref("parameters", "version"), ref("parameters", "known")],
                "responses": {"200": answer, "304": ref("responses", "Unchanged")} | refusals(_ERRORS),
            }
        },
    )


def _answer() -> dict[str, Any]:
    told = {
        "version": {"type": "integer"},
        "q": _TEXT,
        "reading": {"type": "string", "enum": ["words", "typos", "some"], "description": both("openapi_search.reading")},
        "total": {"type": "integer"},
        "kinds": {"type": "object", "additionalProperties": {"type": "integer"}},
        "results": {"type": "array", "items": _result()},
    }
    return {"type": "object", "required": list(told), "properties": told}


def _result() -> dict[str, Any]:
    why = ["name", "also", "identifier", "subject", "place", "text"]
    told = {
        "iri": {"type": "string", "format": "iri"},
        "page": _TEXT,
        "label": _TEXT,
        "language": _MAYBE,
        "kind": _MAYBE,
        "what": _MAYBE,
        "where": {"type": "array", "items": _TEXT},
        "why": {"type": "string", "enum": why, "description": both("openapi_search.why")},
        "said": _MAYBE,
    }
    return {"type": "object", "required": list(told), "properties": told}
