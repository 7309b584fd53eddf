"""The description of the interface: valid, and exactly what is served, by the routes and by asking what it says."""

import json
import re
import warnings
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openapi_spec_validator import OpenAPIV31SpecValidator

from app.asking import EXPORTS
from app.queries import Catalogue
from app.web.release import release
from tests.conftest import BASE

DATA = re.compile(r"(application/(json|ld\+json|rdf\+xml|n-|trig|sparql|vnd)|text/(turtle|csv|tab|n3))")
EXAMPLES = {
    "file": "all.nq.gz",
    "original": "actor/grainerie",
    "name": "glossary.csv",
    "kind": "actor",
    "suffix": "ttl",
    "lists.table.suffix": "csv",
    "number": 1,
    "profiles.data.name": "pair",
    "question.name": "glossary.csv",
    "page.name": "actor",
    "thing.name": "grainerie",
    "document.name": "grainerie",
    "static.name": "style.css",
    "release": "1",
    "part": "editor",
    "module.name": "main.js",
}
"""Something to put into each variable of a route, ``endpoint.variable`` where it depends on the route."""


@pytest.fixture(scope="session")
def described(app: Flask) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.test_client().get("/openapi.json").data)
    return found


def test_the_document_is_valid(described: dict[str, Any]) -> None:
    assert [error.message for error in OpenAPIV31SpecValidator(described).iter_errors()] == []


def test_it_says_where_it_is_served_and_of_which_release(described: dict[str, Any]) -> None:
    assert described["openapi"].startswith("3.1")
    assert described["info"]["version"] == release()
    assert described["servers"][0]["url"] == BASE.rstrip("/")


