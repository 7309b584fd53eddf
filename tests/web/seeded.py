"""The site over what the seed says, without the gate, for tests of pages that need many real facts."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from tests.conftest import BASE

if TYPE_CHECKING:
    from flask import Flask

GRAPHS = ("territories", "posts-politique-de-la-ville", "observatoire", "cooperatives-de-jeunes", "assemblee-generale")


def seeded(root: Path) -> Flask:
    """An app over one version that holds the ontology, the themes and most of the seed; its engine closes with the process."""
    import pyoxigraph as ox

    from app.assembly import load_catalogue, load_indexes, load_shapes, load_vocabulary
    from app.engine.changes import Change
    from app.engine.direct import DirectEngine
    from app.engine.versions import Repository
    from app.resources import folder
    from app.settings import Settings
    from app.web import create_app
    from tests.engine.versioned import FAST

    files = {"ontology": ["ontology/maillage.ttl", "ontology/codes.ttl"], "themes": ["ontology/themes.ttl", "seed/themes.ttl"]}
    files |= {name: [f"seed/{name}.ttl"] for name in GRAPHS}
    repository = Repository(root / "data", BASE, options=FAST, indexes=load_indexes())
    quads: set[ox.Quad] = set()
    for graph, paths in files.items():
        for name in paths:
            place, _, file = name.partition("/")
            path = folder(place) / file
            text = path.read_bytes() if path.exists() else gzip.decompress(path.with_suffix(".ttl.gz").read_bytes())
            for q in ox.parse(text, ox.RdfFormat.TURTLE, base_iri=BASE):
                if not isinstance(q.subject, ox.BlankNode) and not isinstance(q.object, ox.BlankNode):
                    quads.add(ox.Quad(q.subject, q.predicate, q.object, ox.NamedNode(f"{BASE}graphs/{graph}")))
    with repository.transaction("tests", "Données de départ") as transaction:
        transaction.apply(Change(frozenset(quads)))
        transaction.commit()
    vocabulary = load_vocabulary()
    return create_app(DirectEngine(repository), Settings(), vocabulary, load_shapes(vocabulary), load_catalogue(), repository)
