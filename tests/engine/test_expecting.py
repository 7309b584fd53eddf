"""What a query that does not parse is told: the first word that cannot stand there, and what can."""

from __future__ import annotations

import pyoxigraph as ox
import pytest

from app.engine.asks import Ask
from app.engine.evaluation import Bounds, evaluate
from app.engine.expecting import MOST_CHARACTERS
from app.errors import QuerySyntax
from app.text import explain


def refused(query: str) -> QuerySyntax:
    with pytest.raises(QuerySyntax) as raised:
        evaluate(ox.Store(), 1, Ask(query), Bounds())
    return raised.value


@pytest.mark.parametrize(
    ("query", "column", "found", "among"),
    [
        ("SELECT ?x { ?x a <http://b> } GRUP BY ?x", 31, "GRUP", "GROUP HAVING ORDER LIMIT OFFSET VALUES"),
        ("SELECT (COUNT(?x) ?n) { ?x ?y ?z }", 19, "?n", "AS"),
        ("SELECT ?x { FILTER(?x > ) }", 25, ")", '?x <…> "…" 1'),
        ("SELECT ?x { ?x <http://p> ?y . . }", 32, ".", "} ?x FILTER"),
        ("SELECT * { ?s ?p ?o } LIMIT x", 29, "x", "1"),
        ("SELECT ?x, ?y WHERE { ?x ?p ?y }", 10, ",", "WHERE ?x {"),
        ("SELECT ?x WHERE { ?x ?p }", 25, "}", "?x <…>"),
        ("SELECT ?x WHERE { ?x ?p ?y FILTER(?y = 3 }", 42, "}", ")"),
        ("SELECT ?x WHERE { ?x ?p ?y }}", 29, "}", "ORDER LIMIT"),
        ("PREFIX foaf <http://x/> SELECT ?x {?x ?y ?z}", 8, "foaf", "ex:"),
        ("SELECT ?x { ?x ?p 12abc }", 19, "12abc", "1"),
        ("SELECT (SUM(?x) AS ?y { ?x ?p ?z }", 23, "{", ")"),
        ("bonjour", 1, "bonjour", "SELECT ASK CONSTRUCT DESCRIBE PREFIX BASE"),
        ("ASK { ?x ?p ?y # }", 15, "", "} . ;"),
        ("", 1, "", "SELECT ASK CONSTRUCT DESCRIBE PREFIX BASE"),
    ],
)
def test_the_first_word_that_cannot_stand_there_and_what_can(query: str, column: int, found: str, among: str) -> None:
    told = refused(query).details
    assert (told["line"], told["column"], told["found"]) == (1, column, found)
    assert set(among.split()) <= set(told["expected"])


def test_nothing_is_expected_that_the_grammar_does_not_take() -> None:
    assert refused("SELECT ?x { ?x ?p ?y } LIMIT 10 WHERE").details["expected"] == ["OFFSET", "VALUES"]
    assert refused("SELECT ?x { VALUES ?x (1 2) }").details["expected"] == ["{"]


@pytest.mark.parametrize(
    ("query", "meant"),
    [
        ("SELEC * {?s ?p ?o}", "SELECT"),
        ("SELECT ?x WHERE { ?x ?p ?y OPTIONNAL {?x ?q ?z} }", "OPTIONAL"),
        ("SELECT ?x WHERE { ?x ?p ?y . FILTER regexx(?y, 'a') }", "REGEX"),
        ("SELECT ?x { ?x ?p ?y } ordre by ?x", "ORDER"),
    ],
)
def test_a_misspelt_word_is_told_with_the_one_that_was_meant(query: str, meant: str) -> None:
    error = refused(query)
    assert error.details["meant"] == meant
    assert f"vouliez-vous écrire {meant}" in explain(error, "fr")
    assert f"did you mean {meant}?" in explain(error, "en")


@pytest.mark.parametrize(
    ("query", "reason"),
    [
        ("SELECT ?x WHERE { ?x a foo:Bar }", "unknown-prefix"),
        ("SELECT ?x { ?x a <http://b c> }", "relative-iri"),
        ("SELECT ?x { ?x ?y 'abc }", "unclosed-text"),
        ('SELECT ?x { ?x ?y "abc\n }', "unclosed-text"),
        ("SELECT ?y (COUNT(?x) AS ?n) { ?x ?p ?z }", "ungrouped"),
        ("SELECT ?x { BIND(1 AS ?x) ?x ?y ?z . BIND(2 AS ?x)}", "bound-again"),
    ],
)
def test_what_the_grammar_alone_does_not_tell_has_words_of_its_own(query: str, reason: str) -> None:
    error = refused(query)
    assert error.details["reason"] == reason
    assert reason not in explain(error, "fr")


@pytest.mark.parametrize(
    ("query", "column", "told"),
    [
        (
            "SELECT ?x WHERE { ?x a foaf:Person ; maillage:name ?n }",
            24,
            "le préfixe « foaf: » n’est pas déclaré ; ajoutez en tête la ligne PREFIX foaf: <http://xmlns.com/foaf/0.1/>",
        ),
        ("PREFIX foaf: <http://x/> ASK { ?x a foaf:Person ; foo:bar ?y }", 51, "ajoutez en tête une ligne PREFIX foo: avec"),
        ("ASK { ?x ?p 'a:b' ; ?q _:c ; ?r <http://d/> ; ?s :e }", 50, "le préfixe « : » n’est pas déclaré"),
        ("ASK { ?x ?p ?y FILTER(xsd:integer(?y) > 1) }", 23, "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"),
        ("ASK { ?x ?p '1'^^xsd:int }", 18, "« xsd: »"),
        ("ASK { ?x foaf:knows/bad:b ?y }", 10, "« foaf: »"),
    ],
)
def test_a_prefix_that_is_not_declared_is_named_with_the_line_to_add(query: str, column: int, told: str) -> None:
    error = refused(query)
    assert (error.details["column"], told in explain(error, "fr").replace("\xa0", " ").replace("\u202f", " ")) == (column, True)


def test_a_name_that_cannot_stand_there_even_with_its_prefix_is_no_matter_of_prefixes() -> None:
    assert refused("SELECT ?x foo:bar WHERE { ?x ?p ?y }").details["reason"] == "unexpected"
    assert refused("PREFIX foo: <http://x/> ASK { ?x foo:a foo:b foo:c }").details["reason"] == "unexpected"


def test_the_place_is_found_on_its_line_also_behind_a_comment() -> None:
    told = refused("# {\nSELECT * # }\n{\n  ?s ?p ?o\n  FILTR(?o)\n}").details
    assert (told["line"], told["column"], told["found"], told["meant"]) == (5, 3, "FILTR", "FILTER")


def test_a_long_text_is_told_where_it_fails_and_nothing_is_tried() -> None:
    told = refused("SELECT * {" + "?s ?p ?o ." * MOST_CHARACTERS).details
    assert told["reason"] == "grammar"
    assert told["line"] == 1
