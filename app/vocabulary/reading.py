"""The graph of the ontology turned into terms, kinds, links, roles and registers; pure, it reads no file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from rdflib import DCTERMS, OWL, RDF, RDFS, SKOS, VANN, Graph, Literal, Namespace, URIRef
from rdflib.term import Node

from app.vocabulary.model import Alignment, IdentifierScheme, Kind, Link, Role, Sort, Term, Texts

_SCHEMA = Namespace("https://schema.org/")
_UPWARDS = (RDFS.subClassOf, RDFS.subPropertyOf, SKOS.broader)
_MATCHES = (SKOS.closeMatch, SKOS.broadMatch, SKOS.exactMatch)
_SORTS: tuple[tuple[URIRef, Sort], ...] = (
    (OWL.Class, "class"),
    (OWL.ObjectProperty, "property"),
    (OWL.DatatypeProperty, "property"),
    (OWL.AnnotationProperty, "annotation"),
)
Made = TypeVar("Made")


def namespace(graph: Graph) -> Namespace:
    """The namespace that the ontology's header announces. Raises ``ValueError`` where none or several do."""
    announced = list(graph.objects(predicate=VANN.preferredNamespaceUri))
    if len(announced) != 1:
        raise ValueError(f"the ontology must announce one vann:preferredNamespaceUri, not {len(announced)}")
    return Namespace(str(announced[0]))


def texts(graph: Graph, subject: Node, *predicates: URIRef) -> Texts:
    """The text of each language, from the first of several properties that has any."""
    for predicate in predicates:
        found = [text for text in graph.objects(subject, predicate) if isinstance(text, Literal)]
        if found:
            return {text.language: str(text) for text in sorted(found)}
    return {}


def read_terms(graph: Graph) -> Mapping[str, Term]:
    """Every term of our own, in the order of IRIs; the terms of others that are only declared are left out."""
    own = namespace(graph)
    found = {str(term): _term(graph, own, term, sort) for term, sort in _own_terms(graph, own)}
    return dict(sorted(found.items()))


def read_kinds(graph: Graph) -> tuple[Kind, ...]:
    """The classes that have a path segment, in the order of segments."""
    own = namespace(graph)

    def kind(iri: Node) -> Kind:
        return Kind(
            segment=str(graph.value(iri, own.pathSegment)),
            iri=str(iri),
            label=texts(graph, iri, RDFS.label),
            plural_label=texts(graph, iri, own.pluralLabel),
            definitions=texts(graph, iri, SKOS.definition),
        )

    return tuple(sorted((kind(iri) for iri in graph.subjects(own.pathSegment)), key=lambda kind: kind.segment))


def read_links(graph: Graph) -> Mapping[str, Link]:
    """The properties that are marked as links for discovery."""
    own = namespace(graph)

    def link(iri: Node) -> Link:
        weight = graph.value(iri, own.linkWeight)
        derived = (iri, own.derived, Literal(True)) in graph
        return Link(str(iri), float(str(weight)), texts(graph, iri, own.sentence), derived)

    return _by_iri(graph.subjects(own.discoveryLink, Literal(True)), link)


def read_sentences(graph: Graph) -> Mapping[str, Texts]:
    """Sentence patterns by the property or the role that they say."""
    own = namespace(graph)
    return _by_iri(graph.subjects(own.sentence, unique=True), lambda iri: texts(graph, iri, own.sentence))


def read_roles(graph: Graph) -> Mapping[str, Role]:
    """The codes that have a sentence of their own."""
    own = namespace(graph)
    codes = (iri for iri in graph.subjects(RDF.type, SKOS.Concept) if (iri, own.sentence, None) in graph)
    return _by_iri(codes, lambda iri: Role(str(iri), texts(graph, iri, SKOS.prefLabel), texts(graph, iri, own.sentence)))


def read_derived(graph: Graph) -> frozenset[str]:
    """The properties that only rules state."""
    return frozenset(str(iri) for iri in graph.subjects(namespace(graph).derived, Literal(True)))


