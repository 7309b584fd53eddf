"""What is told beforehand never changes a verdict: with it and without it the same is found, by the real shapes, in odd data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from itertools import combinations

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rdflib.term import Node, URIRef
from shape_files import shapes as shapes_graph

from app.assembly import load_shapes, load_vocabulary
from app.shapes import Report, Shapes
from app.shapes.case import Cases
from app.shapes.gate import Gate
from app.shapes.view import View
from app.shapes.violated import Violated
from app.terms import SH, SHAPE
from tests.gates import BASE, ONTOLOGY, State, mini_shapes, quads

XSD = "http://www.w3.org/2001/XMLSchema#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
NODES = [ox.NamedNode(f"{BASE}id/actor/{name}") for name in "abcd"]
GRAPHS = [ox.NamedNode(f"{BASE}graphs/{name}") for name in ("one", "two")]


class Blind:
    """Foresees nothing: every shape is in doubt."""

    def foreseen(self, shapes: tuple[Node, ...], _: View) -> tuple[tuple[Node, ...], tuple[Violated, ...]]:
        return shapes, ()


@cache
def real() -> Shapes:
    return load_shapes(load_vocabulary())


def blind(shapes: Shapes) -> Shapes:
    unseeing = replace(shapes)
    vars(unseeing)["foresight"] = Blind()
    return unseeing


@cache
def gates() -> tuple[Gate, Gate]:
    return Gate(real(), BASE), Gate(blind(real()), BASE)


def typed(text: str, datatype: str) -> ox.Literal:
    return ox.Literal(text, datatype=ox.NamedNode(XSD + datatype))


TEXTS = ["La Ruche", "", " ", "a@b.fr", "01 23 45 67 89", "217500016", "217500017", "217500016\n", "42143076000049", "W9T1002867"]
TEXTS += ["0910620E", "0910620F", "2024", "2024-09-01", "vingt", "x" * 300, "é", "35600000000048", "true", "https://x.test/"]
NUMBERS = ["1", "0", "-5", "2024", "3.5", "1e3", "", "٣", "99999999999999999999"]
DATES = ["2024-09-01", "2024-02-30", "2023-12-31", "2024-9-1", "2024-09-01Z", "0000-01-01", "-2024-01-01", "2024-09-01\n"]
YEARS = ["2024", "0000", "24", "2023", "-0001", "2024Z"]
MOMENTS = ["2024-09-01T10:00:00", "2024-09-01T10:00:00Z", "2024-09-01T24:00:00", "2024-09-01", "2023-01-01T00:00:00+14:00"]
MONTHS = ["2024-09", "2024-13", "2023-01", "2024"]
LITERALS: list[ox.Literal | ox.NamedNode] = [
    *(ox.Literal(text) for text in TEXTS),
    *(ox.Literal(text, language=tag) for text in TEXTS[:6] for tag in ("fr", "en", "fr-BE", "FR")),
    *(typed(text, name) for name in ("integer", "decimal", "nonNegativeInteger") for text in NUMBERS),
    *(typed(text, "date") for text in DATES),
    *(typed(text, "gYear") for text in YEARS),
    *(typed(text, "gYearMonth") for text in MONTHS),
    *(typed(text, "dateTime") for text in MOMENTS),
    *(typed(text, "boolean") for text in ("true", "false", "1", "oui")),
    *(typed(text, "string") for text in ("x", "")),
    typed("POINT(2 48)", "anyURI"),
    ox.Literal("POINT(2 48)", datatype=ox.NamedNode("http://www.opengis.net/ont/geosparql#wktLiteral")),
    *(ox.NamedNode(iri) for iri in ("https://w3id.org/maillage/code/legal-form/9220", "https://x.test/", "mailto:a@b.fr")),
]


@cache
def classes() -> list[tuple[str, list[ox.NamedNode]]]:
    """Each class that a shape aims at, with the properties that its shapes read."""
    graph = shapes_graph()
    found = []
    for class_ in sorted(set(map(str, graph.objects(None, SH.targetClass)))):
        nodes = list(graph.subjects(SH.targetClass, URIRef(class_)))
        paths = {path for node in nodes for part in graph.objects(node, SH.property) for path in graph.objects(part, SH.path)}
        found.append((class_, [ox.NamedNode(str(path)) for path in sorted(paths) if isinstance(path, URIRef)]))
    return [(class_, properties) for class_, properties in found if properties]


@st.composite
def described(draw: st.DrawFn) -> frozenset[ox.Quad]:
    """A few nodes of real classes with values of every kind, some likely, in one source or two."""
    found: set[ox.Quad] = set()
    for node in NODES:
        class_, properties = draw(st.sampled_from(classes()))
        graph = draw(st.sampled_from(GRAPHS))
        found.add(ox.Quad(node, TYPE, ox.NamedNode(class_), graph))
        for name in draw(st.lists(st.sampled_from(properties), max_size=8)):
            value = draw(st.one_of(st.sampled_from(LITERALS), st.sampled_from(NODES)))
            found.add(ox.Quad(node, name, value, draw(st.sampled_from([graph, graph, *GRAPHS]))))
    return frozenset(found)


def told(report: Report) -> tuple[set[object], dict[str, int]]:
    return set(report.findings), dict(report.counts)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(described())
def test_the_same_is_found_with_and_without_foresight(stated: frozenset[ox.Quad]) -> None:
    seeing, unseeing = gates()
    assert told(seeing.judge_all(State(stated))) == told(unseeing.judge_all(State(stated)))


@pytest.mark.parametrize("predicate", ["siren", "siret", "uai", "name", "foundingDate", "webPage", "legalForm", "socialEconomy"])
def test_each_value_is_judged_alike(predicate: str) -> None:
    """Every literal of the pool in a property of its own node."""
    seeing, unseeing = gates()
    nodes = [ox.NamedNode(f"{BASE}id/actor/{number}") for number in range(len(LITERALS))]
    organization, name = ox.NamedNode(f"{ONTOLOGY}Association"), ox.NamedNode(ONTOLOGY + predicate)
    types = {ox.Quad(node, TYPE, ox.NamedNode(f"{ONTOLOGY}{kind}"), GRAPHS[0]) for node in nodes for kind in ("Actor",)}
    types |= {ox.Quad(node, TYPE, organization, GRAPHS[0]) for node in nodes}
    stated = State(types | {ox.Quad(node, name, value, GRAPHS[0]) for node, value in zip(nodes, LITERALS, strict=True)})
    found = seeing.judge_all(stated)
    assert told(found) == told(unseeing.judge_all(stated))
    assert not found.conforms


PAIRED = [ox.Literal("x", language=tag) for tag in ("fr", "en", "fr-BE")] + [ox.Literal("y", language="fr"), ox.Literal("x")]
PAIRED += [typed("2024-09-01", "date"), typed("2023", "gYear"), *NODES[:2]]  # type: ignore[arg-type]


@pytest.mark.parametrize("predicate", ["name", "mission", "siren", "siret", "headOffice", "foundingDate", "description"])
def test_two_values_are_judged_alike(predicate: str) -> None:
    seeing, unseeing = gates()
    stated: set[ox.Quad] = set()
    for number, (one, other) in enumerate(combinations(PAIRED, 2)):
        node = ox.NamedNode(f"{BASE}id/actor/{number}")
        stated.add(ox.Quad(node, TYPE, ox.NamedNode(f"{ONTOLOGY}Actor"), GRAPHS[0]))
        stated |= {ox.Quad(node, ox.NamedNode(ONTOLOGY + predicate), value, GRAPHS[0]) for value in (one, other)}
    found = seeing.judge_all(State(stated))
    assert told(found) == told(unseeing.judge_all(State(stated)))
    assert not found.conforms


@pytest.mark.parametrize(
    ("start", "end", "kept"),
    [
        ("2020-05-01", "2020-05-01", True),
        ("2020-05-01", "2020-04-30", False),
        ("2020", "2019-12-31", False),
        ("2020-05-01", "2020", True),
        ("2020-05-01", "2019", False),
        ("mai 2020", "2021", None),
    ],
)
def test_dates_in_their_order_are_told_beforehand(start: str, end: str, kept: bool | None) -> None:
    stated = quads(one=f"<id/actor/a> a maillage:Actor ; maillage:foundingDate '{start}' ; maillage:dissolutionDate '{end}' .")
    case = Cases(State(stated), real()).case(ox.NamedNode(f"{BASE}id/actor/a"), GRAPHS[0])
    assert case is not None
    assert (SHAPE["Actor-lifetime"] not in case.doubtful) == (kept is True)


@pytest.mark.parametrize(
    ("value", "other", "is_told"),
    [
        ("2020-05-01", "2020-05-01", True),
        ("2020-05-01", "2020-04-30", False),
        ("2020-1-011", "2021-05-01", False),
        ("2020-02-30", "2021-05-01", False),
        ("2020-05-01", "2021-13-01", False),
        ("2020-05-01", "20210-5-01", False),
    ],
)
def test_of_dates_only_days_that_there_are_are_compared_beforehand(value: str, other: str, is_told: bool) -> None:
    constraint = "sh:path maillage:foundingDate ; sh:lessThanOrEquals maillage:dissolutionDate"
    shapes = mini_shapes(f"shape:T a sh:NodeShape ; sh:targetClass maillage:Actor ; sh:property [ {constraint} ] .", base="")
    days = f"maillage:foundingDate '{value}'^^xsd:date ; maillage:dissolutionDate '{other}'^^xsd:date"
    case = Cases(State(quads(one=f"<id/actor/a> a maillage:Actor ; {days} .")), shapes).case(NODES[0], GRAPHS[0])
    assert case is not None
    assert (not case.doubtful) == is_told


GOOD = """
<id/actor/a> a maillage:Actor ; maillage:name "La Ruche"@fr , "The Hive"@en ; maillage:description "Un lieu."@fr ;
    maillage:siren "217500016" ; maillage:siret "42143076000049" ; maillage:foundingDate "2001-05-04"^^xsd:date ;
    maillage:webPage <https://ruche.example/> ; maillage:place <id/place/p> ; dcterms:source <id/source/s> .
