"""SPARQL 1.1 Graph Store HTTP Protocol (W3C Recommendation, 21 March 2013), one test a requirement; on a store with its gate."""

from __future__ import annotations

from itertools import count
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from werkzeug.test import TestResponse

from tests.web.places import ONTOLOGY, Place
from tests.web.writing import BASE

TURTLE = "text/turtle"
UPDATE = "application/sparql-update"
_names = count()


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Place:
    return Place(tmp_path_factory.mktemp("gsp"))


@pytest.fixture
def name() -> str:
    """Of a graph that no other test has."""
    return f"graph-{next(_names)}"


def actor(node: str, label: str) -> str:
    return f'<{BASE}id/actor/{node}> a <{ONTOLOGY}Association> ; <{ONTOLOGY}name> "{label}"@fr .'


def send(place: Place, method: str, path: str, data: Any = None, type_: str | None = TURTLE, **more: Any) -> TestResponse:
    headers = {"Authorization": f"Bearer {place.secret}", **more.pop("headers", {})}
    return place.client.open(path, method=method, data=data, content_type=type_, headers=headers, **more)


def names(place: Place, path: str) -> set[str]:
    """The names that a graph gives."""
    response = place.client.get(path, headers={"Accept": "application/n-triples"})
    assert response.status_code == 200, response.text
    stated = ox.parse(response.data, ox.RdfFormat.N_TRIPLES)
    return {quad.object.value for quad in stated if quad.predicate.value == f"{ONTOLOGY}name"}


def indirect(name: str) -> str:
    return f"/graphs?graph={quote(f'{BASE}graphs/{name}', safe='')}"


# Identification


