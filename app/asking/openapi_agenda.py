"""The feeds of the agenda and of the opportunities, in the OpenAPI document."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals

_ERRORS = (400, 404, 410, 500, 503)
_TEXT = {"type": "string", "minLength": 1}


def agenda_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """One feed a format, narrowed by territory and theme."""
    inputs = [
        parameter(name, _TEXT | {"description": both(f"openapi_statistics.{name}")}, required=False)
        for name in ("territory", "theme")
    ]
    near = (("near", _TEXT), ("km", {"type": "number", "exclusiveMinimum": 0, "maximum": 500, "default": 10}))
    inputs += [parameter(name, schema | {"description": both(f"openapi_lists.{name}")}, required=False) for name, schema in near]
    for path, name, media_type in (
        ("/agenda.ics", "agenda-ics", "text/calendar"),
        ("/opportunities.atom", "opportunities-atom", "application/atom+xml"),
    ):
        answers = {"200": document_answer((media_type,), "agenda.answer"), "304": ref("responses", "Unchanged")}
        operation = {
            "operationId": name,
            "tags": ["data"],
            "summary": both("agenda.ics" if name == "agenda-ics" else "agenda.atom"),
            "parameters": [*inputs, ref("parameters", "version"), ref("parameters", "known")],
            "responses": answers | refusals(_ERRORS),
        }
        yield path, {"get": operation}
