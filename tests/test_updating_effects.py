"""What an update changes is exactly what the engine's own update of the same store would change."""

from __future__ import annotations

import gzip
import re
from collections.abc import Sequence
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.engine.federation import Rewritten
from app.errors import QuerySyntax
from app.updating import evaluate
from app.updating.evaluate import Evaluation, parsed
from app.updating.orders import Dataset, Order
from app.updating.splitting import NotSplit, labels, split, variables

BASE = "http://observatoire.example/"
NODES = [f"<urn:n:{i}>" for i in range(3)]
GRAPHS = [f"<urn:g:{i}>" for i in range(2)]


def evaluation(store: ox.Store, text: str, room: Path, **more: object) -> Evaluation:
    order = Order(text, None, room, BASE, BASE, stored_default=True, memory_mb=100_000, **more)  # type: ignore[arg-type]
    return Evaluation(order, store, {})


def outcome(quads: Sequence[ox.Quad], text: str, room: Path, **more: object) -> frozenset[ox.Quad]:
    """The store after our update."""
    store = ox.Store()
    store.extend(quads)
    made = evaluation(store, text, room, **more)
    made.run()
    change = made.done[-1]
    made._make(change)
    return frozenset(made.store)


def by_the_engine(quads: Sequence[ox.Quad], texts: Sequence[str]) -> frozenset[ox.Quad]:
    """The store after the engine's own update.

    From a graph that is not there, it copies nothing over what is; for us SILENT means that nothing is done then.
    """
    store = ox.Store()
    store.extend(quads)
    for text in texts:
        source = re.match(r"(?:ADD|COPY|MOVE) SILENT GRAPH <(.*?)>", text)
        if source is None or any(store.quads_for_pattern(None, None, None, ox.NamedNode(source[1]))):
            store.update(text)
    return frozenset(store)


# Every operation, as the engine does it

terms = st.sampled_from([*NODES, "?s", "?o"])
values = st.sampled_from([*NODES, "?s", "?o", "?p", "1", '"a"@fr', "01"])
triples = st.builds("{} {} {}".format, terms, st.sampled_from([*NODES, "?p"]), values)
patterns = st.lists(triples, min_size=1, max_size=2).map(" . ".join)
quads_ = st.one_of(patterns, st.builds("GRAPH {} {{ {} }}".format, st.sampled_from([*GRAPHS, "?g"]), patterns))
wheres = st.lists(quads_, min_size=1, max_size=2).map(" . ".join)
data = st.lists(
    st.builds("{} {} {}".format, st.sampled_from(NODES), st.sampled_from(NODES), st.sampled_from([*NODES, "1", "01", '"a"@fr'])),
    min_size=1,
    max_size=3,
).map(" . ".join)
grounds = st.one_of(data, st.builds("GRAPH {} {{ {} }}".format, st.sampled_from(GRAPHS), data))
withs = st.sampled_from(["", *(f"WITH {graph} " for graph in GRAPHS)])
usings = st.sampled_from(["", "USING <urn:g:0> ", "USING NAMED <urn:g:1> ", "USING <urn:g:1> USING NAMED <urn:g:0> "])
places = st.sampled_from(["DEFAULT", *(f"GRAPH {graph}" for graph in GRAPHS)])
operations = st.one_of(
    st.builds("INSERT DATA {{ {} }}".format, grounds),
    st.builds("DELETE DATA {{ {} }}".format, grounds),
    st.builds("DELETE WHERE {{ {} }}".format, wheres),
    st.builds("{}DELETE {{ {} }} INSERT {{ {} }} {}WHERE {{ {} }}".format, withs, quads_, quads_, usings, wheres),
    st.builds("{}DELETE {{ {} }} {}WHERE {{ {} }}".format, withs, quads_, usings, wheres),
    st.builds("{}INSERT {{ {} }} {}WHERE {{ {} OPTIONAL {{ ?o ?q ?s }} }}".format, withs, quads_, usings, wheres),
    st.builds("{} SILENT {}".format, st.sampled_from(["CLEAR", "DROP"]), st.one_of(places, st.sampled_from(["NAMED", "ALL"]))),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(["ADD", "COPY", "MOVE"]), places, places),
    st.builds("CREATE SILENT GRAPH {}".format, st.sampled_from(GRAPHS)),
)
stores = st.lists(
    st.builds(
        ox.Quad,
        st.sampled_from([ox.NamedNode(node[1:-1]) for node in NODES]),
        st.sampled_from([ox.NamedNode(node[1:-1]) for node in NODES]),
        st.sampled_from([*(ox.NamedNode(node[1:-1]) for node in NODES), ox.Literal(1), ox.Literal("a", language="fr")]),
        st.sampled_from([ox.DefaultGraph(), *(ox.NamedNode(graph[1:-1]) for graph in GRAPHS)]),
    ),
    max_size=8,
)


