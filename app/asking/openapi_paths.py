"""How entities are linked, in the OpenAPI document: explanations as each of their files."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.explaining import FAMILIES, MOST_BEST
from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals
from app.asking.path_files import FILES
from app.discovery.costs import COMMON_KINDS
from app.discovery.paths import LONGEST
from app.media import SVG

_ERRORS = (400, 404, 410, 500, 503)
_END = {"type": "string", "minLength": 1}
_YEAR = {"type": "integer", "minimum": 1, "maximum": 9999}
_INPUTS: dict[str, dict[str, Any]] = {
    "with": {"type": "array", "items": _END, "maxItems": 4},
    "longest": {"type": "integer", "minimum": 1, "maximum": LONGEST},
    "best": {"type": "integer", "minimum": 1, "maximum": MOST_BEST},
    "link": {"type": "array", "items": {"enum": list(FAMILIES)}},
    "since": _YEAR,
    "until": _YEAR,
    "without": {"type": "array", "items": {"type": "string"}},
    "avoid": {"type": "array", "items": {"enum": list(COMMON_KINDS)}},
}


def paths() -> Iterator[tuple[str, dict[str, Any]]]:
    given = [parameter(name, _END | {"description": both("openapi_paths.end")}) for name in ("from", "to")]
    given += [
        parameter(name, schema | {"description": both(f"openapi_paths.{name}")}, required=False)
        for name, schema in _INPUTS.items()
    ]
    forms = {**{suffix: form for suffix, (form, _) in FILES.items()}, SVG.suffix: SVG}
    for suffix, form in forms.items():
        answer = document_answer((form.media_type,), "openapi_paths.answer", file=True)
        operation = {
            "operationId": f"paths-{suffix}",
            "tags": ["data"],
            "summary": f"{both('openapi_paths.what')} ({suffix})",
            "parameters": [*given, ref("parameters", "version"), ref("parameters", "known")],
            "responses": {"200": answer, "304": ref("responses", "Unchanged")} | refusals(_ERRORS),
        }
        yield f"/paths.{suffix}", {"get": operation}