def test_a_graph_is_identified_by_its_own_address(place: Place, name: str) -> None:
    """§4.1: direct graph identification: the request's IRI is the graph's."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Direct"))
    query = f"ASK {{ GRAPH <{BASE}graphs/{name}> {{ ?s ?p ?o }} }}"
    asked = place.client.get("/sparql", query_string={"query": query, "format": "json"})
    assert asked.get_json()["boolean"] is True


def test_a_graph_is_identified_by_a_parameter(place: Place, name: str) -> None:
    """§4.2: indirect graph identification: ?graph= with the percent-encoded IRI names the same graph."""
    send(place, "PUT", indirect(name), actor("a", "Indirect"))
    assert names(place, f"/graphs/{name}") == {"Indirect"}
    assert names(place, indirect(name)) == {"Indirect"}


def test_a_graph_elsewhere_is_identified_by_a_parameter(place: Place) -> None:
    """§4.2: the graph's IRI need not be the service's own."""
    path = "/graphs?graph=http%3A%2F%2Fa.example%2Fg%3Fx%3D1"
    response = send(place, "PUT", path, actor("a", "Ailleurs"))
    assert (response.status_code, names(place, path)) == (201, {"Ailleurs"})
    assert names(place, response.headers["Location"].removeprefix(BASE.rstrip("/"))) == {"Ailleurs"}


def test_the_default_graph_is_identified_by_a_parameter(place: Place) -> None:
    """§4.2: ?default, without a value."""
    assert "La Ruche" in names(place, "/graphs?default")
    assert "La Ruche" in names(place, "/graphs?default=")


@pytest.mark.parametrize("query", ["graph=relative", "graph=", "graph=a:b&graph=a:c", "graph=a:b&default", "graph=http://a%20b"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_identifies_no_graph_is_a_bad_request(query: str, method: str, place: Place) -> None:
    """§4.2: the IRI must be absolute; §5.1: 400 for what the service cannot understand."""
    assert send(place, method, f"/graphs?{query}", actor("a", "A")).status_code == 400


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH"])
def test_what_must_name_a_graph_and_does_not_is_a_bad_request(method: str, place: Place) -> None:
    """§4.2, §5.1."""
    assert send(place, method, "/graphs", actor("a", "A")).status_code == 400


# Status codes and content types


@pytest.mark.parametrize("method", ["PUT", "POST"])
@pytest.mark.parametrize("type_", ["text/html", "application/pdf", "text/csv", None, "application/sparql-query"])
def test_a_format_that_is_not_read_is_415(method: str, type_: str | None, place: Place, name: str) -> None:
    """§5.1: 415 for a payload whose format is not supported."""
    assert send(place, method, f"/graphs/{name}", actor("a", "A"), type_).status_code == 415


@pytest.mark.parametrize("method", ["PUT", "POST"])
def test_a_document_that_does_not_parse_is_400(method: str, place: Place, name: str) -> None:
    """§5.1: 400 for a payload that cannot be parsed; the graph is not made."""
    response = send(place, method, f"/graphs/{name}", "<urn:a> <urn:b>")
    assert response.status_code == 400
    assert (response.get_json()["details"]["line"], place.client.get(f"/graphs/{name}").status_code) == (1, 404)


@pytest.mark.parametrize(
    ("type_", "form"),
    [
        ("text/turtle", ox.RdfFormat.TURTLE),
        ("text/turtle; charset=utf-8", ox.RdfFormat.TURTLE),
        ("Text/Turtle;CHARSET=UTF-8", ox.RdfFormat.TURTLE),
        ("application/n-triples", ox.RdfFormat.N_TRIPLES),
        ("application/rdf+xml", ox.RdfFormat.RDF_XML),
        ("application/ld+json", ox.RdfFormat.JSON_LD),
        ("application/trig", ox.RdfFormat.TRIG),
        ("application/n-quads", ox.RdfFormat.N_QUADS),
        ("text/n3", ox.RdfFormat.N3),
    ],
)
def test_every_format_is_read_and_written(type_: str, form: ox.RdfFormat, place: Place, name: str) -> None:
    """§5.1, §5.2: the Content-Type header tells the format of the payload, the Accept header that of the response."""
    triples = [quad.triple for quad in ox.parse(actor("a", "Forme"), ox.RdfFormat.TURTLE)]
    document = ox.serialize(triples, format=form)
    assert send(place, "PUT", f"/graphs/{name}", document, type_).status_code == 201
    response = place.client.get(f"/graphs/{name}", headers={"Accept": type_})
    assert (response.status_code, response.mimetype) == (200, type_.partition(";")[0].lower())
    assert {quad.triple for quad in ox.parse(response.data, form)} == set(triples)


def test_no_method_but_those_of_the_protocol_is_allowed(place: Place) -> None:
    """§5.1, RFC 9110 §15.5.6: 405 with the methods that there are."""
    response = send(place, "TRACE", "/graphs/annuaire")
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS"}


def test_scripts_of_other_origins_may_write_with_a_token(place: Place) -> None:
    """Fetch Standard, CORS protocol: a preflight names the methods and the header of the token."""
    asked = {"Origin": "https://a.example", "Access-Control-Request-Method": "PUT"}
    response = place.client.options("/graphs/annuaire", headers=asked)
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert {"PUT", "PATCH", "DELETE"} <= set(response.headers["Access-Control-Allow-Methods"].split(", "))
    assert "Authorization" in response.headers["Access-Control-Allow-Headers"]


# GET and HEAD


def test_get_returns_the_graph(place: Place, name: str) -> None:
    """§5.2: the response is an RDF document of the graph's content."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Lu"))
    response = place.client.get(f"/graphs/{name}")
    assert (response.status_code, response.content_type) == (200, "text/turtle; charset=utf-8")
    assert "Accept" in response.vary


def test_get_of_a_graph_that_is_not_there_is_404(place: Place) -> None:
    """§5.2, §5.1: 404 where the graph does not exist."""
    assert place.client.get("/graphs/nothing").status_code == 404
    assert place.client.get("/graphs?graph=urn%3Anothing").status_code == 404


def test_get_in_no_format_that_there_is_is_406(place: Place) -> None:
    """§5.2: 406 where no acceptable format can be given."""
    assert place.client.get("/graphs/annuaire", headers={"Accept": "image/png"}).status_code == 406


