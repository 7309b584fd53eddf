"""A version as a DCAT catalogue with what DCAT-AP 3.0 asks: catalogue, datasets, distributions with checksums, data service.

https://semiceu.github.io/DCAT-AP/releases/3.0.0/
"""

from __future__ import annotations

import pyoxigraph as ox

from app.citing.datasets import Dataset, Dump, Published
from app.citing.remarks import is_made, said
from app.citing.writing import Notebook, iri, term, typed
from app.text import LANGUAGES, say

_LANGUAGES = {"fr": "language:FRA", "en": "language:ENG"}
_FILE_TYPES = {"application/n-quads": "file-type:RDF_N_QUADS", "application/trig": "file-type:RDF_TRIG"}


def catalogue(published: Published) -> list[ox.Triple]:
    """The whole catalogue."""
    notes = Notebook()
    top = _node(published, "catalog")
    publisher = _publisher(published, notes)
    notes.say(top, "rdf:type", term("dcat:Catalog"))
    for about, key in (("dcterms:title", "catalogue.title"), ("dcterms:description", "catalogue.what")):
        notes.tell(top, about, {language: say(key, language, site=published.site) for language in LANGUAGES})
    notes.say(top, "dcterms:publisher", publisher)
    notes.say(top, "dcterms:language", *(term(_LANGUAGES[language]) for language in LANGUAGES))
    notes.say(top, "dcterms:issued", typed(published.issued, "xsd:dateTime"))
    notes.say(top, "dcterms:modified", typed(published.modified, "xsd:dateTime"))
    notes.say(top, "foaf:homepage", ox.NamedNode(published.base))
    notes.say(top, "dcat:service", _service(published, notes, publisher))
    for dataset in published.datasets:
        notes.say(top, "dcat:dataset", _dataset(published, dataset, notes, publisher))
    return notes.triples


