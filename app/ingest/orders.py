"""What the parsing process is told and what it tells back, as JSON; not how either end acts on it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from app.ingest.documents import SUFFIXES, Document
from app.ingest.lengths import LONGEST_LITERAL


@dataclass(frozen=True)
class Bounds:
    """What one file may take: unpacked size, time and memory of its parsing, and how intricate its blank nodes may be.

    ``component`` is the most blank nodes that may hang together, ``component_seconds`` the processor time to tell them apart,
    ``literal`` the characters of one value.
    """

    megabytes: int = 2_000
    seconds: float = 3_600
    memory_mb: int = 4_096
    component: int = 10_000
    component_seconds: float = 20.0
    literal: int = LONGEST_LITERAL


@dataclass(frozen=True)
class Order:
    """One file to parse.

    With ``output``, its statements are written there as N-Triples. With ``wanted`` (lists of subject, property and value, each an
    N-Triples term or None), the lines that state them are told instead. Statements of the named graph ``graph`` are taken as
    well; those of other named graphs are refused, unless ``merge``. ``base`` starts the names of blank nodes, and resolves
    relative IRIs unless ``relative_to`` does.
    """

    document: Document
    base: str
    graph: str | None = None
    merge: bool = False
    output: Path | None = None
    wanted: list[list[str | None]] | None = None
    bounds: Bounds = field(default_factory=Bounds)
    relative_to: str | None = None

    def to_json(self) -> str:
        values: dict[str, Any] = asdict(self)
        values["document"]["format"] = next(name for name, form in SUFFIXES.items() if form == self.document.format)
        return json.dumps(values, default=str)

    @classmethod
    def from_json(cls, text: str) -> Order:
        values: dict[str, Any] = json.loads(text)
        document: dict[str, Any] = values["document"]
        form: ox.RdfFormat = SUFFIXES[document["format"]]
        values["document"] = Document(Path(document["path"]), form, document["gzipped"], document["name"])
        values["output"] = Path(values["output"]) if values["output"] else None
        values["bounds"] = Bounds(**values["bounds"])
        return cls(**values)
