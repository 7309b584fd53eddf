"""A small observatory in memory, an engine that answers on it, and the site over both, for every test of the web and the browser."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.engine.asks import Answer, Ask, Gone
from app.errors import NoSuchVersion, NotAcceptable, QuerySyntax
from app.media import CSV, TSV
from app.queries import Catalogue, Rules
from app.resources import folder
from app.settings import Settings
from app.shapes import Shapes
from app.vocabulary import Vocabulary
from app.web import create_app

BASE = "http://localhost:8000/"
DATA = Path(__file__).parent / "web" / "observatory.ttl"


class MemoryEngine:
    """An :class:`app.engine.asks.Engine` over a store in memory, for tests that need no worker and no disk."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self.asked: list[Ask] = []

    def version(self) -> int:
        return 1

    def status(self) -> Mapping[str, Any]:
        return {"kind": "memory"}

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        self.asked.append(ask)
        if ask.version not in (None, 1):
            raise NoSuchVersion(version=ask.version, newest=1)
        try:
            result = self._store.query(
                ask.query,
                default_graph=[ox.NamedNode(g) for g in ask.default_graphs] or None,
                named_graphs=[ox.NamedNode(g) for g in ask.named_graphs] or None,
            )
        except SyntaxError as error:
            raise QuerySyntax(line=error.lineno, column=error.offset, reason=error.msg) from error
        return _written(result, ask)


def _written(result: Any, ask: Ask) -> Answer:
    body = io.BytesIO()
    if isinstance(result, ox.QueryTriples):
        if ask.graph is None:
            raise NotAcceptable(offered="text/turtle")
        triples = list(result)
        ox.serialize(triples, body, ox.RdfFormat.from_media_type(ask.graph))
        return _answer("graph", ask.graph, len(triples), body)
    if ask.solutions is None:
        raise NotAcceptable(offered="application/sparql-results+json")
    if isinstance(result, ox.QueryBoolean):
        if ask.solutions in (CSV.media_type, TSV.media_type):
            body.write(b"true" if result else b"false")
        else:
            result.serialize(body, ox.QueryResultsFormat.from_media_type(ask.solutions))
        return _answer("boolean", ask.solutions, 1, body)
    result.serialize(body, ox.QueryResultsFormat.from_media_type(ask.solutions))
    return _answer("solutions", ask.solutions, body.getvalue().count(b"\n"), body)


def _answer(kind: Any, media_type: str, rows: int, body: io.BytesIO) -> Answer:
    size = body.tell()
    body.seek(0)
    return Answer(kind, media_type, 1, rows, 0.001, body, size)


def observatory(extra: ox.Store | None = None) -> ox.Store:
    """The store of the tests: each source in its graph, the derived links, and the merge as the default graph."""
    store = ox.Store()
    _load(store, DATA, "lettre")
    for path in sorted(folder("ontology").glob("*.ttl")):
        _load(store, path, "ontology")
    store.extend(extra or ())
    store.extend([ox.Quad(*quad.triple, ox.DefaultGraph()) for quad in store])
    rules = Rules.of(Catalogue.load(folder("queries")))
    derived = ox.NamedNode(f"{BASE}graphs/derived")
    for link in rules.all_links(store.query):
        store.add(ox.Quad(*link, derived))
        store.add(ox.Quad(*link, ox.DefaultGraph()))
    return store


def _load(store: ox.Store, path: Path, source: str) -> None:
    store.load(path=str(path), base_iri=BASE, to_graph=ox.NamedNode(f"{BASE}graphs/{source}"))
