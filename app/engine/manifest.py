"""What a version says of itself, as a value and as JSON; not where it lies."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.errors import CorruptVersion, NewerStore

FORMAT = 1
"""Raised by one whenever an older release could no longer read what a newer one writes."""


@dataclass(frozen=True)
class Version:
    """One published state of the whole graph.

    ``added``, ``removed`` and ``quads`` count statements of source graphs; ``derived`` those of the derived graph.
    ``digest`` names the ontology, shapes and rules that it was judged and derived by, and ``software`` and ``engine`` the
    releases that wrote it; ``stored_default`` that its default graph is no merge. ``parent`` is the version that it changed,
    ``restored_from`` the one whose content it brought back. ``graphs`` are the source graphs that it changed, or more of them
    (``default`` is a stored default graph); None where it does not say so, as those of older releases.
    """

    number: int
    created: str
    author: str
    message: str
    base: str
    parent: int | None = None
    added: int = 0
    removed: int = 0
    derived_added: int = 0
    derived_removed: int = 0
    quads: int = 0
    derived: int = 0
    warnings: int = 0
    restored_from: int | None = None
    digest: str = ""
    software: str = ""
    engine: str = ""
    stored_default: bool = False
    graphs: tuple[str, ...] | None = None
    format: int = FORMAT

    @property
    def moment(self) -> datetime:
        """When it was published, in UTC."""
        return datetime.fromisoformat(self.created).astimezone(UTC)

    def to_json(self) -> str:
        """The manifest's text."""
        return json.dumps(asdict(self), ensure_ascii=False, indent=1) + "\n"


def now() -> str:
    """The present second in UTC, ISO 8601."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def read_version(path: Path) -> Version:
    """The version of a manifest's file.

    Raises ``FileNotFoundError``, :class:`app.errors.NewerStore` for a format that only a newer release knows, and
    :class:`app.errors.CorruptVersion` for a file that is no manifest.
    """
    try:
        told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if told["format"] > FORMAT:
            raise NewerStore(path=str(path), format=told["format"], known=FORMAT, software=told.get("software", ""))
        known = {f.name for f in fields(Version)}
        graphs = told.get("graphs")
        told["graphs"] = tuple(graphs) if graphs is not None else None
        return Version(**{name: value for name, value in told.items() if name in known})
    except (ValueError, KeyError, TypeError) as error:
        raise CorruptVersion(version=path.name.partition(".")[0], reason=f"{path.name}: {error}") from error
