"""The W3C's SPARQL 1.1 query and result format tests, asked over HTTP; skipped where the suite is not at hand."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from tests.conformance import w3c
from tests.conformance.conftest import Service
from tests.conformance.w3c import Case

QUERIES = w3c.cases("manifest-sparql11-query.ttl")
FORMATS = w3c.cases("manifest-sparql11-results.ttl")
EMPTY = "urn:w3c:empty"
FORM = "application/x-www-form-urlencoded"

_LANGUAGE = "the engine keeps the language in GROUP_CONCAT of strings that have one"
_ABSENT_NODE = "the engine does not let p* and p? begin at a constant that is in no statement"
MISSES = {
    "aggregates/agg-groupconcat-04": _LANGUAGE,
    "aggregates/agg-groupconcat-06": _LANGUAGE,
    "aggregates/agg-empty-group-count-graph": "the engine counts over all graphs at once inside GRAPH ?g",
    "bindings/graph": "the engine joins VALUES inside GRAPH ?g without the graphs' names",
    "negation/graph-minus": "the engine takes the graph's name into account in MINUS inside GRAPH ?g",
    "functions/bnode01": "the engine's BNODE(text) gives two nodes for one text in one row",
    "property-path/zero_or_more_set_start": _ABSENT_NODE,
    "property-path/zero_or_more_set_end": _ABSENT_NODE,
    "property-path/zero_or_one_set_start": _ABSENT_NODE,
    "property-path/zero_or_one_set_end": _ABSENT_NODE,
    "csv-tsv-res/csv03": "the engine stores doubles in their canonical form: 1.0E6 becomes 1000000",
}
"""Cases that fail, and why. The engine alone fails the same."""


def test_the_suite_is_at_hand() -> None:
    if not QUERIES:
        pytest.skip(w3c.ABSENT)
    assert (len(QUERIES), len(FORMATS)) == (328, 10)
    missed = MISSES.keys() & {case.name for case in QUERIES}
    assert len(QUERIES) - len(missed) >= 318
    assert len(FORMATS) - len(MISSES.keys() & {case.name for case in FORMATS}) >= 9


@pytest.fixture(scope="module")
def service(w3c_service: Service) -> Service:
    """Every file of data in the named graph of its own address: a query names those that it is about."""
    states = [case.before for case in (*QUERIES, *FORMATS)]
    files = {path for state in states for path in (*state.default, *(path for _, path in state.named))}
    w3c_service.hold(quad for path in files for quad in w3c.statements(path, ox.NamedNode(path.as_uri())))
    return w3c_service


def ask(service: Service, case: Case, accept: str) -> TestResponse:
    """The query over the data of the case, as the protocol's dataset (SPARQL 1.1 Protocol §2.1.4)."""
    named = [path.as_uri() for _, path in case.before.named]
    default = [path.as_uri() for path in case.before.default]
    given = [("query", f"BASE <{case.base}>\n{case.text}")]
    if not re.search(r"(?mi)^\s*FROM\b", case.text):
        given += [("default-graph-uri", iri) for iri in default or [EMPTY]] + [("named-graph-uri", iri) for iri in named]
    return service.client.post("/sparql", data=urlencode(given), content_type=FORM, headers={"Accept": accept})


EVALUATION = [case for case in QUERIES if case.kind == "QueryEvaluationTest"]


@pytest.mark.parametrize("case", w3c.parameters(EVALUATION, MISSES))
def test_a_query_has_the_result_of_the_suite(case: Case, service: Service) -> None:
    assert case.result is not None
    if re.search(r"(?mi)^\s*(CONSTRUCT|DESCRIBE)\b", case.text):
        response = ask(service, case, "application/n-triples")
        assert response.status_code == 200, response.text
        graph = ox.DefaultGraph()
        assert w3c.same_graph(ox.parse(response.data, ox.RdfFormat.N_TRIPLES), w3c.statements(case.result, graph))
        return
    response = ask(service, case, "application/sparql-results+json")
    assert response.status_code == 200, response.text
    found, wanted = w3c.solutions(response.data, ox.QueryResultsFormat.JSON), w3c.expected(case.result)
    assert isinstance(found, bool) is isinstance(wanted, bool)
    assert found == wanted or w3c.same_rows(found, wanted), (found, wanted)  # type: ignore[arg-type]


SYNTAX = [case for case in QUERIES if case.kind != "QueryEvaluationTest"]


@pytest.mark.parametrize("case", w3c.parameters(SYNTAX, MISSES))
def test_a_query_is_read_or_refused_as_the_suite_says(case: Case, service: Service) -> None:
    response = ask(service, case, "application/sparql-results+json, text/turtle;q=0.5")
    if case.kind == "PositiveSyntaxTest11":
        refused = response.status_code == 400 and "query-syntax" in response.text
        assert not refused, response.text
    else:
        assert response.status_code == 400, response.text


@pytest.mark.parametrize("case", w3c.parameters(FORMATS, MISSES))
def test_a_result_is_written_in_the_format_of_the_suite(case: Case, service: Service) -> None:
    assert case.result is not None
    suffix = case.result.suffix[1:]
    types = {"csv": "text/csv", "tsv": "text/tab-separated-values", "srj": "application/sparql-results+json"}
    response = ask(service, case, types[suffix])
    assert (response.status_code, response.mimetype) == (200, types[suffix]), response.text
    if suffix == "csv":
        assert w3c.same_rows(w3c.csv_rows(response.text), w3c.csv_rows(case.result.read_text(encoding="utf-8")))
        return
    form = ox.QueryResultsFormat.from_media_type(types[suffix])
    assert form is not None
    found, wanted = w3c.solutions(response.data, form), w3c.expected(case.result)
    assert found == wanted or w3c.same_rows(found, wanted), (found, wanted)  # type: ignore[arg-type]
