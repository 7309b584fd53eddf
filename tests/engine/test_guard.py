"""What a query's text may not do is seen before the engine parses it, in every disguise; what only looks so passes."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

import pyoxigraph as ox
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from listener import Listener

from app.engine.asks import Ask
from app.engine.evaluation import Bounds, evaluate
from app.engine.federation import rewrite
from app.engine.guard import check_depth, check_length
from app.errors import MaillageError, QuerySyntax, QueryTooDeep, QueryTooLong, ServiceRefused

HERE = "<http://127.0.0.1:1/sparql>"

DISGUISES = {
    "plain": "SELECT * { SERVICE @ { ?a ?b ?c } }",
    "lower case": "SELECT * { service @ { ?a ?b ?c } }",
    "mixed case": "SELECT * { sErViCe @ { ?a ?b ?c } }",
    "silent": "SELECT * { SERVICE SILENT @ { ?a ?b ?c } }",
    "silent without a blank": "SELECT * { SERVICESILENT@{ ?a ?b ?c } }",
    "no blank at all": "SELECT*{SERVICE@{?a ?b ?c}}",
    "comment before the target": "SELECT * { SERVICE # here {\n @ { ?a ?b ?c } }",
    "comment after the target": "SELECT * { SERVICE @ # there }\r { ?a ?b ?c } }",
    "comments all around": "SELECT * {#\nSERVICE#'\nSILENT#\"\n@#<\n{ ?a ?b ?c } }",
    "line ends and tabs": "SELECT * {\tSERVICE\r\n\t@\r\n{ ?a ?b ?c } }",
    "prefixed name": "PREFIX x: @ SELECT * { SERVICE x: { ?a ?b ?c } }",
    "prefixed name glued to the word": "PREFIX x: @ SELECT * { SERVICEx:{ ?a ?b ?c } }",
    "prefix called SILENT": "PREFIX silent: @ SELECT * { SERVICE silent: { ?a ?b ?c } }",
    "prefix that begins with SILENT": "PREFIX silentx: @ SELECT * { SERVICE silentx: { ?a ?b ?c } }",
    "local name with escapes": "PREFIX x: @ SELECT * { SERVICE x:\\#\\{a { ?a ?b ?c } }",
    "relative IRI": "BASE @ SELECT * { SERVICE <> { ?a ?b ?c } }",
    "escapes in the IRI": "SELECT * { SERVICE <\\u0068ttp://127.0.0.1:PORT/sparql> { ?a ?b ?c } }",
    "variable bound by VALUES": "SELECT * { VALUES ?x { @ } SERVICE ?x { ?a ?b ?c } }",
    "variable bound by BIND": "SELECT * { BIND(@ AS ?x) SERVICE ?x { ?a ?b ?c } }",
    "variable with a dollar": "SELECT * { VALUES $x { @ } SERVICE $x { ?a ?b ?c } }",
    "nested groups": "SELECT * { { { { SERVICE @ { ?a ?b ?c } } } } }",
    "sub-select": "SELECT * { { SELECT ?a { SERVICE @ { ?a ?b ?c } } } }",
    "FILTER EXISTS": "SELECT * { FILTER EXISTS { SERVICE @ { ?a ?b ?c } } }",
    "FILTER NOT EXISTS": "SELECT * { FILTER NOT EXISTS { SERVICE @ { ?a ?b ?c } } }",
    "EXISTS in BIND": "SELECT * { BIND(EXISTS { SERVICE @ { ?a ?b ?c } } AS ?x) }",
    "MINUS": "SELECT * { { } MINUS { SERVICE @ { ?a ?b ?c } } }",
    "OPTIONAL": "SELECT * { OPTIONAL { SERVICE @ { ?a ?b ?c } } }",
    "UNION": "SELECT * { { } UNION { SERVICE @ { ?a ?b ?c } } }",
    "LATERAL, which other parsers refuse": "SELECT * { VALUES ?z { 1 } LATERAL { SERVICE @ { ?a ?b ?c } } }",
    "inside GRAPH": "SELECT * { GRAPH ?g { SERVICE @ { ?a ?b ?c } } }",
    "service in a service": "SELECT * { SERVICE SILENT <http://127.0.0.1:2/> { SERVICE @ { ?a ?b ?c } } }",
    "after a string that holds quotes": "SELECT * { BIND('\\'' AS ?x) SERVICE @ { ?a ?b ?c } BIND('\\'' AS ?y) }",
    "after a long string": 'SELECT * { BIND("""a"" \\""" """ AS ?x) SERVICE @ { ?a ?b ?c } }',
    "between strings of both quotes": "SELECT * { BIND('\"' AS ?x) SERVICE @ { ?a ?b ?c } BIND('\"' AS ?y) }",
    "after a comment that opens a string": "SELECT * { # it's\n SERVICE @ { ?a ?b ?c } # it's\n }",
    "after an IRI with a quote": "SELECT * { OPTIONAL { ?s <http://e/'> ?o } SERVICE @ { ?a ?b ?c } # '\n }",
    "smaller-than taken for an IRI": "SELECT * { FILTER(?a<?b)SERVICE#>\n@ { ?a ?b ?c } }",
    "smaller-than and a string taken for an IRI": "SELECT * { FILTER(1<2)SERVICE#'>\n@ { ?a ?b ?c } # '\n}",
    "after a number": "SELECT * { OPTIONAL { ?s ?p 1 }SERVICE @ { ?a ?b ?c } }",
    "glued to true": "SELECT * { { } UNION { { ?s ?p true } UNION { } SERVICE @ { ?a ?b ?c } } }",
    "name that is no IRI": "PREFIX x: <http://a:80> SELECT * { ?s ?p x:SERVICE @ { ?a ?b ?c } }",
    "name that is no IRI for its fragment": "PREFIX x: <http://a/#> PREFIX y: @ SELECT * { ?s ?p x:SERVICEy:\\# { ?a ?b ?c } }",
    "name that is no IRI for a letter": "PREFIX x: <http://a/> PREFIX \ufffd: @ SELECT * { ?s ?p x:SERVICE\ufffd: { ?s ?b 1 } }",
    "after a local name with dots": "PREFIX x: <http://a/> SELECT * { ?s ?p x:a.b.SERVICE @ { ?a ?b ?c } }",
    "CONSTRUCT": "CONSTRUCT { ?a ?b ?c } { SERVICE @ { ?a ?b ?c } }",
    "DESCRIBE": "DESCRIBE ?a { SERVICE @ { ?a ?b ?c } }",
    "ASK": "ASK { SERVICE @ { ?a ?b ?c } }",
    "word with escapes": "SELECT * { \\u0053ERVICE @ { ?a ?b ?c } }",
    "word with long escapes": "SELECT * { S\\U00000045RVICE @ { ?a ?b ?c } }",
}

