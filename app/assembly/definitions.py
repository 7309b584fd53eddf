"""The observatory's own definitions as the service uses them: vocabulary, shapes and questions from the data folders."""

from __future__ import annotations

import hashlib
from functools import cached_property

from app.queries import Catalogue
from app.resources import folder
from app.shapes import Shapes
from app.vocabulary import Vocabulary


def load_vocabulary() -> Vocabulary:
    """The terms of ``ontology/``."""
    return Vocabulary.load(folder("ontology"))


def load_shapes(vocabulary: Vocabulary) -> Shapes:
    """The rules of ``shapes/``, with what they need to know of the ontology."""
    return Shapes.load(folder("shapes"), vocabulary.superclasses, vocabulary.known_terms, vocabulary.derived_properties)


def load_catalogue() -> Catalogue:
    """The questions of ``queries/``."""
    return Catalogue.load(folder("queries"))


class Definitions:
    """The same, read at their first use and kept for all who share them; another process reads its own."""

    @cached_property
    def vocabulary(self) -> Vocabulary:
        return load_vocabulary()

    @cached_property
    def shapes(self) -> Shapes:
        return load_shapes(self.vocabulary)

    @cached_property
    def catalogue(self) -> Catalogue:
        return load_catalogue()

    def read(self) -> Definitions:
        """All of them at once, as a service does at its start."""
        _ = self.shapes, self.catalogue
        return self

    def read_vocabulary(self) -> Vocabulary:
        """The vocabulary, for those who ask for it by a call."""
        return self.vocabulary

    def __reduce__(self) -> tuple[type[Definitions], tuple[()]]:
        return Definitions, ()


def digest() -> str:
    """A short name for the present state of ontology, shapes and rules; a store made under another one is checked again."""
    said = hashlib.sha256()
    for part, pattern in (("ontology", "*.ttl"), ("shapes", "*.ttl"), ("queries", "rules/*.rq")):
        for path in sorted(folder(part).glob(pattern)):
            said.update(path.name.encode() + b"\0" + path.read_bytes())
    return said.hexdigest()[:16]
