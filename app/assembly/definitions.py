"""The observatory's own definitions as the service uses them: vocabulary, shapes and questions from the data folders."""

from __future__ import annotations

import hashlib

from app.queries import Catalogue
from app.resources import folder
from app.shapes import Shapes
from app.vocabulary import Vocabulary


def load_vocabulary() -> Vocabulary:
    """The terms of ``ontology/``."""
    return Vocabulary.load(folder("ontology"))


class Once:
    """The same, read at the first call and kept for all who share it; in another process it is read there."""

    def __init__(self) -> None:
        self._read: Vocabulary | None = None

    def __call__(self) -> Vocabulary:
        if self._read is None:
            self._read = load_vocabulary()
        return self._read

    def __reduce__(self) -> tuple[type[Once], tuple[()]]:
        return Once, ()


def load_shapes(vocabulary: Vocabulary) -> Shapes:
    """The rules of ``shapes/``, with what they need to know of the ontology."""
    return Shapes.load(folder("shapes"), vocabulary.superclasses, vocabulary.known_terms, vocabulary.derived_properties)


def load_catalogue() -> Catalogue:
    """The questions of ``queries/``."""
    return Catalogue.load(folder("queries"))


def digest() -> str:
    """A short name for the present state of ontology, shapes and rules; a store made under another one is checked again."""
    said = hashlib.sha256()
    for part, pattern in (("ontology", "*.ttl"), ("shapes", "*.ttl"), ("queries", "rules/*.rq")):
        for path in sorted(folder(part).glob(pattern)):
            said.update(path.name.encode() + b"\0" + path.read_bytes())
    return said.hexdigest()[:16]