def _node(published: Published, name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{published.base}catalog#{name}")


def node_of(published: Published, dataset: Dataset) -> ox.NamedNode:
    """The name of a dataset, in the catalogue and in its VoID description."""
    return _node(published, f"dataset-{dataset.name}")


def _publisher(published: Published, notes: Notebook) -> ox.NamedNode:
    agent = _node(published, "publisher")
    notes.say(agent, "rdf:type", term("foaf:Agent"))
    notes.say(agent, "foaf:name", ox.Literal(published.publisher))
    return agent


def _service(published: Published, notes: Notebook, publisher: ox.NamedNode) -> ox.NamedNode:
    """The SPARQL endpoint."""
    service, endpoint = _node(published, "sparql"), ox.NamedNode(f"{published.base}sparql")
    notes.say(service, "rdf:type", term("dcat:DataService"))
    notes.tell(service, "dcterms:title", {language: say("catalogue.sparql", language) for language in LANGUAGES})
    notes.say(service, "dcat:endpointURL", endpoint)
    notes.say(service, "dcat:endpointDescription", endpoint, ox.NamedNode(f"{published.base}openapi.json"))
    notes.say(service, "dcterms:conformsTo", ox.NamedNode("https://www.w3.org/TR/sparql11-protocol/"))
    notes.say(service, "dcterms:publisher", publisher)
    notes.say(service, "dcat:servesDataset", *(node_of(published, dataset) for dataset in published.datasets))
    return service


def _dataset(published: Published, dataset: Dataset, notes: Notebook, publisher: ox.NamedNode) -> ox.NamedNode:
    node = node_of(published, dataset)
    notes.say(node, "rdf:type", term("dcat:Dataset"))
    notes.tell(node, "dcterms:title", dataset.titles)
    notes.tell(node, "dcterms:description", dataset.descriptions)
    notes.say(node, "dcterms:identifier", ox.Literal(dataset.graph or node.value))
    notes.say(node, "dcterms:modified", typed(dataset.modified, "xsd:dateTime"))
    notes.say(node, "dcterms:publisher", _own_publisher(dataset, notes) or publisher)
    notes.say(node, "dcterms:accessRights", term("access-right:PUBLIC"))
    notes.say(node, "dcat:version", ox.Literal(str(published.version)))
    notes.say(node, "dcat:landingPage", iri(dataset.page))
    notes.say(node, "dcterms:source", iri(dataset.landing))
    notes.say(node, "dcat:contactPoint", _contact(published, notes) if dataset.graph is None else None)
    if dataset.graph is None and published.message:
        notes.say(node, "adms:versionNotes", *_remarks(published.message))
    licence = _licence(dataset, notes)
    for dump in dataset.dumps:
        notes.say(node, "dcat:distribution", _distribution(dataset, dump, notes, licence))
    return node


def _remarks(remark: str) -> list[ox.Literal]:
    """What the program said of a version in both languages; a person's words without a language, which nobody told."""
    if not is_made(remark):
        return [ox.Literal(remark)]
    return [ox.Literal(said(remark, language), language=language) for language in LANGUAGES]


def _own_publisher(dataset: Dataset, notes: Notebook) -> ox.BlankNode | None:
    if not dataset.publisher:
        return None
    agent = notes.blank()
    notes.say(agent, "rdf:type", term("foaf:Agent"))
    notes.say(agent, "foaf:name", ox.Literal(dataset.publisher))
    return agent


def _contact(published: Published, notes: Notebook) -> ox.BlankNode | None:
    if not published.contact:
        return None
    card = notes.blank()
    address = f"mailto:{published.contact}" if "@" in published.contact and ":" not in published.contact else published.contact
    notes.say(card, "rdf:type", term("vcard:Organization"))
    notes.say(card, "vcard:fn", ox.Literal(published.publisher))
    notes.say(card, "vcard:hasEmail" if address.startswith("mailto:") else "vcard:hasURL", iri(address))
    return card


def _licence(dataset: Dataset, notes: Notebook) -> ox.NamedNode | ox.BlankNode | None:
    """The licence as a document; one without an address is told by its name."""
    if not dataset.licence and not dataset.licence_name:
        return None
    document = iri(dataset.licence) or notes.blank()
    notes.say(document, "rdf:type", term("dcterms:LicenseDocument"))
    notes.say(document, "rdfs:label", ox.Literal(dataset.licence_name) if dataset.licence_name else None)
    return document


def _distribution(dataset: Dataset, dump: Dump, notes: Notebook, licence: ox.NamedNode | ox.BlankNode | None) -> ox.NamedNode:
    address = ox.NamedNode(dump.address)
    node = ox.NamedNode(f"{dump.address}#file")
    notes.say(node, "rdf:type", term("dcat:Distribution"))
    notes.tell(node, "dcterms:title", {language: f"{title} ({dump.media_type})" for language, title in dataset.titles.items()})
    notes.say(node, "dcat:accessURL", address)
    notes.say(node, "dcat:downloadURL", address)
    notes.say(node, "dcat:mediaType", term(f"media:{dump.media_type}"))
    notes.say(node, "dcat:compressFormat", term(f"media:{dump.packed}"))
    notes.say(node, "dcterms:format", term(_FILE_TYPES[dump.media_type]))
    notes.say(node, "dcterms:license", licence)
    notes.say(node, "dcterms:rights", _rights(dataset, notes))
    if dump.size is not None:
        notes.say(node, "dcat:byteSize", typed(dump.size, "xsd:nonNegativeInteger"))
    if dump.sha256 is not None:
        notes.say(node, "spdx:checksum", _checksum(dump.sha256, notes))
    return node


def _rights(dataset: Dataset, notes: Notebook) -> ox.BlankNode | None:
    """The attribution that a source asks for."""
    if not dataset.attribution:
        return None
    statement = notes.blank()
    notes.say(statement, "rdf:type", term("dcterms:RightsStatement"))
    notes.say(statement, "rdfs:label", ox.Literal(dataset.attribution))
    return statement


def _checksum(digest: str, notes: Notebook) -> ox.BlankNode:
    node = notes.blank()
    notes.say(node, "rdf:type", term("spdx:Checksum"))
    notes.say(node, "spdx:algorithm", term("spdx:checksumAlgorithm_sha256"))
    notes.say(node, "spdx:checksumValue", typed(digest, "xsd:hexBinary"))
    return node
