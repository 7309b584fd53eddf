"""The communes with their centres, in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, ref, refusals

_COMMUNE = {
    "type": "array",
    "prefixItems": [{"type": "string"}, {"type": "string"}, {"type": "number"}, {"type": "number"}],
    "minItems": 4,
    "maxItems": 4,
}
_SCHEMA = {
    "type": "object",
    "required": ["version", "communes"],
    "properties": {"version": {"type": "integer", "minimum": 0}, "communes": {"type": "array", "items": _COMMUNE}},
    "additionalProperties": False,
}


def near_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """One address."""
    answers = {
        "200": document_answer(("application/json",), "near.answer", schema=_SCHEMA),
        "304": ref("responses", "Unchanged"),
    }
    operation = {
        "operationId": "communes",
        "tags": ["data"],
        "summary": both("near.communes"),
        "parameters": [ref("parameters", "version"), ref("parameters", "known")],
        "responses": answers | refusals((400, 404, 410, 500, 503)),
    }
    yield "/communes.json", {"get": operation}
