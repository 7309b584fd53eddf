"""What a page says about one entity, in one reader's language: plain values that a template lays out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

PAGE_SIZE = 20


@dataclass(frozen=True)
class Node:
    """Something that has an IRI, with the name to show; ``language`` tells the name's own, ``kind`` what it is."""

    iri: str
    label: str
    language: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class Value:
    """One value of a field: a node, an outside link or a text; ``graphs`` are those that state it, ``point`` the latitude and
    longitude that it says."""

    text: str
    language: str | None = None
    node: Node | None = None
    link: str | None = None
    graphs: tuple[str, ...] = ()
    parts: tuple[tuple[str, tuple[Value, ...]], ...] = ()
    point: tuple[float, float] | None = None


@dataclass(frozen=True)
class Part:
    """The piece of a long list that a page shows: which page, and how long the list is."""

    total: int
    page: int = 1
    size: int = PAGE_SIZE

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def first(self) -> int:
        return (self.page - 1) * self.size + 1

    @property
    def last(self) -> int:
        return min(self.total, self.page * self.size)


@dataclass(frozen=True)
class Field:
    """A property with its values; ``key`` names it in the address (``?page-<key>=2``)."""

    key: str
    name: str
    values: tuple[Value, ...]
    part: Part
    name_language: str | None = None


@dataclass(frozen=True)
class Group:
    """Fields under one heading."""

    name: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class Sentence:
    """A link in words: texts and nodes in the order of the sentence; ``detail`` is the node that carries the link."""

    words: tuple[str | Node, ...]
    period: str | None = None
    notes: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    detail: Node | None = None


@dataclass(frozen=True)
class Links:
    """Links of one nature, in sentences; shown even when there are none where the reader would look for them."""

    key: str
    title: str
    sentences: tuple[Sentence, ...]
    part: Part
    query: str
    empty: str | None = None
    derived: bool = False


@dataclass(frozen=True)
class Proof:
    """A piece of evidence: the property of the statement that it bears out, and what it leads to where that is a record."""

    iri: str
    about: str | None
    value: str | None


@dataclass(frozen=True)
class Passage:
    """Words of a source that bear out statements about one subject (``None``: the page's own)."""

    text: str
    language: str | None
    source: Node | None
    subject: Node | None
    proofs: tuple[Proof, ...]


@dataclass(frozen=True)
class Quote:
    """The same words of one source, once for all the subjects about which they bear something out."""

    text: str
    language: str | None
    source: Node | None
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Passages:
    """The passages that a page shows."""

    items: tuple[Passage, ...]
    part: Part
    query: str

    def quotes(self) -> tuple[Quote, ...]:
        """The passages by their words and source, in the order of the first of each."""
        alike: dict[tuple[str, str | None, Node | None], list[Passage]] = {}
        for one in self.items:
            alike.setdefault((one.text, one.language, one.source), []).append(one)
        return tuple(Quote(*words, passages=tuple(found)) for words, found in alike.items())


@dataclass(frozen=True)
class Source:
    """Where statements come from; ``number`` is the mark beside them."""

    number: int
    node: Node
    publisher: str | None = None
    attribution: str | None = None
    licence: Value | None = None
    retrieved: str | None = None
    address: str | None = None
    derived: bool = False


@dataclass(frozen=True)
class Entity:
    """All that one page shows about an entity."""

    iri: str
    kind: str | None
    title: Node
    types: tuple[Node, ...]
    groups: tuple[Group, ...]
    links: tuple[Links, ...]
    passages: Passages
    sources: Mapping[str, Source]
    missing: tuple[str, ...] = ()
    status: Value | None = None
    confidence: Value | None = None
    summary: Value | None = None
    query: str = ""
    other_names: tuple[Value, ...] = field(default_factory=tuple)