def test_get_tells_whether_it_has_changed(place: Place, name: str) -> None:
    """RFC 9110 §13: a validator that a later request may name."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Un"))
    tag = place.client.get(f"/graphs/{name}").headers["ETag"]
    assert place.client.get(f"/graphs/{name}", headers={"If-None-Match": tag}).status_code == 304
    send(place, "PUT", f"/graphs/{name}", actor("a", "Deux"))
    assert place.client.get(f"/graphs/{name}", headers={"If-None-Match": tag}).status_code == 200


def test_head_is_get_without_the_content(place: Place) -> None:
    """§5.6: as GET, without a body."""
    head, get = place.client.head("/graphs/annuaire"), place.client.get("/graphs/annuaire")
    assert "Content-Length" not in head.headers
    assert (head.status_code, head.data) == (200, b"")
    assert (head.content_type, head.headers["ETag"]) == (get.content_type, get.headers["ETag"])
    assert place.client.head("/graphs/nothing").status_code == 404


# PUT


def test_put_makes_a_graph(place: Place, name: str) -> None:
    """§5.3: 201 where a graph was made, with its address."""
    response = send(place, "PUT", f"/graphs/{name}", actor("a", "Neuf"))
    assert (response.status_code, response.headers["Location"]) == (201, f"{BASE}graphs/{name}")


def test_put_replaces_what_was_there(place: Place, name: str) -> None:
    """§5.3: as DROP SILENT GRAPH and INSERT DATA; 200 or 204 where the graph was there."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Ancien"))
    response = send(place, "PUT", f"/graphs/{name}", actor("b", "Nouveau"))
    assert (response.status_code, names(place, f"/graphs/{name}")) == (200, {"Nouveau"})


def test_put_of_an_empty_document_leaves_an_empty_graph(place: Place, name: str) -> None:
    """§5.3, and SPARQL 1.1 Update §3.2: an empty graph is as none here."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Ancien"))
    assert send(place, "PUT", f"/graphs/{name}", "").status_code == 200
    assert place.client.get(f"/graphs/{name}").status_code == 404


def test_put_leaves_other_graphs_alone(place: Place, name: str) -> None:
    """§5.3."""
    send(place, "PUT", f"/graphs/{name}", actor("ruche", "Autre"))
    assert names(place, "/graphs/annuaire") == {"La Ruche"}


# DELETE


def test_delete_removes_the_graph(place: Place, name: str) -> None:
    """§5.4: as DROP GRAPH; 200 or 204."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Parti"))
    assert send(place, "DELETE", f"/graphs/{name}").status_code == 200
    assert place.client.get(f"/graphs/{name}").status_code == 404


def test_delete_of_a_graph_that_is_not_there_is_404(place: Place) -> None:
    """§5.4: 404 where the graph does not exist."""
    assert send(place, "DELETE", "/graphs/nothing").status_code == 404


# POST


