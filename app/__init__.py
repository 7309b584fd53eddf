"""Maillage: a versioned, validated knowledge graph of a territory's actors, with SPARQL and pages over it."""

from __future__ import annotations


def __getattr__(name: str) -> str:
    """``__version__``, looked up when it is wanted: the metadata take longer to read than a worker may take to start."""
    if name != "__version__":
        raise AttributeError(name)
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("maillage")
    except PackageNotFoundError:  # running from a source tree that was never installed
        return "0.0.0+source"
