"""One store whose default graph is the stored one, and the site over it: the suites run through our own HTTP code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
from flask.testing import FlaskClient

from app.assembly import load_catalogue, load_shapes, load_vocabulary
from app.engine.changes import Change
from app.engine.direct import DirectEngine
from app.engine.rule import Retention
from app.engine.versions import Options, Repository
from app.settings import Settings
from app.tokens import Tokens
from app.web import create_app

BASE = "http://localhost:8000/"


class Service:
    """The site over one store, its content as a test wants it, and the token of who writes."""

    def __init__(self, folder: Path) -> None:
        settings = Settings(data=folder, default_graph="stored")
        self.repository = Repository(folder, BASE, options=Options(stored_default=True, keep=Retention(3)))
        vocabulary = load_vocabulary()
        self.engine = DirectEngine(self.repository)
        site = create_app(self.engine, settings, vocabulary, load_shapes(vocabulary), load_catalogue(), self.repository)
        self.client: FlaskClient = site.test_client()
        self.headers = {"Authorization": f"Bearer {Tokens(folder, BASE).create('W3C', ['*'])[1]}"}

    def hold(self, quads: Iterable[ox.Quad]) -> None:
        """Have the store hold these quads and no others."""
        wanted = frozenset(quads)
        with self.repository.transaction("W3C", "state before a test") as transaction:
            transaction.apply(Change(wanted, frozenset(transaction.lookup.quads()) - wanted))
            transaction.commit()

    def quads(self) -> frozenset[ox.Quad]:
        with self.repository.reader() as reader:
            return frozenset(reader.quads())


@pytest.fixture(scope="session")
def w3c_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    service = Service(tmp_path_factory.mktemp("w3c") / "data")
    service.hold([ox.Quad(*(ox.NamedNode("urn:w3c:first"),) * 3)])
    yield service
    service.engine.close()