@settings(max_examples=300)
@given(stores, operations)
def test_one_operation_has_the_effect_that_the_engine_gives_it(
    tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad], text: str
) -> None:
    assert outcome(quads, text, tmp_path_factory.mktemp("room")) == by_the_engine(quads, [text])


@settings(max_examples=150)
@given(stores, st.lists(operations, min_size=2, max_size=4))
def test_operations_one_after_the_other_have_the_effect_that_the_engine_gives_them(
    tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad], texts: list[str]
) -> None:
    expected, store = by_the_engine(quads, texts), ox.Store()
    store.extend(quads)
    room = tmp_path_factory.mktemp("room")
    made = evaluation(store, " ;\n".join(texts), room)
    told = made.run()
    net = {side: set(ox.parse(_unpacked(room / f"{side}.nq.gz"), ox.RdfFormat.N_QUADS)) for side in ("added", "removed")}
    assert (set(quads) - net["removed"]) | net["added"] == expected
    assert net["added"] == expected - set(quads), "the net effect adds only what was absent"
    assert net["removed"] == set(quads) - expected
    assert (told["added"], told["removed"]) == (len(net["added"]), len(net["removed"]))


whole_graphs = st.one_of(
    st.builds("{} SILENT {}".format, st.sampled_from(["CLEAR", "DROP"]), st.one_of(places, st.sampled_from(["NAMED", "ALL"]))),
    st.builds("{} SILENT {} TO {}".format, st.sampled_from(["ADD", "COPY", "MOVE"]), places, places),
)


@settings(max_examples=60)
@given(stores, st.lists(whole_graphs, min_size=1, max_size=3))
def test_what_does_not_fit_into_memory_has_the_same_effect(
    tmp_path_factory: pytest.TempPathFactory, quads: list[ox.Quad], texts: list[str]
) -> None:
    store = ox.Store()
    store.extend(quads)
    room = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(evaluate, "SMALL", 1)
        evaluation(store, " ; ".join(texts), room).run()
    net = {side: set(ox.parse(_unpacked(room / f"{side}.nq.gz"), ox.RdfFormat.N_QUADS)) for side in ("added", "removed")}
    assert (set(quads) - net["removed"]) | net["added"] == by_the_engine(quads, texts)


def _unpacked(path: Path) -> bytes:
    return gzip.decompress(path.read_bytes()) if path.exists() else b""


def quad(text: str) -> ox.Quad:
    return next(iter(ox.parse(text, ox.RdfFormat.N_QUADS)))


def test_a_blank_node_of_a_template_is_another_one_in_each_solution(tmp_path: Path) -> None:
    before = [quad(f"<urn:n:{i}> <urn:p> <urn:o> .") for i in range(3)]
    after = outcome(before, "INSERT { ?s <urn:q> [ <urn:r> ?s ; <urn:r> 1 ] } WHERE { ?s <urn:p> ?o }", tmp_path)
    assert len({each.object for each in after if each.predicate.value == "urn:q"}) == 3
    assert len(after) == 3 + 3 * 3


def test_a_blank_node_of_the_store_stays_itself_through_where(tmp_path: Path) -> None:
    before = [quad("_:b <urn:p> <urn:o> .")]
    after = outcome(before, "DELETE { ?s <urn:p> ?o } INSERT { ?s <urn:q> ?o . ?o <urn:q> ?s } WHERE { ?s <urn:p> ?o }", tmp_path)
    assert {each.subject for each in after if each.predicate.value == "urn:q"} == {before[0].subject, ox.NamedNode("urn:o")}


def test_a_blank_node_cannot_become_a_predicate_or_a_graph(tmp_path: Path) -> None:
    before = [quad("_:b <urn:p> <urn:o> .")]
    assert outcome(before, "INSERT { <urn:n> ?s 1 . GRAPH ?s { <urn:n> <urn:n> 1 } } WHERE { ?s <urn:p> ?o }", tmp_path) == set(
        before
    )


def test_one_random_value_serves_deletion_and_insertion_alike(tmp_path: Path) -> None:
    text = "INSERT { ?s <urn:id> ?id . ?id <urn:of> ?s } WHERE { ?s <urn:p> ?o BIND(UUID() AS ?id) }"
    after = outcome([quad("<urn:n> <urn:p> <urn:o> .")], text, tmp_path)
    (one,) = [each.object for each in after if each.predicate.value == "urn:id"]
    (other,) = [each.subject for each in after if each.predicate.value == "urn:of"]
    assert one == other


def test_the_protocol_s_dataset_is_all_that_where_reads(tmp_path: Path) -> None:
    before = [quad(f'<urn:n:{i}> <urn:p> "1" <urn:g:{i}> .') for i in range(3)]
    text = "INSERT { ?s <urn:is> 'default' . ?x <urn:is> ?g } WHERE { { ?s <urn:p> '1' } UNION { GRAPH ?g { ?x <urn:p> '1' } } }"
    after = outcome(before, text, tmp_path, dataset=Dataset(("urn:g:0",), ("urn:g:1",)))
    said = {(each.subject.value, getattr(each.object, "value", "")) for each in after if each.predicate.value == "urn:is"}
    assert said == {("urn:n:0", "default"), ("urn:n:1", "urn:g:1")}


