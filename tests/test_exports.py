"""Files for spreadsheets: whatever the data hold, nothing in them is run, and every value can be written."""

from __future__ import annotations

import csv
import io
import json
import re

import openpyxl
import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.asking.exports import Citation, csv_line, harmless, write
from app.asking.tables import Column, Table
from app.entities.model import Value

XSD = "http://www.w3.org/2001/XMLSchema#"
LINK = '=HYPERLINK("http://evil.example/","ici")'


def citation(question: str = "Qui ?") -> Citation:
    return Citation(question, 1, "2026-11-26", "http://localhost:8000/x", "SELECT", ("Lettre – CC BY",), "fr")


def table(*terms: ox.Literal) -> Table:
    return Table((Column("one", "Un"),), tuple((Value(term.value),) for term in terms), tuple((term,) for term in terms))


@pytest.mark.parametrize(
    "text", [f"Jardin;{LINK}", f"Jardin,{LINK}", f"Jardin\t{LINK}", f"Jardin\n{LINK}", "x;@SUM(A1)", "x;-cmd"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_no_reader_of_a_table_finds_a_formula_in_it(text: str, separator: str) -> None:
    """A French spreadsheet reads semicolons as the ends of cells, and a line of comment as cells."""
    written = write("csv", table(ox.Literal(text)), citation(text)).decode()
    cells = [cell for line in csv.reader(io.StringIO(written), delimiter=separator) for cell in line]
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["Paris ; Lyon", "a - b, c = d", "liste :\n- un\n- deux", "https://x.example/?a=1&b=2"])
def test_a_plain_text_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


def skipping_comments(text: str) -> str:
    """What pandas (``comment="#"``) and R (``comment.char = "#"``) read: nothing from a # on that is not within quotes."""
    return re.sub(r'("[^"]*")|#[^\n]*', lambda match: match[1] or "", text)


def test_a_program_that_skips_comments_loses_nothing_of_a_row() -> None:
    text = "https://w3id.org/maillage/ontology#unitOf"
    written = write("csv", table(ox.Literal(text), ox.Literal("#1, et “#2”"), ox.Literal("plain")), citation("Qui ? #3")).decode()
    rows = [row for row in csv.reader(io.StringIO(skipping_comments(written))) if row]
    assert rows == [["Un"], [text], ["#1, et “#2”"], ["plain"]]
    assert skipping_comments(f"a,{text}\n") == "a,https://w3id.org/maillage/ontology\n", "as such a program does"


ROWS = st.lists(st.one_of(st.none(), st.integers(), st.text(st.characters(exclude_characters="\x00"))), min_size=1)


@given(ROWS)
def test_a_line_is_read_as_what_was_written(values: list[str | int | None]) -> None:
    expected = ["" if value is None else harmless(value) if isinstance(value, str) else str(value) for value in values]
    assert list(csv.reader(io.StringIO(csv_line(values), newline=""))) == [expected]


@pytest.mark.parametrize("suffix", ["csv", "xlsx", "json", "ttl"])
@pytest.mark.parametrize(
    "term",
    [
        ox.Literal("a\x01b\x0bc"),
        *(ox.Literal(number, datatype=ox.NamedNode(XSD + "double")) for number in ("INF", "-INF", "NaN", "1E400000000")),
    ],
)
def test_a_value_that_no_cell_can_hold_is_written_as_far_as_it_can_be(suffix: str, term: ox.Literal) -> None:
    written = write(suffix, table(term), citation("a\x01b"))
    assert 0 < len(written) < 20_000
    if suffix == "json":
        json.loads(written, parse_constant=pytest.fail)
    if suffix == "xlsx":
        assert openpyxl.load_workbook(io.BytesIO(written)).worksheets[0]["A2"].value in ("abc", term.value)


def test_a_workbook_opens_with_columns_as_wide_as_their_texts() -> None:
    written = write("xlsx", table(ox.Literal("Association de soutien"), ox.Literal("a\nb")), citation())
    assert openpyxl.load_workbook(io.BytesIO(written)).worksheets[0].column_dimensions["A"].width == 24
    written = write("xlsx", table(ox.Literal("mot " * 100)), citation())
    assert openpyxl.load_workbook(io.BytesIO(written)).worksheets[0].column_dimensions["A"].width == 60
