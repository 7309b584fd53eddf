"""The service's settings, from ``maillage.toml`` and the environment; a wrong one is refused with its name and remedy.

What each is for is said in ``app/messages/settings.toml``, as ``about-<name>``.
"""

from __future__ import annotations

import math
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from app.errors import SettingsError
from app.events import LEVELS, Level

FILE = "maillage.toml"
PREFIX = "MAILLAGE_"
_HOST = re.compile(r"([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]+)?")
"""A name (an international one in its ``xn--`` form) or an address, and a port."""

Origin = Literal["default", "file", "environment"]


@dataclass(frozen=True)
class Given:
    """A raw value, and where it was found. ``label`` is the name to show when it is refused."""

    value: Any
    origin: Origin
    label: str


def _setting(default: Any, *, least: float | None = None, most: float | None = None, one_of: Sequence[str] = ()) -> Any:
    return field(default=default, metadata={"least": least, "most": most, "one_of": one_of})


@dataclass(frozen=True)
class Settings:
    """Every setting, with its default; the environment's name is the field's in capitals after ``MAILLAGE_``."""

    data: Path = _setting(Path("data"))
    base_iri: str = _setting("http://localhost:8000/")
    host: str = _setting("127.0.0.1")
    port: int = _setting(8000, least=0, most=65535)
    web_processes: int = _setting(2, least=1)
    web_threads: int = _setting(40, least=2)
    query_seconds: float = _setting(10.0, least=0.1)
    query_memory_mb: int = _setting(512, least=16)
    query_rows: int = _setting(100_000, least=1)
    query_bytes_mb: int = _setting(100, least=1)
    query_characters: int = _setting(100_000, least=100)
    query_depth: int = _setting(100, least=5)
    query_workers: int = _setting(2, least=1)
    query_queue: int = _setting(64, least=1)
    query_queue_seconds: float = _setting(10.0, least=0.1)
    query_per_client: int = _setting(8, least=1)
    page_workers: int = _setting(2, least=1)
    page_seconds: float = _setting(10.0, least=0.1)
    cache_mb: int = _setting(128, least=0)
    memory_mb: int = _setting(1_000, least=0)
    columns_mb: int = _setting(2_000, least=0)
    warm_after_seconds: float = _setting(5.0, least=0.0)
    log_level: Level = _setting("warning", one_of=LEVELS)
    service_allow: tuple[str, ...] = _setting(())
    load_allow: tuple[str, ...] = _setting(())
    update_characters: int = _setting(1_000_000, least=100)
    update_seconds: float = _setting(30.0, least=0.1)
    upload_mb: int = _setting(100, least=1)
    upload_seconds: float = _setting(120.0, least=0.1)
    write_memory_mb: int = _setting(1_024, least=64)
    literal_characters: int = _setting(500_000, least=1_000)
    default_graph: str = _setting("merge")
    trusted_proxy: str = _setting("")
    site_name: str = _setting("Maillage")
    legal_publisher: str = _setting("")
    legal_host: str = _setting("")
    legal_contact: str = _setting("")
    correction_url: str = _setting("")
    map_tiles: str = _setting("")
    map_tiles_credit: str = _setting("")
    keep_versions: int = _setting(50, least=1)
    keep_days: int = _setting(31, least=0)
    keep_months: int = _setting(120, least=0)
    dumps_mb: int = _setting(2_000, least=1)
    import_mb: int = _setting(2_000, least=1)
    import_memory_mb: int = _setting(4_096, least=64)
    import_seconds: float = _setting(3_600.0, least=1)

    @classmethod
    def load(cls, environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
        """Settings of ``maillage.toml`` in ``folder`` (the current one), then of the environment, which wins.

        Without a base IRI, the data's IRIs follow the port. Raises :class:`app.errors.SettingsError` for an unknown name or a
        value that cannot be used.
        """
        values = {name: _convert(name, given) for name, given in gather(environment, folder).items()}
        if values.get("port"):
            values.setdefault("base_iri", f"http://localhost:{values['port']}/")
        if values.get("map_tiles") and not values.get("map_tiles_credit"):
            raise SettingsError(name=f"{PREFIX}MAP_TILES_CREDIT", value="", reason="no-credit")
        return cls(**values)


_NOT_IN_IRIS = set('<>"{}|\\^` ')
_DECLARED = {declared.name: declared for declared in fields(Settings)}


def gather(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> dict[str, Given]:
    """What is set, by name, unchecked; what is absent has its default.

    In the environment, only a name that looks like a misspelt one is refused: others may belong to other programs.
    """
    found: dict[str, Given] = {}
    for name, value in _read_file((folder or Path.cwd()) / FILE).items():
        if name not in _DECLARED:
            raise _unknown(f"{name} ({FILE})", value, get_close_matches(name, _DECLARED, 1))
        found[name] = Given(value, "file", f"{name} ({FILE})")
    for label, raw in environment.items():
        name = label.removeprefix(PREFIX).lower()
        if label == PREFIX + name.upper() and raw.strip():
            if name in _DECLARED:
                found[name] = Given(raw.strip(), "environment", label)
            elif near := get_close_matches(name, _DECLARED, 1, cutoff=0.8):
                raise _unknown(label, raw, [PREFIX + near[0].upper()])
    return found


def _unknown(label: str, value: Any, nearest: list[str]) -> SettingsError:
    return SettingsError(name=label, value=str(value), reason="unknown", nearest=nearest[0] if nearest else "–")


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(name=str(path), value="", reason="not-toml", found=str(error)) from error


def _convert(name: str, given: Given) -> Any:
    declared = _DECLARED[name]
    kind = type(declared.default)
    try:
        converted = _as(kind, given.value)
    except (TypeError, ValueError, OverflowError) as error:
        reason = "not-path" if isinstance(declared.default, Path) else f"not-{kind.__name__}"
        raise SettingsError(name=given.label, value=str(given.value), reason=reason) from error
    least, most = declared.metadata["least"], declared.metadata["most"]
    if least is not None and converted < least:
        raise SettingsError(name=given.label, value=str(given.value), reason="too-small", limit=least)
    if most is not None and converted > most:
        raise SettingsError(name=given.label, value=str(given.value), reason="too-large", limit=most)
    choices = declared.metadata["one_of"]
    if choices and converted not in choices:
        raise SettingsError(name=given.label, value=converted, reason="not-one-of", choices=", ".join(choices))
    if name == "base_iri":
        _check_base(given.label, converted)
    if name == "default_graph" and converted not in ("merge", "stored"):
        raise SettingsError(name=given.label, value=converted, reason="not-default-graph")
    if name in ("service_allow", "load_allow"):
        for iri in converted:
            _check_http(given.label, iri)
    if name == "correction_url" and converted:
        _check_correction(given.label, converted)
    if name == "map_tiles" and converted:
        _check_tiles(given.label, converted)
    return converted


def _as(kind: Any, value: Any) -> Any:
    if kind is tuple:
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list) or not all(isinstance(part, str) for part in parts):
            raise TypeError(value)
        return tuple(part.strip() for part in parts if part.strip())
    if isinstance(value, bool | list | dict):
        raise TypeError(value)
    if issubclass(kind, Path):
        return Path(value).expanduser()
    converted = kind(value)
    if isinstance(converted, float) and not math.isfinite(converted):
        raise ValueError(value)
    if isinstance(value, float) and converted != value and kind is not str:
        raise ValueError(value)  # 2.5 processes
    return converted


def _check_base(label: str, iri: str) -> None:
    _check_http(label, iri)
    if not iri.endswith("/") or set(iri) & set("#?"):
        raise SettingsError(name=label, value=iri, reason="not-base")


def _check_correction(label: str, address: str) -> None:
    """A web or mail address, with no other blanks than those that are filled for each page."""
    filled = address.replace("{iri}", "").replace("{version}", "")
    is_mail = filled.startswith("mailto:") and not set(filled) & _NOT_IN_IRIS and "@" in filled
    if is_mail and all(ord(letter) >= 0x20 for letter in filled):
        return
    try:
        _check_http(label, filled)
    except SettingsError as error:
        raise SettingsError(name=label, value=address, reason="not-correction") from error


def _check_tiles(label: str, address: str) -> None:
    """A web address with each of the three blanks once; its host is written into a header, so it is one, in plain letters."""
    blanks = ("{z}", "{x}", "{y}")
    filled = address
    for blank in blanks:
        filled = filled.replace(blank, "0")
    try:
        _check_http(label, filled)
        host = urlsplit(address).netloc
    except (SettingsError, ValueError) as error:
        raise SettingsError(name=label, value=address, reason="not-tiles") from error
    if any(address.count(blank) != 1 for blank in blanks) or not _HOST.fullmatch(host):
        raise SettingsError(name=label, value=address, reason="not-tiles")


def _check_http(label: str, iri: str) -> None:
    try:
        parts = urlsplit(iri)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and not set(iri) & _NOT_IN_IRIS
        _ = parts.port
    except ValueError:
        usable = False
    if not usable or any(ord(letter) < 0x20 for letter in iri):
        raise SettingsError(name=label, value=iri, reason="not-http")
