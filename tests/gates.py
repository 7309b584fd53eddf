"""Small datasets for the gate's tests: quads by graph with their merge, and changes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from app.shapes import Report, Shapes
from app.shapes.gate import Gate
from app.shapes.lookup import Subject, Term

BASE = "https://base.test/"
ONTOLOGY = "https://w3id.org/maillage/ontology#"
SHAPE = "https://w3id.org/maillage/shape#"
PREFIXES = f"""
@base <{BASE}> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix maillage: <{ONTOLOGY}> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <{SHAPE}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""

MINI_SHAPES = """
shape:Actor a sh:NodeShape ; sh:targetClass maillage:Actor ;
    sh:property shape:Actor-name, shape:Actor-partner, shape:Actor-siren-unique, shape:Actor-place, shape:Actor-described .
shape:Actor-name a sh:PropertyShape ; sh:path maillage:name ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ;
    sh:name "Nom"@fr, "Name"@en ; sh:message "Donnez un nom."@fr, "Give a name."@en .
shape:Actor-partner a sh:PropertyShape ; sh:path maillage:unitOf ; sh:class maillage:Actor ;
    sh:name "Rattachement"@fr, "Part of"@en ; sh:message "Reliez un acteur décrit ici."@fr, "Link an actor described here."@en .
shape:Actor-siren-unique a sh:PropertyShape ; sh:path ( maillage:siren [ sh:inversePath maillage:siren ] ) ; sh:maxCount 1 ;
    sh:message "Un SIREN désigne un seul acteur."@fr, "A SIREN denotes one actor."@en .
shape:Actor-place a sh:PropertyShape ; sh:path maillage:place ;
    sh:or ( [ sh:class maillage:Place ] [ sh:datatype xsd:string ] ) .
shape:Actor-described a sh:PropertyShape ; sh:path maillage:description ; sh:minCount 1 ; sh:severity sh:Info .

shape:Association a sh:NodeShape ; sh:targetClass maillage:Association ; sh:property shape:Association-rna .
shape:Association-rna a sh:PropertyShape ; sh:path maillage:rna ; sh:pattern "^W" ; sh:maxCount 1 .

shape:Territory a sh:NodeShape ; sh:targetClass maillage:Territory ; sh:property shape:Territory-within, shape:Territory-loop .
shape:Territory-within a sh:PropertyShape ; sh:path maillage:within ; sh:class maillage:Territory .
shape:Territory-loop a sh:PropertyShape ; sh:path maillage:within ; sh:sparql shape:Territory-loop-found .
shape:Territory-loop-found a sh:SPARQLConstraint ; shape:reads [ sh:oneOrMorePath maillage:within ] ;
    sh:message "Coupez la boucle."@fr, "Break the loop."@en ;
    sh:select "SELECT $this ?value WHERE { $this maillage:within ?value . ?value maillage:within* $this . }" ;
    sh:prefixes <https://w3id.org/maillage/shape> .
<https://w3id.org/maillage/shape> a owl:Ontology ; sh:declare [ sh:prefix "maillage" ;
    sh:namespace "https://w3id.org/maillage/ontology#"^^xsd:anyURI ] .

shape:Partnership a sh:NodeShape ; sh:targetClass maillage:Partnership ; sh:property shape:Partnership-parties .
shape:Partnership-parties a sh:PropertyShape ; sh:path ( maillage:participation maillage:participant ) ; sh:minCount 2 ;
    sh:class maillage:Actor .
shape:Participation a sh:NodeShape ; sh:targetClass maillage:Participation ; sh:property shape:Participation-of .
shape:Participation-of a sh:PropertyShape ; sh:path [ sh:inversePath maillage:participation ] ; sh:minCount 1 ; sh:maxCount 1 .

shape:Place a sh:NodeShape ; sh:targetClass maillage:Place ; sh:property shape:Place-used, shape:Place-territory .
shape:Place-used a sh:PropertyShape ; sh:severity sh:Warning ; sh:qualifiedMinCount 1 ;
    sh:path [ sh:alternativePath ( maillage:territory [ sh:inversePath maillage:place ] ) ] ;
    sh:qualifiedValueShape [ sh:or ( [ sh:class maillage:Actor ] [ sh:class maillage:Territory ] ) ] .
shape:Place-territory a sh:PropertyShape ; sh:path maillage:territory ; sh:node shape:NamedTerritory .
shape:NamedTerritory a sh:NodeShape ; sh:class maillage:Territory ; sh:property [ sh:path maillage:name ; sh:minCount 1 ] .
"""

