"""The gate's verdict on a change equals that of judging the whole dataset by the same semantics: on random changes."""

from __future__ import annotations

import pyoxigraph as ox
import pyshacl
import rdflib
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.shapes import Finding, Report
from app.terms import SH, to_engine, to_rdflib
from tests.gates import BASE, ONTOLOGY, State, difference, gate, superclasses

GATE = gate()
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SAME_AS = ox.NamedNode("http://www.w3.org/2002/07/owl#sameAs")
NODES = [ox.NamedNode(f"{BASE}id/thing/{letter}") for letter in "abcd"]
GRAPHS = [ox.NamedNode(f"{BASE}graphs/{name}") for name in ("one", "two")]
LINKS = {
    "Actor": ("unitOf", "place", "partnerOf"),
    "Association": ("unitOf", "place"),
    "Territory": ("within",),
    "Commune": ("within",),
    "Partnership": ("participation", "unitOf"),
    "Participation": ("participant",),
    "Place": ("territory",),
    "Asociation": ("nom",),
}
TEXTS = ("siren", "rna", "name", "place")


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(ONTOLOGY + name)


nodes, graphs = st.sampled_from(NODES), st.sampled_from(GRAPHS)
links = st.sampled_from([term(name) for names in LINKS.values() for name in names])
words = st.sampled_from([ox.Literal("W1"), ox.Literal("2")])
statements = st.one_of(
    st.tuples(nodes, st.just(TYPE), st.sampled_from([term(name) for name in LINKS])),
    st.tuples(nodes, links, nodes),
    st.tuples(nodes, links, nodes),
    st.tuples(nodes, st.sampled_from([term(name) for name in TEXTS]), words),
    st.tuples(nodes, st.just(SAME_AS), nodes),
)
stated = st.builds(lambda s, graph: ox.Quad(*s, graph), statements, graphs)


@st.composite
def datasets(draw: st.DrawFn) -> frozenset[ox.Quad]:
    """Nodes that are mostly described as their class would have it, in one source or more, and anything besides."""
    quads = set(draw(st.frozensets(stated, max_size=12)))
    for node in NODES:
        kind = draw(st.sampled_from(sorted(LINKS)))
        quads.add(ox.Quad(node, TYPE, term(kind), draw(graphs)))
        for _ in range(draw(st.integers(0, 3))):
            quads.add(ox.Quad(node, term(draw(st.sampled_from(LINKS[kind]))), draw(nodes), draw(graphs)))
        if draw(st.booleans()):
            quads.add(ox.Quad(node, term(draw(st.sampled_from(TEXTS))), draw(words), draw(graphs)))
    return frozenset(quads)


@st.composite
def changes(draw: st.DrawFn) -> tuple[frozenset[ox.Quad], frozenset[ox.Quad]]:
    """A dataset before and after: single statements come and go, or a source or a node's description is dropped whole."""
    before = draw(datasets())
    after = set(before) | draw(st.frozensets(stated, max_size=4))
    kind = draw(st.sampled_from(["some", "some", "graph", "node", "nothing"]))
    if kind == "some" and before:
        after -= draw(st.frozensets(st.sampled_from(sorted(before, key=str)), min_size=1, max_size=4))
    if kind == "graph":
        gone = draw(st.sampled_from(GRAPHS))
        after = {quad for quad in after if quad.graph_name != gone}
    if kind == "node":
        node, graph = draw(nodes), draw(st.sampled_from(GRAPHS))
        after = {quad for quad in after if (quad.subject, quad.graph_name) != (node, graph)}
    return before, frozenset(after)


