"""The lists of kinds in the OpenAPI document: each as a file in some formats, with all that narrows and orders it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.list_files import FILES
from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals, words
from app.browsing import FACETS, SORTS
from app.vocabulary import Kind

_ERRORS = (400, 404, 410, 500, 503)
_TEXT = {"type": "string"}
_YEAR = {"type": "string", "pattern": "^[0-9]{4}$"}
_INPUTS: dict[str, dict[str, Any]] = {
    "q": _TEXT,
    **{facet: {"type": "array", "items": _TEXT} for facet in FACETS},
    "partner": _TEXT,
    "from": _YEAR,
    "to": _YEAR,
    "near": _TEXT,
    "km": {"type": "number", "exclusiveMinimum": 0, "maximum": 500, "default": 10},
    "sort": {"type": "string", "enum": list(SORTS)},
}


def list_parameters() -> dict[str, Any]:
    """What every list takes, by the name under which the document's components have it."""
    return {
        f"list-{name}": parameter(name, schema | {"description": both(f"openapi_lists.{name}")}, required=False)
        for name, schema in _INPUTS.items()
    }


def list_paths(kind: Kind) -> Iterator[tuple[str, dict[str, Any]]]:
    """The list of a kind, by suffix."""
    inputs = [ref("parameters", name) for name in list_parameters()]
    labels = words(kind.plural_label)
    for suffix, (form, _) in FILES.items():
        told = "openapi_lists.table-answer" if suffix == "csv" else "openapi.list-answer"
        answer = document_answer((form.media_type,), told, file=True)
        yield (
            f"/{kind.segment}.{suffix}",
            {
                "get": {
                    "operationId": f"{kind.segment}-list-{suffix}",
                    "tags": ["data"],
                    "summary": f"{labels} ({suffix})",
                    "parameters": [*inputs, ref("parameters", "version"), ref("parameters", "page"), ref("parameters", "known")],
                    "responses": {"200": answer, "304": ref("responses", "Unchanged")} | refusals(_ERRORS),
                }
            },
        )
