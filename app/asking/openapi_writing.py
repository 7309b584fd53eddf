"""The part of the OpenAPI document about writing: graphs as documents, and what an update takes; the rest is in openapi.py."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, heading, parameter, ref, refusals
from app.media import GRAPHS

UPDATE = "application/sparql-update"
ERRORS = (400, 401, 403, 409, 413, 415, 422, 500, 503, 507)
"""Every status of an error that a write may answer."""

_TOKEN: list[dict[str, list[str]]] = [{"token": []}]
_READ = (400, 404, 406, 410, 500, 503)
_SCHEMA = {"type": "string"}


def paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """The graph store by parameters and by its own addresses (SPARQL 1.1 Graph Store HTTP Protocol §4)."""
    named = parameter("name", {"type": "string", "minLength": 1, "description": both("openapi.graph-name")}, place="path")
    graph = parameter("graph", {"type": "string", "format": "iri", "description": both("openapi.graph-iri")}, required=False)
    default = parameter("default", {"type": "string", "description": both("openapi.graph-default")}, required=False)
    yield "/graphs/{name}", _methods("graph", [named])
    yield "/graphs", _methods("store", [graph, default])


def form() -> dict[str, dict[str, Any]]:
    """What a form has that holds an update (SPARQL 1.1 Protocol §2.2)."""
    graphs: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "iri"}}
    return {
        "update": {"type": "string", "description": both("openapi.update")},
        "using-graph-uri": graphs | {"description": both("openapi.using-graph-uri")},
        "using-named-graph-uri": graphs | {"description": both("openapi.using-named-graph-uri")},
        "message": {"type": "string", "description": both("openapi.message")},
    }


def _methods(name: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    documents = {form.media_type: {"schema": _SCHEMA} for form in GRAPHS} | {"multipart/form-data": {}}
    return {
        "get": _reading(name, inputs),
        "put": _writing("put", name, inputs, documents),
        "post": _writing("post", name, inputs, documents),
        "patch": _writing("patch", name, inputs, {UPDATE: {"schema": _SCHEMA}}),
        "delete": _writing("delete", name, inputs, {}),
    }


def _reading(name: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    answers = {"200": document_answer((form.media_type for form in GRAPHS), "openapi.graph-answer")}
    answers["200"]["headers"] = heading("ETag", "openapi.graph-etag")
    shown = {"description": both("openapi.see-other"), "headers": heading("Location", "openapi.location")}
    answers |= {"303": shown, "304": ref("responses", "Unchanged")}
    return {
        "operationId": f"{name}-get",
        "tags": ["data"],
        "summary": both("openapi.graph-get"),
        "parameters": [*inputs, ref("parameters", "version"), ref("parameters", "known")],
        "responses": answers | refusals(_READ),
    }


def _writing(method: str, name: str, inputs: list[dict[str, Any]], bodies: dict[str, Any]) -> dict[str, Any]:
    message = parameter("message", _SCHEMA | {"description": both("openapi.message")}, required=False)
    conditions = [
        parameter(header, _SCHEMA | {"description": both(f"openapi.write-{header.lower()}")}, place="header", required=False)
        for header in ("If-Match", "If-None-Match", "If-Unmodified-Since")
    ]
    answers = {"200": document_answer(("application/json",), "openapi.written", schema=_written())}
    if method in ("put", "post", "patch"):
        answers["201"] = answers["200"] | {"headers": heading("Location", "openapi.location")}
    body = {"requestBody": {"required": True, "content": bodies}} if bodies else {}
    return {
        "operationId": f"{name}-{method}",
        "tags": ["data"],
        "summary": both(f"openapi.graph-{method}"),
        "security": _TOKEN,
        "parameters": [*inputs, message, *conditions],
        "responses": answers | refusals({*ERRORS, 404, 412}),
    } | body


def _written() -> dict[str, Any]:
    """What a write did."""
    count = {"type": "integer", "minimum": 0}
    properties = {
        "version": {"type": ["integer", "null"]},
        "address": {"type": ["string", "null"], "format": "uri"},
        "added": count,
        "removed": count,
        "graphs": {"type": "array", "items": {"type": "string"}},
        "warnings": count,
        "warned": {"type": "array", "items": {"type": "object"}},
    }
    return {"type": "object", "required": list(properties), "properties": properties, "additionalProperties": False}