INNOCENTS = {
    "string": "SELECT ('call the service ex:a { now }' AS ?x) {}",
    "long string": 'SELECT ("""a SERVICE <http://e/> { b""" AS ?x) {}',
    "string with escapes": "SELECT ('\\\\service ex:a { \\u00e9' AS ?x) {}",
    "comment": "SELECT * { # SERVICE <http://e/sparql> { ?a ?b ?c }\n }",
    "comment over lines": "# SERVICE\n# <http://e/sparql> {\nSELECT * {}",
    "variable": "SELECT ?service ?name { ?service ?p ?name }",
    "variable before a brace": "SELECT ?service ?x { }",
    "variable with a dollar": "SELECT $service ?x { }",
    "variable with a longer name": "SELECT ?public_service ?émission_service ?x { }",
    "prefixed name": "PREFIX ex: <http://e/> SELECT * { ?x ex:service ?y { ?x ex:service ?z } }",
    "longer prefixed name": "PREFIX ex: <http://e/> SELECT * { ?x ex:has-service ?y { ?x ex:services ?z } }",
    "prefix": "PREFIX service: <http://e/> SELECT * { ?x service:a ?y }",
    "IRI": "SELECT * { ?x <http://e/service> ?y { ?x <http://e/service/a#service> ?z } }",
    "IRI with a fragment": "PREFIX a: <http://e/service#>\nSELECT * { ?x a:b ?y }",
    "language tag": "SELECT ('a'@service AS ?x) {}",
    "smaller-than": "SELECT * { VALUES (?a ?b) { (1 2) } FILTER(?a<?b) FILTER(?b>?a) BIND('service' AS ?c) }",
    "graph name": "PREFIX ex: <http://e/> SELECT * { GRAPH ex:service { ?a ?b ?c } }",
    "class": "PREFIX ex: <http://e/> SELECT * { ?x a ex:Service . { ?x ex:service ?y } }",
}


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()


def aimed(text: str, listener: Listener) -> str:
    """The text with the listener's IRI for each ``@``, and its port for ``PORT``."""
    return re.sub("@(?=[ {#])", f"<{listener.iri}>", text).replace("PORT", str(listener.port))


