"""The catalogue put to a small graph that a person can read: Turtle files, the ontology, the themes, and derived links."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyoxigraph as ox

from app.entities.questions import Questions
from app.queries import Catalogue
from app.queries.rules import Rules
from app.resources import folder

BASE = "http://localhost:8000/"
CATALOGUE = Catalogue.load(folder("queries"))


def store_of(*paths: Path, text: str = "") -> ox.Store:
    """The merge of some files and the ontology, with the derived links."""
    store = ox.Store()
    for path in sorted(folder("ontology").glob("*.ttl")):
        store.load(path=str(path))
    for path in paths:
        store.load(path=str(path), base_iri=BASE)
    if text:
        store.load(text.encode(), format=ox.RdfFormat.TURTLE, base_iri=BASE)
    links = Rules.of(CATALOGUE).all_links(store.query)
    store.extend(ox.Quad(link.subject, link.predicate, link.object) for link in links)
    return store


def questions_on(store: ox.Store) -> Questions:
    """The catalogue's questions, answered by a store in memory."""

    def rows(text: str) -> list[dict[str, object]]:
        found = store.query(text)
        names = [variable.value for variable in found.variables]
        return [{name: row[name] for name in names if row[name] is not None} for row in found]

    return Questions(CATALOGUE, rows, lambda text: list(store.query(text)))


def short(iris: Iterable[str]) -> list[str]:
    """IRIs without the base: ``actor/cantine``."""
    return [iri.removeprefix(f"{BASE}id/") for iri in iris]