def read_schemes(graph: Graph) -> Mapping[str, IdentifierScheme]:
    """The register of each property that gives its numbers, by the property."""
    own = namespace(graph)

    def scheme(property_: Node) -> IdentifierScheme:
        iri = graph.value(property_, own.identifierScheme)
        template = graph.value(iri, own.urlTemplate)
        named = texts(graph, iri, own.name) if iri else {}
        return IdentifierScheme(str(iri), named, str(graph.value(iri, own.agency)), str(template) if template else None)

    return _by_iri(graph.subjects(own.identifierScheme), scheme)


def read_superclasses(graph: Graph) -> Mapping[str, frozenset[str]]:
    """Every class with itself and all that is above it, ours and others’."""
    direct: dict[str, set[str]] = defaultdict(set)
    for below, above in graph.subject_objects(RDFS.subClassOf):
        direct[str(below)].add(str(above))
    classes = {str(iri) for iri in graph.subjects(RDF.type, OWL.Class)} | direct.keys()
    return {iri: _closure(iri, direct) for iri in classes}


def _closure(start: str, direct: Mapping[str, Iterable[str]]) -> frozenset[str]:
    reached, ahead = {start}, [start]
    while ahead:
        new = set(direct.get(ahead.pop(), ())) - reached
        reached |= new
        ahead += new
    return frozenset(reached)


def _by_iri(subjects: Iterable[Node], make: Callable[[Node], Made]) -> Mapping[str, Made]:
    return {str(iri): make(iri) for iri in sorted(subjects, key=str)}


def _own_terms(graph: Graph, own: Namespace) -> Iterator[tuple[URIRef, Sort]]:
    for type_, sort in _SORTS:
        yield from ((iri, sort) for iri in graph.subjects(RDF.type, type_) if isinstance(iri, URIRef) and iri in own)
    for type_ in (SKOS.Concept, own.IdentifierScheme):
        yield from ((iri, "individual") for iri in graph.subjects(RDF.type, type_) if isinstance(iri, URIRef))


def _term(graph: Graph, own: Namespace, iri: URIRef, sort: Sort) -> Term:
    examples: dict[str | None, tuple[str, ...]] = {}
    for text in graph.objects(iri, SKOS.example):
        if isinstance(text, Literal):
            examples[text.language] = (*examples.get(text.language, ()), str(text))
    scheme = graph.value(iri, SKOS.inScheme)
    above = [(relation, target) for relation in _UPWARDS for target in graph.objects(iri, relation)]
    return Term(
        iri=str(iri),
        name=str(iri).replace("#", "/").rpartition("/")[2],
        sort=sort,
        label=texts(graph, iri, RDFS.label, SKOS.prefLabel, own.name),
        definition=texts(graph, iri, SKOS.definition),
        examples=examples,
        scope_note=texts(graph, iri, SKOS.scopeNote),
        superterms=tuple(
            sorted(str(target) for relation, target in above if relation == SKOS.broader or str(target).startswith(own))
        ),
        domains=_iris(graph, iri, RDFS.domain, _SCHEMA.domainIncludes),
        ranges=_iris(graph, iri, RDFS.range, _SCHEMA.rangeIncludes),
        alignments=tuple(_alignments(graph, own, iri)),
        scheme=str(scheme) if scheme else None,
    )


def _alignments(graph: Graph, own: Namespace, iri: URIRef) -> Iterator[Alignment]:
    for relation in (RDFS.subClassOf, RDFS.subPropertyOf, *_MATCHES, DCTERMS.isReplacedBy):
        yield from (Alignment(str(relation), target) for target in _iris(graph, iri, relation) if target not in own)


def _iris(graph: Graph, subject: URIRef, *predicates: URIRef) -> tuple[str, ...]:
    return tuple(sorted(str(o) for predicate in predicates for o in graph.objects(subject, predicate) if isinstance(o, URIRef)))
