"""The parts that the OpenAPI document is put together from: texts, parameters, answers, problem documents; no address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.media import HTML, PROBLEM_JSON
from app.text import LANGUAGES, say

PROBLEMS = (400, 401, 403, 404, 406, 409, 410, 412, 413, 415, 422, 429, 500, 503, 507)
"""Every status of an error that an address may answer."""
_WAIT = (429, 503)


def both(key: str) -> str:
    """A message in French and in English, since the document has one language for all of its readers."""
    return words({language: say(key, language) for language in LANGUAGES})


def words(texts: Mapping[Any, str], between: str = " / ") -> str:
    """The texts of each language, once where they are the same."""
    return between.join(dict.fromkeys(texts[language] for language in LANGUAGES if language in texts))


def ref(part: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{part}/{name}"}


def parameter(name: str, schema: dict[str, Any], *, place: str = "query", required: bool = True) -> dict[str, Any]:
    """A parameter; the description of its schema is its own."""
    return {"name": name, "in": place, "required": required, "schema": schema} | (
        {"description": schema["description"]} if "description" in schema else {}
    )


def named(name: str, values: Sequence[str], *, place: str = "path") -> dict[str, Any]:
    """A parameter that is one of a few words."""
    return parameter(name, {"type": "string", "enum": list(values)}, place=place, required=place == "path")


def entity_name() -> dict[str, Any]:
    return ref("parameters", "name")


def heading(name: str, key: str, type_: str = "string") -> dict[str, Any]:
    return {name: {"description": both(key), "schema": {"type": type_}}}


def document_answer(
    forms: Iterable[str], key: str, *, schema: dict[str, Any] | None = None, file: bool = False
) -> dict[str, Any]:
    """A document in any of some media types, which all have the same schema or none."""
    headers = heading("Content-Disposition", "openapi.disposition") if file else {}
    content = {form: {"schema": schema} if schema else {} for form in forms}
    return {"description": both(key), "content": content} | ({"headers": headers} if headers else {})


def refusals(statuses: Iterable[int]) -> dict[str, Any]:
    """The answers of errors by status."""
    return {str(status): ref("responses", f"Problem{status}") for status in sorted(statuses)}


def components(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """What several addresses share; ``parameters`` are those of one area."""
    return {
        "parameters": {
            **parameters,
            "version": parameter(
                "version", {"type": "integer", "minimum": 0, "description": both("openapi.version")}, required=False
            ),
            "page": parameter("page", {"type": "integer", "minimum": 1, "description": both("openapi.page")}, required=False),
            "name": parameter("name", {"type": "string", "minLength": 1, "description": both("openapi.name")}, place="path"),
            "known": parameter(
                "If-None-Match", {"type": "string", "description": both("openapi.known")}, place="header", required=False
            ),
        },
        "responses": {f"Problem{status}": _problem_answer(status) for status in PROBLEMS}
        | {"Unchanged": {"description": both("openapi.unchanged")}},
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer", "description": both("openapi.token")}},
        "schemas": {"Problem": _problem(), "Answer": _answer(), "Cell": _cell(), "Health": _health()},
    }


def _problem_answer(status: int) -> dict[str, Any]:
    """A problem document (RFC 9457), or a page for who prefers one."""
    content = {PROBLEM_JSON.media_type: {"schema": ref("schemas", "Problem")}, HTML.media_type: {}}
    headers = heading("Retry-After", "openapi.retry-after", "integer") if status in _WAIT else {}
    return {"description": both(f"problems.{status}"), "content": content} | ({"headers": headers} if headers else {})


def _problem() -> dict[str, Any]:
    text = {"type": "string"}
    return {
        "type": "object",
        "description": both("openapi.problem"),
        "required": ["type", "title", "status", "detail", "instance", "details", "explanations"],
        "properties": {
            "type": {"type": "string", "format": "uri"},
            "title": text,
            "status": {"type": "integer", "minimum": 400, "maximum": 599},
            "detail": text,
            "instance": {"type": "string"},
            "details": {"type": "object"},
            "explanations": _closed(dict.fromkeys(LANGUAGES, text)),
        },
    }


def _answer() -> dict[str, Any]:
    """The answer to a question as JSON."""
    text = {"type": "string"}
    meta = _closed(
        {
            "question": text,
            "version": {"type": "integer", "minimum": 0},
            "date": {"type": "string", "format": "date"},
            "address": {"type": "string", "format": "uri"},
            "query": text,
            "licences": {"type": "array", "items": text},
        }
    )
    rows = {"type": "object", "additionalProperties": ref("schemas", "Cell")}
    columns = {"type": "array", "items": _closed({"name": text, "label": text})}
    return _closed({"meta": meta, "columns": columns, "rows": {"type": "array", "items": rows}})


def _cell() -> dict[str, Any]:
    entity = _closed({"iri": {"type": "string"}, "name": {"type": "string"}})
    return {"description": both("openapi.cell"), "oneOf": [entity, {"type": ["string", "number", "null"]}]}


def _health() -> dict[str, Any]:
    parts = {"version": {"type": "integer"}, "engine": {"type": "object"}, "store": {"type": "object"}}
    failed = {"error": {"type": "string"}, "details": {"type": "object"}}
    state = {"status": {"enum": ["ok", "unavailable"]}, "release": {"type": "string"}}
    return {"type": "object", "required": list(state), "properties": state | parts | failed}


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    """An object that has all of these members and no other."""
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