def test_it_is_not_sent_again_to_who_has_it(client: FlaskClient) -> None:
    first = client.get("/openapi.json")
    assert client.get("/openapi.json", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_every_question_is_described_in_every_format_with_its_parameters(described: dict[str, Any], catalogue: Catalogue) -> None:
    for query in catalogue.within(""):
        for suffix in EXPORTS:
            operation = described["paths"][f"/queries/{query.name}.{suffix}"]["get"]
            assert all(text in operation["summary"] for text in query.question.values())
            given = {one["name"]: one for one in operation["parameters"] if one.get("in") == "query"}
            assert {name: one["required"] for name, one in given.items()} == {p.name: p.required for p in query.params}
            for one in query.params:
                assert all(label in given[one.name]["description"] for label in one.label.values())
                assert ("example" in given[one.name]) is (one.example is not None)


@pytest.fixture(scope="session")
def catalogue(app: Flask) -> Catalogue:
    found: Catalogue = app.extensions["maillage"].catalogue
    return found


def endpoints(app: Flask, described: dict[str, Any]) -> dict[tuple[str, str], str]:
    """The view that serves each described address and method."""
    adapter = app.url_map.bind("localhost")
    found = {}
    for path, item in described["paths"].items():
        address = re.sub(r"\{(\w+)\}", lambda match: str(EXAMPLES[match[1]]) if match[1] != "name" else "grainerie", path)
        for method in item.keys() & {"get", "post"}:
            found[path, method] = adapter.match(address, method=method.upper())[0]
    return found


def test_every_described_address_is_served(app: Flask, described: dict[str, Any]) -> None:
    pages_of_nothing = {"lists.page"}
    assert not pages_of_nothing & set(endpoints(app, described).values())


def test_every_view_that_answers_data_is_described(app: Flask, described: dict[str, Any], client: FlaskClient) -> None:
    known = {(view, method) for (_, method), view in endpoints(app, described).items()}
    for rule in app.url_map.iter_rules():
        view = rule.endpoint.rpartition(".")[2]
        names = {name: [f"{rule.endpoint}.{name}", f"{view}.{name}", name] for name in rule.arguments}
        values = {name: next(EXAMPLES[key] for key in keys if key in EXAMPLES) for name, keys in names.items()}
        adapter = app.url_map.bind("localhost")
        address = adapter.build(rule.endpoint, values)
        for method in (rule.methods or set()) & {"GET", "POST"}:
            accept = {"Accept": "text/turtle, application/json, text/csv, */*;q=0.1"}
            query = {"query": "ASK { ?s ?p ?o }", "iri": "http://elsewhere.example/x"}
            sent = {"data": query} if method == "POST" else {"query_string": query}
            answer = client.open(address, method=method, headers=accept, **sent)
            if DATA.match(answer.mimetype):
                assert (rule.endpoint, method.lower()) in known, (rule, answer.mimetype)


def test_the_readers_of_problems_find_each_status_that_the_service_has(described: dict[str, Any]) -> None:
    for path, item in described["paths"].items():
        for method in item.keys() & {"get", "post"}:
            answers = item[method]["responses"]
            assert answers.keys() & {"200", "302", "303"}
            assert "500" in answers, path


ADDRESSES = [
    ("/actor/grainerie", 200),
    ("/actor/grainerie.nt", 200),
    ("/actor/personne.ttl", 404),
    ("/actor/disparu.ttl", 410),
    ("/actor.csv?page=x", 400),
    ("/actor.csv?version=99", 404),
    ("/id/actor/grainerie", 303),
    ("/ontology.rdf", 200),
    ("/shapes.ttl", 200),
    ("/health", 200),
    ("/metrics", 200),
    ("/versions", 200),
    ("/versions.json", 200),
    ("/versions.atom", 200),
    ("/versions/1", 200),
    ("/versions/99", 404),
    ("/history.json?iri=http://localhost:8000/id/actor/disparu&from=1&to=2", 200),
    ("/history.json?iri=x", 400),
    ("/cite.bib?iri=http://localhost:8000/id/actor/grainerie", 200),
    ("/cite.json?kind=actor", 200),
    ("/cite.txt", 400),
    ("/timegate/actor/grainerie", 302),
    ("/timemap/actor/grainerie.ttl", 200),
    ("/timemap/actor/nobody", 404),
    ("/search.json?q=grainerie", 200),
    ("/search.json?q=la&kind=actor&kind=project&class=maillage:Actor&names=1&limit=5&offset=1", 200),
    ("/search.json?kind=planet", 400),
    ("/catalog.ttl", 200),
    ("/.well-known/void", 200),
    ("/void.rdf", 200),
    ("/dumps/all.nq.gz", 302),
    ("/dumps/all.zip?version=1", 404),
    ("/actor.xlsx?theme=velo&territory=commune-99001&from=2020&sort=links", 200),
    ("/actor.geojson?near=99001&km=2.5", 200),
    ("/project.jsonld?km=-1&near=x", 400),
    ("/participation.csv", 200),
]


@pytest.mark.parametrize(("address", "status"), ADDRESSES)
def test_an_answer_is_among_the_described_ones(
    app: Flask, described: dict[str, Any], client: FlaskClient, address: str, status: int
) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    view = app.url_map.bind("localhost").match(address.partition("?")[0])[0]
    paths = [path for (path, _), served in endpoints(app, described).items() if served == view]
    path = next((path for path in paths if path == address.partition("?")[0]), paths[0])
    said = described["paths"][path]["get"]["responses"][str(status)]
    if "$ref" in said:
        said = described["components"]["responses"][said["$ref"].rpartition("/")[2]]
    assert not said.get("content") or answer.mimetype in said["content"]


def test_what_is_generated_from_the_description_of_the_questions_is_answered_as_described(app: Flask) -> None:
    """schemathesis makes requests from the schemas, valid and not, and compares the answers with what is described."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        ask_everything(app)


def ask_everything(app: Flask) -> None:
    import schemathesis
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    schema = schemathesis.openapi.from_wsgi("/openapi.json", app)
    wanted = [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
        checks.response_headers_conformance,
    ]
    asked = 0
    for found in schema.include(path_regex=r"^/(queries/.*|search)\.json$").get_all_operations():
        operation = found.ok()

        def send(case: Any) -> None:
            case.call_and_validate(checks=wanted, headers={"Accept-Encoding": "identity"})

        strategies = [operation.as_strategy(mode) for mode in schemathesis.GenerationMode]
        for strategy in strategies:
            test = given(case=strategy)(send)
            health = list(HealthCheck)
            settings(max_examples=4, database=None, phases=[Phase.generate], suppress_health_check=health)(test)()
        asked += 1
    assert asked == len(list(app.extensions["maillage"].catalogue.within(""))) + 1


@pytest.mark.parametrize("name", ["%5B", "%22~%0D", "%25%7C", "%C2%95", "a%20b"])
@pytest.mark.parametrize("suffix", ["", ".json", ".nt"])
def test_a_name_that_no_iri_can_have_is_not_found(client: FlaskClient, name: str, suffix: str) -> None:
    assert client.get(f"/actor/{name}{suffix}").status_code == 404


@pytest.mark.parametrize("address", ["/about?iri=http://x.example/%5B", "/queries/open-calls.json?theme=http://x.example/%5B"])
def test_an_iri_that_is_malformed_is_refused(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 400