def by_case(report: Report) -> dict[tuple[str, str], set[Finding]]:
    found: dict[tuple[str, str], set[Finding]] = {}
    for finding in report.findings:
        found.setdefault((finding.graph, finding.focus), set()).add(finding)
    return found


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_judging_a_change_equals_judging_everything(change: tuple[frozenset[ox.Quad], frozenset[ox.Quad]]) -> None:
    before, after = change
    local = GATE.judge(State(after), difference(before, after))
    whole = GATE.judge_all(State(after), difference(before, after))
    affected = GATE.affected(State(after), difference(before, after))
    cases = {(graph.value, node.value) for graph, found in affected.items() for node in found}

    assert local.conforms == all(
        f.severity != "Violation" for case, found in by_case(whole).items() for f in found if case in cases
    )
    assert by_case(local) == {case: found for case, found in by_case(whole).items() if case in cases}

    was, now, graded = by_case(GATE.judge_all(State(before))), by_case(GATE.judge_all(State(after))), by_case(whole)
    for case in (was.keys() | now.keys() | graded.keys()) - cases:
        assert was.get(case) == now.get(case) == graded.get(case)


def published(stated: frozenset[ox.Quad]) -> frozenset[ox.Quad]:
    """What is left of a dataset when the gate has refused what violates: a state that a store can have."""
    while refused := {(f.graph, f.focus) for f in GATE.judge_all(State(stated)).findings if f.severity == "Violation"}:
        stated = frozenset(q for q in stated if (q.graph_name.value, q.subject.value) not in refused)
    return stated


@settings(max_examples=250, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_the_verdict_on_a_change_of_a_published_dataset_is_that_on_the_whole(
    change: tuple[frozenset[ox.Quad], frozenset[ox.Quad]],
) -> None:
    before, after = change
    kept = published(before)
    after = frozenset(after - (before - kept))
    local = GATE.judge(State(after), difference(kept, after))
    whole = GATE.judge_all(State(after), difference(kept, after))
    assert local.conforms == whole.conforms
    assert {f for f in local.findings if f.severity == "Violation"} == {f for f in whole.findings if f.severity == "Violation"}


Found = tuple[str, str, str, str, str | None]


def by_the_book(stated: frozenset[ox.Quad]) -> set[Found]:
    """The meaning taken literally, with pySHACL's own entry point: each node alone, in the merge with its statements replaced."""
    found: set[Found] = set()
    merge = {quad.triple for quad in stated if quad.predicate != SAME_AS}
    for node, graph in {(quad.subject, quad.graph_name) for quad in stated if quad.predicate != SAME_AS}:
        own = {q.triple for q in stated if (q.subject, q.graph_name) == (node, graph) and q.predicate != SAME_AS}
        declared = any(t.predicate == TYPE for t in own)
        own |= set() if declared else {t for t in merge if t.subject == node and t.predicate == TYPE}
        for component, shape, value in validated(node, {t for t in merge if t.subject != node} | own):
            if declared or not component.endswith(("MinCountConstraintComponent", "HasValueConstraintComponent")):
                found.add((graph.value, node.value, component, shape, value))
    return found


def validated(node: ox.NamedNode, triples: set[ox.Triple]) -> set[tuple[str, str, str | None]]:
    data = rdflib.Graph()
    for triple in triples:
        data.add((to_rdflib(triple.subject), to_rdflib(triple.predicate), to_rdflib(triple.object)))
        if triple.predicate == TYPE:
            for above in superclasses(triple.object.value):
                data.add((to_rdflib(triple.subject), rdflib.RDF.type, rdflib.URIRef(above)))
    # not with its argument focus_nodes: that makes it take every nested shape for kept
    _, results, _ = pyshacl.validate(data, shacl_graph=GATE.shapes.graph)
    found = set()
    for result in results.objects(None, SH.result):
        if results.value(result, SH.focusNode) != to_rdflib(node):
            continue
        value = results.value(result, SH.value)
        component, shape = results.value(result, SH.sourceConstraintComponent), results.value(result, SH.sourceShape)
        found.add((str(component), str(shape), None if value is None else str(to_engine(value))))
    return found


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(datasets())
def test_what_is_found_is_what_the_meaning_says_when_taken_literally(stated: frozenset[ox.Quad]) -> None:
    report = GATE.judge_all(State(stated))
    found = {
        (f.graph, f.focus, f.component, f.shape, None if f.value is None else str(f.value))
        for f in report.findings
        if f.component.startswith(SH)
    }
    assert found == by_the_book(stated)
