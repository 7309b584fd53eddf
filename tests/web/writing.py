"""Small stores of invented actors and the site over them, for tests that need versions of their own."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox
from flask import Flask
from jinja2.bccache import Bucket, BytecodeCache

from app.assembly import Definitions, load_indexes
from app.engine.direct import DirectEngine
from app.engine.versions import Repository, Version
from app.settings import Settings
from app.web import create_app

BASE = "http://localhost:8000/"
_ONTOLOGY = "https://w3id.org/maillage/ontology#"
_DEFINITIONS = Definitions()
_TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def stored(data: Path) -> Repository:
    """A store whose versions have all their indexes."""
    return Repository(data, BASE, indexes=load_indexes(_DEFINITIONS.read_vocabulary))


def actor(name: str, label: str) -> list[ox.Triple]:
    """An association and its French name."""
    node = ox.NamedNode(f"{BASE}id/actor/{name}")
    return [
        ox.Triple(node, _TYPE, ox.NamedNode(f"{_ONTOLOGY}Association")),
        ox.Triple(node, ox.NamedNode(f"{_ONTOLOGY}name"), ox.Literal(label, language="fr")),
    ]


def publish(store: Repository, folder: Path, triples: Iterable[ox.Triple], message: str, source: str = "lettre") -> Version:
    """A version in which a source says exactly this."""
    path = folder / "publish.nt"
    path.write_bytes(ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES) or b"")
    with store.transaction("tests", message) as transaction:
        transaction.replace_graph(f"{BASE}graphs/{source}", path)
        version = transaction.commit()
    assert version is not None
    return version


class _Compiled(BytecodeCache):
    """Templates, compiled once for all sites of a process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._kept:
            bucket.bytecode_from_string(self._kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


def site(store: Repository, settings: Settings | None = None) -> Flask:
    """The whole site over a store; the engine is in this process."""
    told = _DEFINITIONS
    app = create_app(DirectEngine(store), settings or Settings(), told.vocabulary, told.shapes, told.catalogue, store)
    app.jinja_env.bytecode_cache = _COMPILED
    return app