def store() -> ox.Store:
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://e/s"), ox.NamedNode("http://e/p"), ox.NamedNode("http://a:80")))
    return store


def answered(text: str) -> bytes:
    with evaluate(store(), 1, Ask(text), Bounds()).body as body:
        return body.read()


@pytest.mark.parametrize("name", DISGUISES)
def test_no_disguise_of_service_reaches_the_network(name: str, listener: Listener) -> None:
    before = listener.calls
    with pytest.raises((ServiceRefused, QuerySyntax)):
        answered(aimed(DISGUISES[name], listener))
    assert listener.calls == before


def called_by_the_bare_engine(text: str, listener: Listener) -> bool:
    before = listener.calls
    try:
        results = store().query(text)
        if not isinstance(results, ox.QueryBoolean):
            list(results)
    except (SyntaxError, OSError, RuntimeError):
        pass
    return listener.calls > before


def test_most_disguises_fool_nobody_but_a_reader_since_the_bare_engine_calls(listener: Listener) -> None:
    calling = [name for name, text in DISGUISES.items() if called_by_the_bare_engine(aimed(text, listener), listener)]
    assert len(calling) >= 25
    assert {"smaller-than taken for an IRI", "name that is no IRI", "silent without a blank"} <= set(calling)


def test_the_engine_reads_no_escapes_outside_strings_and_iris() -> None:
    with pytest.raises(SyntaxError):
        store().query("\\u0053ELECT * {}")


@pytest.mark.parametrize("name", INNOCENTS)
def test_text_that_only_looks_like_service_is_answered_as_the_bare_engine_does(name: str) -> None:
    text = INNOCENTS[name]
    assert answered(text) == store().query(text).serialize(format=ox.QueryResultsFormat.JSON)


PIECES = st.sampled_from(
    [
        *("SERVICE", "service", "SILENT", "@", "?x", "$x", "x:", "x:a", ":", "{", "}", "(", ")", "<", ">", "#", "\n", " ", "'"),
        *('"', '"""', "'''", "\\", "\\u0053", "?s ?p ?o", "FILTER(?s<?p)", "OPTIONAL", "EXISTS", "UNION", "MINUS", "."),
        *("<http://e/a>", "{?a ?b ?c}", "true", "1", "SELECT * ", "GRAPH ?g", "SERVICE@{?a ?b ?c}", "SERVICE#>\n@{}", "ex:"),
    ]
)
PROLOGUES = st.sampled_from(["PREFIX x: @ ", "PREFIX x: <http://a:80> PREFIX ex: @ ", "BASE @ PREFIX : <> "])
OFTEN = settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])


@given(st.lists(PIECES, max_size=14), PROLOGUES)
@OFTEN
def test_no_mixture_of_pieces_reaches_the_network(listener: Listener, pieces: list[str], prologue: str) -> None:
    text = aimed(f"{prologue}SELECT * {{ {''.join(pieces)} }}", listener)
    before = listener.calls
    with contextlib.suppress(MaillageError):
        answered(text)
    assert listener.calls == before


BLANKS = st.lists(st.sampled_from([" ", "\n", "\t", "\r", "#\n", "# { } < > ' \"\n", "#SERVICE\r"]), max_size=3).map("".join)
TARGETS = st.sampled_from(["@ ", "x: ", "x:\\~ ", "?t ", "$t "])
AROUND = st.sampled_from(
    [
        "{}",
        "{{ {} }}",
        "OPTIONAL {{ {} }}",
        "{{ }} UNION {{ {} }}",
        "FILTER EXISTS {{ {} }}",
        "FILTER(1<2){}",
        "FILTER(?q<?r){}",
        "{{ SELECT * {{ {} }} }}",
        "BIND('#' AS ?h) {}",
        'BIND("\'" AS ?i) {} BIND("\'" AS ?j)',
        "GRAPH ?g {{ {} }}",
        "MINUS {{ {} }}",
    ]
)


LETTERS = st.tuples(*(st.sampled_from([letter, letter.lower()]) for letter in "SERVICE")).map("".join)
SILENT = st.one_of(st.just(""), BLANKS.map("silent{}".format))
CALLS = st.tuples(LETTERS, BLANKS, SILENT, TARGETS, BLANKS, st.just("{ ?a ?b ?c }")).map("".join)