# The outline of a text


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", []),
        ("# nothing\nBASE <http://a/> PREFIX a: <b>", []),
        ("CLEAR ALL", ["clear"]),
        ("clear all ;", ["clear"]),
        ("INSERT DATA{<a:a> <a:b> '}'};DELETE DATA {}", ["insert-data", "delete-data"]),
        ('INSERT DATA { <a:a> <a:b> """}"}""" } ; CLEAR DEFAULT', ["insert-data", "clear"]),
        ("INSERT DATA { <a:a> <a:b> 'a' # }\n } ; CLEAR DEFAULT", ["insert-data", "clear"]),
        ("INSERT DATA { <a:a#}> <a:b> 1 }", None),
        ("INSERT DATA { <a:a#b> <a:b> 1 }", ["insert-data"]),
        ("DELETE WHERE { GRAPH<a:g>{ ?s ?p ?o } }", ["delete-where"]),
        ("WITH a:g DELETE { } INSERT { } USING a:b USING NAMED <c:d> WHERE { }", ["modify"]),
        ("INSERT { } WHERE { FILTER(?a<?b) FILTER(?c>?d) }", ["modify"]),
        ("LOAD SILENT <a:b> INTO GRAPH a:c ; LOAD a:b", ["load", "load"]),
        (
            "CREATE SILENT GRAPH <a:b>; ADD <a:b> TO DEFAULT; MOVE DEFAULT TO GRAPH a:b; COPY SILENT a:b TO c:d",
            ["create", "add", "move", "copy"],
        ),
        ("DROP GRAPH a:b\\;c", ["drop"]),
        ("CLEAR", None),
        ("CLEAR ALL CLEAR ALL", None),
        ("INSERT WHERE { }", None),
        ("DELETE { } INSERT { }", None),
        ("WITH <a:b> DELETE WHERE { }", None),
        ("INSERT DATA {", None),
        ("ASK {}", None),
    ],
)
def test_a_text_is_taken_apart_into_its_operations(text: str, kinds: list[str] | None) -> None:
    if kinds is None:
        with pytest.raises(NotSplit):
            split(text)
    else:
        assert [operation.kind for operation in split(text)] == kinds


def test_each_operation_has_the_declarations_before_it() -> None:
    first, second = split("PREFIX a: <x:> CLEAR ALL ; BASE <y:z> # more\nPREFIX a: <z:> CLEAR ALL")
    assert first.prologue == "PREFIX a: <x:>"
    assert second.prologue == "PREFIX a: <x:>\nBASE <y:z>\nPREFIX a: <z:>"


def test_the_parts_of_an_operation_are_as_they_are_written() -> None:
    (one,) = split("WITH a:g DELETE { ?s ?p 1 } INSERT { ?s ?p 2 } USING a:b USING NAMED <c:d> WHERE { ?s ?p ?o }")
    assert (one.within, one.delete, one.insert, one.where) == ("a:g", "{ ?s ?p 1 }", "{ ?s ?p 2 }", "{ ?s ?p ?o }")
    assert one.using == ((False, "a:b"), (True, "<c:d>"))


@pytest.mark.parametrize(
    "where",
    [
        "?s ?p ?o FILTER(?o<?p&&?o>?s)",
        "?s ?p ?o FILTER(?o <?p) #>",
        "?s ?p ?o FILTER(1<2||3>4)",
        "?s ?p ?o FILTER(?o<$o)} #>",
        "?s <urn:p#> ?o",
        "?s ?p '''a\n}''' ",
    ],
)
def test_a_comparison_is_no_iri(where: str) -> None:
    text = f"DELETE {{ ?s ?p ?o }} WHERE {{ {where} \n" + ("" if where.endswith("#>") and "}" in where else "}")
    (one,) = parsed(Rewritten(text, text), BASE)
    assert one.where is not None
    assert text.endswith(one.where) or one.where in text
    ox.Store().query(f"SELECT * WHERE {one.where}")


def test_a_text_that_the_engine_cannot_parse_is_never_split_into_parts_that_it_can() -> None:
    for text in (
        "INSERT { ?s ?p } WHERE { }",
        "INSERT { } WHERE { ?s ?p }",
        "DELETE { _:a ?p ?o } WHERE { }",
        "INSERT DATA { ?a ?b ?c }",
    ):
        with pytest.raises(QuerySyntax):
            parsed(Rewritten(text, text), BASE)


def test_variables_and_labels_of_a_group_are_those_outside_of_texts() -> None:
    group = "{ ?a $b '?c' <x:?d> # ?e\n _:f '_:g' x_:h x:_:i . ?a ?j 1 }"
    assert variables(group) == ["a", "b", "j"]
    assert labels(group) == {"f"}
