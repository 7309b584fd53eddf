"""The part of the OpenAPI document about what is cited: histories, citations, catalogue, dumps; the rest is in openapi.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.asking.openapi_parts import both, document_answer, heading, named, parameter, ref, refusals
from app.media import HTML, JSON_LD, N_TRIPLES, RDF_XML, TURTLE

_READ = (400, 404, 410, 413, 500, 503)
_SHARED = [ref("parameters", "version"), ref("parameters", "known")]


def citing_paths() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each address with what it takes and answers."""
    yield from _history()
    yield from _cite()
    yield from _memento()
    yield from _catalogue()


def _history() -> Iterator[tuple[str, dict[str, Any]]]:
    iri = parameter("iri", {"type": "string", "format": "iri"})
    ends = [
        parameter(name, {"type": "integer", "minimum": 0, "description": both(f"openapi.{name}-version")}, required=False)
        for name in ("from", "to")
    ]
    for path, form in (("/history", HTML.media_type), ("/history.json", "application/json")):
        answer = {"200": document_answer((form,), "openapi.history-answer"), "304": ref("responses", "Unchanged")}
        yield path, _get(path.strip("/").replace(".", "-"), "openapi.history", [iri, *ends, *_SHARED], answer, _READ)


def _cite() -> Iterator[tuple[str, dict[str, Any]]]:
    inputs = [
        parameter("iri", {"type": "string", "format": "iri"}, required=False),
        parameter("kind", {"type": "string"}, required=False),
        parameter("question", {"type": "string"}, required=False),
        parameter("query", {"type": "string"}, required=False),
    ]
    forms = ("application/x-bibtex", "application/vnd.citationstyles.csl+json", "text/plain")
    answer = {"200": document_answer(forms, "openapi.cite-answer", file=True), "304": ref("responses", "Unchanged")}
    suffix = named("suffix", ("bib", "json", "txt"))
    yield "/cite.{suffix}", _get("cite", "openapi.cite", [suffix, *inputs, *_SHARED], answer, _READ)


def _memento() -> Iterator[tuple[str, dict[str, Any]]]:
    """TimeGates and TimeMaps of entities (RFC 7089)."""
    original = parameter("original", {"type": "string", "minLength": 1, "description": both("openapi.original")}, place="path")
    moment = parameter("Accept-Datetime", {"type": "string"}, place="header", required=False)
    sent = {"302": {"description": both("openapi.timegate-answer"), "headers": heading("Location", "openapi.location")}}
    sent |= {"308": {"description": both("openapi.see-other"), "headers": heading("Location", "openapi.location")}}
    yield "/timegate/{original}", _get("timegate", "openapi.timegate", [original, moment], sent, _READ)
    listed = {"200": document_answer(("application/link-format",), "openapi.timemap-answer")}
    listed |= {"304": ref("responses", "Unchanged"), "308": sent["308"]}
    yield "/timemap/{original}", _get("timemap", "openapi.timemap", [original, *_SHARED], listed, _READ)


def _catalogue() -> Iterator[tuple[str, dict[str, Any]]]:
    """DCAT-AP, VoID and dumps."""
    rdf = [form.media_type for form in (TURTLE, JSON_LD, N_TRIPLES, RDF_XML)]
    told = {"200": document_answer([HTML.media_type, *rdf], "openapi.data-answer"), "304": ref("responses", "Unchanged")}
    data = {"200": document_answer(rdf, "openapi.data-answer"), "304": ref("responses", "Unchanged")}
    suffix = named("suffix", ("ttl", "jsonld", "json", "nt", "rdf"))
    for path, key, answers in (("/catalog", "catalogue-dcat", told), ("/.well-known/void", "void", data)):
        yield path, _get(key, f"openapi.{key}", _SHARED, answers, (*_READ, 406))
    for path, key in (("/catalog.{suffix}", "catalogue-dcat"), ("/void.{suffix}", "void")):
        yield path, _get(f"{key}-file", f"openapi.{key}", [suffix, *_SHARED], data, _READ)
    part = parameter("Range", {"type": "string", "examples": ["bytes=0-99"]}, place="header", required=False)
    packed = {
        status: document_answer(("application/gzip", "application/zstd", "text/plain"), key, file=True) for status, key in _SENT
    }
    packed |= {"304": ref("responses", "Unchanged"), "302": {"description": both("openapi.dump-newest")}}
    packed |= {"308": packed["302"], "416": {"description": both("problems.416")}}
    file = parameter(
        "file", {"type": "string", "description": both("openapi.dump-name"), "examples": ["all.nq.gz"]}, place="path"
    )
    yield "/dumps/{file}", _get("dump", "openapi.dump", [file, part, *_SHARED], packed, _READ)


_SENT = (("200", "openapi.dump-answer"), ("206", "openapi.dump-part"))


def _get(name: str, key: str, inputs: list[dict[str, Any]], answers: dict[str, Any], errors: Iterable[int]) -> dict[str, Any]:
    asked = {"operationId": name, "tags": ["data"], "summary": both(key), "parameters": inputs}
    return {"get": asked | {"responses": answers | refusals(errors)}}