@given(CALLS, st.lists(AROUND, max_size=4))
@OFTEN
def test_every_generated_disguise_is_refused(listener: Listener, call: str, around: list[str]) -> None:
    for each in around:
        call = each.format(call)
    with pytest.raises(ServiceRefused):
        rewrite(aimed(f"PREFIX x: @ SELECT * {{ VALUES ?t {{ @ }} {call} }}", listener), {})


@pytest.mark.parametrize(
    ("target", "reason"),
    [("?x", "variable"), ("<http://e/other>", "not-listed"), ("ex:sparql2", "not-listed"), ("<http://e/closed>", "no-network")],
)
def test_a_refusal_says_why(target: str, reason: str) -> None:
    with pytest.raises(ServiceRefused) as refused:
        rewrite(
            f"PREFIX ex: <http://e/> SELECT * {{ SERVICE {target} {{ }} }}",
            {"http://e/sparql": "http://r/0", "http://e/closed": ""},
        )
    assert refused.value.details["reason"] == reason


@pytest.mark.parametrize(
    "text",
    [
        "SELECT * { SERVICE <http://e/sparql> {} }",
        "PREFIX ex: <http://e/> SELECT * { service ex:sparql {} }",
        "BASE <http://e/> SELECT * { SERVICE <sparql> {} }",
        "BASE <http://e/x/> PREFIX ex: <../> SELECT * { SERVICE#\nex:sparql{} }",
        "SELECT * { SERVICE <http://e/\\u0073parql> {} }",
    ],
)
def test_an_allowed_service_goes_to_its_relay_only(text: str) -> None:
    spelt = rewrite(text, {"http://e/sparql": "http://127.0.0.1:9/0"}).text
    assert "<http://127.0.0.1:9/0>" in spelt
    assert "sparql>" not in spelt


def test_silent_stays_silent_on_its_way_to_the_relay() -> None:
    spelt = rewrite("SELECT * { SERVICE SILENT <http://e/> {} }", {"http://e/": "http://127.0.0.1:9/0"}).text
    assert spelt == "SELECT * { SERVICE SILENT <http://127.0.0.1:9/0> {} }"


def test_one_refused_call_among_allowed_ones_refuses_the_query() -> None:
    with pytest.raises(ServiceRefused):
        rewrite("SELECT * { SERVICE <http://e/> {} SERVICE <http://f/> {} }", {"http://e/": "http://127.0.0.1:9/0"})


@pytest.mark.parametrize("before", ["", "BIND('service ex:a {' AS ?a) ", "# service ex:a {\n", "BIND('service ex:a {' AS ?a)\n "])
def test_an_error_stands_where_the_asker_wrote_it(before: str) -> None:
    def place(text: str) -> tuple[int, int]:
        with pytest.raises(QuerySyntax) as refused:
            answered(text)
        return refused.value.details["line"], refused.value.details["column"]

    text = f"SELECT * {{ {before}?? }}"
    assert place(text) == place(text.replace("service", "sequence"[:7]))


def test_a_text_of_the_longest_length_passes_and_one_letter_more_does_not() -> None:
    check_length("a" * 10, 10)
    with pytest.raises(QueryTooLong):
        check_length("a" * 11, 10)


@pytest.mark.parametrize("bracket", ["{", "(", "[", "<<("])
def test_nesting_is_counted_for_each_bracket(bracket: str) -> None:
    with pytest.raises(QueryTooDeep):
        check_depth(f"SELECT * {bracket * 11}", 10)


@pytest.mark.parametrize("text", ["'{{{{{{{{{{{{'", "# ((((((((((((((\n", "<http://e/((((((>", '"""[[[[[[[[[[[["""', "()" * 50])
def test_brackets_that_do_not_nest_are_not_counted(text: str) -> None:
    check_depth(f"SELECT * {{ {text} }}", 10)


@pytest.mark.parametrize(
    "text", ["INSERT DATA { <http://e/a> <http://e/b> 1 }", "LOAD <http://127.0.0.1:PORT/>", "CLEAR ALL", "DROP ALL"]
)
def test_an_update_is_no_query(text: str, listener: Listener) -> None:
    before = listener.calls
    with pytest.raises(QuerySyntax):
        answered(aimed(text, listener))
    assert listener.calls == before


@pytest.mark.parametrize(
    "text", ["service#" * 12_000, "service <" * 11_000, "service:::" * 10_000, "'service ex:a{' " * 6_000, '"' * 100_000]
)
def test_a_long_text_made_to_be_slow_is_read_through(text: str) -> None:
    rewrite(text, {})
