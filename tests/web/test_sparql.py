"""The query endpoint: the SPARQL 1.1 Protocol for machines, an editor page for people."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from tests.web.reading import Page, text_of

Fetch = Callable[..., Page]
FORM = "application/x-www-form-urlencoded"
TEXT = "application/sparql-query"
SELECT = "SELECT ?name WHERE { <http://localhost:8000/id/actor/grainerie> <https://w3id.org/maillage/ontology#name> ?name }"
CONSTRUCT = "CONSTRUCT WHERE { <http://localhost:8000/id/actor/grainerie> a ?type }"
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def names(body: bytes) -> list[str]:
    found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    return [row["name"].value for row in found]


@pytest.mark.parametrize(
    "request_",
    [
        {"method": "GET", "query_string": {"query": SELECT}},
        {"method": "POST", "data": urlencode({"query": SELECT}), "content_type": FORM},
        {"method": "POST", "data": urlencode({"query": SELECT}), "content_type": f"{FORM}; charset=UTF-8"},
        {"method": "POST", "data": SELECT, "content_type": TEXT},
        {"method": "POST", "data": SELECT, "content_type": f"{TEXT};charset=utf-8"},
        {"method": "POST", "data": b"\xef\xbb\xbf" + SELECT.encode(), "content_type": TEXT},
    ],
    ids=["get", "form", "form-charset", "text", "text-charset", "text-bom"],
)
def test_a_query_may_come_in_each_form_of_the_protocol(client: FlaskClient, request_: dict) -> None:
    response = client.open("/sparql", **request_)
    assert response.status_code == 200
    assert response.content_type == "application/sparql-results+json"
    assert names(response.data) == ["La Grainerie"]
    assert int(response.headers["Content-Length"]) == len(response.data)
    assert response.headers["X-Maillage-Version"].isdigit()


@pytest.mark.parametrize(
    ("query", "accept", "expected"),
    [
        (SELECT, "application/sparql-results+json", "application/sparql-results+json"),
        (SELECT, "application/json", "application/sparql-results+json"),
        (SELECT, "application/sparql-results+xml", "application/sparql-results+xml"),
        (SELECT, "text/csv", "text/csv; charset=utf-8"),
        (SELECT, "text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        (SELECT, "text/csv;q=0.5, application/sparql-results+xml;q=0.9", "application/sparql-results+xml"),
        ("ASK {}", "text/csv", "text/csv; charset=utf-8"),
        (CONSTRUCT, "*/*", "text/turtle; charset=utf-8"),
        (CONSTRUCT, "application/n-triples", "application/n-triples"),
        (CONSTRUCT, "application/ld+json", "application/ld+json"),
        (CONSTRUCT, "application/rdf+xml", "application/rdf+xml"),
        (CONSTRUCT, "application/n-quads", "application/n-quads"),
        (CONSTRUCT, "application/trig", "application/trig"),
        (CONSTRUCT, "text/n3", "text/n3; charset=utf-8"),
    ],
)
def test_accept_chooses_the_format(client: FlaskClient, query: str, accept: str, expected: str) -> None:
    response = client.get("/sparql", query_string={"query": query}, headers={"Accept": accept})
    assert (response.status_code, response.content_type) == (200, expected)
    assert "Accept" in response.vary


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        (SELECT, "json", "application/sparql-results+json"),
        (CONSTRUCT, "json", "application/ld+json"),
        (SELECT, "xml", "application/sparql-results+xml"),
        (CONSTRUCT, "xml", "application/rdf+xml"),
        (SELECT, "csv", "text/csv"),
        (CONSTRUCT, "ttl", "text/turtle"),
        (CONSTRUCT, "text/turtle", "text/turtle"),
        (SELECT, "html", "text/html"),
    ],
)
def test_the_parameter_format_wins_over_accept(client: FlaskClient, query: str, name: str, expected: str) -> None:
    response = client.get(
        "/sparql", query_string={"query": query, "format": name}, headers={"Accept": "text/tab-separated-values"}
    )
    assert (response.status_code, response.mimetype) == (200, expected)


@pytest.mark.parametrize(
    ("name", "media_type"),
    [
        ("turtle", "text/turtle"),
        ("rdf+xml", "application/rdf+xml"),
        ("json-ld", "application/ld+json"),
        ("n-triples", "application/n-triples"),
        ("nquads", "application/n-quads"),
    ],
)
def test_a_format_goes_by_the_names_that_clients_have_for_it(client: FlaskClient, name: str, media_type: str) -> None:
    response = client.get("/sparql", query_string={"query": CONSTRUCT, "format": name})
    assert (response.status_code, response.mimetype) == (200, media_type)


@pytest.mark.parametrize(
    ("request_", "status", "key"),
    [
        ({"query_string": {"query": SELECT, "format": "docx"}}, 406, "not-acceptable"),
        ({"query_string": {"query": SELECT}, "headers": {"Accept": "image/png"}}, 406, "not-acceptable"),
        ({"query_string": {"query": CONSTRUCT}, "headers": {"Accept": "text/csv"}}, 406, "format-unfit"),
        ({"query_string": {"query": "SELEC"}}, 400, "query-syntax"),
        ({"query_string": {"query": ""}}, 400, "query-missing"),
        ({"query_string": "query=ASK%20%7B%20%3Fs%20%3Fp%20%22%E9%22%20%7D"}, 400, "query-syntax"),
        ({"query_string": {"query": "INSERT DATA { <a:a> <a:b> <a:c> }"}}, 400, "query-syntax"),
        ({"query_string": {"update": "DROP ALL"}}, 400, "update-refused"),
        ({"query_string": [("query", SELECT), ("query", SELECT)]}, 400, "query-repeated"),
        ({"query_string": {"query": SELECT, "version": "x"}}, 400, "bad-parameter"),
        ({"query_string": {"query": SELECT, "version": "-1"}}, 400, "bad-parameter"),
        ({"query_string": {"query": SELECT, "version": "999"}}, 404, "no-such-version"),
        ({"query_string": {"query": SELECT, "default-graph-uri": "no iri"}}, 400, "bad-parameter"),
        ({"method": "POST"}, 415, "body-untyped"),
        ({"method": "POST", "data": "{}", "content_type": "application/json"}, 415, "body-refused"),
        ({"method": "POST", "data": "DROP ALL", "content_type": "application/sparql-update"}, 401, "token-missing"),
        ({"method": "POST", "data": "", "content_type": TEXT}, 400, "query-missing"),
        ({"method": "POST", "data": b"\xff\xfe", "content_type": TEXT}, 400, "query-syntax"),
        ({"method": "POST", "data": "", "content_type": FORM}, 400, "query-missing"),
        ({"method": "POST", "data": "update=DROP+ALL", "content_type": FORM}, 401, "token-missing"),
        (
            {"method": "POST", "data": urlencode({"query": SELECT}), "content_type": FORM, "query_string": {"query": SELECT}},
            400,
            "query-repeated",
        ),
    ],
)
def test_a_request_that_cannot_be_answered_gets_a_problem_document(
    client: FlaskClient, request_: dict, status: int, key: str
) -> None:
    response = client.open("/sparql", **request_)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    problem = response.json
    assert problem["status"] == status
    assert problem["type"].endswith(f"/problems#{key}")
    assert set(problem["explanations"]) == {"fr", "en"}
    assert problem["detail"] == problem["explanations"]["fr"]
    assert response.headers["Access-Control-Allow-Origin"] == "*"


def test_a_syntax_error_tells_line_and_column(client: FlaskClient) -> None:
    details = client.get("/sparql", query_string={"query": "SELECT *\nWHERE { ?s ?p }"}).json["details"]
    assert details["line"] == 2
    assert details["column"] >= 9


def test_a_method_that_is_not_answered_says_which_are(client: FlaskClient) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = client.open("/sparql", method=method)
        assert response.status_code == 405
        assert {"GET", "HEAD", "POST"} <= {name.strip() for name in response.headers["Allow"].split(",")}


def test_a_form_of_a_megabyte_is_read_whole_and_judged_by_its_characters(client: FlaskClient) -> None:
    query = SELECT + " #" + "é" * 90_000
    assert client.post("/sparql", data={"query": query}).status_code == 200


def test_a_body_beyond_what_any_query_takes_is_refused(client: FlaskClient) -> None:
    for body, kind in ((f"query={'a' * 3_000_000}", FORM), ("a" * 3_000_000, TEXT)):
        response = client.post("/sparql", data=body, content_type=kind)
        assert response.status_code == 413
        assert response.content_type == "application/problem+json"


def test_the_dataset_of_the_protocol_is_kept_to(client: FlaskClient) -> None:
    count = "SELECT (COUNT(*) AS ?name) WHERE { ?s a ?type }"
    nowhere = {"query": count, "default-graph-uri": "http://localhost:8000/graphs/nowhere"}
    somewhere = {"query": count, "default-graph-uri": "http://localhost:8000/graphs/lettre"}
    assert names(client.get("/sparql", query_string=nowhere).data) == ["0"]
    assert int(names(client.get("/sparql", query_string=somewhere).data)[0]) > 5
    assert names(client.post("/sparql", data=nowhere).data) == ["0"]
    posted = client.post(
        "/sparql", query_string={"default-graph-uri": nowhere["default-graph-uri"]}, data=count, content_type=TEXT
    )
    assert names(posted.data) == ["0"]


def test_head_answers_like_get_without_a_body(client: FlaskClient) -> None:
    response = client.head("/sparql", query_string={"query": SELECT})
    assert (response.status_code, response.data) == (200, b"")


def test_a_script_of_another_site_may_ask_first(client: FlaskClient) -> None:
    response = client.options("/sparql", headers={"Origin": "https://other.example", "Access-Control-Request-Method": "POST"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "POST" in response.headers["Access-Control-Allow-Methods"]
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]


def test_a_bare_get_describes_the_service_to_machines(client: FlaskClient) -> None:
    response = client.get("/sparql", headers={"Accept": "text/turtle"})
    assert response.content_type == "text/turtle; charset=utf-8"
    sd = "http://www.w3.org/ns/sparql-service-description#"
    said = {
        (q.predicate.value, q.object.value)
        for q in ox.parse(response.data, ox.RdfFormat.TURTLE)
        if not isinstance(q.object, ox.Triple)
    }
    assert (f"{sd}endpoint", "http://localhost:8000/sparql") in said
    assert (f"{sd}supportedLanguage", f"{sd}SPARQL11Query") in said
    assert (f"{sd}resultFormat", "http://www.w3.org/ns/formats/SPARQL_Results_CSV") in said
    assert (f"{sd}name", "http://localhost:8000/graphs/lettre") in said
    assert any("10" in text and "SERVICE" in text for predicate, text in said if predicate.endswith("comment"))
    assert f"{sd}BasicFederatedQuery" not in {value for _, value in said}


@pytest.mark.parametrize("accept", ["application/ld+json", "application/rdf+xml", "application/n-triples", "*/*"])
def test_the_description_comes_in_every_format(client: FlaskClient, accept: str) -> None:
    assert client.get("/sparql", headers={"Accept": accept}).status_code == 200


def test_a_bare_get_is_an_editor_for_people(fetch: Fetch) -> None:
    page = fetch("/sparql")
    form = page.all("form", class_="editor")[0]
    assert (form.get("action"), form.get("method")) == ("/sparql", "get")
    labels = {label.get("for") for label in page.all("label")}
    assert {"query", "format"} <= labels
    assert "SELECT" in text_of(page.all("textarea")[0])
    assert "10 s" in page.text
    assert page.all("h2", id="examples")


def test_a_result_is_a_table_with_links_in_the_page(fetch: Fetch) -> None:
    page = fetch(
        "/sparql",
        query_string={
            "query": "SELECT ?actor ?name WHERE { ?actor <https://w3id.org/maillage/ontology#name> ?name } ORDER BY ?name LIMIT 3"
        },
    )
    headers = [text_of(th) for th in page.all("th", scope="col")]
    assert headers == ["actor", "name"]
    assert len(page.all("tbody")[0]) == 3
    assert "Excel ouvre ce CSV par Données" in page.text
    assert any(href.startswith("/actor/") for href in page.hrefs())
    assert "SELECT ?actor ?name" in text_of(page.all("textarea")[0])


@pytest.mark.parametrize(("path", "short"), [("/sparql", "moins de 1 ms"), ("/en/sparql", "less than 1 ms")])
def test_an_answer_tells_how_long_it_took_also_where_that_is_short(fetch: Fetch, path: str, short: str) -> None:
    page = fetch(path, query_string={"query": "SELECT (1 AS ?n) {}"})
    assert re.search(rf" · ({short}|[1-9]\d* ms|[1-9]\d*([,.]\d+)? s) · ", page.text.replace("\u00a0", " "))


def test_yes_no_triples_and_nothing_are_each_told(fetch: Fetch) -> None:
    page = fetch("/sparql?query=ASK%7B%7D")
    assert "Oui" in [text_of(p) for p in page.all("p", class_="boolean")]
    assert re.search(r"(ms|s) · Version \d+ des données", page.text)
    links = [link for link in page.all("a") if re.search("query=ASK.*format=", link.get("href", ""))]
    assert [text_of(link) for link in links] == ["JSON", "XML"]
    assert "1 triplet" in fetch("/sparql", query_string={"query": CONSTRUCT}).text
    assert "ne trouve rien" in fetch("/sparql?query=SELECT+*+%7B%3Fs+%3Curn%3Anone%3E+%3Fo%7D").text


def test_a_shortened_name_is_broken_behind_its_prefix_only(fetch: Fetch) -> None:
    query = "SELECT ?p ?a WHERE { BIND(<http://localhost:8000/id/actor/grainerie> AS ?a) ?a ?p ?name }"
    (table,) = fetch("/sparql", query_string={"query": query}).all("table", class_="result")
    broken = {text_of(link): [wbr.tail for wbr in link.iter("wbr")] for link in table.iter("a")}
    assert broken["maillage:name"] == ["name"]
    assert broken["http://localhost:8000/id/actor/grainerie"] == []


def test_a_mistake_is_shown_beside_the_query_with_its_place(fetch: Fetch) -> None:
    page = fetch("/sparql", query_string={"query": "SELECT *\nWHERE { ?s ?p }"})
    assert page.status == 400
    assert "ligne 2, colonne " in page.text
    assert "WHERE { ?s ?p }" in text_of(page.all("textarea")[0])
    assert page.all("textarea")[0].get("aria-invalid") == "true"


@pytest.mark.parametrize(
    ("query", "format_", "status", "told"),
    [
        (SELECT, "ttl", 406, "SELECT et ASK se lisent en JSON, XML, CSV ou TSV."),
        (CONSTRUCT, "csv", 406, "CONSTRUCT et DESCRIBE se lisent en Turtle"),
        ("SELEC ?s { ?s ?p ?o }", "csv", 400, "vouliez-vous écrire SELECT"),
    ],
)
def test_a_file_that_cannot_be_made_leaves_a_reader_with_the_query_and_the_reason(
    client: FlaskClient, query: str, format_: str, status: int, told: str
) -> None:
    page = Page(client.get("/sparql", query_string={"query": query, "format": format_}, headers={"Accept": BROWSER}))
    assert page.status == status
    assert text_of(page.all("textarea", id="query")[0]) == query
    assert told in page.text
    machine = client.get("/sparql", query_string={"query": query, "format": format_}, headers={"Accept": "*/*"})
    assert (machine.status_code, machine.mimetype) == (status, "application/problem+json")


def test_markup_in_a_query_or_a_result_is_text(fetch: Fetch) -> None:
    page = fetch("/sparql", query_string={"query": 'SELECT ("<script>alert(1)</script>" AS ?x) {} # </textarea><script>'})
    assert not [script for script in page.all("script") if "alert" in text_of(script)]
    assert "<script>alert(1)</script>" in page.text


def test_english_is_kept_through_the_form_and_its_results(fetch: Fetch) -> None:
    page = fetch("/en/sparql", query_string={"query": SELECT})
    assert page.language == "en"
    assert page.all("form", class_="editor")[0].get("action") == "/en/sparql"
    assert f"/sparql?{urlencode({'query': SELECT})}" in page.hrefs()


def test_a_result_has_a_validator_and_who_has_it_is_told_without_a_query(client: FlaskClient, asked: Callable[[], int]) -> None:
    first = client.get("/sparql", query_string={"query": SELECT})
    before = asked()
    again = client.get("/sparql", query_string={"query": SELECT}, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert (first.headers["ETag"][:3], first.headers["Cache-Control"]) == ('W/"', "no-cache")
    assert asked() == before


@pytest.mark.parametrize(
    "other", [{"query": CONSTRUCT}, {"format": "csv"}, {"version": "1"}, {"default-graph-uri": "http://e/g"}], ids=str
)
def test_another_request_has_another_validator(client: FlaskClient, other: dict[str, str]) -> None:
    tag = client.get("/sparql", query_string={"query": SELECT}).headers["ETag"]
    response = client.get("/sparql", query_string={"query": SELECT, **other}, headers={"If-None-Match": tag})
    assert response.status_code == 200
    assert response.headers["ETag"] != tag


def test_what_time_or_chance_decides_has_no_validator_and_is_not_stored(client: FlaskClient) -> None:
    response = client.get("/sparql", query_string={"query": "SELECT (RAND() AS ?x) {}"}, headers={"If-None-Match": "*"})
    assert (response.status_code, response.headers["Cache-Control"], "ETag" in response.headers) == (200, "no-store", False)


def test_a_posted_query_has_no_validator(client: FlaskClient) -> None:
    response = client.post("/sparql", data=SELECT, content_type=TEXT, headers={"If-None-Match": "*"})
    assert (response.status_code, "ETag" in response.headers) == (200, False)
