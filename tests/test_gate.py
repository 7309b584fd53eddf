"""What the gate refuses, what it lets through with a warning, and what it leaves alone: sentence by sentence of its meaning."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from app.shapes import Finding, Report
from app.shapes.gate import Gate
from app.shapes.grading import nearest_term
from tests.gates import BASE, NOTHING, ONTOLOGY, State, brief, difference, gate, judged, mini_shapes, quads

ACTOR = "<id/actor/a> a maillage:Actor ; maillage:name 'A' ; maillage:description 'd' ."
B = "<id/actor/b> a maillage:Actor ; maillage:name 'B' ; maillage:description 'd' ."


def loaded(**graphs: str) -> Report:
    """The report on a first load."""
    return judged(NOTHING, quads(**graphs))


def only(report: Report) -> Finding:
    (finding,) = report.findings
    return finding


def test_a_change_that_keeps_to_the_rules_is_accepted() -> None:
    report = loaded(one=ACTOR)
    assert (report.conforms, report.findings, report.nodes) == (True, (), 1)


def test_a_change_of_nothing_is_accepted_without_judging_anything() -> None:
    stated = quads(one=ACTOR)
    assert judged(stated, stated).nodes == 0


def test_a_finding_names_node_property_value_graph_and_what_to_do() -> None:
    finding = only(loaded(one="<id/actor/a> a maillage:Actor ; maillage:name 12 ; maillage:description 'd' ."))
    assert finding.severity == "Violation"
    assert finding.focus == f"{BASE}id/actor/a"
    assert finding.path == f"{ONTOLOGY}name"
    assert finding.value == ox.Literal("12", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#integer"))
    assert finding.graph == f"{BASE}graphs/one"
    assert finding.component.endswith("#DatatypeConstraintComponent")
    assert finding.shape.endswith("#Actor-name")
    assert finding.messages == {"fr": "Donnez un nom.", "en": "Give a name."}
    assert finding.names == {"fr": "Nom", "en": "Name"}


def test_advice_and_warnings_are_kept_and_do_not_refuse() -> None:
    report = loaded(one="<id/actor/a> a maillage:Actor ; maillage:name 'A' .")
    assert report.conforms
    assert brief(report) == {("Info", "Actor-described", "id/actor/a", "one")}


def test_a_subclass_is_judged_by_the_shapes_of_its_superclasses() -> None:
    report = loaded(one="<id/actor/a> a maillage:Association ; maillage:rna 'X' ; maillage:description 'd' .")
    assert brief(report) == {
        ("Violation", "Actor-name", "id/actor/a", "one"),
        ("Violation", "Association-rna", "id/actor/a", "one"),
    }


def test_a_reference_to_a_subclass_is_a_reference_to_its_superclass() -> None:
    report = loaded(one=ACTOR + "<id/actor/b> a maillage:Association ; maillage:name 'B' ; maillage:description 'd' ; "
                    "maillage:unitOf <id/actor/a> . <id/actor/a> maillage:unitOf <id/actor/b> .")  # fmt: skip
    assert report.findings == ()


def test_a_literal_that_its_datatype_does_not_allow_is_refused_without_a_word_on_the_console(
    capfd: pytest.CaptureFixture,
) -> None:
    shape = "shape:Actor sh:property [ sh:path maillage:rna ; sh:datatype xsd:date ] ."
    by = gate(shape)
    after = quads(one=ACTOR + "<id/actor/a> maillage:rna '2024-13-45'^^xsd:date .")
    assert not judged(NOTHING, after, by).conforms
    assert capfd.readouterr() == ("", "")


# each source by itself


def test_two_sources_may_each_give_a_name() -> None:
    assert loaded(one=ACTOR, two=ACTOR.replace("'A'", "'Autre'")).conforms


def test_one_source_may_not_give_two_names() -> None:
    report = loaded(one=ACTOR + "<id/actor/a> maillage:name 'Autre' .", two=ACTOR)
    assert brief(report) == {("Violation", "Actor-name", "id/actor/a", "one")}


def test_a_graph_without_type_borrows_it_and_owes_correctness() -> None:
    report = loaded(one=ACTOR, two="<id/actor/a> maillage:name 12 .")
    assert brief(report) == {("Violation", "Actor-name", "id/actor/a", "two")}


def test_a_graph_without_type_does_not_owe_completeness() -> None:
    assert loaded(one=ACTOR, two="<id/actor/a> maillage:rna 'W' .").findings == ()


def test_a_graph_that_declares_a_node_owes_completeness() -> None:
    report = loaded(one=ACTOR, two="<id/actor/a> a maillage:Actor ; maillage:description 'd' .")
    assert brief(report) == {("Violation", "Actor-name", "id/actor/a", "two")}


def test_a_graph_is_judged_by_the_type_that_it_states_and_not_by_that_of_another() -> None:
    assert loaded(one=ACTOR, two="<id/actor/a> a maillage:Place ; maillage:territory <id/t> . <id/t> a maillage:Territory ; "
                  "maillage:name 'T' .").conforms  # fmt: skip


def test_removing_the_type_in_one_graph_judges_the_graphs_that_borrowed_it() -> None:
    before = quads(one=ACTOR, two="<id/actor/a> maillage:rna 'X' .")
    report = judged(
        before, quads(one=ACTOR.replace("maillage:Actor", "maillage:Association"), two="<id/actor/a> maillage:rna 'X' .")
    )
    assert ("Violation", "Association-rna", "id/actor/a", "two") in brief(report)


def test_same_as_is_as_if_it_were_not_there() -> None:
    same = "<id/actor/a> owl:sameAs <id/actor/b> . <id/nothing> owl:sameAs <id/actor/a> ."
    report = loaded(one=ACTOR + "<id/actor/b> maillage:siren '1' . <id/actor/b> a maillage:Place ; maillage:territory <id/t> ."
                    "<id/t> a maillage:Territory ; maillage:name 'T' .", two=same)  # fmt: skip
    assert report.findings == ()
    assert report.nodes == 3


def test_a_change_of_same_as_alone_affects_nothing() -> None:
    before = quads(one=ACTOR)
    after = before | quads(one="<id/actor/a> owl:sameAs <id/actor/b> .")
    assert gate().affected(State(after), difference(before, after)) == {}


# references


def test_a_reference_to_what_is_not_of_its_class_is_refused() -> None:
    report = loaded(one=ACTOR + "<id/actor/a> maillage:unitOf <id/place/p> .")
    assert brief(report) == {("Violation", "Actor-partner", "id/actor/a", "one")}


def test_a_class_may_come_from_another_source() -> None:
    assert loaded(one=ACTOR + "<id/actor/a> maillage:unitOf <id/actor/b> .", two=B).conforms


def test_a_reference_that_another_source_leaves_dangling_is_a_warning() -> None:
    referring = ACTOR + "<id/actor/a> maillage:unitOf <id/actor/b> ."
    report = judged(quads(one=referring, two=B), quads(one=referring))
    assert brief(report) == {("Warning", "Actor-partner", "id/actor/a", "one")}
    assert report.conforms


def test_a_reference_in_a_choice_is_graded_like_any_other() -> None:
    referring = ACTOR + "<id/actor/a> maillage:place <id/p> ."
    place = "<id/p> a maillage:Place ; maillage:territory <id/t> . <id/t> a maillage:Territory ; maillage:name 'T' ."
    assert brief(judged(quads(one=referring, two=place), quads(one=referring))) == {
        ("Warning", "Actor-place", "id/actor/a", "one")
    }
    assert brief(judged(NOTHING, quads(one=referring))) == {("Violation", "Actor-place", "id/actor/a", "one")}


def test_a_source_that_drops_what_it_refers_to_itself_is_refused() -> None:
    referring = ACTOR + "<id/actor/a> maillage:unitOf <id/actor/b> ."
    report = judged(quads(one=referring + B), quads(one=referring))
    assert brief(report) == {("Violation", "Actor-partner", "id/actor/a", "one")}


def test_touching_a_node_whose_reference_dangles_makes_it_a_violation() -> None:
    before = ACTOR + "<id/actor/a> maillage:unitOf <id/actor/b> ."
    report = judged(quads(one=before), quads(one=before + "<id/actor/a> maillage:rna 'W' ."))
    assert brief(report) == {("Violation", "Actor-partner", "id/actor/a", "one")}


def test_touching_it_in_another_graph_does_not() -> None:
    before = {"one": ACTOR + "<id/actor/a> maillage:unitOf <id/actor/b> ."}
    report = judged(quads(**before), quads(**before, two="<id/actor/a> maillage:rna 'W' ."))
    assert report.findings == ()
    assert report.nodes == 1


def test_a_value_of_the_wrong_kind_is_no_dangling_reference() -> None:
    before = {"one": ACTOR.replace("a maillage:Actor", "a maillage:Place"), "two": "<id/actor/a> maillage:unitOf 'text' ."}
    report = judged(quads(**before), quads(one=ACTOR, two=before["two"]))
    assert ("Violation", "Actor-partner", "id/actor/a", "two") in brief(report)


def test_a_qualified_count_over_types_is_graded_by_the_nodes_that_it_counts() -> None:
    shape = (
        "shape:Actor sh:property shape:Actor-near . shape:Actor-near a sh:PropertyShape ; sh:path maillage:place ; "
        "sh:qualifiedValueShape [ sh:class maillage:Place ] ; sh:qualifiedMinCount 1 ; sh:qualifiedMaxCount 1 ."
    )
    actor = ACTOR + "<id/actor/a> maillage:place <id/p> ."
    place = "<id/p> a maillage:Place ; maillage:territory <id/t> . <id/t> a maillage:Territory ; maillage:name 'T' ."
    dropped_by_another = judged(quads(one=actor, two=place), quads(one=actor), gate(shape))
    dropped_by_itself = judged(quads(one=actor + place), quads(one=actor), gate(shape))
    assert ("Warning", "Actor-near", "id/actor/a", "one") in brief(dropped_by_another)
    assert ("Violation", "Actor-near", "id/actor/a", "one") in brief(dropped_by_itself)


# paths that lead to other nodes


def test_a_value_that_two_nodes_share_is_found_at_both_ends() -> None:
    report = judged(
        quads(one=ACTOR + "<id/actor/a> maillage:siren '1' ."),
        quads(one=ACTOR + "<id/actor/a> maillage:siren '1' .", two=B + "<id/actor/b> maillage:siren '1' ."),
    )
    assert brief(report) == {
        ("Violation", "Actor-siren-unique", "id/actor/a", "one"),
        ("Violation", "Actor-siren-unique", "id/actor/b", "two"),
    }


def test_the_same_number_stated_by_two_sources_is_no_duplicate() -> None:
    stated = ACTOR + "<id/actor/a> maillage:siren '1' ."
    assert loaded(one=stated, two=stated).conforms


def test_a_loop_that_two_sources_close_together_is_refused() -> None:
    one = "<id/t1> a maillage:Territory ; maillage:within <id/t2> . <id/t2> a maillage:Territory ."
    two = "<id/t2> a maillage:Territory ; maillage:within <id/t3> . <id/t3> a maillage:Territory ; maillage:within <id/t1> ."
    report = judged(quads(one=one), quads(one=one, two=two))
    assert {node for _, _, node, _ in brief(report)} == {"id/t1", "id/t2", "id/t3"}
    assert not report.conforms


def test_a_chain_without_loop_is_accepted() -> None:
    assert loaded(one="<id/t1> a maillage:Territory ; maillage:within <id/t2> . <id/t2> a maillage:Territory .").conforms


def test_a_change_far_up_a_chain_judges_all_below() -> None:
    below = (
        "".join(f"<id/t{n}> a maillage:Commune ; maillage:within <id/t{n + 1}> ." for n in range(5))
        + "<id/t5> a maillage:Commune ."
    )
    after = quads(one=below, two="<id/t5> a maillage:Commune ; maillage:within <id/t6> . <id/t6> a maillage:Commune .")
    found = gate().affected(State(after), difference(quads(one=below), after))
    assert {node.value.rpartition("/")[2] for nodes in found.values() for node in nodes} == {f"t{n}" for n in range(7)}


def test_an_inverse_path_is_followed_from_the_other_source() -> None:
    participation = "<id/x> a maillage:Participation ; maillage:participant <id/actor/a> ."
    parties = "<id/p> a maillage:Partnership ; maillage:participation <id/x>, <id/y> . " \
              "<id/y> a maillage:Participation ; maillage:participant <id/actor/b> ."  # fmt: skip
    before = quads(one=ACTOR + B + participation, two=parties)
    assert judged(NOTHING, before).conforms
    after = quads(one=ACTOR + B + participation)
    assert brief(judged(before, after)) == {("Violation", "Participation-of", "id/x", "one")}


def test_an_unrelated_node_is_not_judged() -> None:
    before = quads(one=ACTOR + B)
    assert judged(before, before | quads(one="<id/actor/a> maillage:rna 'W' .")).nodes == 1


# beyond SHACL


@pytest.mark.parametrize(
    ("stated", "component", "told"),
    [
        ("<id/actor/a> maillage:nme 'A' .", "KnownTermComponent", "maillage:name"),
        ("<id/actor/a> a maillage:Asociation .", "KnownTermComponent", "maillage:Association"),
        ("<id/actor/a> maillage:zzz 'A' .", "KnownTermComponent", "maillage:zzz"),
        ("<id/actor/a> maillage:partnerOf <id/actor/b> .", "DerivedPropertyComponent", "maillage:partnerOf"),
        ("<id/actor/a> maillage:rna <<( <id/actor/a> maillage:name 'A' )>> .", "ReadableTermComponent", "maillage:Evidence"),
    ],
)
def test_what_shacl_does_not_say_is_refused(stated: str, component: str, told: str) -> None:
    report = loaded(one=ACTOR + stated)
    (finding,) = [f for f in report.findings if f.component.endswith(f"#{component}")]
    assert finding.severity == "Violation"
    assert all(told in text for text in finding.messages.values())
    assert set(finding.messages) == {"fr", "en"}


def test_terms_of_other_namespaces_are_let_through() -> None:
    assert loaded(one=ACTOR + "<id/actor/a> <http://example.org/unknown> 'A' ; a <http://example.org/Thing> .").findings == ()


def test_no_term_is_unknown_where_the_ontology_is_not_at_hand() -> None:
    shapes = mini_shapes()
    by = Gate(type(shapes)(shapes.graph, shapes.superclasses), BASE)
    assert judged(NOTHING, quads(one=ACTOR + "<id/actor/a> maillage:zzz 'A' ."), by).conforms


@pytest.mark.parametrize(("name", "nearest"), [("nme", "name"), ("Nme", ""), ("Actr", "Actor"), ("actor", "")])
def test_a_suggestion_is_of_the_same_kind_or_missing(name: str, nearest: str) -> None:
    known = [ONTOLOGY + "name", ONTOLOGY + "Actor", "http://example.org/nme"]
    assert nearest_term(ONTOLOGY + name, known) == (ONTOLOGY + nearest if nearest else "")


def test_an_entity_without_a_type_is_a_warning() -> None:
    assert brief(loaded(one="<id/actor/a> maillage:name 'A' .")) == {("Warning", "Typed", "id/actor/a", "one")}


def test_a_type_in_another_source_is_enough() -> None:
    assert loaded(one="<id/actor/a> maillage:name 'A' .", two=ACTOR).findings == ()


def test_a_node_outside_the_entities_needs_no_type() -> None:
    assert loaded(one="<https://example.org/x> <https://example.org/p> 'A' .").findings == ()


def test_what_the_service_writes_itself_is_not_judged() -> None:
    after = quads(derived="<id/actor/a> maillage:partnerOf <id/actor/b> .", merge="<id/x> maillage:nme 'x' .")
    assert judged(NOTHING, after).nodes == 0
    assert gate().judge_all(State(after)).nodes == 0


# the whole dataset


def test_judging_everything_without_a_change_counts_no_reference_as_touched() -> None:
    report = gate().judge_all(State(quads(one=ACTOR + "<id/actor/a> maillage:unitOf <id/actor/b> .")))
    assert brief(report) == {("Warning", "Actor-partner", "id/actor/a", "one")}


def test_progress_is_told_up_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    after = quads(one=ACTOR + B, two=ACTOR)
    gate().judge(State(after), difference(NOTHING, after), lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


# shapes that the gate could not judge by


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ("shape:X a sh:NodeShape ; sh:targetClass maillage:X ; sh:node shape:X .", "refers to itself"),
        ("shape:X a sh:PropertyShape ; sh:path maillage:name ; sh:property [ sh:path maillage:rna ] .", "use sh:node"),
        ("shape:X a sh:NodeShape ; sh:targetClass maillage:X ; sh:rule [ ] .", "never run"),
        ("shape:X a sh:NodeShape ; sh:targetClass maillage:X ; sh:property [ sh:path [ sh:inversePath ( shape:a shape:b ) ] ] .",
         "takes a property"),
    ],
)  # fmt: skip
def test_a_shape_whose_reading_cannot_be_told_is_refused_when_it_is_loaded(shape: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        mini_shapes(shape)
