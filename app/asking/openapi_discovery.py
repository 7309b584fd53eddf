"""What links tell, in the OpenAPI document: matches, suggestions, structure, changes, quality, as each of their files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.asking.exports import EXPORTS
from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals

_ERRORS = (400, 404, 410, 500, 503)
_IRI = {"type": "string", "minLength": 1}
KM = {"type": "number", "exclusiveMinimum": 0, "maximum": 500, "default": 10}
_DAY = {"type": "string", "format": "date"}
_INPUTS: Mapping[str, Mapping[str, dict[str, Any]]] = {
    "matches": {
        "by": {"type": "string", "enum": ["need", "offer", "call"]},
        "kind": _IRI,
        "theme": _IRI,
        "area": _IRI,
        "on": _DAY,
        "for": _IRI,
        "near": _IRI,
        "km": KM,
    },
    "suggestions": {"for": _IRI},
    "evaluation": {},
    "structure": {
        "part": {"type": "string", "enum": ["communities", "bridges", "central", "isolated", "pools"]},
        "area": _IRI,
        "theme": _IRI,
    },
    "quality": {"check": {"type": "string"}, "source": {"type": "string"}, "area": _IRI},
    "changes": {"from": {"type": "string"}, "to": {"type": "string"}, "area": _IRI, "theme": _IRI},
}
"""The parameters of each page, by its name; the text of one is ``openapi_discovery.<name>``."""


def discovery_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each page as each of its files."""
    for name, inputs in _INPUTS.items():
        given = [parameter(one, schema | {"description": both(_said(one))}, required=False) for one, schema in inputs.items()]
        for suffix, (form, _) in EXPORTS.items():
            schema = ref("schemas", "Answer") if suffix == "json" else None
            answer = document_answer((form.media_type,), "openapi_discovery.answer", schema=schema, file=True)
            operation = {
                "operationId": f"{name}-{suffix}",
                "tags": ["data"],
                "summary": f"{both(f'openapi_discovery.{name}')} ({suffix})",
                "parameters": [*given, ref("parameters", "version"), ref("parameters", "known")],
                "responses": {"200": answer, "304": ref("responses", "Unchanged")} | refusals(_ERRORS),
            }
            yield f"/{name}.{suffix}", {"get": operation}


def _said(name: str) -> str:
    """What tells a parameter; those of a place and a distance are told as those of lists are."""
    return f"openapi_lists.{name}" if name in ("near", "km") else f"openapi_discovery.{name}"
