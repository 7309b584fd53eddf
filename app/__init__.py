"""Maillage: a versioned, validated knowledge graph of a territory's actors, with SPARQL and pages over it."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("maillage")
except PackageNotFoundError:  # running from a source tree that was never installed
    __version__ = "0.0.0+source"
