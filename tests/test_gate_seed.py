"""The gate with the real shapes and ontology, on a part of the real data and random damage to it."""

from __future__ import annotations

from functools import cache

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.resources import folder
from app.shapes import Shapes
from app.shapes.gate import Gate
from app.vocabulary import Vocabulary
from tests.gates import BASE, NOTHING, State, difference, judged

SOURCES = ("melanine-mobile-vibe", "assemblee-generale")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
OTHER = ox.NamedNode(f"{BASE}graphs/other")


@cache
def real_gate() -> Gate:
    vocabulary = Vocabulary.load(folder("ontology"))
    shapes = Shapes.load(folder("shapes"), vocabulary.superclasses, vocabulary.known_terms, vocabulary.derived_properties)
    return Gate(shapes, BASE)


@cache
def real_data() -> frozenset[ox.Quad]:
    """Two sources, and of all others what they refer to."""
    named = {path.name.partition(".")[0]: path for path in folder("seed").glob("*.ttl")}
    named |= {path.stem: path for path in folder("ontology").glob("*.ttl")}
    stated = {name: read(path.read_bytes(), name) for name, path in named.items()}
    ours = {quad for name in SOURCES for quad in stated[name]}
    referred = {quad.object for quad in ours if isinstance(quad.object, ox.NamedNode)}
    others = {quad for quads in stated.values() for quad in quads if quad.subject in referred}
    return frozenset(ours | {quad for quad in others if quad.predicate == TYPE})


def read(text: bytes, name: str) -> list[ox.Quad]:
    graph = ox.NamedNode(f"{BASE}graphs/{name}")
    parsed = ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=BASE, rename_blank_nodes=True)
    return [ox.Quad(quad.subject, quad.predicate, quad.object, graph) for quad in parsed]


@st.composite
def damage(draw: st.DrawFn) -> frozenset[ox.Quad]:
    """Statements that are lost, that point elsewhere, or that another source makes in place of their own."""
    stated = sorted(real_data(), key=str)
    picked = draw(st.lists(st.sampled_from(stated), min_size=1, max_size=8, unique=True))
    after = set(stated) - set(picked)
    for quad in picked:
        match draw(st.sampled_from(["lost", "elsewhere", "other source"])):
            case "elsewhere":
                target = draw(st.sampled_from(stated)).object
                after.add(ox.Quad(quad.subject, quad.predicate, target, quad.graph_name))
            case "other source":
                after.add(ox.Quad(quad.subject, quad.predicate, quad.object, OTHER))
    return frozenset(after)


def test_two_sources_of_the_seed_are_accepted_with_what_they_refer_to() -> None:
    report = judged(NOTHING, real_data(), real_gate())
    ours = [f for f in report.findings if f.graph.rpartition("/")[2] in SOURCES and f.severity == "Violation"]
    assert report.nodes > 40
    assert [f.shape for f in ours] == []


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(damage())
def test_judging_damage_equals_judging_everything(after: frozenset[ox.Quad]) -> None:
    by, before = real_gate(), real_data()
    local = by.judge(State(after), difference(before, after))
    whole = by.judge_all(State(after), difference(before, after))
    affected = by.affected(State(after), difference(before, after))
    cases = {(graph.value, node.value) for graph, nodes in affected.items() for node in nodes}
    assert set(local.findings) == {f for f in whole.findings if (f.graph, f.focus) in cases}
    was, now = set(by.judge_all(State(before)).findings), set(by.judge_all(State(after)).findings)
    assert {f for f in was ^ now if (f.graph, f.focus) not in cases} == set()
