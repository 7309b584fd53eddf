"""What the tests of the shapes read: the shapes, the ontology, the cases, and the findings about one; not tests themselves."""

import re
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pyshacl
from rdflib import RDF, RDFS, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.plugins.sparql import prepareQuery

from app.resources import folder
from app.terms import SHAPE, to_rdflib

FILES = sorted(folder("shapes").glob("*.ttl"))
CASES_FOLDER = Path(__file__).parent / "shapes"
CASES = sorted(CASES_FOLDER.glob("*/*.ttl"))
BASE = "https://example.org/"
SEVERITIES = {"Violation", "Warning", "Info"}


@cache
def shapes() -> Graph:
    graph = Graph()
    for path in FILES:
        graph.parse(path, format="turtle")
    return graph


@cache
def ontology() -> Graph:
    graph = Graph()
    for path in sorted(folder("ontology").glob("*.ttl")):
        graph.parse(path, format="turtle")
    return graph


@cache
def context() -> Graph:
    return Graph().parse(CASES_FOLDER / "context.ttl", format="turtle", publicID=BASE)


def property_shapes() -> list[URIRef]:
    return sorted(shapes().subjects(RDF.type, SH.PropertyShape))


def constraint_owners() -> list[URIRef]:
    """What a finding can name: the property shapes, and the node shapes that have a message of their own."""
    with_message = {s for s in shapes().subjects(SH.message, None) if (s, SH.targetClass, None) in shapes()}
    return sorted({*property_shapes(), *with_message})


def local(shape: URIRef) -> str:
    return str(shape).removeprefix(str(SHAPE))


class Prepared(Graph):
    """A graph that translates each text of a query once: reading a constraint takes a hundred times longer than running it."""

    def query(self, query_object, *args, **kwargs):
        return super().query(translated(query_object), *args, **kwargs)


@cache
def translated(query: str):
    return prepareQuery(query)


def with_context(said: Graph) -> Graph:
    """The case's statements with what they refer to, every superclass as a type of its own."""
    data = Prepared()
    data += said
    waiting = set(said.objects())
    while waiting:
        term = waiting.pop()
        for triple in (*context().triples((term, None, None)), *ontology().triples((term, None, None))):
            data.add(triple)
            if (triple[2], None, None) in context() and (triple[2], None, None) not in data:
                waiting.add(triple[2])
    for subject, kind in list(data.subject_objects(RDF.type)):
        for above in ontology().transitive_objects(kind, RDFS.subClassOf):
            data.add((subject, RDF.type, above))
    return data


def findings(said: Graph) -> set[str]:
    """``shape:Name Severity`` for each finding about the case's own subjects."""
    _, report, _ = pyshacl.validate(with_context(said), shacl_graph=shapes(), inplace=True, advanced=False, js=False)
    own = set(said.subjects()) - set(context().subjects())
    return {
        f"shape:{local(report.value(found, SH.sourceShape))} {report.value(found, SH.resultSeverity).fragment}"
        for found in report.objects(None, SH.result)
        if report.value(found, SH.focusNode) in own
    }


def expected(path: Path) -> set[str]:
    """What the first line announces, for instance ``# expects: shape:Actor-siren Violation``."""
    first = path.read_text(encoding="utf-8").splitlines()[0]
    announced = re.fullmatch(r"# expects: (.+)", first)
    assert announced, f"{path}: start with “# expects: conforms” or “# expects: shape:Name Severity, …”"
    return set() if announced[1] == "conforms" else set(announced[1].split(", "))


def read_case(path: Path) -> Graph:
    """As the gate reads: the engine's terms, their lexical forms untouched by rdflib."""
    graph = Graph()
    for quad in ox.parse(path=path, base_iri=BASE):
        graph.add((to_rdflib(quad.subject), to_rdflib(quad.predicate), to_rdflib(quad.object)))
    return graph


def paths_in(path: object) -> set[URIRef]:
    """The properties of a SHACL path, however it nests."""
    if isinstance(path, URIRef):
        return {path}
    if (path, RDF.first, None) in shapes():
        return {term for step in Collection(shapes(), path) for term in paths_in(step)}
    return {term for _, inner in shapes().predicate_objects(path) for term in paths_in(inner)}
