"""What is served, as an OpenAPI 3.1 document: each data address with its parameters, answers and errors; not a route."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.asking import openapi_editor, openapi_neighbourhood, openapi_paths, openapi_writing
from app.asking.exports import EXPORTS
from app.asking.openapi_agenda import agenda_paths
from app.asking.openapi_citing import citing_paths
from app.asking.openapi_discovery import discovery_paths
from app.asking.openapi_lists import list_parameters, list_paths
from app.asking.openapi_near import near_paths
from app.asking.openapi_parts import (
    both,
    components,
    document_answer,
    entity_name,
    heading,
    named,
    parameter,
    ref,
    refusals,
    words,
)
from app.asking.openapi_search import search_paths
from app.asking.openapi_statistics import statistics_paths
from app.media import ENTITY_SUFFIXES, GRAPHS, HTML, JSON_LD, N_TRIPLES, SOLUTIONS, TURTLE
from app.queries import CannedQuery, Parameter
from app.vocabulary import Kind

_READ = (400, 404, 410, 413, 500, 503)
"""What any address that reads a version may answer instead."""
_NEGOTIATED = (*_READ, 406)
_SUFFIXES = tuple(ENTITY_SUFFIXES)
_VERSION = ref("parameters", "version")
_FORM = "application/x-www-form-urlencoded"
_TAGS = ("sparql", "questions", "data", "service")
_TEXT = "application/sparql-query"

Paths = Iterator[tuple[str, dict[str, Any]]]


@dataclass(frozen=True)
class Served:
    """What one service offers: ``formats`` are the words that ``format=`` knows at the endpoint."""

    base: str
    release: str
    questions: Sequence[CannedQuery]
    profiles: Sequence[CannedQuery]
    kinds: Sequence[Kind]
    formats: Sequence[str]


def describe(served: Served) -> dict[str, Any]:
    """The whole document, in an order that is the same for the same release."""
    root = served.base.rstrip("/")
    return {
        "openapi": "3.1.0",
        "info": {"title": "Maillage", "version": served.release, "description": both("openapi.what")},
        "servers": [
            {"url": root, "description": both("openapi.server-fr")},
            {"url": f"{root}/en", "description": both("openapi.server-en")},
        ],
        "tags": [
            {"name": name, "description": both(f"openapi.tag-{name}")} for name in ("sparql", "questions", "data", "service")
        ],
        "paths": dict(_paths(served)),
        "components": components(list_parameters()),
    }


def _paths(served: Served) -> Paths:
    yield "/sparql", _sparql(served.formats)
    yield from openapi_writing.paths()
    yield from openapi_editor.paths()
    yield from openapi_neighbourhood.paths()
    yield from openapi_paths.paths()
    for question in served.questions:
        yield from _question(question)
    yield "/queries.{suffix}", {"get": _in_a_format("catalogue-file", both("openapi.catalogue"), [_VERSION])}
    for profile in served.profiles:
        yield from _profile(profile)
    for kind in served.kinds:
        yield from _kind(kind)
    yield from _any_entity()
    for name in ("ontology", "shapes"):
        yield f"/{name}", {"get": _negotiated(f"{name}", both(f"openapi.{name}"), [_VERSION])}
        yield f"/{name}.{{suffix}}", {"get": _in_a_format(f"{name}-file", both(f"openapi.{name}"), [_VERSION])}
    yield from citing_paths()
    yield from discovery_paths()
    yield from search_paths()
    yield from statistics_paths()
    yield from agenda_paths()
    yield from near_paths()
    yield from _service()


def _operation(
    name: str, tag: str, summary: str, parameters: list[dict[str, Any]], answers: dict[str, Any], errors: Iterable[int]
) -> dict[str, Any]:
    """One way to ask at one address."""
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "parameters": parameters,
        "responses": answers | refusals(errors),
    }


def _sparql(formats: Sequence[str]) -> dict[str, Any]:
    """The endpoint: by address, by form, and with the query as the body (SPARQL 1.1 Protocol §2.1)."""
    graphs: dict[str, Any] = {"type": "array", "items": {"type": "string", "format": "iri"}}
    asked: dict[str, dict[str, Any]] = {
        "query": {"type": "string", "description": both("openapi.query"), "examples": ["ASK { ?s ?p ?o }"]},
        "format": {"type": "string", "enum": list(formats), "description": both("openapi.format")},
        "version": {"type": "integer", "minimum": 0, "description": both("openapi.version")},
        "default-graph-uri": graphs | {"description": both("openapi.default-graph-uri")},
        "named-graph-uri": graphs | {"description": both("openapi.named-graph-uri")},
    }
    inputs = [parameter(name, schema, required=False) for name, schema in asked.items()]
    forms = (*SOLUTIONS, *GRAPHS, HTML)
    answers = {"200": document_answer((form.media_type for form in forms), "openapi.sparql-answer")}
    errors = (400, 404, 406, 410, 413, 429, 500, 503)
    get = _operation("sparql-by-address", "sparql", both("openapi.sparql-get"), inputs, answers, errors)
    writing = openapi_writing.ERRORS
    post = _operation("sparql-by-body", "sparql", both("openapi.sparql-post"), inputs[1:], answers, {*errors, *writing, 415})
    form = {"type": "object", "properties": asked | openapi_writing.form()}
    text = {"schema": {"type": "string"}}
    body = {_FORM: {"schema": form}, _TEXT: text | {"example": "ASK { ?s ?p ?o }"}, openapi_writing.UPDATE: text}
    return {"get": get, "post": {**post, "requestBody": {"required": True, "content": body}}}


def _question(question: CannedQuery) -> Paths:
    """A question of the catalogue as each of its files."""
    inputs = [_blank(one) for one in question.params]
    for suffix, (form, _) in EXPORTS.items():
        schema = ref("schemas", "Answer") if suffix == "json" else None
        answers = document_answer((form.media_type,), "openapi.question-answer", schema=schema, file=True)
        operation = _operation(
            f"{question.name}-{suffix}",
            "questions",
            f"{words(question.question)} ({suffix})",
            [*inputs, _VERSION, ref("parameters", "known")],
            {"200": answers, "304": ref("responses", "Unchanged")},
            _READ,
        )
        yield f"/queries/{question.name}.{suffix}", {"get": operation | {"description": words(question.explanation, "\n\n")}}


def _blank(one: Parameter) -> dict[str, Any]:
    """One parameter of a question, with the label that its header gives in both languages."""
    kind = f" ({one.of_class})" if one.of_class else ""
    hint = both(f"openapi.type-{one.type}")
    found = parameter(one.name, _TYPES[one.type] | {"description": hint + kind}, required=one.required)
    found["description"] = words(one.label) + kind
    if one.example is not None:
        found["example"] = _READERS.get(one.type, str)(one.example)
    return found


_TYPES: Mapping[str, dict[str, Any]] = {
    "iri": {"type": "string", "minLength": 1},
    "string": {"type": "string"},
    "date": {"type": "string", "format": "date"},
    "gYear": {"type": "integer", "minimum": 1, "maximum": 9999},
    "integer": {"type": "integer"},
    "decimal": {"type": "number", "minimum": -(10**12), "maximum": 10**12},
}
_READERS = {"gYear": int, "integer": int, "decimal": float}


def _profile(profile: CannedQuery) -> Paths:
    """The whole graph in the words of another vocabulary."""
    for form in (TURTLE, JSON_LD, N_TRIPLES):
        answers = {
            "200": document_answer((form.media_type,), "openapi.data-answer", file=True),
            "304": ref("responses", "Unchanged"),
        }
        name, inputs = f"{profile.name.replace('/', '-')}-{form.suffix}", [_VERSION, ref("parameters", "known")]
        operation = _operation(name, "data", f"{words(profile.question)} ({form.suffix})", inputs, answers, _READ)
        yield f"/{profile.name}.{form.suffix}", {"get": operation | {"description": words(profile.explanation, "\n\n")}}


def _kind(kind: Kind) -> Paths:
    """The list of a kind as files, and one of its entities as data."""
    label = words(kind.label)
    yield from list_paths(kind)
    place = [entity_name(), _VERSION]
    yield f"/{kind.segment}/{{name}}", {"get": _negotiated(f"{kind.segment}", label, place)}
    yield f"/{kind.segment}/{{name}}.{{suffix}}", {"get": _in_a_format(f"{kind.segment}-file", label, place)}


def _negotiated(name: str, summary: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """A page or its data, as ``Accept`` says."""
    forms = dict.fromkeys((HTML.media_type, *(form.media_type for form in ENTITY_SUFFIXES.values())))
    answers = {"200": document_answer(forms, "openapi.data-answer"), "304": ref("responses", "Unchanged")}
    return _operation(name, "data", summary, [*inputs, ref("parameters", "known")], answers, _NEGOTIATED)


def _in_a_format(name: str, summary: str, inputs: list[dict[str, Any]]) -> dict[str, Any]:
    """Data in the format that the suffix says."""
    forms = dict.fromkeys(form.media_type for form in ENTITY_SUFFIXES.values())
    answers = {"200": document_answer(forms, "openapi.data-answer"), "304": ref("responses", "Unchanged")}
    suffix = named("suffix", _SUFFIXES)
    return _operation(name, "data", summary, [*inputs, suffix, ref("parameters", "known")], answers, _READ)


def _any_entity() -> Paths:
    """What leads from an IRI to its description."""
    sent = {"303": {"description": both("openapi.see-other"), "headers": heading("Location", "openapi.location")}}
    kind = parameter("kind", {"type": "string"}, place="path")
    inputs = [kind, entity_name(), _VERSION]
    yield "/id/{kind}/{name}", {"get": _operation("thing", "data", both("openapi.thing"), inputs, sent, _NEGOTIATED)}
    iri = parameter("iri", {"type": "string", "format": "iri"})
    chosen = named("format", _SUFFIXES, place="query")
    about = _negotiated("about", both("openapi.about"), [iri, chosen, _VERSION])
    about["responses"] |= sent
    yield "/about", {"get": about}


def _service() -> Paths:
    """The state and the history of the service, and this document."""
    said = {"application/json": {"schema": ref("schemas", "Health")}}
    states = {
        "200": {"description": both("openapi.health-ok"), "content": said},
        "503": {"description": both("openapi.health-unavailable"), "content": said},
    }
    yield "/health", {"get": _operation("health", "service", both("openapi.health"), [], states, (500,))}
    figures = {"200": document_answer(("text/plain",), "openapi.metrics-answer")}
    yield "/metrics", {"get": _operation("metrics", "service", both("openapi.metrics"), [], figures, (500, 503))}
    page = {"200": document_answer((HTML.media_type,), "openapi.page-answer"), "304": ref("responses", "Unchanged")}
    inputs = [ref("parameters", "page"), _VERSION, ref("parameters", "known")]
    yield "/versions", {"get": _operation("versions", "service", both("openapi.versions"), inputs, page, _READ)}
    for name, media_type in (("json", "application/json"), ("atom", "application/atom+xml")):
        listed = {"200": document_answer((media_type,), "openapi.versions"), "304": ref("responses", "Unchanged")}
        operation = _operation(f"versions-{name}", "service", both(f"openapi.versions-{name}"), inputs, listed, _READ)
        yield f"/versions.{name}", {"get": operation}
    number = parameter("number", {"type": "integer", "minimum": 0}, place="path")
    one = [number, _VERSION, ref("parameters", "known")]
    yield "/versions/{number}", {"get": _operation("version", "service", both("openapi.version-page"), one, page, _READ)}
    self = {"200": document_answer(("application/json",), "openapi.openapi-answer", schema={"type": "object"})}
    self["304"] = ref("responses", "Unchanged")
    yield "/openapi.json", {"get": _operation("openapi", "service", both("openapi.openapi"), one[1:], self, (400, 500, 503))}
