"""The namespaces that the service speaks, and the two ways between rdflib's terms and the engine's; no vocabulary knowledge."""

from __future__ import annotations

import hashlib

import pyoxigraph as ox
import rdflib
from rdflib import Namespace

ONTOLOGY_IRI = "https://w3id.org/maillage/ontology"
MAILLAGE = Namespace(ONTOLOGY_IRI + "#")
SHAPE = Namespace("https://w3id.org/maillage/shape#")
CODE = Namespace("https://w3id.org/maillage/code/")
THEME = Namespace("https://w3id.org/maillage/theme/")
TERRITORY = Namespace("https://w3id.org/maillage/territory/")
SCHEMA = Namespace("https://schema.org/")
GEO = Namespace("http://www.opengis.net/ont/geosparql#")
SH = Namespace("http://www.w3.org/ns/shacl#")

PREFIXES: dict[str, str] = {
    "maillage": str(MAILLAGE),
    "shape": str(SHAPE),
    "code": str(CODE),
    "theme": str(THEME),
    "territory": str(TERRITORY),
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "dcterms": "http://purl.org/dc/terms/",
    "prov": "http://www.w3.org/ns/prov#",
    "geo": str(GEO),
    "sh": str(SH),
    "schema": str(SCHEMA),
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "dcat": "http://www.w3.org/ns/dcat#",
}
"""Prefixes for display, for the editor and for Turtle that is written out."""

EngineTerm = ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple


def to_rdflib(term: EngineTerm) -> rdflib.term.Identifier:
    """The same term for rdflib. Raises ``TypeError`` for RDF 1.2 triple terms, which rdflib does not know."""
    match term:
        case ox.NamedNode():
            return rdflib.URIRef(term.value)
        case ox.BlankNode():
            return rdflib.BNode(term.value)
        case ox.Literal() if term.language:
            return rdflib.Literal(term.value, lang=term.language)
        case ox.Literal():
            return rdflib.Literal(term.value, datatype=rdflib.URIRef(term.datatype.value), normalize=False)
    raise TypeError(f"rdflib has no term for {term}")


def to_engine(term: rdflib.term.Identifier) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    """The same term for the engine. Raises ``TypeError`` for anything that is not an IRI, blank node or literal."""
    match term:
        case rdflib.URIRef():
            return ox.NamedNode(str(term))
        case rdflib.BNode():
            return ox.BlankNode(str(term))
        case rdflib.Literal() if term.language:
            return ox.Literal(str(term), language=term.language)
        case rdflib.Literal():
            datatype = ox.NamedNode(str(term.datatype)) if term.datatype else None
            return ox.Literal(str(term), datatype=datatype)
    raise TypeError(f"the engine has no term for {term!r}")


def compact(iri: str) -> str:
    """``prefix:name`` where a known prefix fits and the rest is a plain name, else the IRI itself."""
    for prefix, namespace in PREFIXES.items():
        rest = iri.removeprefix(namespace)
        if rest != iri and rest.replace("-", "").replace("_", "").isalnum():
            return f"{prefix}:{rest}"
    return iri


def expand(name: str) -> str:
    """``maillage:Actor`` as the IRI that it stands for; anything else as it is."""
    prefix, colon, rest = name.partition(":")
    return PREFIXES[prefix] + rest if colon and rest and prefix in PREFIXES else name


def iri_key(iri: str) -> int:
    """63 bits that stand for an IRI where numbers are compared instead of texts."""
    return int.from_bytes(hashlib.blake2b(iri.encode(), digest_size=8).digest(), "big") >> 1
