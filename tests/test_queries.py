"""Questions in files: their headers, and parameters that are bound as terms and never as text."""

from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib.plugins.sparql import prepareQuery

from app.errors import BadParameter, UnknownQuery
from app.queries import CannedQuery, Catalogue

FILES = sorted(Path("queries").rglob("*.rq"))
HEADER = """#+ question:
#+   fr: "Qui est là ?"
#+   en: "Who is there?"
#+ params:
#+   actor: {type: iri, required: true, label: {fr: Acteur, en: Actor}}
#+   year: {type: gYear}
SELECT ?actor ?year WHERE {
    VALUES ?actor { UNDEF }
    VALUES ?year { UNDEF }
    ?actor <http://example.org/since> ?year .
}
"""


def read(tmp_path: Path, text: str) -> CannedQuery:
    path = tmp_path / "who.rq"
    path.write_text(text, encoding="utf-8")
    return CannedQuery.read(path, tmp_path)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_parses_as_it_stands_in_two_parsers(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    prepareQuery(text)
    ox.Store().query(text)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_file_asks_its_question_in_both_languages_and_names_its_columns(path: Path) -> None:
    query = CannedQuery.read(path, Path("queries"))
    assert query.question or (query.problem and query.solution)
    assert "SELECT *" not in query.text


def test_a_bound_parameter_replaces_every_line_and_an_unbound_one_none(tmp_path: Path) -> None:
    query = read(tmp_path, HEADER + "# VALUES ?actor { UNDEF }\n")
    bound = query.bind({"actor": ox.NamedNode("http://example.org/a")})
    assert bound.count("VALUES ?actor { <http://example.org/a> }") == 2
    assert "VALUES ?year { UNDEF }" in bound
    assert "#+" not in bound


def test_a_value_cannot_escape_into_the_query(tmp_path: Path) -> None:
    attack = ox.Literal('2020" } } # \\ DROP')
    bound = read(tmp_path, HEADER).bind({"actor": ox.NamedNode("http://example.org/a"), "year": attack})
    store = ox.Store()
    store.add(ox.Quad(ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/since"), attack))
    assert [row["year"] for row in store.query(bound)] == [attack]


def test_several_values_bind_in_turn(tmp_path: Path) -> None:
    bound = read(tmp_path, HEADER).bind({"actor": [ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b")]})
    assert "VALUES ?actor { <http://e/a> <http://e/b> }" in bound


@pytest.mark.parametrize("terms", [{}, {"actor": None}, {"nobody": ox.Literal("x"), "actor": ox.NamedNode("http://e/a")}])
def test_missing_and_unknown_parameters_are_refused(tmp_path: Path, terms: dict) -> None:
    with pytest.raises(BadParameter):
        read(tmp_path, HEADER).bind(terms)


@pytest.mark.parametrize(
    "header",
    [
        "#+ surprise: 1\n",
        '#+ question: {fr: "Quoi ?"}\n',
        "#+ params: {ghost: {type: iri}}\n",
        "#+ params: {x: {kind: iri}}\n",
        "#+ : [\n",
    ],
)
def test_a_header_outside_the_rules_is_refused_with_the_files_name(tmp_path: Path, header: str) -> None:
    with pytest.raises(ValueError, match="who"):
        read(tmp_path, header + "SELECT ?x WHERE { VALUES ?x { UNDEF } }")


def test_an_unknown_question_names_the_nearest() -> None:
    with pytest.raises(UnknownQuery) as refused:
        Catalogue.load(Path("queries")).get("rules/found")
    assert refused.value.details["nearest"] == "rules/funds"


@pytest.mark.parametrize("name", ["zzz", "SELECT ?s { ?s a ?class }", "announced"])
def test_a_question_that_is_like_none_of_its_folder_names_no_other(name: str) -> None:
    with pytest.raises(UnknownQuery) as refused:
        Catalogue.load(Path("queries")).get(name)
    assert "nearest" not in refused.value.details
