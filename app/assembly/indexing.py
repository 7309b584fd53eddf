"""The derived indexes that every version is published with; each is made by the package that reads it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from app import folding
from app.assembly.definitions import Definitions, digest
from app.citing.description import DescriptionIndex
from app.discovery.index import NetworkIndex
from app.discovery.matching.index import MarketIndex
from app.engine.lookup import Index
from app.facts import FactsIndex
from app.resources import folder
from app.search import Classes, SearchIndex
from app.vocabulary import Vocabulary


def load_indexes(vocabulary: Callable[[], Vocabulary] | None = None) -> tuple[Index, ...]:
    """All indexes, in the order in which they are written; unless a vocabulary is given, they share one, read when needed."""
    vocabulary = vocabulary or Definitions().read_vocabulary
    return (
        NetworkIndex([folder("ontology") / name for name in ("maillage.ttl", "codes.ttl")], vocabulary),
        SearchIndex(Classes(vocabulary), digest()),
        DescriptionIndex(),
        FactsIndex(f"5 {folding.FORM} {_classes()}", vocabulary),
        MarketIndex(),
    )


def _classes() -> str:
    """A short name for the present classes and links of the ontology."""
    return hashlib.sha256((folder("ontology") / "maillage.ttl").read_bytes()).hexdigest()[:16]
