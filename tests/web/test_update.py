"""SPARQL Update over HTTP: who may, what changes, what the gate refuses, and that a hostile text ends nothing but itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pyoxigraph as ox
import pytest

from app.updating import running
from tests.web.places import FORM, ONTOLOGY, PREFIXES, TEXT, Place
from tests.web.writing import BASE


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def name(node: str, label: str, graph: str) -> str:
    return f'<{BASE}id/actor/{node}> <{ONTOLOGY}name> "{label}"@fr <{BASE}graphs/{graph}>'


# Who may


@pytest.mark.parametrize(
    "header", [None, "", "Bearer", "Bearer ", "Basic dXNlcjpwYXNz", "bearer x", "Bearer maillage_00000000_x"], ids=str
)
def test_without_a_valid_token_nothing_is_written(header: str | None, place: Place) -> None:
    headers = {} if header is None else {"Authorization": header}
    response = place.client.post("/sparql", data="DROP ALL", content_type=TEXT, headers=headers)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith('Bearer realm="Maillage"')
    assert response.content_type == "application/problem+json"
    assert place.newest == 1


def test_who_may_is_asked_before_what_the_text_says(place: Place) -> None:
    assert place.client.post("/sparql", data="garbage", content_type=TEXT).status_code == 401
    assert place.client.post("/sparql", data="update=garbage", content_type=FORM).status_code == 401


def test_a_refusal_is_said_in_both_languages(place: Place) -> None:
    fr = place.client.post("/sparql", data="DROP ALL", content_type=TEXT).get_json()
    en = place.client.post("/en/sparql", data="DROP ALL", content_type=TEXT).get_json()
    assert fr["detail"].startswith("Écrire demande un jeton")
    assert en["detail"].startswith("Writing needs a token")


def test_a_revoked_token_writes_no_more(place: Place) -> None:
    token, secret = place.tokens.create("Partenaire", ["*"])
    insert = 'INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }'
    assert place.update(insert, secret=secret).status_code == 200
    place.tokens.revoke(token.id)
    response = place.update(insert, secret=secret)
    assert response.status_code == 401
    assert 'error="invalid_token"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize(
    ("graphs", "operations", "text"),
    [
        (["lettre"], ["add", "remove"], 'INSERT DATA { GRAPH g:annuaire { a:x m:name "x"@fr } }'),
        (["lettre"], ["add", "remove"], 'INSERT DATA { a:x m:name "x"@fr }'),
        (["lettre"], ["add", "remove"], "MOVE g:annuaire TO g:lettre"),
        (["annuaire"], ["add"], "DELETE WHERE { GRAPH g:annuaire { a:ruche ?p ?o } }"),
        (["annuaire"], ["add"], "CLEAR ALL"),
        (["annuaire"], ["remove"], 'INSERT DATA { GRAPH g:annuaire { a:x a m:Association ; m:name "x"@fr } }'),
        (["annuaire"], ["add", "remove"], "INSERT { GRAPH ?g { ?s m:acronym 'X' } } WHERE { ?s m:name ?n BIND(g:autre AS ?g) }"),
    ],
)
def test_a_token_does_what_it_is_for_and_nothing_else(graphs: list[str], operations: Any, text: str, place: Place) -> None:
    _, secret = place.tokens.create("Partenaire", graphs, operations)
    response = place.update(text, secret=secret)
    assert response.status_code == 403, response.text
    assert response.get_json()["type"].endswith("#out-of-scope")
    assert 'error="insufficient_scope"' in response.headers["WWW-Authenticate"]
    assert place.newest == 1


def test_each_use_is_logged_with_what_it_did(place: Place) -> None:
    place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }')
    place.update("DROP GRAPH g:nothing")
    done, failed = place.tokens.uses()
    assert (done["name"], done["action"], done["outcome"]) == ("Annuaire ESS", "POST /sparql", "done")
    assert (done["added"], done["removed"], done["version"]) == (1, 0, 2)
    assert done["graphs"] == [f"{BASE}graphs/annuaire"]
    assert (failed["outcome"], failed["version"]) == ("update-failed", None)
    assert place.secret not in place.tokens.log.read_text(encoding="utf-8")


def test_a_log_that_cannot_be_written_undoes_nothing(place: Place) -> None:
    place.tokens.log.mkdir()
    assert place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }').status_code == 200
    assert place.newest == 2


# What changes


@pytest.mark.parametrize(
    "request_",
    [
        {"data": urlencode({"update": PREFIXES + "CLEAR GRAPH g:annuaire"}), "content_type": FORM},
        {"data": urlencode({"update": PREFIXES + "CLEAR GRAPH g:annuaire"}), "content_type": f"{FORM}; charset=utf-8"},
        {"data": PREFIXES + "CLEAR GRAPH g:annuaire", "content_type": TEXT},
        {"data": PREFIXES + "CLEAR GRAPH g:annuaire", "content_type": f"{TEXT};charset=UTF-8"},
        {"data": b"\xef\xbb\xbf" + (PREFIXES + "CLEAR GRAPH g:annuaire").encode(), "content_type": TEXT},
    ],
    ids=["form", "form-charset", "text", "text-charset", "text-bom"],
)
def test_an_update_comes_in_both_forms_of_the_protocol(request_: dict[str, Any], place: Place) -> None:
    response = place.client.post("/sparql", headers={"Authorization": f"bearer {place.secret}"}, **request_)
    assert response.status_code == 200
    assert place.quads() == set()


def test_a_write_is_a_version_with_author_and_message(place: Place) -> None:
    response = place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }', message="  Nom\nanglais ")
    told = response.get_json()
    version = place.repository.version(2)
    assert (version.author, version.message, version.added, version.removed) == ("Annuaire ESS", "Nom anglais", 1, 0)
    assert told == {
        "version": 2,
        "address": f"{BASE}versions/2",
        "added": 1,
        "removed": 0,
        "graphs": [f"{BASE}graphs/annuaire"],
        "warnings": version.warnings,
        "warned": told["warned"],
    }
    assert len(told["warned"]) == version.warnings
    assert response.headers["X-Maillage-Version"] == "2"


def test_a_write_is_told_which_warnings_it_was_accepted_with(place: Place) -> None:
    told = place.update('INSERT DATA { GRAPH g:annuaire { a:neuve a m:Association ; m:name "Neuve"@fr } }').get_json()
    assert told["warnings"] == len(told["warned"]) > 0
    assert {one["node"] for one in told["warned"]} == {f"{BASE}id/actor/neuve"}
    assert all(one["message"] and one["severity"] == "Warning" for one in told["warned"])
    again = place.update('INSERT DATA { GRAPH g:annuaire { a:neuve a m:Association ; m:name "Neuve"@fr } }').get_json()
    assert (again["version"], again["warned"]) == (None, [])


def test_without_a_message_the_version_says_that_it_was_an_update(place: Place) -> None:
    place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }')
    assert place.repository.version(2).message == "mise à jour SPARQL"


def test_what_changes_nothing_makes_no_version(place: Place) -> None:
    text = 'INSERT DATA { GRAPH g:annuaire { a:ruche m:name "La Ruche"@fr } }'
    assert place.update(text).get_json()["version"] is None
    assert place.newest == 1


def test_what_is_written_is_read_at_once(place: Place) -> None:
    place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }')
    asked = place.client.get("/sparql", query_string={"query": f"ASK {{ ?s <{ONTOLOGY}name> 'The Hive'@en }}", "format": "json"})
    assert asked.get_json()["boolean"] is True


def test_the_default_graph_is_written_to_its_source_and_read_as_the_merge(place: Place) -> None:
    place.update('DELETE { ?s m:name "La Ruche"@fr } INSERT { ?s m:name "The Hive"@en } WHERE { ?s m:name "La Ruche"@fr }')
    assert name("ruche", "La Ruche", "annuaire") in place.quads(), "another source's statement stays"
    assert f'<{BASE}id/actor/ruche> <{ONTOLOGY}name> "The Hive"@en <{BASE}graphs/default>' in place.quads()


def test_clearing_the_default_graph_leaves_the_sources(place: Place) -> None:
    before = place.quads()
    place.update('INSERT DATA { a:ruche m:name "The Hive"@en }')
    assert place.quads() != before
    place.update("CLEAR DEFAULT")
    assert place.quads() == before
    assert len(place.merged()) == 2


def test_an_operation_sees_what_those_before_it_did(place: Place) -> None:
    place.update(
        """WITH g:annuaire DELETE { ?s m:name ?n } INSERT { ?s m:name "B"@fr } WHERE { ?s m:name ?n } ;
        PREFIX n: <https://w3id.org/maillage/ontology#>
        WITH g:annuaire DELETE { ?s n:name "B"@fr } INSERT { ?s n:name "C"@fr } WHERE { ?s n:name "B"@fr }"""
    )
    assert {quad for quad in place.quads() if "#name" in quad} == {name("ruche", "C", "annuaire")}
    change = place.repository.change(2)
    assert (len(change.added), len(change.removed)) == (1, 1), "the name in between was never there"


def test_a_mistake_in_the_last_operation_undoes_the_first(place: Place) -> None:
    before = place.quads()
    assert place.update("CLEAR GRAPH g:annuaire ; DROP GRAPH g:nothing").status_code == 409
    assert place.quads() == before


def test_blank_nodes_get_the_iris_of_what_is_said_of_them(place: Place) -> None:
    text = "INSERT DATA { GRAPH g:annuaire { a:ruche m:headOffice [ a m:Place ] } }"
    assert place.update(text).status_code == 200
    assert any(f"<{BASE}id/node/" in quad for quad in place.quads())
    assert place.update(text).get_json()["version"] is None, "the same again changes nothing"


def test_relative_iris_are_relative_to_the_endpoint(place: Place) -> None:
    place.update('INSERT DATA { GRAPH <graphs/annuaire> { <id/actor/ruche> m:name "The Hive"@en } }')
    assert name("ruche", "La Ruche", "annuaire").replace("La Ruche", "The Hive").replace("@fr", "@en") in place.quads()


@pytest.mark.parametrize("graph", ["derived", "merge"])
@pytest.mark.parametrize(
    "text",
    ["INSERT DATA { GRAPH g:%s { a:ruche a:x 1 } }", "COPY g:annuaire TO g:%s", "CREATE GRAPH g:%s"],
    ids=["data", "copy", "create"],
)
def test_what_the_service_computes_is_not_written(graph: str, text: str, place: Place) -> None:
    response = place.update(text % graph)
    assert (response.status_code, place.newest) == (403, 1)
    assert response.get_json()["type"].endswith("#protected-graph")


# What the gate refuses


BAD = 'INSERT DATA { GRAPH g:annuaire { a:ruche m:siren "123" } }'


def test_a_refusal_carries_the_report(place: Place) -> None:
    response = place.update(BAD)
    told = response.get_json()
    assert (response.status_code, place.newest) == (422, 1)
    assert [finding["property"] for finding in told["findings"] if finding["severity"] == "Violation"] == [f"{ONTOLOGY}siren"]
    assert told["type"].endswith("#refused")


@pytest.mark.parametrize(
    ("accept", "form"), [("text/turtle", ox.RdfFormat.TURTLE), ("application/ld+json", ox.RdfFormat.JSON_LD)]
)
def test_the_report_comes_as_rdf_to_who_prefers_it(accept: str, form: ox.RdfFormat, place: Place) -> None:
    response = place.update(BAD, accept=accept)
    assert (response.status_code, response.mimetype) == (422, accept)
    stated = {quad.predicate.value for quad in ox.parse(response.data, form)}
    assert "http://www.w3.org/ns/shacl#resultMessage" in stated


def test_a_person_reads_the_report_in_their_language(place: Place) -> None:
    headers = {"Authorization": f"Bearer {place.secret}", "Accept": "text/html"}
    pages = [
        place.client.post(path, data=PREFIXES + BAD, content_type=TEXT, headers=headers).text
        for path in ("/sparql", "/en/sparql")
    ]
    assert "Recopiez le SIREN" in pages[0]
    assert "Copy the SIREN" in pages[1]
    assert "What is to be mended" in pages[1]


# Requests that are no updates


@pytest.mark.parametrize(
    ("request_", "status", "key"),
    [
        ({"method": "GET", "query_string": {"update": "DROP ALL"}}, 400, "update-refused"),
        ({"method": "PUT", "data": "DROP ALL", "content_type": TEXT}, 405, "http-405"),
        ({"data": "DROP ALL", "content_type": "text/plain"}, 415, "body-refused"),
        ({"data": "DROP ALL"}, 415, "body-untyped"),
        ({"data": "", "content_type": TEXT}, 400, "query-missing"),
        ({"data": b"\xff\xfe", "content_type": TEXT}, 400, "query-syntax"),
        ({"data": "update=CLEAR+ALL&update=CLEAR+ALL", "content_type": FORM}, 400, "query-repeated"),
        ({"data": "update=CLEAR+ALL&query=ASK{}", "content_type": FORM}, 400, "update-refused"),
        ({"data": "CLEAR ALL", "content_type": TEXT, "query_string": {"update": "CLEAR ALL"}}, 400, "query-repeated"),
        ({"data": "CLEAR ALL", "content_type": TEXT, "query_string": {"using-graph-uri": "no iri"}}, 400, "bad-parameter"),
        ({"data": "ASK {}", "content_type": TEXT}, 400, "query-syntax"),
        ({"data": "CLEAR ALL", "content_type": TEXT, "query_string": {"version": "1"}}, 400, "bad-parameter"),
        ({"data": "CLEAR ALL", "content_type": TEXT, "query_string": {"version": "99"}}, 400, "bad-parameter"),
        ({"data": "update=CLEAR+ALL&version=1", "content_type": FORM}, 400, "bad-parameter"),
        (
            {
                "data": "INSERT { <a:a> <a:a> 1 } USING <a:b> WHERE {}",
                "content_type": TEXT,
                "query_string": {"using-graph-uri": "a:b"},
            },
            400,
            "using-conflict",
        ),
    ],
)
def test_a_request_that_is_no_update_says_why(request_: dict[str, Any], status: int, key: str, place: Place) -> None:
    headers = {"Authorization": f"Bearer {place.secret}"}
    response = place.client.open("/sparql", **{"method": "POST", "headers": headers, **request_})
    assert (response.status_code, place.newest) == (status, 1), response.text
    assert response.get_json()["type"].endswith(f"#{key}")


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ("INSERT DATA { <a:a> <a:b> }", 2, 27),
        ("CLEAR ALL ;\nINSERT DATA { <a:a> <a:b> }", 3, 27),
        ("CLEAR ALL ;\n\nPREFIX b: <b:>\nCLEAR b:b ", 5, 7),
        ("CLEAR ALL CLEAR ALL", 2, 11),
        ("CLEAR ALL ;; CLEAR ALL", 2, 12),
        ("CLEAR ALL ; garbage", 2, 13),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER( }", 2, 46),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(1=1)", 2, 49),
        ("DELETE { ?s ?p ?o }", 2, 20),
        ("LOAD INTO", 2, 6),
    ],
)
def test_a_mistake_is_told_with_its_place(text: str, line: int, column: int, place: Place) -> None:
    response = place.update(text)
    details = response.get_json()["details"]
    assert (response.status_code, details["line"], details["column"]) == (400, line, column), response.text


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("INSERT DATA { ?x <a:b> 1 }", "INSERT … WHERE …"),
        ("DELETE DATA { _:x <a:b> 1 }", "DELETE … WHERE …"),
        ("INSERT DATA { _:x <a:b> 1 } ; INSERT DATA { _:x <a:b> 2 }", "_:x"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(text: str, part: str, place: Place) -> None:
    response = place.update(text)
    assert response.status_code == 400
    assert all(part in said for said in response.get_json()["explanations"].values())


# Hostile texts


@pytest.mark.parametrize(
    ("text", "status", "key"),
    [
        ("INSERT DATA { " + "{" * 5_000, 400, "query-too-deep"),
        ("INSERT {} WHERE { FILTER(" + "1+" * 60_000 + "1=2) }", 503, "query-crashed"),
        (
            "INSERT { ?a <a:a> ?b } WHERE { ?a ?b ?c . " + "?x ?y ?z . " * 10 + " ?d ?e ?f } " + " " * 200_000,
            413,
            "query-too-long",
        ),
    ],
)
def test_a_text_that_ends_the_engine_ends_nothing_else(text: str, status: int, key: str, tmp_path: Path) -> None:
    place = Place(tmp_path, update_characters=200_000)
    response = place.update(text)
    assert (response.status_code, response.get_json()["type"].rpartition("#")[2]) == (status, key)
    assert place.update('INSERT DATA { GRAPH g:annuaire { a:ruche m:name "The Hive"@en } }').status_code == 200


def test_an_update_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    place = Place(tmp_path, update_seconds=1.0)
    numbers = " ".join(map(str, range(60)))
    crossed = " ".join(f"VALUES ?v{i} {{ {numbers} }}" for i in range(8))
    response = place.update(f"INSERT {{ <a:a> <a:b> ?v1 }} WHERE {{ {crossed} FILTER(?v1 + ?v7 > 1000) }}")
    assert (response.status_code, response.get_json()["type"].rpartition("#")[2]) == (503, "query-timeout")
    assert place.newest == 1


def test_an_update_that_takes_too_much_memory_is_stopped(tmp_path: Path) -> None:
    place = Place(tmp_path, write_memory_mb=64)
    numbers = " ".join(map(str, range(100)))
    crossed = " ".join(f"VALUES ?v{i} {{ {numbers} }}" for i in range(4))
    made = "BIND(IRI(CONCAT('a:', STR(?v0), '-', STR(?v1), '-', STR(?v2), '-', STR(?v3))) AS ?g)"
    text = f"INSERT {{ ?g <a:b> ?v1 }} WHERE {{ {crossed} {made} }}"
    response = place.update(text)
    assert (response.status_code, response.get_json()["type"].rpartition("#")[2]) == (503, "query-memory")
    assert place.newest == 1


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("INSERT { ?s ?p ?o } WHERE { SERVICE <http://127.0.0.1:1/> { ?s ?p ?o } }", "service-refused"),
        ("INSERT { ?s ?p ?o } WHERE { serVice SILENT <http://127.0.0.1:1/> { ?s ?p ?o } }", "service-refused"),
        ("PREFIX x: <http://127.0.0.1:1/> DELETE { ?s ?p ?o } WHERE { { SERVICE x: { ?s ?p ?o } } }", "service-refused"),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER EXISTS { SERVICE ?s { ?s ?p ?o } } }", "service-refused"),
        ("DELETE { ?s ?p ?o } WHERE { { SELECT * { SERVICE#\n<http://127.0.0.1:1/> { ?s ?p ?o } } } }", "service-refused"),
        ("DELETE { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(?s<?o) SERVICE<http://a.example>{ ?s ?p ?o } }", "service-refused"),
        ("LOAD <http://127.0.0.1:1/x.ttl>", "load-refused"),
        ("load <http://127.0.0.1:1/x.ttl> into graph g:annuaire", "load-refused"),
        ("CLEAR DEFAULT ; LOAD#\n<http://127.0.0.1:1/x.ttl>", "load-refused"),
        ("PREFIX x: <http://127.0.0.1:1/> LOAD x:a", "load-refused"),
        ("LOAD <http://127.0.0.1\\u003A1/x.ttl>", "load-refused"),
        ("LOAD <file:///etc/passwd>", "load-refused"),
    ],
)
def test_no_update_calls_an_address_that_is_not_listed(text: str, key: str, place: Place) -> None:
    response = place.update(text)
    assert (response.status_code, place.newest) == (400, 1), response.text
    assert response.get_json()["type"].endswith(f"#{key}")


def test_a_load_that_may_fail_fails_in_silence(place: Place) -> None:
    response = place.update('LOAD SILENT <http://127.0.0.1:1/> ; INSERT DATA { GRAPH g:annuaire { a:ruche m:name "Hive"@en } }')
    assert (response.status_code, response.get_json()["added"]) == (200, 1)


def test_json_of_an_answer_is_complete(place: Place) -> None:
    assert json.loads(place.update("CLEAR GRAPH g:annuaire").text)["removed"] == 2


def test_while_another_writes_one_is_asked_to_come_back(place: Place) -> None:
    with place.repository.transaction("autre", "longue"):
        response = place.update("CLEAR DEFAULT")
    assert (response.status_code, response.get_json()["type"].rpartition("#")[2]) == (503, "writer-busy")
    assert int(response.headers["Retry-After"]) > 0
    assert place.update("CLEAR DEFAULT").status_code == 200


def test_a_large_effect_goes_through_files(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """As with more statements than are held in memory; what they are is the same."""
    monkeypatch.setattr(running, "SMALL", 1)
    before = place.quads()
    assert place.update("COPY g:annuaire TO g:copie").get_json()["added"] == 2
    assert place.quads() == before | {quad.replace("graphs/annuaire", "graphs/copie") for quad in before}
    assert place.update("MOVE g:copie TO g:autre").get_json()["removed"] == 2
    assert place.quads() == before | {quad.replace("graphs/annuaire", "graphs/autre") for quad in before}
    assert len(place.merged()) == 2
    assert place.update("DROP GRAPH g:annuaire ; DROP GRAPH g:autre").get_json()["removed"] == 4
    assert (place.quads(), place.merged()) == (set(), set())


def test_a_long_form_is_read_only_for_who_has_a_token(tmp_path: Path) -> None:
    place = Place(tmp_path, query_characters=1000)
    text = f'INSERT DATA {{ GRAPH g:annuaire {{ a:ruche m:description "{"x" * 200_000}"@fr }} }}'

    def sent(shown: str) -> int:
        headers = {"Authorization": shown} if shown else {}
        return place.client.post("/sparql", data={"update": PREFIXES + text}, headers=headers).status_code

    assert [sent(shown) for shown in ("", "Bearer maillage_00000000_x", "Basic YTpi")] == [413, 401, 401]
    assert (place.newest, sent(f"Bearer {place.secret}"), place.newest) == (1, 200, 2)


def test_a_query_is_answered_whatever_is_shown_with_it(place: Place) -> None:
    response = place.client.post("/sparql", data={"query": "ASK {}"}, headers={"Authorization": "Basic YTpi"})
    assert response.status_code == 200
