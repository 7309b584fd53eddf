"""Puts the parts together: a repository with its gate and rules, a store that exists; decides nothing else."""

from app.assembly.definitions import Definitions, digest, load_catalogue, load_shapes, load_vocabulary
from app.assembly.derivation import DerivedLinks
from app.assembly.indexing import load_indexes
from app.assembly.opening import ensure_store, lacking_indexes, open_repository, retention, sources

__all__ = [
    "Definitions",
    "DerivedLinks",
    "digest",
    "ensure_store",
    "lacking_indexes",
    "load_catalogue",
    "load_indexes",
    "load_shapes",
    "load_vocabulary",
    "open_repository",
    "retention",
    "sources",
]
