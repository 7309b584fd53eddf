"""Figures and the lists behind them, in the OpenAPI document: one address a file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.exports import EXPORTS
from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals
from app.statistics import CONDITIONS, DIMENSIONS, MEASURES

_ERRORS = (400, 404, 410, 500, 503)
_SUMMARY = {"statistics": "openapi_statistics.statistics", "statistics/list": "openapi_statistics.list"}
_TEXT = {"type": "string", "minLength": 1}


def statistics_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """The table of a question and the list behind one of its figures."""
    table = [_words("measure", MEASURES), _words("rows", DIMENSIONS), _words("columns", DIMENSIONS)]
    table += [parameter(name, _TEXT | {"description": both(f"openapi_statistics.{name}")}, required=False) for name in CONDITIONS]
    one = [
        parameter(name, _TEXT | {"description": both(f"openapi_statistics.{name}")}, required=False) for name in ("row", "column")
    ]
    for path, inputs in (("statistics", table), ("statistics/list", [*table, *one])):
        for suffix, (form, _) in EXPORTS.items():
            schema = ref("schemas", "Answer") if suffix == "json" else None
            answer = document_answer((form.media_type,), "openapi_statistics.answer", schema=schema, file=True)
            operation = {
                "operationId": f"{path.replace('/', '-')}-{suffix}",
                "tags": ["data"],
                "summary": f"{both(_SUMMARY[path])} ({suffix})",
                "parameters": [*inputs, ref("parameters", "version"), ref("parameters", "known")],
                "responses": {"200": answer, "304": ref("responses", "Unchanged")} | refusals(_ERRORS),
            }
            yield f"/{path}.{suffix}", {"get": operation}


def _words(name: str, known: Any) -> dict[str, Any]:
    schema = {"type": "string", "enum": list(known), "description": both(f"openapi_statistics.{name}")}
    return parameter(name, schema, required=False)
