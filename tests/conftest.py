"""A small observatory on disk and the site over it, shared by several folders; imports are inside: others pay nothing."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    import pyoxigraph as ox
    from flask import Flask
    from flask.testing import FlaskClient

    from app.engine.asks import Answer, Ask, Engine
    from app.engine.versions import Repository
    from tests.web.reading import Page

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

BASE = "http://localhost:8000/"
SLOWEST = {"browser", "cli", "engine", "web"}
"""The folders whose files take longest: they start processes, or wait for a disk."""
OBSERVATORY = Path(__file__).parent / "web" / "observatory.ttl"
HUB_PARTNERSHIPS = 1_000


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Long files first, one of each folder in turn: else one that begins last keeps a single process busy at the end."""
    turns: dict[Path, dict[Path, int]] = defaultdict(dict)
    for item in items:
        files = turns[item.path.parent]
        files.setdefault(item.path, len(files))

    def place(item: pytest.Item) -> tuple[bool, int]:
        return item.path.parent.name not in SLOWEST, turns[item.path.parent][item.path]

    items.sort(key=place)


@pytest.fixture
def disk() -> Iterator[Path]:
    """An empty folder on a disk, also where what tests write is kept in memory."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@pytest.fixture(scope="session")
def observatory(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Two versions of a small invented observatory: the second has forgotten one actor (``disparu``)."""
    from app.assembly import DerivedLinks, load_catalogue, load_indexes
    from app.engine.versions import Repository
    from app.queries.rules import Rules
    from app.resources import folder

    root = tmp_path_factory.mktemp("observatory")
    repository = Repository(root / "data", BASE, None, DerivedLinks(Rules.of(load_catalogue())), indexes=load_indexes())
    ontology = [t for name in ("maillage", "codes", "alignments") for t in _turtle(folder("ontology") / f"{name}.ttl")]
    themes = _turtle(folder("ontology") / "themes.ttl")
    ours = [*_turtle(OBSERVATORY), *_hub()]
    _publish(repository, root, {"ontology": ontology, "themes": themes, "lettre": [*ours, *_gone()]})
    _publish(repository, root, {"lettre": ours})
    return repository


def _publish(repository: Repository, root: Path, sources: dict[str, list[ox.Triple]]) -> None:
    import pyoxigraph as ox

    with repository.transaction("tests", "Import de la lettre du vallon") as transaction:
        for name, triples in sources.items():
            graph = ox.NamedNode(f"{BASE}graphs/{name}")
            path = root / f"{name}.nq"
            path.write_bytes(ox.serialize((ox.Quad(*t, graph) for t in triples), format=ox.RdfFormat.N_QUADS) or b"")
            transaction.replace_graph(graph.value, path)
        transaction.commit()


def _turtle(path: Path) -> list[ox.Triple]:
    """The triples of a file; blank nodes are given names, as an import does."""
    import pyoxigraph as ox

    def named(term: Any) -> Any:
        return ox.NamedNode(f"{BASE}blank/{path.stem}-{term.value}") if isinstance(term, ox.BlankNode) else term

    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE, base_iri=BASE)
    return [ox.Triple(named(q.subject), q.predicate, named(q.object)) for q in quads]


def _hub() -> list[ox.Triple]:
    """An actor with a thousand partnerships."""
    lines = [f'<{BASE}id/actor/carrefour> a m:Association ; m:name "Le Carrefour"@fr .']
    for i in range(HUB_PARTNERSHIPS):
        parts = [f"<{BASE}id/participation/carrefour-{i:04}-{side}>" for side in (0, 1)]
        lines.append(f'<{BASE}id/partnership/carrefour-{i:04}> a m:Partnership ; m:name "la convention no {i}"@fr ;')
        lines.append(f'm:startDate "{2000 + i % 20}"^^x:gYear ; m:participation {parts[0]}, {parts[1]} .')
        for part, actor in zip(parts, ("carrefour", "agglo"), strict=True):
            lines.append(f"{part} a m:Participation ; m:participant <{BASE}id/actor/{actor}> ; m:role <{_CODE}role/signs> .")
    return _triples("\n".join(lines))


def _gone() -> list[ox.Triple]:
    return _triples(f'<{BASE}id/actor/disparu> a m:Association ; m:name "Le Disparu"@fr .')


_CODE = "https://w3id.org/maillage/code/"


def _triples(turtle: str) -> list[ox.Triple]:
    import pyoxigraph as ox

    prefixes = "@prefix m: <https://w3id.org/maillage/ontology#> . @prefix x: <http://www.w3.org/2001/XMLSchema#> .\n"
    return [quad.triple for quad in ox.parse(prefixes + turtle, ox.RdfFormat.TURTLE)]


class CountingEngine:
    """An engine that passes everything on and counts how often it is asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)

    def answer(self, ask: Ask, gone: Callable[[], bool] | None = None) -> Answer:
        self.asked += 1
        return self._engine.answer(ask, gone)


@pytest.fixture(scope="session")
def counted(observatory: Repository) -> Iterator[CountingEngine]:
    from app.engine.direct import DirectEngine

    engine = DirectEngine(observatory)
    yield CountingEngine(engine)
    engine.close()


@pytest.fixture(scope="session")
def app(observatory: Repository, counted: CountingEngine) -> Flask:
    """The site over the observatory; the engine is the one that commands use, in this process."""
    from app.assembly import load_catalogue, load_shapes, load_vocabulary
    from app.settings import Settings
    from app.web import create_app

    vocabulary = load_vocabulary()
    return create_app(counted, Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), observatory)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture
def fetch(client: FlaskClient) -> Callable[..., Page]:
    """An address as a browser asks for it, read as a page."""
    from tests.web.reading import Page

    return lambda path, **request: Page(client.get(path, headers={"Accept": "text/html"}, **request))


@pytest.fixture
def asked(counted: CountingEngine) -> Callable[[], int]:
    """How many queries the engine has been asked so far."""
    return lambda: counted.asked


@pytest.fixture(scope="session")
def seed_app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The site over most of the seed. It is shared: a test that writes makes its own."""
    from tests.web.seeded import seeded

    return seeded(tmp_path_factory.mktemp("seeded"))


@pytest.fixture(scope="session")
def seed_site(seed_app: Flask) -> FlaskClient:
    return seed_app.test_client()


@pytest.fixture(scope="session")
def seen(seed_site: FlaskClient) -> Callable[[str], Page]:
    """A page of the site over the seed."""
    from tests.web.reading import Page

    return lambda path: Page(seed_site.get(path, headers={"Accept": "text/html"}))
