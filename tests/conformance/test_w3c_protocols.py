"""The W3C's cases for the SPARQL Protocol and the Graph Store Protocol, sent as their manifests say; skipped where those are not
at hand.

A graph's blank nodes come back as IRIs of ours (RDF 1.1 Concepts §3.5), and are read as blank nodes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from rdflib import RDFS, Graph, Namespace
from rdflib.collection import Collection
from rdflib.term import Node
from werkzeug.test import TestResponse

from tests.conformance import w3c
from tests.conformance.conftest import BASE, Service
from tests.conformance.w3c import MF, UT

HT = Namespace("http://www.w3.org/2011/http#")
CNT = Namespace("http://www.w3.org/2011/content#")
STATUSES = {"OK": 200, "Created": 201, "NoContent": 204, "NotFound": 404}
ADDRESSES = (("/sparql/", "/sparql"), ("/gsp", "/graphs"))


@dataclass(frozen=True)
class Exchange:
    """One request of a case, and what its response must be."""

    manifest: Graph
    request: Node

    def of(self, subject: Node | None, predicate: Node) -> str | None:
        found = self.manifest.value(subject, predicate)  # type: ignore[arg-type]
        return None if found is None else str(found)

    def headers(self, message: Node | None) -> dict[str, str]:
        listed = self.manifest.value(message, HT.headers)
        told = Collection(self.manifest, listed) if listed else ()
        return {str(self.of(one, HT.fieldName)).lower(): str(self.of(one, HT.fieldValue)) for one in told}

    def body(self, message: Node | None) -> bytes:
        content = self.manifest.value(message, HT.body)
        encoding = (self.of(content, CNT.characterEncoding) or "UTF-8").lower()
        return (self.of(content, CNT.chars) or "").encode(encoding)

    @property
    def response(self) -> Node | None:
        return self.manifest.value(self.request, HT.resp)

    def send(self, service: Service, known: dict[str, str]) -> TestResponse:
        path = filled(str(self.of(self.request, HT.absolutePath)), known)
        for theirs, ours in ADDRESSES:
            path = path.replace(theirs, ours, 1) if path.startswith(theirs) else path
        headers = {**self.headers(self.request), **service.headers}
        type_ = headers.pop("content-type", None)
        data = filled(self.body(self.request).decode("latin-1"), known).encode("latin-1")
        return service.client.open(
            path.removeprefix(BASE.rstrip("/")),
            method=str(self.of(self.request, HT.methodName)),
            data=data,
            content_type=type_,
            headers=headers,
        )

    def check(self, response: TestResponse, known: dict[str, str]) -> None:
        wanted = {str(one).rpartition("#")[2] for one in self.manifest.objects(self.response, MF.expectedStatus)}
        assert any(fits(response.status_code, name) for name in wanted), (response.status, response.text)
        if (place := self.of(self.response, MF.expectedLocation)) is not None:
            known[place] = response.headers["Location"]
        if (truth := self.of(self.response, MF.expectedBoolean)) is not None:
            form = ox.QueryResultsFormat.from_media_type(response.mimetype)
            assert form is not None
            assert w3c.solutions(response.data, form) is (truth == "true")
        kinds = {"boolean": "sparql-results", "tabular": "sparql-results", "RDF": "turtle"}
        if (form_ := self.of(self.response, MF.expectedFormat)) is not None:
            assert kinds[form_] in response.mimetype
        if body := self.body(self.response):
            assert w3c.same_graph(turtle(body, known), map(unnamed, turtle(response.data, {})))


def filled(text: str, known: dict[str, str]) -> str:
    for variable, value in known.items():
        text = text.replace(variable, value)
    return text


def fits(status: int, name: str) -> bool:
    return str(status)[0] == name[-3] if name.endswith("xx") else STATUSES[name] == status


def turtle(body: bytes, known: dict[str, str]) -> Iterator[ox.Quad]:
    return iter(ox.parse(filled(body.decode(), known), ox.RdfFormat.TURTLE, base_iri=BASE))


def unnamed(quad: ox.Quad) -> ox.Quad:
    """The quad with its blank nodes again."""

    def back(term: Any) -> Any:
        is_ours = isinstance(term, ox.NamedNode) and term.value.startswith(f"{BASE}id/node/")
        return ox.BlankNode(term.value.rpartition("/")[2]) if is_ours else term

    return ox.Quad(back(quad.subject), quad.predicate, back(quad.object), quad.graph_name)


@dataclass(frozen=True)
class Conversation:
    """The requests of one case, in order, on a store that holds ``before``."""

    name: str
    exchanges: tuple[Exchange, ...]
    before: tuple[tuple[str, Path], ...]


def conversations(path: str) -> list[Conversation]:
    file = w3c.SUITE / "sparql11" / path
    if not file.is_file():
        return []
    manifest = w3c.parsed(file)
    found = []
    for entry in dict.fromkeys(manifest.subjects(MF.action, None)):
        action = manifest.value(entry, MF.action)
        listed = manifest.value(action, HT.requests)
        requests = tuple(Exchange(manifest, one) for one in Collection(manifest, listed))
        data = [(manifest.value(one, RDFS.label), manifest.value(one, UT.graph)) for one in manifest.objects(entry, UT.graphData)]
        before = tuple((str(label), w3c.path_of(graph)) for label, graph in data)
        found.append(Conversation(f"{file.stem}/{str(entry).rpartition('#')[2]}", requests, before))
    return sorted(found, key=lambda one: one.name)


CASES = [
    *conversations("protocol/manifest.ttl"),
    *conversations("graph-store-protocol/manifest-indirect.ttl"),
    *conversations("graph-store-protocol/manifest-direct.ttl"),
]


def test_the_suite_is_at_hand() -> None:
    if not CASES:
        pytest.skip(w3c.ABSENT)
    assert len(CASES) > 40


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_each_request_is_answered_as_the_suite_says(case: Conversation, w3c_service: Service) -> None:
    w3c_service.hold(w3c.dataset(w3c.State((), case.before)))
    known: dict[str, str] = {}
    for exchange in case.exchanges:
        exchange.check(exchange.send(w3c_service, known), known)
