"""The ontology's answers to what the service asks of it: labels, hierarchy, kinds, links, registers; no HTTP and no data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from rdflib import Graph

from app.vocabulary import reading, writing
from app.vocabulary.model import IdentifierScheme, Kind, Link, Role, Term, Texts

_FILES: Mapping[str, tuple[str, ...]] = {
    "ontology": ("maillage.ttl", "codes.ttl", "alignments.ttl"),
    "themes": ("themes.ttl",),
}


@dataclass(frozen=True)
class Vocabulary:
    """The terms of ``ontology/`` and what is derived from them once.

    ``links``, ``roles``, ``sentences`` and ``identifier_schemes`` are by IRI (the latter by the IRI of the property that
    gives the numbers); ``known_terms`` are all IRIs that the ontology defines in its own namespace.
    """

    folder: Path
    graph: Graph = field(repr=False, compare=False)
    terms: Mapping[str, Term] = field(repr=False)
    links: Mapping[str, Link] = field(repr=False)
    roles: Mapping[str, Role] = field(repr=False)
    sentences: Mapping[str, Texts] = field(repr=False)
    identifier_schemes: Mapping[str, IdentifierScheme] = field(repr=False)
    derived_properties: frozenset[str] = field(repr=False)
    _kinds: tuple[Kind, ...] = field(repr=False)
    _superclasses: Mapping[str, frozenset[str]] = field(repr=False)

    @classmethod
    def load(cls, folder: Path) -> Vocabulary:
        """The ontology in a folder. Raises ``FileNotFoundError`` or rdflib's parse error for a missing or broken file."""
        graph = Graph(bind_namespaces="none")
        for name in _FILES["ontology"]:
            graph.parse(folder / name, format="turtle")
        return cls(
            folder=folder,
            graph=graph,
            terms=reading.read_terms(graph),
            links=reading.read_links(graph),
            roles=reading.read_roles(graph),
            sentences=reading.read_sentences(graph),
            identifier_schemes=reading.read_schemes(graph),
            derived_properties=reading.read_derived(graph),
            _kinds=reading.read_kinds(graph),
            _superclasses=reading.read_superclasses(graph),
        )

    @cached_property
    def known_terms(self) -> frozenset[str]:
        """The IRIs of the classes, properties and annotations of our namespace."""
        return frozenset(iri for iri, term in self.terms.items() if term.sort != "individual")

    def label(self, iri: str) -> Texts | None:
        """The label of a term or a code in each language, or None for what the ontology does not know."""
        term = self.terms.get(iri)
        return term.label if term else None

    def superclasses(self, iri: str) -> frozenset[str]:
        """A class and all above it, ours and others’; a class that the ontology does not know stands alone."""
        return self._superclasses.get(iri, frozenset({iri}))

    def subclasses(self, iri: str) -> frozenset[str]:
        """A class and all below it."""
        return frozenset(below for below, above in self._superclasses.items() if iri in above) | {iri}

    def kinds(self) -> tuple[Kind, ...]:
        """The classes that have addresses, in the order of their path segments."""
        return self._kinds

    def kind_of(self, types: Iterable[str]) -> Kind | None:
        """The most specific kind among an entity's classes and those above them; of several, the first by segment."""
        above = frozenset[str]().union(*(self.superclasses(iri) for iri in types))
        found = {kind.iri: kind for kind in self._kinds if kind.iri in above}
        return max(found.values(), key=lambda kind: len(self.superclasses(kind.iri) & found.keys()), default=None)

    def sentence(self, iri: str) -> Texts | None:
        """The sentence pattern of a property or a role in each language."""
        return self.sentences.get(iri)

    def is_derived(self, iri: str) -> bool:
        """Whether only rules state a property."""
        return iri in self.derived_properties

    def register_link(self, property_: str, value: str) -> str | None:
        """The address of the public record that an identifier stands for."""
        scheme = self.identifier_schemes.get(property_)
        return scheme.url(value) if scheme else None

    def graph_files(self) -> Mapping[str, tuple[Path, ...]]:
        """The files of ``ontology/`` by the name of the graph that they are loaded into."""
        return {graph: tuple(self.folder / name for name in names) for graph, names in _FILES.items()}

    def serialize(self, form: writing.Format) -> bytes:
        """The ontology with its codes and alignments as ``turtle`` (as laid by hand) or ``json-ld``, always the same bytes."""
        return writing.write(form, self.graph_files()["ontology"], self.graph)
