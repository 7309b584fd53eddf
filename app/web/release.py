"""Which release this is: the package's version with a digest of what pages are made from, so that caches are exact."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from app.resources import folder
from app.settings import Settings

_SUFFIXES = {".py", ".html", ".css", ".svg", ".js", ".toml", ".ttl", ".rq"}


_UNSEEN = {"host", "port"}
"""Where the service listens; its pages tell the base IRI."""


def manner(release: str, settings: Settings) -> str:
    """What pages are made by besides the data, as a digest: the release and the settings."""
    shown = {name: value for name, value in asdict(settings).items() if name not in _UNSEEN}
    return hashlib.sha256(json.dumps([release, shown], default=str, sort_keys=True).encode()).hexdigest()


def release() -> str:
    """``0.1.0+1f2e3d4c``."""
    digest = hashlib.sha256()
    for root in (Path(__file__).resolve().parent.parent, folder("ontology"), folder("shapes"), folder("queries")):
        for path in sorted(p for p in root.rglob("*") if p.suffix in _SUFFIXES):
            digest.update(path.relative_to(root).as_posix().encode())
            digest.update(path.read_bytes())
    try:
        number = version("maillage")
    except PackageNotFoundError:
        number = "0"
    return f"{number}+{digest.hexdigest()[:8]}"
