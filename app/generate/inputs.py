"""The communes and themes that synthetic data refer to, read from the seed's and the ontology's Turtle; it invents none."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pyoxigraph as ox

from app.resources import folder
from app.terms import MAILLAGE

COMMUNE, POPULATION, THEME = (ox.NamedNode(str(MAILLAGE[name])) for name in ("Commune", "population", "Theme"))


class Commune(NamedTuple):
    """A commune by its IRI, with its number of inhabitants."""

    iri: str
    population: int


def read_communes(path: Path | None = None) -> list[Commune]:
    """The communes of a Turtle file in its order; without a path, of the seed, whose 22,000 triples take a tenth of a second."""
    populations: dict[str, int] = {}
    communes: list[str] = []
    for triple in _triples(path or folder("seed") / "territories.ttl.gz"):
        subject = str(getattr(triple.subject, "value", ""))
        if triple.object == COMMUNE:
            communes.append(subject)
        elif triple.predicate == POPULATION:
            populations[subject] = int(str(getattr(triple.object, "value", 0)))
    return [Commune(iri, populations[iri]) for iri in communes if iri in populations]


def read_themes(path: Path | None = None) -> list[str]:
    """The IRIs of the themes in a Turtle file, in its order; without a path, of the ontology."""
    triples = _triples(path or folder("ontology") / "themes.ttl")
    return [str(getattr(triple.subject, "value", "")) for triple in triples if triple.object == THEME]


def _triples(path: Path) -> Iterator[ox.Quad]:
    """The statements of a ``.ttl`` or ``.ttl.gz`` file."""
    content = path.read_bytes()
    text = gzip.decompress(content) if path.suffix == ".gz" else content
    yield from ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="http://localhost/")
