"""Files for spreadsheets: whatever the data hold, nothing in them is run, and every value can be written."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pyoxigraph as ox
import pytest

from app.asking.exports import Citation, harmless, write
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
