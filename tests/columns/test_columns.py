"""Columns answer what the engine answers, term for term, or leave the query to it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pyoxigraph as ox
import pytest
from asked import PREFIXES, Query, columns_of, everything, graphs, iris, queries, same, store_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.columns import Columns, triples
from app.engine.asks import Ask
from app.engine.evaluation import Bounds, evaluate
from app.errors import QuerySyntax, ResultTooLarge
from app.generate import generate, read_communes, read_themes
from tests.bench.analyses import ANALYSES, LOOK_UPS
from tests.bench.analyses import PREFIXES as BENCH
from tests.conformance import w3c

EXAMPLES = int(os.environ.get("MAILLAGE_COLUMNS_EXAMPLES", "150"))
"""More are for a session by hand."""

PROPERTY = ox.NamedNode("http://e/p")
TRIPLES = [
    ox.Triple(ox.NamedNode("http://e/a"), PROPERTY, ox.NamedNode("http://e/b")),
    ox.Triple(ox.NamedNode("http://e/b"), PROPERTY, ox.NamedNode("http://e/a")),
    ox.Triple(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/q"), ox.Literal("one")),
    ox.Triple(ox.NamedNode("http://e/b"), ox.NamedNode("http://e/q"), ox.Literal("two")),
]

COVERED = (
    "SELECT ?s { ?s :p ?o }",
    "SELECT ?s{?s:p ?o}",
    "select ?s where { ?s :p ?o . }",
    "SELECT $s { $s :p :a }",
    "SELECT DISTINCT ?s { ?s :p/:q ?o ; ^:p ?x . ?x :p [] . _:b :p ?x }",
    "SELECT ?s # ?o\n { ?s <http://e/p#> ?o . ?s :p ?x }",
    "SELECT ?s { ?s :p ?o }\n# 1 } . ?x",
    "SELECT ?s { ?s :p ?o # . ?o :q 'one'\n } # LIMIT 1",
    "SELECT ?s { ?s :p [ :q 'one' ] }",
    'SELECT ?s { ?s :q "one" , ?o FILTER(?o != "two" && STRLEN(?o) > 2) }',
    "SELECT ?s ?y { ?s :p ?o OPTIONAL { ?o :q ?y } FILTER(!BOUND(?y) || ?y = 'two') }",
    "SELECT ?s { { ?s :p ?o } UNION { ?s :q ?o } }",
    "SELECT ?s { { ?s :p ?o } ?s :q ?n }",
    "SELECT ?s { ?s :p ?o MINUS { ?s :q 'one' } FILTER NOT EXISTS { ?o :q 'three' } FILTER EXISTS { ?o :q [] } }",
    "SELECT ?s { VALUES (?s ?o) { (:a 'one') (:b 'one') } ?s :q ?o }",
    "SELECT ?s ?n { ?s :q ?o BIND(STRLEN(?o) + 1 AS ?n) }",
    "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
    "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) (MIN(?s) AS ?m) { ?s ?p ?o } GROUP BY ?p HAVING(COUNT(?s) > 1) ORDER BY ?n LIMIT 1",
    "SELECT ?l (SUM(?n) AS ?all) (AVG(?n) AS ?mean) { ?s :q ?o BIND(STRLEN(?o) AS ?n) } GROUP BY (STRLEN(?o) AS ?l)",
    "SELECT ?s { ?s :p ?o FILTER(REGEX(STR(?s), '[ab]$', 'i')) FILTER(xsd:integer('1') = 1) }",
)
NOT_COVERED = (
    "ASK { ?s :p ?o }",
    "CONSTRUCT { ?s :p ?o } WHERE { ?s :p ?o }",
    "DESCRIBE :a",
    "SELECT * { ?s :p ?o }",
    "SELECT ?s FROM <http://e/g> { ?s :p ?o }",
    "SELECT ?s { GRAPH ?g { ?s :p ?o } }",
    "SELECT ?s { SERVICE <http://e/x> { ?s :p ?o } }",
    "SELECT ?s { ?s :p+ ?o }",
    "SELECT ?s { ?s :p|:q ?o }",
    "SELECT ?s { ?s !:p ?o }",
    "SELECT ?s { ?s :p ?o } LIMIT 1",
    "SELECT ?s { ?s :p ?o } VALUES ?s { :a }",
    "SELECT ?s { VALUES ?s { UNDEF } ?s :p ?o }",
    "SELECT ?s { ?s :p ?o FILTER(RAND() < 2) }",
    "SELECT ?s { ?s :p ?o BIND(NOW() AS ?n) }",
    "SELECT ?s { ?s :p ?o BIND(UUID() AS ?n) }",
    "SELECT ?s { ?s :p ?o BIND(BNODE() AS ?n) }",
    "SELECT ?s { ?s :p ?o BIND(IRI('x') AS ?n) }",
    "SELECT ?s { ?s :p ?o FILTER(:f(?o)) }",
    "SELECT ?s { ?s :p ?o FILTER(?s = ?elsewhere) }",
    "SELECT ?s { ?s :p ?o FILTER EXISTS { ?s :p+ ?o } }",
    "SELECT ?s { ?s :p ?o FILTER EXISTS { ?x :p ?y } }",
    "SELECT ?s { ?s :p ?o MINUS { ?x :p ?y } }",
    "SELECT ?s { ?s :p ?o OPTIONAL { ?x :p ?y } }",
    "SELECT ?s { ?s :p ?o OPTIONAL { ?s :q ?x } OPTIONAL { ?o :q ?x } }",
    "SELECT ?s { ?s :p ?o OPTIONAL { ?s :q ?x FILTER(?o = ?x) } }",
    "SELECT ?s { { SELECT ?s { ?s :p ?o } } }",
    "SELECT ?s { ?s :p ?o . ?o :p << :a :p :b >> }",
    "SELECT ?s { ?s :p ( 1 2 ) }",
    "SELECT ?s { ?s :p <b> }",
    "BASE <http://e/> SELECT ?s { ?s :p :b }",
    "SELECT ?s { ?s :p <http://e/x/../b> }",
    "SELECT ?s { ?s :q '\\u006Fne' }",
    "SELECT ?s { ?s :q '''one''' }",
    "SELECT (COUNT(DISTINCT *) AS ?n) { ?s :p ?o }",
    "SELECT (SAMPLE(?s) AS ?n) { ?s :p ?o }",
    "SELECT (GROUP_CONCAT(?s) AS ?n) { ?s :p ?o }",
    "SELECT (SUM(?o) AS ?n) { ?s :q ?o }",
    "SELECT (COUNT(*) + 1 AS ?n) { ?s :p ?o }",
    "SELECT ?s { FILTER(1 = 2) }",
    "SELECT ?s { ?a ?b ?c . ?d ?e ?f FILTER(?a<b:c&&?d>1) }",
    "SELECT ?s { ?s :p 'one' ^^xsd:string }",
    "SELECT ?s { ?s :p 'one' @fr }",
    "SELECT (COUNT(*) AS ?n) ?s { ?s :p ?o } GROUP BY ?s LIMIT 1",
    "SELECT ?s { ?s :p - 1 }",
    "SELECT (COUNT(?s) AS ?s) { ?s :p ?o }",
    "SELECT ?s { 'one' :p ?s }",
)  # fmt: skip
REFUSED = (
    "SELECT ?s { ?s :p ?o ?x }",
    "SELECT ?s { ?s :p ?o . . ?o :p ?x }",
    "SELECT ?s {\f?s :p ?o }",
    "SELECT ?s { ?s :p ?o } LIMIT -1",
    "SELECT ?s { ?s nothing:p ?o }",
    "SELECT ?s { ?s :p ?o BIND(1 AS ?o) }",
    "SELECT ?s (COUNT(?s) AS ?n) { ?s :p ?o }",
    "SELECT ?s { ?s :p ?o",
    "SELECT ?s { ?s :p ?o } ORDER BY",
    "SELECT ?s { ?s :p ?o } GROUP BY",
    "SELECT { ?s :p ?o }",
    "SELECT ?s { _:a :p ?s OPTIONAL { _:a :q ?x } }",
    "SELECT ?s ?s2 WHERE ?s :p ?s2",
    "SELECT ?s, ?o { ?s :p ?o }",
    "SELECT ?s { ?s :p ?o FILTER() }",
    "SELECT ?s { ?s :p ?o FILTER(STR(?s)) && 1 }",
    "SELECT ?s { ?s :p ?o FILTER((?s = :a) }",
)


@given(graphs(), st.lists(queries(), min_size=1, max_size=4))
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
def test_any_query_on_any_graph_has_the_rows_that_the_engine_finds(triples: list[ox.Triple], asked: list[Query]) -> None:
    store = store_of(triples)
    columns = columns_of(store)
    for query in asked:
        same(columns, store, query)


@pytest.mark.parametrize("text", COVERED)
def test_what_analysts_write_is_answered_from_columns(text: str) -> None:
    store = store_of(TRIPLES)
    assert same(columns_of(store), store, Query(PREFIXES + text))


@pytest.mark.parametrize("text", NOT_COVERED)
def test_what_is_not_surely_the_same_is_left_to_the_engine(text: str) -> None:
    columns = columns_of(store_of(TRIPLES))
    assert columns.answer(PREFIXES + "SELECT ?s { ?s :p ?o }") is not None
    assert columns.answer(PREFIXES + text) is None


@pytest.mark.parametrize("text", REFUSED)
def test_what_the_engine_refuses_is_left_to_it(text: str) -> None:
    store = store_of(TRIPLES)
    with pytest.raises(SyntaxError):
        store.query(PREFIXES + text)
    assert columns_of(store).answer(PREFIXES + text) is None
    with pytest.raises(QuerySyntax):
        evaluate(store, 1, Ask(PREFIXES + text), Bounds(), columns_of(store))


@pytest.fixture(scope="module")
def generated() -> ox.Store:
    lines = generate(300, 1, "http://localhost:8000/", read_communes(), read_themes())
    store = ox.Store()
    store.load("\n".join(line.rsplit(" <", 1)[0] + " ." for line in lines), ox.RdfFormat.N_TRIPLES)
    return store


@pytest.mark.parametrize("name", {**LOOK_UPS, **ANALYSES})
def test_the_analyses_of_the_benchmark_are_answered_from_columns(name: str, generated: ox.Store) -> None:
    text = BENCH + {**LOOK_UPS, **ANALYSES}[name]
    whole, limit, number = text.partition("LIMIT")
    assert same(columns_of(generated), generated, Query(whole, limit + number))


@given(st.lists(st.tuples(iris, everything, everything), min_size=1, max_size=6))
@settings(max_examples=60)
def test_every_format_is_written_byte_for_byte_as_the_engine_writes_it(ends: list[tuple[ox.NamedNode, object, object]]) -> None:
    for subject, first, second in ends:
        store = store_of([ox.Triple(subject, PROPERTY, first), ox.Triple(subject, ox.NamedNode("http://e/q"), second)])  # type: ignore[arg-type]
        query = PREFIXES + "SELECT ?o ?s ?x ?none { ?s :p ?o ; :q ?x OPTIONAL { ?s :r ?none } }"
        for form in ("JSON", "XML", "CSV", "TSV"):
            found = columns_of(store).answer(query)
            assert found is not None
            expected = store.query(query)
            assert isinstance(expected, ox.QuerySolutions)
            wanted = getattr(ox.QueryResultsFormat, form)
            assert found.serialize(format=wanted) == expected.serialize(format=wanted)


@given(graphs(), st.lists(st.tuples(graphs(), st.booleans()), max_size=6), queries(), st.integers(1, 30))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_columns_that_followed_a_store_are_those_of_the_store(
    start: list[ox.Triple], changes: list[tuple[list[ox.Triple], bool]], query: Query, fold: int
) -> None:
    store = store_of(start)
    columns = columns_of(store)
    columns.fold_at = fold
    for changed, is_added in changes:
        for triple in changed:
            quad = ox.Quad(triple.subject, triple.predicate, triple.object, ox.DefaultGraph())
            store.add(quad) if is_added else store.remove(quad)
        assert columns.follow(store, changed)
        assert sorted(columns.lines()) == sorted(columns_of(store).lines())
        same(columns, store, query)


@given(graphs(), graphs(), st.lists(queries(), min_size=1, max_size=3))
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_columns_in_a_file_are_those_that_were_written_and_follow_as_well(
    start: list[ox.Triple], added: list[ox.Triple], asked: list[Query]
) -> None:
    store = store_of(start)
    with tempfile.TemporaryFile() as file:
        columns_of(store).write(file)
        columns = Columns.mapped(file.fileno())
    columns.few = 0
    assert sorted(columns.lines()) == sorted(columns_of(store).lines())
    for query in asked:
        same(columns, store, query)
    store.extend(ox.Quad(each.subject, each.predicate, each.object, ox.DefaultGraph()) for each in added)
    assert columns.follow(store, added)
    for query in asked:
        same(columns, store, query)


@pytest.mark.parametrize("term", [TRIPLES[0], ox.Literal("a", language="en", direction=ox.BaseDirection.LTR)])
def test_a_graph_with_terms_of_rdf_12_alone_is_left_to_the_engine(term: ox.Triple | ox.Literal) -> None:
    about = ox.Triple(ox.NamedNode("http://e/a"), PROPERTY, term)
    assert Columns.of(store_of([about])) is None
    columns = columns_of(store_of(TRIPLES))
    assert not columns.follow(store_of([*TRIPLES, about]), [about])


def test_terms_too_many_for_a_single_number_are_sorted_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(TRIPLES)
    expected = columns_of(store).lines()
    monkeypatch.setattr(triples, "_BITS", 3)
    assert columns_of(store).lines() == expected


def test_more_solutions_than_are_held_at_once_are_left_to_the_engine() -> None:
    nodes = [ox.NamedNode(f"http://e/n{number}") for number in range(200)]
    columns = columns_of(store_of([ox.Triple(node, PROPERTY, nodes[0]) for node in nodes]))
    many = "{ ?a :p ?o . ?b :p ?o . ?c :p ?o }"
    assert columns.answer(f"{PREFIXES}SELECT (COUNT(*) AS ?n) {many}") is not None
    assert columns.answer(f"{PREFIXES}SELECT ?o (COUNT(DISTINCT ?a) AS ?n) {many} GROUP BY ?o") is not None
    assert columns.answer(f"{PREFIXES}SELECT ?a ?b ?c (COUNT(*) AS ?n) {many} GROUP BY ?a ?b ?c") is None


def test_few_solutions_are_left_to_the_engine_which_finds_them_sooner(generated: ox.Store) -> None:
    columns = Columns.of(generated)
    assert columns is not None
    assert [name for name, text in LOOK_UPS.items() if columns.answer(BENCH + text) is not None] == []
    assert {name for name, text in ANALYSES.items() if columns.answer(BENCH + text) is None} <= {"partners of an actor"}


def test_what_values_name_is_few_where_it_has_few_links(generated: ox.Store) -> None:
    columns = Columns.of(generated)
    assert columns is not None
    actors = "http://localhost:8000/id/actor/synthetique-00000"
    parts = "?part m:participant ?actor . ?whole m:participation ?part"
    for named in (f"<{actors}7>", f"<{actors}7> <{actors}8>"):
        assert columns.answer(f"{BENCH}SELECT ?part ?whole {{ VALUES ?actor {{ {named} }} {parts} }} ORDER BY ?part") is None
    kind = "?s a ?kind ; m:participation ?part"
    assert columns.answer(f"{BENCH}SELECT ?s {{ VALUES ?kind {{ m:Partnership }} {kind} }} ORDER BY ?s") is not None


def test_limits_hold_for_what_columns_answer(tmp_path: Path) -> None:
    nodes = [ox.NamedNode(f"http://e/n{number}") for number in range(60)]
    store = store_of([ox.Triple(node, PROPERTY, node) for node in nodes])
    columns, ask = columns_of(store), Ask(PREFIXES + "SELECT ?s { ?s :p ?o }")
    with pytest.raises(ResultTooLarge, match="rows"):
        evaluate(store, 1, ask, Bounds(rows=59, spool=tmp_path), columns)
    with pytest.raises(ResultTooLarge, match="bytes"):
        evaluate(store, 1, ask, Bounds(size=1_000, spool=tmp_path), columns)
    answer = evaluate(store, 1, ask, Bounds(rows=60, spool=tmp_path), columns)
    with answer.body:
        assert answer.rows == 60


def test_another_dataset_than_the_default_graph_is_the_engines() -> None:
    store = store_of(TRIPLES)
    ask = Ask(PREFIXES + "SELECT ?s { ?s :p ?o }", solutions="text/csv", default_graphs=("http://e/none",))
    with evaluate(store, 1, ask, Bounds(), columns_of(store)).body as body:
        assert body.read() == b"s\r\n"


CASES = [case for case in w3c.cases("manifest-sparql11-query.ttl") if case.request.suffix in (".rq", ".ru")]


def test_the_w3c_suite_is_answered_as_by_the_engine() -> None:
    """Each query of the suite, over the default graph of its case."""
    if not CASES:
        pytest.skip(w3c.ABSENT)
    answered = 0
    for case in CASES:
        store = ox.Store()
        store.extend(quad for path in case.before.default for quad in w3c.statements(path, ox.DefaultGraph()))
        columns = Columns.of(store)
        if columns is None:
            continue
        columns.few = 0
        if columns.answer(case.text) is not None:
            answered += same(columns, store, Query(case.text))
    assert answered > 40
