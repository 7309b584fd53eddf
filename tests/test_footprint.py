"""A statement outside a question's footprint has no part in its answer: proven by asking before and after it came or went."""

from __future__ import annotations

from collections.abc import Sequence

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.assembly import load_catalogue
from app.queries.canned import CannedQuery
from app.queries.footprint import Footprint, NoFootprint
from app.terms import EngineTerm

PREFIX = "PREFIX : <http://example.org/>\n"


def iri(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"http://example.org/{name}")


def query(body: str) -> CannedQuery:
    return CannedQuery(name="essai", text=PREFIX + body)


def touches(body: str, triple: str, **terms: EngineTerm | Sequence[EngineTerm]) -> bool:
    subject, predicate, target = triple.split()
    end = ox.Literal(target.strip('"')) if target.startswith('"') else iri(target)
    return Footprint.of(query(body)).touches(terms, [ox.Triple(iri(subject), iri(predicate), end)])


@pytest.mark.parametrize(
    ("body", "triple", "expected"),
    [
        ("SELECT * { ?a :p ?b }", "x p y", True),
        ("SELECT * { ?a :p ?b }", "x q y", False),
        ("SELECT * { :a ?p ?b }", "x p y", False),
        ("SELECT * { :a ?p ?b }", "a p y", True),
        ('SELECT * { ?a :p "01" }', 'x p "1"', True),
        ("SELECT * { ?a :p/:q ?b }", "x q y", True),
        ("SELECT * { ?a :p/:q ?b }", "x r y", False),
        ("SELECT * { :a ^:p ?b }", "x p a", True),
        ("SELECT * { :a ^:p ?b }", "a p x", False),
        ("SELECT * { :a (:p|:q) ?b }", "a q x", True),
        ("SELECT * { :a :p+ ?b }", "x p y", True),
        ("SELECT * { ?x a :C . ?x :p* ?b }", "x p y", True),
        ("SELECT * { ?x a :C . ?x :p* ?b }", "x q y", False),
        ("SELECT * { ?a ?p ?b FILTER(?p IN (:p, :q)) }", "x r y", False),
        ("SELECT * { ?a ?p ?b FILTER(?p IN (:p, :q)) }", "x q y", True),
        ("SELECT * { ?a ?p ?b FILTER(?p IN (:p, :q) || ?a = :z) }", "x r y", True),
        ("SELECT * { VALUES ?p { :p :q } ?a ?p ?b }", "x r y", False),
        ("SELECT * { ?a :p ?b FILTER NOT EXISTS { ?b :q ?c } }", "x q y", True),
        ("SELECT * { ?a :p ?b FILTER NOT EXISTS { ?b :q ?c } }", "x r y", False),
        ("SELECT * { ?a :p ?b MINUS { ?b :q ?c } }", "x q y", True),
        ("SELECT * { GRAPH ?g { ?a :p ?b } }", "x p y", True),
        ("ASK { :a :p :b }", "a p c", False),
        ("CONSTRUCT { ?a :r ?b } WHERE { ?a :p ?b }", "x r y", False),
    ],
)
def test_what_may_count_is_told_from_the_patterns(body: str, triple: str, expected: bool) -> None:
    assert touches(body, triple) is expected


@pytest.mark.parametrize(
    ("body", "triple", "expected"),
    [
        ("SELECT * { VALUES ?e { UNDEF } ?e :p ?b OPTIONAL { ?e :q ?c } }", "y q z", False),
        ("SELECT * { VALUES ?e { UNDEF } ?e :p ?b OPTIONAL { ?e :q ?c } }", "x q z", True),
        ("SELECT * { VALUES ?e { UNDEF } ?e :p ?b MINUS { ?e :q ?c } }", "y q z", False),
        ("SELECT * { VALUES ?e { UNDEF } ?e :p ?b FILTER EXISTS { ?e :q ?c } }", "y q z", False),
        ("SELECT * { VALUES ?e { UNDEF } { ?e :p ?b } UNION { ?e :q ?c } }", "y q z", False),
        # Nothing beside it binds the variable: what is optional or taken away then counts, whatever it is joined with later.
        ("SELECT * { VALUES ?e { UNDEF } { ?a :r ?b OPTIONAL { ?e :q ?c } } }", "y q z", True),
        ("SELECT * { VALUES ?e { UNDEF } { ?a :r ?b MINUS { ?e :q ?b } } }", "y q z", True),
        ("SELECT * { VALUES ?e { UNDEF } { SELECT ?e (COUNT(*) AS ?n) { ?e :q ?c } GROUP BY ?e } }", "y q z", True),
        ("SELECT * { VALUES ?e { UNDEF } { SELECT ?e { ?e :q ?c } LIMIT 1 } }", "y q z", True),
    ],
)
def test_a_parameter_narrows_where_its_terms_are_joined(body: str, triple: str, expected: bool) -> None:
    assert touches(body, triple, e=iri("x")) is expected
    assert touches(body, triple, e=[iri("w"), iri("x")]) is expected


