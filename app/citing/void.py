"""A version as VoID: figures of the whole and of each source, by class and by property; where it can be asked and fetched.

https://www.w3.org/TR/void/
"""

from __future__ import annotations

import pyoxigraph as ox

from app.citing.datasets import Dataset, Published
from app.citing.dcat import node_of
from app.citing.writing import Notebook, iri, term, typed

_FORMATS = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "N-Quads", "TriG")


def description(published: Published) -> list[ox.Triple]:
    """The document about all datasets of a version."""
    notes = Notebook()
    document, whole = ox.NamedNode(f"{published.base}.well-known/void"), node_of(published, published.whole)
    notes.say(document, "rdf:type", term("void:DatasetDescription"))
    notes.say(document, "foaf:primaryTopic", whole)
    notes.say(document, "dcterms:modified", typed(published.modified, "xsd:dateTime"))
    for dataset in published.datasets:
        _dataset(published, dataset, notes)
    notes.say(whole, "void:sparqlEndpoint", ox.NamedNode(f"{published.base}sparql"))
    notes.say(whole, "void:uriSpace", ox.Literal(f"{published.base}id/"))
    notes.say(whole, "void:feature", *(term(f"formats:{name}") for name in _FORMATS))
    notes.say(whole, "void:vocabulary", *map(iri, published.vocabularies))
    notes.say(whole, "void:exampleResource", *map(iri, published.examples))
    notes.say(whole, "void:subset", *(node_of(published, source) for source in published.sources))
    notes.say(whole, "void:classes", typed(len(published.whole.figures.classes), "xsd:integer"))
    notes.say(whole, "void:properties", typed(len(published.whole.figures.properties), "xsd:integer"))
    return notes.triples


def _dataset(published: Published, dataset: Dataset, notes: Notebook) -> None:
    node = node_of(published, dataset)
    notes.say(node, "rdf:type", term("void:Dataset"))
    notes.tell(node, "dcterms:title", dataset.titles)
    notes.tell(node, "dcterms:description", dataset.descriptions)
    notes.say(node, "dcterms:modified", typed(dataset.modified, "xsd:dateTime"))
    notes.say(node, "dcterms:license", iri(dataset.licence))
    notes.say(node, "foaf:homepage", iri(dataset.page))
    notes.say(node, "sd:name", iri(dataset.graph))
    notes.say(node, "void:dataDump", *(ox.NamedNode(dump.address) for dump in dataset.dumps))
    notes.say(node, "void:triples", typed(dataset.figures.triples, "xsd:integer"))
    _partitions(node, dataset, notes)


def _partitions(node: ox.NamedNode, dataset: Dataset, notes: Notebook) -> None:
    """Entities by class and triples by property (§4.5)."""
    parts = (
        ("void:classPartition", "void:class", "void:entities", dataset.figures.classes),
        ("void:propertyPartition", "void:property", "void:triples", dataset.figures.properties),
    )
    for relation, names, counts, figures in parts:
        for name, count in sorted(figures.items()):
            part = notes.blank()
            notes.say(node, relation, part)
            notes.say(part, names, iri(name))
            notes.say(part, counts, typed(count, "xsd:integer"))
