"""The service's settings, from ``maillage.toml`` and the environment; a wrong one is refused with its name and remedy."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.errors import SettingsError

FILE = "maillage.toml"
PREFIX = "MAILLAGE_"


def _setting(default: Any, doc: str, *, least: float | None = None) -> Any:
    return field(default=default, metadata={"doc": doc, "least": least})


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default; the environment's name is the field's in capitals after ``MAILLAGE_``."""

    data: Path = _setting(Path("data"), "folder of the store")
    base_iri: str = _setting("http://localhost:8000/", "first part of the data's own IRIs; ends with /")
    host: str = _setting("127.0.0.1", "address to listen on")
    port: int = _setting(8000, "port to listen on", least=0)
    web_processes: int = _setting(2, "web server processes", least=1)
    web_threads: int = _setting(16, "threads of each web process", least=1)
    query_seconds: float = _setting(10.0, "time limit of one public query, in seconds", least=0.1)
    query_memory_mb: int = _setting(512, "memory one public query may add to its worker, in MB", least=16)
    query_rows: int = _setting(100_000, "rows (or triples) of one result", least=1)
    query_bytes_mb: int = _setting(100, "size of one result, in MB", least=1)
    query_characters: int = _setting(100_000, "length of a query's text", least=100)
    query_depth: int = _setting(100, "nesting of brackets in a query", least=5)
    query_workers: int = _setting(2, "worker processes for public queries", least=1)
    query_queue: int = _setting(64, "public queries that may wait", least=1)
    query_queue_seconds: float = _setting(10.0, "longest wait before a query starts, in seconds", least=0.1)
    query_per_client: int = _setting(8, "public queries of one client at a time", least=1)
    page_workers: int = _setting(2, "worker processes that pages have for themselves", least=1)
    page_seconds: float = _setting(10.0, "time limit of one query of a page, in seconds", least=0.1)
    service_allow: tuple[str, ...] = _setting((), "SPARQL endpoints that SERVICE may call; none by default")
    site_name: str = _setting("Maillage", "the observatory's name, shown on every page")
    keep_versions: int = _setting(50, "newest versions that pruning keeps", least=1)

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
        """Settings of ``maillage.toml`` in ``folder`` (the current one), then of the environment, which wins.

        Raises :class:`app.errors.SettingsError` for an unknown name in the file or a value that cannot be used.
        """
        values = dict(_read_file((folder or Path.cwd()) / FILE))
        known = {f.name for f in fields(cls)}
        for name in known:
            raw = environment.get(PREFIX + name.upper())
            if raw is not None and raw.strip():
                values[name] = raw.strip()
        for name in values:
            if name not in known:
                raise SettingsError(name=name, value=str(values[name]), reason="unknown")
        return cls(**{name: _convert(cls, name, value) for name, value in values.items()})


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(name=str(path), value="", reason="not-toml") from error


def _convert(owner: type[Settings], name: str, value: Any) -> Any:
    declared = next(f for f in fields(owner) if f.name == name)
    kind = type(declared.default)
    try:
        converted = _as(kind, value)
    except (TypeError, ValueError) as error:
        raise SettingsError(name=name, value=str(value), reason=f"not-{kind.__name__.lower()}") from error
    least = declared.metadata["least"]
    if least is not None and converted < least:
        raise SettingsError(name=name, value=str(value), reason="too-small")
    if name == "base_iri":
        return _base_iri(converted)
    if name == "service_allow":
        for iri in converted:
            _check_http(name, iri)
    return converted


def _as(kind: type, value: Any) -> Any:
    if kind is tuple:
        parts = value.split(",") if isinstance(value, str) else list(value)
        return tuple(part.strip() for part in parts if part.strip())
    if kind.__name__.endswith("Path"):
        return Path(value)
    if isinstance(value, bool):
        raise TypeError(value)
    return kind(value)


def _base_iri(iri: str) -> str:
    _check_http("base_iri", iri)
    if not iri.endswith("/") or set(iri) & set('<>"{}|\\^` #?'):
        raise SettingsError(name="base_iri", value=iri, reason="not-base")
    return iri


def _check_http(name: str, iri: str) -> None:
    try:
        parts = urlsplit(iri)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not set(iri) & set('<>"{}|\\^` ')
        _ = parts.port
    except ValueError:
        usable = False
    if not usable:
        raise SettingsError(name=name, value=iri, reason="not-http")
