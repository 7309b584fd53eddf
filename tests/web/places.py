"""A store of its own with a gate, the site over it, and a token: for tests that write over HTTP."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.assembly import DerivedLinks, load_catalogue, load_shapes, load_vocabulary
from app.engine.versions import Options, Repository
from app.queries.rules import Rules
from app.settings import Settings
from app.shapes.gate import Gate
from app.tokens import Tokens
from tests.web.writing import BASE, actor, publish, site

FORM = "application/x-www-form-urlencoded"
TEXT = "application/sparql-update"
ONTOLOGY = "https://w3id.org/maillage/ontology#"
PREFIXES = f"PREFIX m: <{ONTOLOGY}> PREFIX a: <{BASE}id/actor/> PREFIX g: <{BASE}graphs/>\n"


@cache
def judges() -> tuple[Gate, DerivedLinks]:
    return Gate(load_shapes(load_vocabulary()), BASE), DerivedLinks(Rules.of(load_catalogue()))


class Place:
    """A store of its own, its site, and who writes to it."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        base = Settings(data=folder / "data", **settings)
        self.repository = Repository(base.data, BASE, *judges(), options=Options(wait_seconds=0.5))
        publish(self.repository, folder, actor("ruche", "La Ruche"), "début", "annuaire")
        self.tokens = Tokens(base.data, BASE)
        self.site = site(self.repository, base)
        self.client: FlaskClient = self.site.test_client()
        self.secret = self.tokens.create("Annuaire ESS", ["*"])[1]

    def update(self, text: str, *, secret: str | None = None, accept: str = "application/json", **query: Any) -> TestResponse:
        headers = {"Authorization": f"Bearer {secret or self.secret}", "Accept": accept}
        return self.client.post("/sparql", data=PREFIXES + text, content_type=TEXT, headers=headers, query_string=query)

    def send(self, method: str, path: str, data: Any, type_: str | None, **more: Any) -> TestResponse:
        """A request of the graph store, with the token unless ``headers`` have another."""
        headers = {"Authorization": f"Bearer {self.secret}", **more.pop("headers", {})}
        return self.client.open(path, method=method, data=data, content_type=type_, headers=headers, **more)

    def quads(self) -> set[str]:
        with self.repository.reader() as reader:
            return {str(quad) for quad in reader.quads() if quad.graph_name != ox.DefaultGraph()}

    def merged(self) -> set[str]:
        with self.repository.reader() as reader:
            return {str(quad.triple) for quad in reader.quads(graph=ox.DefaultGraph())}

    @property
    def newest(self) -> int:
        return self.repository.current_number()
