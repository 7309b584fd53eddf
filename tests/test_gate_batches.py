"""Cases are judged together without seeing what is not theirs, here and in parallel processes."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from app.shapes import batches
from app.shapes.case import Cases
from app.shapes.lookup import around
from app.shapes.paths import Step
from tests.gates import BASE, NOTHING, ONTOLOGY, State, brief, difference, gate, judged, mini_shapes, quads

# two sources describe the same chain differently: what one says of a node must not be held against the other
ONE = "<id/t1> a maillage:Territory ; maillage:within <id/t2> . <id/t2> a maillage:Territory ; maillage:name 'deux' ."
TWO = "<id/t2> a maillage:Territory ; maillage:within <id/t3> , 'faux' . <id/t3> a maillage:Territory ."


def test_a_node_is_judged_apart_where_another_case_says_more_of_it() -> None:
    report = judged(NOTHING, quads(one=ONE, two=TWO))
    assert brief(report) == {("Violation", "Territory-within", "id/t2", "two")}


def test_cases_that_do_not_meet_share_a_batch() -> None:
    stated = quads(one="".join(f"<id/actor/{i}> a maillage:Actor ; maillage:name 'x' ." for i in range(20)))
    cases = [Cases(State(stated), mini_shapes()).case(q.subject, q.graph_name) for q in sorted(stated, key=str)[::2]]
    assert [len(batch.cases) for batch in batches.batches([case for case in cases if case])] == [20]


def test_a_subclass_that_only_a_source_states_makes_no_reference_good() -> None:
    stated = """
        <https://example.org/Own> rdfs:subClassOf maillage:Actor .
        <id/actor/a> a maillage:Actor ; maillage:name 'A' ; maillage:description 'd' ; maillage:unitOf <id/actor/b> .
        <id/actor/b> a <https://example.org/Own> .
        """
    assert brief(judged(NOTHING, quads(one=stated))) == {("Violation", "Actor-partner", "id/actor/a", "one")}


def test_processes_find_what_one_process_finds(monkeypatch: pytest.MonkeyPatch) -> None:
    stated = "".join(
        f"<id/actor/{i}> a maillage:Association ; maillage:name {i if i % 7 == 0 else repr(str(i))} ; maillage:siren '{i // 2}' ."
        for i in range(600)
    )
    after = quads(one=stated, two=stated.replace("maillage:Association", "maillage:Actor"))
    alone = judged(NOTHING, after)
    monkeypatch.setattr(batches, "PARALLEL_FROM", 100)
    told: list[tuple[int, int]] = []
    together = gate().judge(State(after), difference(NOTHING, after), lambda done, total: told.append((done, total)))
    assert together.findings == alone.findings
    assert together.counts == alone.counts
    assert told[-1] == (1200, 1200)
    assert len(told) > 1


def test_a_small_change_starts_no_process() -> None:
    assert batches.processes_for(batches.PARALLEL_FROM) == 1


def test_the_base_decides_what_an_entity_is() -> None:
    other = quads(one=f"<{BASE.replace('base', 'other')}id/x> maillage:name 'X' .")
    assert judged(NOTHING, other).findings == ()


MANY = frozenset(ox.NamedNode(f"{ONTOLOGY}p{i}") for i in range(10))


@pytest.mark.parametrize("pointing", [3, 400])
@pytest.mark.parametrize("predicates", [frozenset(list(MANY)[:2]), MANY])
def test_a_step_over_several_properties_takes_those_and_no_others(pointing: int, predicates: frozenset[ox.NamedNode]) -> None:
    hub = ox.NamedNode(f"{BASE}id/hub")
    named = [*sorted(MANY, key=str), ox.NamedNode(f"{ONTOLOGY}other")]
    stated = {
        ox.Quad(ox.NamedNode(f"{BASE}id/{i}"), named[i % 11], hub, ox.NamedNode(f"{BASE}graphs/one")) for i in range(pointing)
    }
    expected = {quad.triple for quad in stated if quad.predicate in predicates}
    found = list(around(State(stated), Step(predicates, inverse=True), hub))
    assert {quad.triple for quad in found} == expected
    assert len(found) == len(expected)


def test_a_literal_has_no_statements_of_its_own() -> None:
    assert list(around(State(NOTHING), Step(MANY), ox.Literal("x"))) == []


def test_nodes_that_are_not_in_doubt_start_no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("no process is worth it")

    monkeypatch.setattr(batches, "PARALLEL_FROM", 0)
    monkeypatch.setattr(batches, "in_parallel", never)
    stated = "".join(f"<id/actor/{i}> a maillage:Actor ; maillage:name '{i}' ; maillage:siren '{i}' ." for i in range(300))
    report = judged(NOTHING, quads(one=stated))
    assert report.nodes == report.counts["Info"] == 300