def test_post_adds_to_the_graph(place: Place, name: str) -> None:
    """§5.5: as INSERT DATA: what is there stays."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Un"))
    response = send(place, "POST", f"/graphs/{name}", actor("b", "Deux"))
    assert (response.status_code, names(place, f"/graphs/{name}")) == (200, {"Un", "Deux"})


def test_post_to_a_graph_that_is_not_there_makes_it(place: Place, name: str) -> None:
    """§5.5: 201 where a graph was made."""
    response = send(place, "POST", indirect(name), actor("a", "Neuf"))
    assert (response.status_code, response.headers["Location"]) == (201, f"{BASE}graphs/{name}")


def test_post_to_the_store_makes_a_graph_of_its_own(place: Place) -> None:
    """§5.5: the service gives it an IRI, and tells it in Location."""
    first, second = (send(place, "POST", "/graphs", actor("a", "Anonyme")) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.headers["Location"] != second.headers["Location"]
    assert names(place, first.headers["Location"].removeprefix(BASE.rstrip("/"))) == {"Anonyme"}


@pytest.mark.parametrize("as_file", [True, False])
def test_post_of_a_form_adds_each_of_its_parts(as_file: bool, place: Place, name: str) -> None:
    """§5.5: multipart/form-data, each part with a media type of its own."""
    triples = [quad.triple for quad in ox.parse(actor("b", "Deux"), ox.RdfFormat.TURTLE)]
    other = (ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"").decode()
    file = '; filename="f"' if as_file else ""
    head = f'--x\r\nContent-Disposition: form-data; name="g"{file}\r\nContent-Type: '
    parts = [("text/turtle; charset=utf-8", actor("a", "Un")), ("application/n-triples", other)]
    lines = [f"{head}{type_}\r\n\r\n{text}\r\n" for type_, text in parts]
    response = send(place, "POST", f"/graphs/{name}", "".join(lines) + "--x--\r\n", "multipart/form-data; boundary=x")
    assert (response.status_code, names(place, f"/graphs/{name}")) == (201, {"Un", "Deux"}), response.text


@pytest.mark.parametrize(
    ("body", "parameters", "status"),
    [
        ("--x\r\nContent-Disposition: form-data; name=g\r\n\r\n<a:a> <a:a> 1 .\r\n--x--\r\n", "; boundary=x", 415),
        ("--x\r\nContent-Disposition: form-data; name=g\r\nContent-Type: text/csv\r\n\r\na\r\n--x--\r\n", "; boundary=x", 415),
        ("nothing", "; boundary=x", 400),
        ("--x--\r\n", "", 400),
    ],
)
def test_a_form_that_cannot_be_read_is_refused(body: str, parameters: str, status: int, place: Place, name: str) -> None:
    """§5.5, §5.1."""
    assert send(place, "POST", f"/graphs/{name}", body, f"multipart/form-data{parameters}").status_code == status


# PATCH


def test_patch_changes_the_graph_by_an_update(place: Place, name: str) -> None:
    """§5.7: application/sparql-update, with the graph in place of the default one."""
    send(place, "PUT", f"/graphs/{name}", actor("a", "Avant"))
    text = 'DELETE { ?s ?p "Avant"@fr } INSERT { ?s ?p "Après"@fr } WHERE { ?s ?p "Avant"@fr } ; DELETE WHERE { <a:a> ?p ?o }'
    response = send(place, "PATCH", f"/graphs/{name}", text, UPDATE)
    assert (response.status_code, names(place, f"/graphs/{name}")) == (200, {"Après"})


def test_patch_of_the_default_graph_changes_what_was_written_to_it(place: Place) -> None:
    """§5.7 with ?default."""
    assert send(place, "PATCH", "/graphs?default", f"INSERT DATA {{ {actor('a', 'Défaut')} }}", UPDATE).status_code == 200
    assert "Défaut" in names(place, "/graphs/default")
    assert send(place, "PATCH", "/graphs?default", "CLEAR DEFAULT", UPDATE).status_code == 200
    assert place.client.get("/graphs/default").status_code == 404


def test_patch_changes_no_other_graph(place: Place, name: str) -> None:
    """§5.7: the update is of the identified graph alone."""
    text = f"INSERT DATA {{ GRAPH <{BASE}graphs/annuaire> {{ {actor('a', 'A')} }} }}"
    response = send(place, "PATCH", f"/graphs/{name}", text, UPDATE)
    assert (response.status_code, response.get_json()["type"].rpartition("#")[2]) == (400, "outside-graph")
    assert names(place, "/graphs/annuaire") == {"La Ruche"}


def test_patch_by_anything_else_is_415(place: Place) -> None:
    """§5.7, RFC 5789 §2.2: 415 for a patch document of another type."""
    assert send(place, "PATCH", "/graphs/annuaire", actor("a", "A")).status_code == 415


def test_what_may_be_sent_is_told(place: Place) -> None:
    """RFC 5789 §3.1: Accept-Patch in the answer to OPTIONS."""
    response = place.client.options("/graphs/annuaire")
    assert response.headers["Accept-Patch"] == UPDATE
    assert {TURTLE, "multipart/form-data"} <= set(response.headers["Accept-Post"].split(", "))


# The store


def test_get_of_the_store_describes_it(place: Place) -> None:
    """§5.2, SPARQL 1.1 Service Description §2."""
    response = place.client.get("/graphs", headers={"Accept": TURTLE})
    assert response.status_code == 200
    assert f"<{BASE}graphs/annuaire>" in response.text


def test_what_is_written_passes_the_gate(place: Place, name: str) -> None:
    """§5.1, RFC 9110 §15.5.21: 422 for a document that is understood and breaks a rule; §6: nothing is kept."""
    response = send(place, "PUT", f"/graphs/{name}", actor("a", "A").replace("name>", "siren>"))
    assert (response.status_code, place.client.get(f"/graphs/{name}").status_code) == (422, 404)
