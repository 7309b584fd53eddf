"""Each shape on small cases whose first line says what must be found; not the gate."""

from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SH, XSD, Graph, Literal, URIRef
from shape_files import (
    BASE,
    CASES,
    SEVERITIES,
    constraint_owners,
    expected,
    findings,
    local,
    ontology,
    paths_in,
    read_case,
    shapes,
)


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_case_is_judged_as_its_first_line_says(path: Path):
    assert findings(read_case(path)) == expected(path)


def test_each_case_names_shapes_that_exist():
    known = {f"shape:{local(shape)} {severity}" for shape in constraint_owners() for severity in SEVERITIES}
    assert {claim for path in CASES for claim in expected(path)} <= known


def test_each_shape_that_can_fail_does_so_in_a_case():
    failing = {claim.removeprefix("shape:").split()[0] for path in CASES for claim in expected(path)}
    assert sorted({local(shape) for shape in constraint_owners()} - failing) == []


def test_each_class_that_is_targeted_has_a_case_that_conforms():
    """Somewhere below the class, for a class whose kinds are what is written."""
    conforming = {kind for path in CASES if not expected(path) for kind in read_case(path).objects(None, RDF.type)}
    above = {above for kind in conforming for above in ontology().transitive_objects(kind, RDFS.subClassOf)}
    assert set(shapes().objects(None, SH.targetClass)) <= above | {OWL.DatatypeProperty, OWL.AnnotationProperty}


STRANGE = (
    URIRef(BASE),
    URIRef("mailto:a@example.org"),
    Literal(""),
    Literal("x", lang="fr"),
    Literal("x" * 10_000),
    Literal("not a date", datatype=XSD.date, normalize=False),
    Literal("0000", datatype=XSD.gYear, normalize=False),
    Literal("-12345-01-01", datatype=XSD.date, normalize=False),
    Literal("2024-01-01T00:00:00", datatype=XSD.dateTime),
    Literal("2024-01-01T00:00:00Z", datatype=XSD.dateTime),
    Literal("9" * 400, datatype=XSD.integer),
    Literal("NaN", datatype=XSD.double),
    Literal("perhaps", datatype=XSD.boolean, normalize=False),
    Literal("x", datatype=URIRef(f"{BASE}datatype")),
)


@pytest.mark.parametrize("value", STRANGE, ids=lambda value: value.n3()[:40])
def test_no_value_however_strange_stops_the_judgement(value: URIRef | Literal):
    """That value and a day in every property of a node of every class: findings, not a failure."""
    said = Graph()
    for name, (node, kind) in enumerate(sorted(shapes().subject_objects(SH.targetClass))):
        focus = URIRef(f"{BASE}{name}")
        said.add((focus, RDF.type, kind))
        for shape in shapes().objects(node, SH.property):
            for term in paths_in(shapes().value(shape, SH.path)):
                said.add((focus, term, value))
                said.add((focus, term, Literal("2024-01-01", datatype=XSD.date)))
    assert findings(said)
