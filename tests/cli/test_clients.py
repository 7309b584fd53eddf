"""The clients that the README names, on a running service: curl, rdflib's stores, SPARQLWrapper; and what it does on its own."""

from __future__ import annotations

import http.client
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from rdflib import Graph, Literal, URIRef
from rdflib.plugins.stores.sparqlstore import SPARQLStore, SPARQLUpdateStore
from SPARQLWrapper import JSON, JSONLD, N3, POST, RDFXML, TURTLE, XML, SPARQLWrapper

from app.tokens import Tokens
from tests.cli.conftest import BASE
from tests.cli.test_serving import Running, service

ONTOLOGY = "https://w3id.org/maillage/ontology#"
NAME = URIRef(f"{ONTOLOGY}name")
MILL = f'<{BASE}id/actor/moulin> a <{ONTOLOGY}Association> ; <{ONTOLOGY}name> "Le Moulin"@fr .\n'
SEEN = f"<{BASE}id/actor/moulin> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <#here> ."
FROM_AFAR = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"de loin"}}]}}'


class Elsewhere(ThreadingHTTPServer):
    """Another server: a SPARQL endpoint, a document, and redirections."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Replies)
        self.paths: list[str] = []

    @property
    def iri(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Replies(BaseHTTPRequestHandler):
    server: Elsewhere

    def do_GET(self) -> None:
        self.server.paths.append(self.path)
        if self.path.startswith("/open/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/open/to"))
            self.end_headers()
            return
        found = self.path in ("/open/mill.ttl", "/secret")
        self._send(200 if found else 404, "text/turtle", (MILL + SEEN).encode())

    def do_POST(self) -> None:
        self.server.paths.append(self.path)
        self.rfile.read(int(self.headers["Content-Length"]))
        self._send(200, "application/sparql-results+json", FROM_AFAR)

    def _send(self, status: int, type_: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", type_)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  the signature of http.server
        pass


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[Elsewhere]:
    with Elsewhere() as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield server
        server.shutdown()


@pytest.fixture(scope="module")
def data(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeded, tmp_path_factory.mktemp("clients") / "data", symlinks=True))


@pytest.fixture(scope="module")
def running(data: Path, elsewhere: Elsewhere) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MAILLAGE_SERVICE_ALLOW", f"{elsewhere.iri}/sparql")
        patch.setenv("MAILLAGE_LOAD_ALLOW", f"{elsewhere.iri}/open/")
        patch.setenv("MAILLAGE_TRUSTED_PROXY", "127.0.0.1")
        patch.setenv("MAILLAGE_UPLOAD_MB", "5")
        with service(data) as started:
            yield started


@pytest.fixture(scope="module")
def secret(data: Path) -> str:
    return Tokens(data, BASE).create("Clients", ["*"])[1]


def address(running: Running, path: str) -> str:
    return f"http://127.0.0.1:{running.port}{path}"


def curl(*arguments: str) -> str:
    return subprocess.run(["curl", "-s", *arguments], capture_output=True, text=True, check=True, timeout=60).stdout


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


@needs_curl
def test_curl_puts_reads_patches_and_deletes_a_graph(running: Running, secret: str, tmp_path: Path) -> None:
    (tmp_path / "mill.ttl").write_text(MILL, encoding="utf-8")
    bearer, graph = f"Authorization: Bearer {secret}", address(running, "/graphs/moulin")
    made = curl("-H", bearer, "-H", "Content-Type: text/turtle", "-T", str(tmp_path / "mill.ttl"), graph)
    assert json.loads(made)["added"] == 2
    assert "Le Moulin" in curl(graph)
    text = f'INSERT DATA {{ <{BASE}id/actor/moulin> <{ONTOLOGY}acronym> "LM" }}'
    told = curl("-X", "PATCH", "-H", bearer, "-H", "Content-Type: application/sparql-update", "--data-binary", text, graph)
    assert json.loads(told)["added"] == 1
    assert json.loads(curl("-X", "DELETE", "-H", bearer, graph))["removed"] == 3


@needs_curl
def test_curl_asks_and_updates(running: Running, secret: str) -> None:
    endpoint = address(running, "/sparql")
    update = f"INSERT DATA {{ GRAPH <{BASE}graphs/curl> {{ {MILL} }} }}"
    assert (
        json.loads(curl(endpoint, "-H", f"Authorization: Bearer {secret}", "--data-urlencode", f"update={update}"))["added"] == 2
    )
    query = f'SELECT ?s {{ ?s <{ONTOLOGY}name> "Le Moulin"@fr }}'
    assert curl(endpoint, "-H", "Accept: text/csv", "--data-urlencode", f"query={query}").split() == [
        "s",
        f"{BASE}id/actor/moulin",
    ]


def test_rdflib_s_store_reads(running: Running) -> None:
    store = SPARQLStore(address(running, "/sparql"))
    graph = Graph(store)
    rows = graph.query(f"SELECT ?c {{ ?s a ?c . FILTER(?c = <{ONTOLOGY}Commune>) }} LIMIT 3")
    assert [str(row[0]) for row in rows] == [f"{ONTOLOGY}Commune"] * 3
    assert len(list(graph.triples((URIRef(f"{ONTOLOGY}Actor"), None, None)))) > 3


def test_rdflib_s_update_store_writes(running: Running, secret: str) -> None:
    endpoint = address(running, "/sparql")
    store = SPARQLUpdateStore(endpoint, endpoint, autocommit=False, headers={"Authorization": f"Bearer {secret}"})
    graph = Graph(store, identifier=URIRef(f"{BASE}graphs/rdflib"))
    graph.parse(data=MILL.replace("moulin", "lavoir"), format="turtle")
    store.commit()
    node = URIRef(f"{BASE}id/actor/lavoir")
    assert (node, NAME, Literal("Le Moulin", lang="fr")) in graph
    graph.add((node, URIRef(f"{ONTOLOGY}acronym"), Literal("LL")))
    graph.remove((node, URIRef(f"{ONTOLOGY}acronym"), None))
    graph.update(f'DELETE {{ ?s <{NAME}> ?n }} INSERT {{ ?s <{NAME}> "Le Lavoir"@fr }} WHERE {{ ?s <{NAME}> ?n }}')
    store.commit()
    assert set(graph.objects(node)) == {URIRef(f"{ONTOLOGY}Association"), Literal("Le Lavoir", lang="fr")}


def test_sparqlwrapper_asks_and_updates(running: Running, secret: str) -> None:
    wrapper = SPARQLWrapper(address(running, "/sparql"))
    wrapper.setQuery(f"SELECT (COUNT(*) AS ?n) {{ ?s a <{ONTOLOGY}Commune> }}")
    wrapper.setReturnFormat(JSON)
    assert int(wrapper.queryAndConvert()["results"]["bindings"][0]["n"]["value"]) > 100
    wrapper.addCustomHttpHeader("Authorization", f"Bearer {secret}")
    wrapper.setMethod(POST)
    wrapper.setQuery(f"INSERT DATA {{ GRAPH <{BASE}graphs/wrapper> {{ {MILL.replace('moulin', 'four')} }} }}")
    assert json.loads(wrapper.query().response.read())["added"] == 2


@pytest.mark.parametrize("form", [XML, TURTLE, N3, RDFXML, JSONLD])
def test_sparqlwrapper_takes_a_graph_in_each_format_that_it_knows(form: str, running: Running) -> None:
    wrapper = SPARQLWrapper(address(running, "/sparql"))
    wrapper.setQuery(f"CONSTRUCT {{ ?c a <{ONTOLOGY}Commune> }} WHERE {{ ?c a <{ONTOLOGY}Commune> }} LIMIT 3")
    wrapper.setReturnFormat(form)
    answer = wrapper.queryAndConvert()
    graph = answer if isinstance(answer, Graph) else Graph().parse(data=answer)
    assert len(graph) == 3


# What the service does on its own


def send(running: Running, secret: str, text: str, **headers: str) -> tuple[int, dict]:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/sparql-update", **headers}
    connection.request("POST", "/sparql", text.encode(), headers)
    response = connection.getresponse()
    told = json.loads(response.read())
    connection.close()
    return response.status, told


def test_an_update_calls_an_endpoint_of_the_list(running: Running, secret: str, elsewhere: Elsewhere) -> None:
    where = f"SERVICE <{elsewhere.iri}/sparql> {{ ?s ?p ?x }}"
    text = f"INSERT {{ GRAPH <{BASE}graphs/loin> {{ <{BASE}id/actor/loin> a <{ONTOLOGY}Association> ; <{NAME}> ?n }} }}"
    status, told = send(running, secret, f"{text} WHERE {{ {where} BIND(STRLANG(?x, 'fr') AS ?n) }}")
    if told.get("details", {}).get("reason") == "no-network":
        pytest.skip("this system gives a process no network of its own, so SERVICE stays refused")
    assert (status, told.get("added")) == (200, 2), told


def test_load_reads_a_document_of_the_list(running: Running, secret: str, elsewhere: Elsewhere) -> None:
    graph = f"{BASE}graphs/charge"
    status, told = send(running, secret, f"LOAD <{elsewhere.iri}/open/to/open/mill.ttl> INTO GRAPH <{graph}>")
    assert (status, told.get("added")) == (200, 3), told
    assert f"{elsewhere.iri}/open/mill.ttl#here" in running.get("/graphs/charge")[1].decode(), "relative to the document"


@pytest.mark.parametrize(
    "path", ["/secret", "/open/../secret", "/open/%2e%2e/secret", "/open/to/secret", "/open/none.ttl", "/open"]
)
def test_load_reads_nothing_else(path: str, running: Running, secret: str, elsewhere: Elsewhere) -> None:
    elsewhere.paths.clear()
    status, told = send(running, secret, f"LOAD <{elsewhere.iri}{path}> INTO GRAPH <{BASE}graphs/charge-2>")
    assert (status, told["type"].rpartition("#")[2]) == (400, "load-refused")
    assert not {"/secret", "/open/../secret", "/open/%2e%2e/secret"} & set(elsewhere.paths)


def test_a_trusted_proxy_tells_whose_request_it_is(running: Running, secret: str, data: Path) -> None:
    send(running, secret, "CLEAR DEFAULT", **{"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    assert list(Tokens(data, BASE).uses())[-1]["client"] == "203.0.113.9"


def upload(running: Running, headers: dict[str, str], size: int) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=60)
    try:
        connection.request("PUT", "/graphs/long", b"#" * size, {"Content-Type": "text/turtle", **headers})
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError):
        return connection.getresponse().status
    finally:
        connection.close()


def test_a_body_is_no_longer_than_allowed(running: Running, secret: str) -> None:
    bearer = {"Authorization": f"Bearer {secret}"}
    assert upload(running, bearer, 6_000_000) == 413
    assert upload(running, bearer, 1_000_000) == 200, "a comment alone: an empty graph that was not there"
    assert upload(running, {}, 3_000_000) == 401
    assert upload(running, {}, 4_500_000) == 413, "without a token, no more than a query is taken in"


def refused_at_once(running: Running, head: str) -> tuple[int, dict[str, Any]]:
    """The answer to a request of which the header alone was sent."""
    with socket.create_connection(("127.0.0.1", running.port), timeout=20) as client:
        client.sendall(f"PUT /graphs/long HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/turtle\r\n{head}\r\n\r\n".encode())
        response = http.client.HTTPResponse(client)
        response.begin()
        return response.status, json.loads(response.read())


@pytest.mark.parametrize("length", ["Content-Length: 5500000", "Transfer-Encoding: chunked"])
@pytest.mark.parametrize("expect", ["", "\r\nExpect: 100-continue"])
@pytest.mark.parametrize(
    ("shown", "key"),
    [
        (f"Bearer maillage_00000000_{'x' * 43}", "token-refused"),
        ("Bearer anything", "token-refused"),
        ("Basic YTpi", "token-missing"),
        ("Bearer", "token-missing"),
    ],
)
def test_a_token_that_does_not_count_is_told_before_a_long_body_is_read(
    shown: str, key: str, expect: str, length: str, running: Running
) -> None:
    status, told = refused_at_once(running, f"Authorization: {shown}\r\n{length}{expect}")
    assert (status, told["type"].rpartition("#")[2], set(told["explanations"])) == (401, key, {"fr", "en"})


def test_a_revoked_token_is_no_longer_one(running: Running, data: Path) -> None:
    made, text = Tokens(data, BASE).create("Pour un temps", ["*"])
    assert upload(running, {"Authorization": f"Bearer {text}"}, 4_500_000) in (200, 201)
    Tokens(data, BASE).revoke(made.id)
    assert refused_at_once(running, f"Authorization: Bearer {text}\r\nContent-Length: 4500000")[0] == 401


README = Path(__file__).parents[2] / "README.md"


def test_the_python_of_the_readme_runs(running: Running, secret: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", README.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    (tmp_path / "token").write_text(secret + "\n", encoding="utf-8")
    graph = f"INSERT DATA {{ GRAPH <{BASE}graphs/mill> {{ {MILL.replace('moulin', 'mill')} }} }}"
    assert send(running, secret, graph)[0] == 200
    monkeypatch.chdir(tmp_path)
    code = code.replace(f"{BASE}sparql", address(running, "/sparql"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.stderr == ""
    count, name = done.stdout.split("\n", 1)
    assert int(count) > 1000
    assert name == "Le Moulin\n"
    assert "acronym" in running.get("/graphs/mill")[1].decode()
