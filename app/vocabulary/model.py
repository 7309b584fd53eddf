"""What is read from the ontology: terms, kinds, links, roles and registers as plain values; not how they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

Texts = Mapping[str | None, str]
"""One text by language tag (None for a text without language), as :func:`app.text.pick` takes it."""

Sort = Literal["class", "property", "annotation", "individual"]


@dataclass(frozen=True)
class Alignment:
    """A statement about a term of someone else's: ``relation`` is the IRI of ``rdfs:subClassOf``, ``skos:closeMatch``…"""

    relation: str
    target: str


@dataclass(frozen=True)
class Term:
    """One term with its documentation: a class, a property, an annotation, or an individual (a code, a register).

    ``superterms`` are the terms of our own directly above it; those of others are among its ``alignments``. ``domains`` and
    ``ranges`` hold what is stated formally or only announced (``schema:domainIncludes``). ``scheme`` is a code's list.
    """

    iri: str
    name: str
    sort: Sort
    label: Texts
    definition: Texts
    examples: Mapping[str | None, tuple[str, ...]]
    scope_note: Texts
    superterms: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    alignments: tuple[Alignment, ...] = ()
    scheme: str | None = None


@dataclass(frozen=True)
class Kind:
    """A class that has addresses: its entities and those of its subclasses live at ``/<segment>/…``."""

    segment: str
    iri: str
    label: Texts
    plural_label: Texts
    definitions: Texts

    def said(self, language: str) -> str:
        """The kind of one entity: “Acteur”."""
        return self.label[language]

    def plural(self, language: str) -> str:
        """The title of a list: “Acteurs”."""
        return self.plural_label[language]

    def counted(self, n: int, language: str) -> str:
        """What a number of them is called: “Acteur” after 1, “Acteurs” after 2; French counts 0 as singular."""
        return self.said(language) if n == 1 or (n == 0 and language == "fr") else self.plural(language)

    def definition(self, language: str) -> str:
        """One sentence that says what the kind is."""
        return self.definitions[language]


@dataclass(frozen=True)
class Link:
    """A property that is followed to explain how two entities are linked; ``sentence`` has {subject} and {object}."""

    iri: str
    weight: float
    sentence: Texts
    derived: bool


@dataclass(frozen=True)
class Role:
    """What an actor does in a partnership; ``sentence`` has {participant} and {partnership}."""

    iri: str
    label: Texts
    sentence: Texts


@dataclass(frozen=True)
class IdentifierScheme:
    """A register that gives identifiers; ``url_template`` has {value}, and is None where its records have no public address."""

    iri: str
    name: Texts
    agency: str
    url_template: str | None

    def url(self, value: str) -> str | None:
        """The address of the public record of one identifier."""
        return self.url_template.replace("{value}", quote(value, safe="")) if self.url_template else None
