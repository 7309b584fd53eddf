"""The files of ``ontology/`` as the tests of the ontology read them; no tests."""

import re
import tomllib
from pathlib import Path

from rdflib import OWL, RDF, SKOS, Graph, Literal, URIRef

from app.terms import CODE, MAILLAGE

FOLDER = Path("ontology")
FILES = sorted(FOLDER.glob("*.ttl"))
ONTOLOGY = Graph().parse(FOLDER / "maillage.ttl")
CODES = Graph().parse(FOLDER / "codes.ttl")
ALIGNMENTS = Graph().parse(FOLDER / "alignments.ttl")
EXPECTED = tomllib.loads(Path("tests/ontology/expected.toml").read_text(encoding="utf-8"))
LANGUAGES = ["en", "fr"]

_TYPES = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
TERMS = sorted({s for t in _TYPES for s in ONTOLOGY.subjects(RDF.type, t) if s in MAILLAGE})
CLASSES = sorted(ONTOLOGY.subjects(RDF.type, OWL.Class))
PROPERTIES = [term for term in TERMS if term not in CLASSES]
LINKS = sorted(ONTOLOGY.subjects(MAILLAGE.discoveryLink))
CONCEPTS = sorted(CODES.subjects(RDF.type, SKOS.Concept))
SCHEMES = sorted(CODES.subjects(RDF.type, SKOS.ConceptScheme))
REGISTERS = sorted(CODES.subjects(RDF.type, MAILLAGE.IdentifierScheme))


def name_of(iri: object) -> str:
    """The last piece of an IRI."""
    return re.split("[/#]", str(iri))[-1]


def code_of(iri: object) -> str:
    """The list and the name of a code."""
    return str(iri).removeprefix(CODE)


def tags(graph: Graph, subject: URIRef, about: URIRef) -> list[str]:
    """The languages of the texts about a subject, one per text."""
    return sorted(text.language or "" for text in graph.objects(subject, about))


def texts(graph: Graph, language: str) -> list[str]:
    """Every text of a language."""
    return [str(o) for o in graph.objects() if isinstance(o, Literal) and o.language == language]


def written(*patterns: str) -> dict[str, str]:
    """The text of the files that match, by path."""
    return {str(path): path.read_text(encoding="utf-8") for pattern in patterns for path in sorted(Path().glob(pattern))}
