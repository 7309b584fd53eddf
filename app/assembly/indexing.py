"""The derived indexes that every version is published with; each is made by the package that reads it."""

from __future__ import annotations

import hashlib

from app import folding
from app.assembly.definitions import digest, load_vocabulary
from app.citing.description import DescriptionIndex
from app.discovery.index import NetworkIndex
from app.discovery.matching.index import MarketIndex
from app.engine.lookup import Index
from app.facts import FactsIndex
from app.resources import folder
from app.search import Classes, SearchIndex


def load_indexes() -> tuple[Index, ...]:
    """All indexes, in the order in which they are written."""
    return (
        NetworkIndex([folder("ontology") / name for name in ("maillage.ttl", "codes.ttl")], load_vocabulary),
        SearchIndex(Classes(load_vocabulary), digest()),
        DescriptionIndex(),
        FactsIndex(f"5 {folding.FORM} {_classes()}", load_vocabulary),
        MarketIndex(),
    )


def _classes() -> str:
    """A short name for the present classes and links of the ontology."""
    return hashlib.sha256((folder("ontology") / "maillage.ttl").read_bytes()).hexdigest()[:16]