<id/place/p> a maillage:Place . <id/source/s> a maillage:Source .
"""


def test_of_a_good_record_the_validator_is_asked_little() -> None:
    """A gap would cost time and no verdict: so it is looked for here."""
    case = Cases(State(quads(one=GOOD)), real()).case(ox.NamedNode(f"{BASE}id/actor/a"), GRAPHS[0])
    assert case is not None
    advice = {SHAPE["Entity-theme-advised"], SHAPE["Entity-source-advised"]}
    assert set(case.doubtful) <= advice
    read = {f"{ONTOLOGY}{name}" for name in ("mainTheme", "theme", "source")}
    assert {triple.predicate.value for triple in case.asked} <= {TYPE.value, *read}


UNKNOWN: Sequence[str] = (
    "sh:minExclusive 3",
    'sh:pattern "x" ; sh:flags "i"',
    "sh:xone ( [ sh:datatype xsd:string ] [ sh:nodeKind sh:IRI ] )",
    "sh:equals maillage:rna",
    "sh:lessThan maillage:rna",
    "sh:nodeKind sh:Literal",
    "sh:datatype xsd:duration",
    "sh:node [ sh:closed true ]",
    "sh:or ( [ sh:datatype xsd:string ; sh:deactivated true ] [ sh:datatype xsd:integer ] )",
)


@pytest.mark.parametrize("constraint", UNKNOWN)
@pytest.mark.parametrize("value", ['"x"', '"X"@fr', "5", '"P1Y"^^xsd:duration', "<id/actor/b>"])
def test_what_is_not_known_here_is_left_to_the_validator(constraint: str, value: str) -> None:
    shape = f"shape:T a sh:NodeShape ; sh:targetClass maillage:Actor ; sh:property [ sh:path maillage:siren ; {constraint} ] ."
    shapes = mini_shapes(shape, base="")
    stated = State(quads(one=f"<id/actor/a> a maillage:Actor ; maillage:siren {value} . <id/actor/b> maillage:rna 'x' ."))
    assert told(Gate(shapes, BASE).judge_all(stated)) == told(Gate(blind(shapes), BASE).judge_all(stated))
