"""What the service publishes, as values: the whole graph of one version, and each source of it; how that is told is elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from app.citing.description import Figures

ALL = "all"
"""The name of the dataset that holds all sources."""

Texts = Mapping[str, str]
"""By language."""


@dataclass(frozen=True)
class Dump:
    """A file with a dataset's statements; ``size`` in bytes and ``sha256`` are known once it was made."""

    address: str
    media_type: str
    packed: str
    size: int | None = None
    sha256: str | None = None


@dataclass(frozen=True)
class Dataset:
    """A source graph, or all of them where ``graph`` is None. ``licence`` is an IRI, ``licence_name`` its name or its text."""

    name: str
    titles: Texts
    descriptions: Texts
    modified: str
    figures: Figures
    graph: str | None = None
    page: str | None = None
    publisher: str | None = None
    licence: str | None = None
    licence_name: str | None = None
    attribution: str | None = None
    landing: str | None = None
    dumps: tuple[Dump, ...] = ()


@dataclass(frozen=True)
class Published:
    """One version as a catalogue tells it; ``contact`` is a mail or web address, ``issued`` and ``modified`` ISO 8601 times."""

    base: str
    site: str
    publisher: str
    version: int
    issued: str
    modified: str
    whole: Dataset
    sources: tuple[Dataset, ...]
    contact: str | None = None
    message: str = ""
    examples: tuple[str, ...] = field(default=())
    vocabularies: tuple[str, ...] = field(default=())

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        return (self.whole, *self.sources)
