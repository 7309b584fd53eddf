"""The W3C's SPARQL 1.1 Update tests, sent over HTTP; skipped where the suite is not at hand."""

from __future__ import annotations

import pytest
from werkzeug.test import TestResponse

from tests.conformance import w3c
from tests.conformance.conftest import Service
from tests.conformance.w3c import Case

UPDATES = w3c.cases("manifest-sparql11-update.ttl")
EVALUATION = [case for case in UPDATES if case.kind == "UpdateEvaluationTest"]
SYNTAX = [case for case in UPDATES if case.kind != "UpdateEvaluationTest"]

MISSES: dict[str, str] = {}
"""Cases that fail, and why."""


def test_the_suite_is_at_hand() -> None:
    if not UPDATES:
        pytest.skip(w3c.ABSENT)
    assert len(UPDATES) == 157
    assert len(UPDATES) - len(MISSES) >= 155


def send(service: Service, case: Case) -> TestResponse:
    text = f"BASE <{case.base}>\n{case.text}"
    return service.client.post("/sparql", data=text, content_type="application/sparql-update", headers=service.headers)


@pytest.mark.parametrize("case", w3c.parameters(EVALUATION, MISSES))
def test_an_update_has_the_effect_of_the_suite(case: Case, w3c_service: Service) -> None:
    w3c_service.hold(w3c.dataset(case.before))
    response = send(w3c_service, case)
    assert response.status_code == 200, response.text
    assert w3c.same_graph(w3c_service.quads(), w3c.dataset(case.after))


@pytest.mark.parametrize("case", w3c.parameters(SYNTAX, MISSES))
def test_an_update_is_read_or_refused_as_the_suite_says(case: Case, w3c_service: Service) -> None:
    response = send(w3c_service, case)
    is_refused = response.status_code == 400 and "#query-syntax" in response.text
    assert is_refused is case.kind.startswith("Negative"), response.text
