"""A result beyond a limit is refused for good, with what to do instead; what passes with time says when to try again."""

from __future__ import annotations

import pytest
from flask import Flask

from app.assembly import load_catalogue, load_shapes, load_vocabulary
from app.engine.direct import DirectEngine
from app.engine.evaluation import Bounds
from app.engine.versions import Repository
from app.errors import ClientBusy, EngineUnavailable, MaillageError, QueryMemory, QueryTimeout, QueueFull
from app.settings import Settings
from app.web import create_app
from app.web.errors import status_of
from tests.web.reading import Page, text_of

ALL = "SELECT ?s ?p ?o WHERE { ?s ?p ?o }"
GRAPH = "CONSTRUCT WHERE { ?s ?p ?o }"


def site(observatory: Repository, bounds: Bounds) -> Flask:
    vocabulary = load_vocabulary()
    engine = DirectEngine(observatory, bounds)
    return create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), observatory)


@pytest.mark.parametrize(
    ("query", "bounds", "french", "english", "details"),
    [
        (ALL, Bounds(rows=10), "dépasse 10 lignes,", "exceeds 10 rows,", {"unit": "rows", "limit": 10}),
        (GRAPH, Bounds(rows=10), "dépasse 10 lignes,", "exceeds 10 rows,", {"unit": "rows", "limit": 10}),
        (ALL, Bounds(size=5000), "dépasse 5\u202f000 octets,", "exceeds 5,000 bytes,", {"unit": "bytes", "limit": 5000}),
    ],
    ids=["rows", "triples", "bytes"],
)
def test_a_result_too_large_is_a_request_that_cannot_be_answered(
    observatory: Repository, query: str, bounds: Bounds, french: str, english: str, details: dict[str, object]
) -> None:
    response = site(observatory, bounds).test_client().get("/sparql", query_string={"query": query})
    told = response.get_json()
    assert (response.status_code, response.headers.get("Retry-After")) == (400, None), "trying again would not help"
    assert told["type"].endswith("/problems#result-too-large")
    assert told["details"] == details
    assert french in told["explanations"]["fr"]
    assert english in told["explanations"]["en"]
    for text in told["explanations"].values():
        assert "LIMIT" in text
        assert "/catalog" in text


def test_a_browser_is_told_beside_its_query(observatory: Repository) -> None:
    client = site(observatory, Bounds(rows=10)).test_client()
    page = Page(client.get("/en/sparql", query_string={"query": ALL}, headers={"Accept": "text/html"}))
    assert page.status == 400
    assert "exceeds 10 rows" in text_of(page.root)


def test_with_a_limit_it_is_answered(observatory: Repository) -> None:
    client = site(observatory, Bounds(rows=10)).test_client()
    assert client.get("/sparql", query_string={"query": f"{ALL} LIMIT 10"}).status_code == 200


@pytest.mark.parametrize("kind", [QueryTimeout, QueryMemory, QueueFull, ClientBusy, EngineUnavailable])
def test_what_passes_with_time_may_be_tried_again(kind: type[MaillageError]) -> None:
    assert status_of(kind) in (429, 503)


@pytest.mark.parametrize(
    ("accept", "sentence"), [("fr", "un résultat trop grand, 400"), ("en", "a result too large, 400")], ids=["fr", "en"]
)
def test_the_service_describes_which_limit_answers_what(observatory: Repository, accept: str, sentence: str) -> None:
    described = site(observatory, Bounds()).test_client().get("/sparql", headers={"Accept": "application/n-triples"}).text
    assert any(sentence in line and line.endswith(f"@{accept} .") for line in described.splitlines())
