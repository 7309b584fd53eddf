"""What the process that evaluates an update is told and what it tells back, as JSON; not how either end acts on it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.ingest.lengths import LONGEST_LITERAL


@dataclass(frozen=True)
class Dataset:
    """The graphs that WHERE reads (SPARQL 1.1 Protocol §2.2.3); none named is the store's own default graph and named graphs."""

    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()

    @property
    def is_given(self) -> bool:
        return bool(self.default or self.named)


EVERYTHING = Dataset()


@dataclass(frozen=True)
class Order:
    """An update to evaluate on the version whose files are in ``store``, into ``room`` (a folder of its own on the same disk).

    ``store`` None is the empty store. ``base`` starts the service's own graphs and ``base_iri`` resolves relative IRIs.
    ``graph`` stands for the default graph (the target of a PATCH). ``stored_default``: see
    :class:`app.engine.options.Options`.
    """

    text: str
    store: Path | None
    room: Path
    base: str
    base_iri: str
    dataset: Dataset = EVERYTHING
    graph: str | None = None
    stored_default: bool = False
    characters: int = 1_000_000
    depth: int = 100
    memory_mb: int = 1_024
    literal: int = LONGEST_LITERAL
    services: tuple[str, ...] = ()
    proxy: Path | None = None

    def to_json(self) -> str:
        return json.dumps(asdict(self), default=str)

    @classmethod
    def from_json(cls, text: str) -> Order:
        values: dict[str, Any] = json.loads(text)
        paths = {name: Path(values[name]) if values[name] else None for name in ("store", "room", "proxy")}
        dataset = Dataset(*(tuple(values["dataset"][name]) for name in ("default", "named")))
        return cls(**{**values, **paths, "dataset": dataset, "services": tuple(values["services"])})
