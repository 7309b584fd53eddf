"""The gate's verdict on a change equals that of judging the whole dataset by the same semantics: on random changes."""

from __future__ import annotations

import pyoxigraph as ox
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.shapes import Finding, Report
from tests.gates import BASE, ONTOLOGY, State, difference, gate

GATE = gate()
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SAME_AS = ox.NamedNode("http://www.w3.org/2002/07/owl#sameAs")
NODES = [ox.NamedNode(f"{BASE}id/thing/{letter}") for letter in "abcdef"]
GRAPHS = [ox.NamedNode(f"{BASE}graphs/{name}") for name in ("one", "two", "three")]
CLASSES = ["Actor", "Association", "Territory", "Commune", "Partnership", "Participation", "Place", "Asociation"]
LINKS = ["unitOf", "place", "within", "participation", "participant", "territory", "partnerOf"]
TEXTS = ["siren", "rna", "name", "place", "nom"]


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(ONTOLOGY + name)


nodes = st.sampled_from(NODES)
statements = st.one_of(
    st.tuples(nodes, st.just(TYPE), st.sampled_from([term(name) for name in CLASSES])),
    st.tuples(nodes, st.sampled_from([term(name) for name in LINKS]), nodes),
    st.tuples(nodes, st.sampled_from([term(name) for name in LINKS]), nodes),
    st.tuples(nodes, st.sampled_from([term(name) for name in TEXTS]), st.sampled_from([ox.Literal("W1"), ox.Literal("2")])),
    st.tuples(nodes, st.just(SAME_AS), nodes),
)
stated = st.builds(lambda s, graph: ox.Quad(*s, graph), statements, st.sampled_from(GRAPHS))
datasets = st.frozensets(stated, max_size=45)


@st.composite
def changes(draw: st.DrawFn) -> tuple[frozenset[ox.Quad], frozenset[ox.Quad]]:
    """A dataset before and after: single statements come and go, or a source or a node's description is dropped whole."""
    before = draw(datasets)
    after = set(before) | draw(st.frozensets(stated, max_size=6))
    kind = draw(st.sampled_from(["some", "graph", "node", "nothing"]))
    if kind == "some" and before:
        after -= draw(st.frozensets(st.sampled_from(sorted(before, key=str)), max_size=6))
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


@settings(max_examples=250, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_judging_a_change_equals_judging_everything(change: tuple[frozenset[ox.Quad], frozenset[ox.Quad]]) -> None:
    before, after = change
    local = GATE.judge(State(after), difference(before, after))
    whole = GATE.judge_all(State(after), difference(before, after))
    affected = GATE.affected(State(after), difference(before, after))
    cases = {(graph.value, node.value) for graph, found in affected.items() for node in found}

    assert local.conforms == all(f.severity != "Violation" for case, found in by_case(whole).items() for f in found if case in cases)
    assert by_case(local) == {case: found for case, found in by_case(whole).items() if case in cases}

    was, now = by_case(GATE.judge_all(State(before))), by_case(GATE.judge_all(State(after)))
    untouched = (was.keys() | now.keys()) - cases
    assert {case: was.get(case, set()) for case in untouched} == {case: now.get(case, set()) for case in untouched}
