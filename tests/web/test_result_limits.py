"""A result beyond a limit is refused for good, with what to do instead; what passes with time says when to try again."""

from __future__ import annotations

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.asking import Filled
from app.assembly import load_catalogue, load_shapes, load_vocabulary
from app.engine.direct import DirectEngine
from app.engine.evaluation import Bounds
from app.engine.versions import Repository
from app.errors import ClientBusy, EngineUnavailable, MaillageError, QueryMemory, QueryTimeout, QueueFull
from app.queries import Parameter
from app.settings import Settings
from app.web import create_app
from app.web.errors import status_of
from app.web.narrowing import narrower
from app.web.site import visit
from tests.web.reading import Page, text_of
from tests.web.writing import BASE, publish, stored

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


TOWN = "https://w3id.org/maillage/territory/commune-99001"
ASKED = f"/queries/links-between-actors?area={TOWN}"
MANY = 650


def partnerships() -> str:
    """Two actors of one town with many partnerships."""
    lines = [
        "@prefix m: <https://w3id.org/maillage/ontology#> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .",
        f"@base <{BASE}id/> .",
        f'<actor/a> a m:Association ; m:name "A"@fr ; m:territory <{TOWN}> .',
        '<actor/b> a m:Association ; m:name "B"@fr .',
    ]
    for n in range(MANY):
        lines.append(f'<partnership/{n}> a m:Partnership ; m:name "{n}"@fr ; m:startDate "{2000 + n % 2}"^^x:gYear ;')
        lines.append(f"m:participation <participation/{n}-a>, <participation/{n}-b> .")
        for actor in ("a", "b"):
            role = "<https://w3id.org/maillage/code/role/signs>"
            lines.append(f"<participation/{n}-{actor}> a m:Participation ; m:participant <actor/{actor}> ; m:role {role} .")
    return "\n".join(lines)


@pytest.fixture(scope="module")
def hub(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """A site whose files hold fewer rows than two actors have partnerships."""
    folder = tmp_path_factory.mktemp("hub")
    store = stored(folder / "data")
    publish(store, folder, [quad.triple for quad in ox.parse(partnerships(), ox.RdfFormat.TURTLE)], "début")
    vocabulary = load_vocabulary()
    engine = DirectEngine(store, Bounds(rows=600))
    settings = Settings(query_rows=600)
    return create_app(engine, settings, vocabulary, load_shapes(vocabulary), load_catalogue(), store).test_client()


def test_an_answer_that_no_file_holds_says_what_would_narrow_it(hub: FlaskClient) -> None:
    page = Page(hub.get(f"/en{ASKED}", headers={"Accept": "text/html"}))
    assert page.status == 200
    assert "650 rows" in page.text
    assert "more than the 600 rows that a file may hold" in page.text
    assert "Narrow the question by another choice: Territory, Theme, Year of beginning." in page.text
    assert not [href for href in page.hrefs() if href.partition("?")[0].endswith((".csv", ".xlsx"))]
    assert len([row for body in page.all("tbody") for row in body]) == 500


def test_narrowed_it_has_its_files(hub: FlaskClient) -> None:
    page = Page(hub.get(f"{ASKED}&year=2001", headers={"Accept": "text/html"}))
    assert "325 lignes" in page.text
    files = [href for href in page.hrefs() if href.partition("?")[0].endswith(".csv")]
    assert files
    assert hub.get(files[0]).headers["X-Maillage-Rows"] == "325"


def test_its_file_is_refused_with_its_parameters_and_its_page(hub: FlaskClient) -> None:
    refused = hub.get(ASKED.replace("?", ".csv?"))
    told = refused.get_json(force=True)
    assert (refused.status_code, told["type"].rpartition("#")[2]) == (400, "answer-too-large")
    assert told["details"]["parameters"] == "area, theme, year"
    assert told["details"]["page"] in told["explanations"]["fr"]
    assert "LIMIT" not in told["detail"]


def test_the_same_question_for_a_part_is_a_click_away(seed_site: FlaskClient) -> None:
    with seed_site.application.test_request_context("/en/queries/links-between-actors"):
        seen = visit()
        area = Parameter("area", "iri", label={"fr": "Territoire", "en": "Territory"}, of_class="maillage:Territory")
        asked = Filled(area, "Essonne", ox.NamedNode("https://w3id.org/maillage/territory/departement-91"))
        offered = narrower(seen, "links-between-actors", [asked], {"area": "x", "year": "2020"})
    assert len(offered.parts) == 40
    _, address = offered.parts[0]
    assert address.startswith("/queries/links-between-actors?area=https%3A%2F%2Fw3id.org%2Fmaillage%2Fterritory%2F")
    assert address.endswith("&year=2020")
    assert [name.casefold() for name, _ in offered.parts[:3]] == sorted(name.casefold() for name, _ in offered.parts[:3])
