"""What the query editor asks of the site, as OpenAPI paths; not the query endpoint itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals

_JSON = "application/json"
_ERRORS = (400, 404, 410, 500, 503)
_COMMON = [ref("parameters", "version"), ref("parameters", "known")]
_TEXT = {"type": "string"}


def paths() -> Iterator[tuple[str, dict[str, Any]]]:
    term = _closed({"name": _TEXT, "sort": {"enum": ["class", "property"]}, "label": _TEXT, "definition": _TEXT})
    prefixes = {"type": "object", "additionalProperties": _TEXT}
    terms = _closed({"prefixes": prefixes, "terms": {"type": "array", "items": term}})
    yield "/sparql/vocabulary.json", _get("vocabulary", _COMMON, terms)
    entity = _closed({"iri": _TEXT, "label": _TEXT, "kind": {"type": ["string", "null"]}})
    asked = parameter("q", _TEXT | {"description": both("openapi_editor.q")}, required=False)
    yield "/sparql/entities.json", _get("entities", [asked, *_COMMON], {"type": "array", "items": entity})
    iris = {"type": "array", "items": _TEXT | {"format": "iri"}, "maxItems": 100, "description": both("openapi_editor.iri")}
    perhaps = {"type": ["string", "null"]}
    named = {"type": "object", "additionalProperties": _closed({"label": _TEXT, "language": perhaps, "kind": perhaps})}
    yield "/sparql/names.json", _get("names", [parameter("iri", iris, required=False), *_COMMON], named)


def _get(name: str, inputs: list[dict[str, Any]], schema: dict[str, Any]) -> dict[str, Any]:
    answers = {"200": document_answer((_JSON,), f"openapi_editor.{name}-answer", schema=schema)}
    answers["304"] = ref("responses", "Unchanged")
    return {
        "get": {
            "operationId": f"editor-{name}",
            "tags": ["sparql"],
            "summary": both(f"openapi_editor.{name}"),
            "parameters": inputs,
            "responses": answers | refusals(_ERRORS),
        }
    }


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
