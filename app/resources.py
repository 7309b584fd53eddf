"""Where the data folders (ontology, shapes, queries, seed) are: beside ``app`` in a source tree, inside it in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """The folder ``ontology``, ``shapes``, ``queries`` or ``seed``."""
    packed = _PACKAGE / "_data" / name
    return packed if packed.is_dir() else _PACKAGE.parent / name
