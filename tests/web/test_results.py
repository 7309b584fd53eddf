"""Results read back for a page."""

import io

import pytest

from app.web.results import SHOWN_ROWS, Cell, solutions, triples


def table(text: str) -> tuple[tuple[Cell, ...], ...]:
    return solutions(io.BytesIO(text.encode())).rows


@pytest.mark.parametrize(
    ("term", "cell"),
    [
        ("<http://a.example/x>", Cell("http://a.example/x", iri="http://a.example/x")),
        ("<https://w3id.org/maillage/ontology#Actor>", Cell("maillage:Actor", iri="https://w3id.org/maillage/ontology#Actor")),
        ('"plain"', Cell("plain")),
        ('"français"@fr', Cell("français", language="fr")),
        ('"2020"^^<http://www.w3.org/2001/XMLSchema#gYear>', Cell("2020", datatype="xsd:gYear")),
        ('"a\\tb\\n\\"c\\" \\\\ \\u00e9"', Cell('a\tb\n"c" \\ é')),
        ("42", Cell("42", datatype="xsd:integer")),
        ("-1.5", Cell("-1.5", datatype="xsd:decimal")),
        ("1e3", Cell("1e3", datatype="xsd:double")),
        ("true", Cell("true", datatype="xsd:boolean")),
        ("_:b0", Cell("_:b0")),
        ("", Cell("")),
        ("<<( <a:a> <b:b> <c:c> )>>", Cell("<<( <a:a> <b:b> <c:c> )>>")),
    ],
)
def test_a_term_of_tsv_is_a_cell(term: str, cell: Cell) -> None:
    assert table(f"?x\n{term}\n") == ((cell,),)


def test_columns_are_the_variables_and_an_unbound_one_is_empty() -> None:
    found = solutions(io.BytesIO(b'?x\t?y\n"a"\t\n'))
    assert found.columns == ("x", "y")
    assert found.rows == ((Cell("a"), Cell("")),)


def test_only_the_first_rows_are_read_and_that_is_told() -> None:
    whole = solutions(io.BytesIO(b"?x\n" + b"1\n" * SHOWN_ROWS))
    cut = solutions(io.BytesIO(b"?x\n" + b"1\n" * (SHOWN_ROWS + 1)))
    assert (len(whole.rows), whole.complete) == (SHOWN_ROWS, True)
    assert (len(cut.rows), cut.complete) == (SHOWN_ROWS, False)


def test_a_line_of_a_megabyte_is_cut_and_the_next_one_is_whole() -> None:
    found = table('?x\n"' + "a" * 1_000_000 + '"\n"b"\n')
    assert len(found[0][0].text) < 2_000
    assert found[1] == (Cell("b"),)


def test_triples_are_rows_of_three() -> None:
    body = b'<http://a.example/s> <http://a.example/p> "x . y"@fr .\n_:b <http://a.example/p> <http://a.example/o> .\n'
    assert triples(io.BytesIO(body)).rows == (
        (
            Cell("http://a.example/s", iri="http://a.example/s"),
            Cell("http://a.example/p", iri="http://a.example/p"),
            Cell("x . y", language="fr"),
        ),
        (Cell("_:b"), Cell("http://a.example/p", iri="http://a.example/p"), Cell("http://a.example/o", iri="http://a.example/o")),
    )
