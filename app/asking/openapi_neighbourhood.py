"""The neighbourhood of an entity in its files, as OpenAPI paths."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.asking.exports import XLSX
from app.asking.neighbourhood_files import GRAPHML
from app.asking.openapi_parts import both, document_answer, parameter, ref, refusals
from app.media import CSV

_FORMS = {
    "json": "application/json",
    "xlsx": XLSX.media_type,
    "csv": CSV.media_type,
    "graphml": GRAPHML.media_type,
    "svg": "image/svg+xml",
}
_ERRORS = (400, 404, 410, 500, 503)
_IRI = {"type": "string", "format": "iri"}
_YEAR = {"type": "integer", "minimum": 1, "maximum": 9999}


def paths() -> Iterator[tuple[str, dict[str, Any]]]:
    for suffix, form in _FORMS.items():
        answers = {"200": document_answer((form,), "openapi_neighbourhood.answer", file=suffix != "json")}
        answers["304"] = ref("responses", "Unchanged")
        yield (
            f"/neighbourhood.{suffix}",
            {
                "get": {
                    "operationId": f"neighbourhood-{suffix}",
                    "tags": ["data"],
                    "summary": f"{both('openapi_neighbourhood.what')} ({suffix})",
                    "parameters": _inputs(),
                    "responses": answers | refusals(_ERRORS),
                }
            },
        )


def _inputs() -> list[dict[str, Any]]:
    many = {"type": "array", "items": _IRI}
    said: dict[str, dict[str, Any]] = {
        "open": many,
        "link": many,
        "theme": _IRI,
        "from": _YEAR,
        "to": _YEAR,
        "hubs": {"enum": ["no", ""]},
    }
    optional = [
        parameter(name, schema | {"description": both(f"openapi_neighbourhood.{name}")}, required=False)
        for name, schema in said.items()
    ]
    return [parameter("iri", _IRI), *optional, ref("parameters", "version"), ref("parameters", "known")]
