"""Erasing from a store that is served: no process shows what it had kept, in any version, nor takes it for unchanged."""

from __future__ import annotations

import gzip
import http.client
from pathlib import Path
from urllib.parse import quote

import pytest

from app.cli import OK
from tests.cli.conftest import BASE, Command
from tests.cli.test_serving import Running, service

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are found in /proc")

WORD, PLACE = "Quidamoiseau", "Bellecombe-sur-Oubli"
IRI = f"{BASE}id/actor/zephirine"
TURTLE = f"""
@prefix maillage: <https://w3id.org/maillage/ontology#> .
<id/actor/zephirine> a maillage:Association ; maillage:name "Zéphirine {WORD}"@fr ; maillage:description "Née à {PLACE}."@fr .
<id/actor/cercle> a maillage:Association ; maillage:name "Le Cercle"@fr ; maillage:webPage <https://cercle.example/> .
"""
TEXTS = quote(f"SELECT ?text WHERE {{ <{IRI}> ?p ?text }}")
WITH_TEXTS = (
    "/actor/zephirine",
    "/actor/zephirine.ttl",
    "/actor.csv?q=quidamoiseau",
    "/search?q=quidamoiseau",
    "/search.json?q=quidamoiseau",
    f"/sparql?query={TEXTS}",
    f"/sparql?query={TEXTS}&format=html",
    "/graphs/cercle",
    "/graphs?default",
    "/dumps/cercle.nq.gz",
)
ALWAYS = ("/versions/2", f"/history?iri={quote(IRI)}", f"/history.json?iri={quote(IRI)}")
ROUNDS = 4
"""Requests for each address, so that every web process has been asked."""

Seen = tuple[int, str, str]


def ask(running: Running, path: str, known: str = "") -> Seen:
    """Status, tag and text of an answer; a redirection is followed."""
    connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=30)
    try:
        accept = "text/turtle" if path.startswith("/graphs") else "text/html,*/*;q=0.5"
        connection.request("GET", path, headers={"Accept": accept} | ({"If-None-Match": known} if known else {}))
        response = connection.getresponse()
        body, target = response.read(), response.getheader("Location")
        if target is not None:
            return ask(running, target.removeprefix(BASE.rstrip("/")), known)
        text = gzip.decompress(body) if path.startswith("/dumps") and body else body
        return response.status, response.getheader("ETag", ""), text.decode()
    finally:
        connection.close()


def in_version(path: str, version: int) -> str:
    return f"{path}{'&' if '?' in path else '?'}version={version}"


def test_what_a_served_store_has_kept_is_let_go(store: Path, workplace: Path, maillage: Command) -> None:
    (workplace / "cercle.ttl").write_text(TURTLE, encoding="utf-8")
    assert maillage("import", "cercle.ttl").code == OK
    with service(store) as running:
        before = {path: ask(running, path) for path in (*WITH_TEXTS, *ALWAYS)}
        before |= {path: ask(running, path) for one in WITH_TEXTS for path in [in_version(one, 2)]}
        for path, (status, tag, text) in before.items():
            assert (status, WORD in text) == (200, True), path
            assert ask(running, path, tag)[0] == (304 if tag else 200), path
            for _ in range(ROUNDS):
                ask(running, path)
        done = maillage("erase", IRI, "--yes", "--json")
        assert done.code == OK, done.error
        assert [(one["versions"], one["waiting"]) for one in done.document] == [([2], [])]
        for path, (_, tag, _) in before.items():
            for known in (["", tag] if tag else [""]) * ROUNDS:
                status, now, text = ask(running, path, known)
                assert status != 304, path
                assert WORD not in text, path
                assert PLACE not in text, path
                assert now != tag or not tag, path
