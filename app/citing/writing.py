"""A small notebook of triples in the vocabularies of catalogues; no vocabulary's rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pyoxigraph as ox

from app.entities.addresses import is_iri
from app.terms import PREFIXES

NAMESPACES = {
    **PREFIXES,
    "void": "http://rdfs.org/ns/void#",
    "spdx": "http://spdx.org/rdf/terms#",
    "vcard": "http://www.w3.org/2006/vcard/ns#",
    "sd": "http://www.w3.org/ns/sparql-service-description#",
    "adms": "http://www.w3.org/ns/adms#",
    "formats": "http://www.w3.org/ns/formats/",
    "media": "http://www.iana.org/assignments/media-types/",
    "language": "http://publications.europa.eu/resource/authority/language/",
    "file-type": "http://publications.europa.eu/resource/authority/file-type/",
    "access-right": "http://publications.europa.eu/resource/authority/access-right/",
}


def term(name: str) -> ox.NamedNode:
    """``dcat:Dataset`` as a term."""
    prefix, _, local = name.partition(":")
    return ox.NamedNode(NAMESPACES[prefix] + local)


def typed(value: object, datatype: str) -> ox.Literal:
    return ox.Literal(str(value), datatype=term(datatype))


@dataclass
class Notebook:
    """Collects triples; blank nodes are numbered, so that the same notes are the same bytes."""

    triples: list[ox.Triple] = field(default_factory=list)
    blanks: int = 0

    def blank(self) -> ox.BlankNode:
        self.blanks += 1
        return ox.BlankNode(f"b{self.blanks}")

    def say(
        self, subject: ox.NamedNode | ox.BlankNode, about: str, *values: ox.NamedNode | ox.BlankNode | ox.Literal | None
    ) -> None:
        """Add a triple for each value that there is."""
        self.triples += [ox.Triple(subject, term(about), value) for value in values if value is not None]

    def tell(self, subject: ox.NamedNode | ox.BlankNode, about: str, texts: Mapping[Any, str]) -> None:
        """Add a text in each language."""
        self.say(subject, about, *(ox.Literal(text, language=language) for language, text in texts.items()))


def iri(text: str | None) -> ox.NamedNode | None:
    """The IRI that a text is, if it is one."""
    return ox.NamedNode(text) if text and is_iri(text) else None