SUPERCLASSES = {"Association": {"Actor", "Organization"}, "Organization": {"Actor"}, "Commune": {"Territory"}}
TERMS = [
    *("Actor", "Organization", "Association", "Territory", "Commune", "Partnership", "Participation", "Place"),
    *("name", "unitOf", "siren", "rna", "place", "description", "within", "participation", "participant", "territory"),
    *("partnerOf", "sentence"),
]


def superclasses(iri: str) -> frozenset[str]:
    return frozenset(ONTOLOGY + name for name in SUPERCLASSES.get(iri.removeprefix(ONTOLOGY), ()))


def mini_shapes(more: str = "", base: str = MINI_SHAPES) -> Shapes:
    return Shapes.parse(
        [(PREFIXES + base + more).encode()], superclasses, [ONTOLOGY + t for t in TERMS], [ONTOLOGY + "partnerOf"]
    )


def gate(more: str = "", base: str = MINI_SHAPES) -> Gate:
    return Gate(mini_shapes(more, base), BASE)


def quads(**graphs: str) -> frozenset[ox.Quad]:
    """Turtle by source graph: ``quads(a="<id/x> maillage:name 'X' .")``."""
    found = set()
    for name, text in graphs.items():
        graph = ox.NamedNode(f"{BASE}graphs/{name}")
        found |= {
            ox.Quad(q.subject, q.predicate, q.object, graph)
            for q in ox.parse((PREFIXES + text).encode(), format=ox.RdfFormat.TURTLE)
        }
    return frozenset(found)


class State:
    """A dataset in memory, with its merge."""

    def __init__(self, stated: Iterable[ox.Quad]) -> None:
        self.store = ox.Store()
        for quad in stated:
            self.store.add(quad)
            self.store.add(ox.Quad(quad.subject, quad.predicate, quad.object))

    def quads(
        self,
        subject: Subject | None = None,
        predicate: ox.NamedNode | None = None,
        object: Term | None = None,  # noqa: A002
        graph: ox.NamedNode | ox.BlankNode | ox.DefaultGraph | None = None,
    ) -> Iterator[ox.Quad]:
        return iter(self.store.quads_for_pattern(subject, predicate, object, graph))

    def query(self, text: str) -> Any:
        return self.store.query(text)


@dataclass(frozen=True)
class Twice:
    """A side of a change that refuses a third reading, as a file would be too slow for it."""

    quads: frozenset[ox.Quad]
    readings: list[int]

    def __iter__(self) -> Iterator[ox.Quad]:
        self.readings.append(1)
        assert len(self.readings) <= 2, "a change is read twice at most"
        return iter(self.quads)


@dataclass(frozen=True)
class Difference:
    added: Twice
    removed: Twice


def difference(before: frozenset[ox.Quad], after: frozenset[ox.Quad]) -> Difference:
    return Difference(Twice(after - before, []), Twice(before - after, []))


def judged(before: frozenset[ox.Quad], after: frozenset[ox.Quad], by: Gate | None = None) -> Report:
    return (by or gate()).judge(State(after), difference(before, after))


NOTHING: frozenset[ox.Quad] = frozenset()


def brief(report: Report) -> set[tuple[str, str, str, str]]:
    """(severity, shape, node, graph) of each finding, by local names."""
    return {
        (f.severity, f.shape.removeprefix(SHAPE), f.focus.removeprefix(BASE), f.graph.rpartition("/")[2]) for f in report.findings
    }