def test_a_parameter_that_is_open_or_a_literal_may_be_anything() -> None:
    body = "SELECT * { VALUES ?e { UNDEF } ?a :p ?e }"
    assert touches(body, "x p y")
    assert touches(body, 'x p "1"', e=ox.Literal("01"))
    assert not touches(body, "x p y", e=iri("z"))


@pytest.mark.parametrize(
    "body",
    [
        "SELECT * { ?a :p* ?b }",
        "SELECT * { :a :p? ?b }",
        "SELECT * { ?a !:p ?b }",
        "SELECT * { ?a :p ?b FILTER(?b < NOW()) }",
        "SELECT (RAND() AS ?r) { ?a :p ?b }",
        "SELECT (STRUUID() AS ?r) { ?a :p ?b }",
        "SELECT * { ?a :p ?b FILTER(:f(?b)) }",
        "SELECT * { GRAPH ?g { } }",
        "SELECT * { GRAPH ?g { FILTER NOT EXISTS { ?a :p ?b } } }",
        "SELECT * { GRAPH ?g { OPTIONAL { ?a :p ?b } } }",
        "SELECT * { SERVICE :s { ?a :p ?b } }",
        "SELECT * FROM :g { ?a :p ?b }",
        "DESCRIBE :a",
    ],
)
def test_what_depends_on_more_than_patterns_has_no_footprint(body: str) -> None:
    with pytest.raises(NoFootprint):
        Footprint.of(query(body))


def test_most_questions_of_pages_have_a_footprint() -> None:
    catalogue = load_catalogue()
    without = {one.name for one in catalogue.within("pages") if catalogue.footprint(one.name) is None}
    assert without == {"pages/actors-and-projects-about", "pages/graphs"}


NODES, PATHS = ("a", "b", "c", "d"), ("p", "q", "r")
VARIABLES = ("?e", "?x", "?y", "?z")
triples = st.builds(
    ox.Triple,
    st.sampled_from(NODES).map(iri),
    st.sampled_from(PATHS).map(iri),
    st.sampled_from(NODES).map(iri) | st.sampled_from([ox.Literal("1"), ox.Literal("2")]),
)
places = st.sampled_from((*VARIABLES, *VARIABLES, ":a", ":b"))
steps = st.sampled_from((":p", ":q", ":r", "?e", "?w", "^:p", ":p/:q", "(:p|:q)", ":p+", ":p*", ":p/:q*", "(^:p)+"))
patterns = st.builds("{} {} {} . ".format, places, steps, places | st.just('"1"'))
given_terms = st.sampled_from(("VALUES ?e { UNDEF } ", "VALUES ?x { :a :c } ", "VALUES (?x ?y) { (:a :b) (:a UNDEF) } "))
filters = st.sampled_from(
    ("FILTER(?x IN (:a, :b)) ", "FILTER(?e IN (:a, :b) && BOUND(?y)) ", "FILTER(!BOUND(?z)) ", "BIND(?x AS ?copy) ")
)


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    several = st.lists(inner, min_size=1, max_size=3).map("".join)
    forms = ("OPTIONAL {{ {} }} ", "MINUS {{ {} }} ", "FILTER EXISTS {{ {} }} ", "FILTER NOT EXISTS {{ {} }} ", "{{ {} }} ")
    counted = "{{ SELECT ?x (COUNT(*) AS ?n) {{ {} }} GROUP BY ?x HAVING(COUNT(*) > 1) }} "
    return st.one_of(
        *(several.map(form.format) for form in (*forms, "GRAPH ?g {{ {} }} ", counted)),
        st.builds("{{ {} }} UNION {{ {} }} ".format, several, several),
    )


bodies = st.lists(st.recursive(patterns | given_terms | filters, nested, max_leaves=5), min_size=1, max_size=4).map("".join)
queries = st.builds("{} {{ {} }}".format, st.sampled_from(("SELECT *", "SELECT DISTINCT ?x ?y", "ASK")), bodies)


def answer(text: str, graph: frozenset[ox.Triple]) -> object:
    """What a store of one named graph and its merge answers."""
    store = ox.Store()
    store.extend(ox.Quad(*triple, name) for triple in graph for name in (iri("graph"), ox.DefaultGraph()))
    found = store.query(text)
    return bool(found) if isinstance(found, ox.QueryBoolean) else sorted(map(repr, found))


@settings(max_examples=400, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(queries, st.frozensets(triples, max_size=9), triples, st.sampled_from((None, "a", "b")))
def test_a_statement_outside_the_footprint_changes_no_answer(
    body: str, graph: frozenset[ox.Triple], changed: ox.Triple, term: str | None
) -> None:
    asked = query(body)
    terms = {"e": iri(term)} if term and "e" in asked.blanks else {}
    try:
        text = asked.bind(terms)
        before = answer(text, graph - {changed})
        touched = Footprint.of(asked).touches(terms, [changed])
    except (NoFootprint, SyntaxError):
        return
    if not touched:
        assert answer(text, graph | {changed}) == before
