"""Many nodes are asked about by one query, few one by one: the same is found, and the gate says the same, whichever way."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.shapes import reach
from app.shapes.grading import Touched
from app.shapes.paths import Step
from app.terms import EngineTerm
from tests.gates import BASE, NOTHING, ONTOLOGY, State, brief, difference, gate, judged, quads
from tests.test_foresight import told
from tests.test_gate_equivalence import GATE, GRAPHS, NODES, SAME_AS, TYPE, changes, datasets, term

STEPS = [
    Step(frozenset(map(term, names)), inverse)
    for names in (("siren",), ("unitOf", "place"), ("unitOf", "place", "within", "partnerOf", "participation", "participant"))
    for inverse in (False, True)
]
TERMS: list[EngineTerm] = [
    *NODES,
    ox.Literal("W1"),
    ox.Literal("2"),
    ox.Literal('a "quote"\n'),
    ox.Literal("x", language="fr"),
    TYPE,
]


@contextmanager
def many_from(count: int) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(reach, "MANY", count)
        yield


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(datasets(), st.sets(st.sampled_from(TERMS)), st.sampled_from(STEPS))
def test_a_step_from_many_nodes_leads_where_steps_from_each_lead(
    stated: frozenset[ox.Quad], nodes: set[EngineTerm], step: Step
) -> None:
    state = State(stated)
    with many_from(0):
        at_once = reach.spread(state, step, nodes)
    found = {(quad.subject, quad.object) for quad in stated if quad.predicate in step.predicates}
    assert at_once == {a if step.inverse else b for a, b in found if (b if step.inverse else a) in nodes}
    assert at_once == reach.spread(state, step, nodes)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(datasets())
def test_what_each_graph_says_of_nodes_is_counted_alike(stated: frozenset[ox.Quad]) -> None:
    with many_from(0):
        at_once = dict(reach.standings(State(stated), NODES))
    assert at_once == dict(reach.standings(State(stated), NODES))
    for node in NODES:
        for graph in GRAPHS:
            said = [q for q in stated if (q.subject, q.graph_name) == (node, graph) and q.predicate != SAME_AS]
            assert at_once.get(node, {}).get(graph, 0) == len(said)


@settings(max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(changes())
def test_a_large_change_is_judged_as_a_small_one(change: tuple[frozenset[ox.Quad], frozenset[ox.Quad]]) -> None:
    before, after = change
    with many_from(0):
        at_once = GATE.judge(State(after), difference(before, after))
        pairs = GATE.affected(State(after), difference(before, after))
    assert told(at_once) == told(GATE.judge(State(after), difference(before, after)))
    assert pairs == GATE.affected(State(after), difference(before, after))


@pytest.mark.parametrize("held", [0, 1, 10])
def test_a_change_that_is_too_large_to_be_held_is_read_from_the_store(held: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Touched, "HELD", held)
    stated = "".join(f"<id/actor/{i}> a maillage:Actor ; maillage:siren '{i // 2}' ." for i in range(6))
    after = quads(one=stated)
    touched = Touched.by(difference(NOTHING, after), frozenset())
    assert len(touched.nodes[GRAPHS[0]]) == 6
    assert sum(len(nodes) for nodes in touched.added.values()) == (0 if held < len(after) else 6)
    found = brief(judged(NOTHING, after))
    assert ("Violation", "Actor-siren-unique", "id/actor/0", "one") in found
    assert ("Violation", "Actor-name", "id/actor/5", "one") in found


def test_a_node_that_another_graph_describes_too_is_not_taken_for_all_that_is_said_of_it() -> None:
    """The class of what is referred to comes from the other graph, in a change that describes it in this one."""
    other = "<id/actor/b> a maillage:Actor ; maillage:name 'B' ."
    ours = "<id/actor/b> maillage:rna 'W1' . " + "".join(
        f"<id/actor/x{i}> a maillage:Actor ; maillage:name 'x' ; maillage:unitOf <id/actor/b> ." for i in range(50)
    )
    report = judged(quads(two=other), quads(one=ours, two=other), gate())
    assert report.nodes == 51
    assert report.conforms


def test_blank_nodes_and_triple_terms_are_looked_up_one_by_one() -> None:
    name, blank = term("name"), ox.BlankNode("b")
    triple = ox.Triple(NODES[0], name, ox.Literal("x"))
    said = {ox.Quad(blank, name, triple, GRAPHS[0]), ox.Quad(NODES[1], name, blank, GRAPHS[0])}
    with many_from(0):
        assert dict(reach.standings(State(said), [blank, NODES[1]])) == {blank: {GRAPHS[0]: 1}, NODES[1]: {GRAPHS[0]: 1}}
        back = Step(frozenset({name}), inverse=True)
        assert reach.spread(State(said), back, {blank, triple, ox.NamedNode(f"{ONTOLOGY}x")}) == {NODES[1], blank}
        assert reach.spread(State(said), Step(frozenset({name})), {blank, ox.NamedNode(f"{BASE}y")}) == {triple}
