"""An answer as a file: CSV, XLSX, JSON or Turtle, each naming version, question, date and licences; not how it is downloaded."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

import pyoxigraph as ox

from app.asking.tables import Table
from app.media import CSV, TURTLE, Format
from app.terms import PREFIXES
from app.text import Language, say

if TYPE_CHECKING:
    from openpyxl import Workbook

XLSX = Format("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx")
JSON = Format("application/json", "json")
_FORMULA = re.compile(r"^(?=[=+\-@\t\r])|(?<=[,;\t\r\n])(?=[=+@]|-\S)")
_QUOTED = re.compile(r'[",\r\n#]')
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_DIGITS = 300
_MEASURED, _WIDEST = 200, 60
"""Rows of a sheet by which its columns are made wide, and the characters of the widest."""
_NUMBERS = frozenset(f"{PREFIXES['xsd']}{name}" for name in ("integer", "decimal", "double", "float"))
_RS = "http://www.w3.org/2001/sw/DataAccess/tests/result-set#"


@dataclass(frozen=True)
class Citation:
    """Where a file comes from: what was asked, of which version, when, at which address, under which licences."""

    question: str
    version: int
    date: str
    address: str
    query: str
    licences: tuple[str, ...]
    language: Language

    def lines(self) -> Iterator[tuple[str, str]]:
        """Labels and values, in the reader's language."""
        values = {"question": self.question, "version": str(self.version), "date": self.date, "address": self.address}
        for name, value in values.items():
            yield say(f"queries.cite-{name}", self.language), value
        for licence in self.licences:
            yield say("queries.cite-licence", self.language), licence


def write_csv(table: Table, citation: Citation) -> bytes:
    """UTF-8 with comment lines before the header; an entity has two columns, its name and its IRI."""
    lines = (csv_line(line) for line in (_headings(table), *_lines(table)))
    return "".join((comments(citation), *lines)).encode("utf-8")


def write_xlsx(table: Table, citation: Citation) -> bytes:
    """The same in a workbook."""
    return workbook((_headings(table), *_lines(table)), citation, "queries.cite-query")


def workbook(lines: Iterable[Iterable[object]], citation: Citation, method: str) -> bytes:
    """Two sheets: the lines, of which the first are headings, and where they come from; ``method`` is the message that names the
    citation's query. Numbers are numbers, and no text is a formula."""
    from openpyxl import Workbook  # takes long to load, and few ask for workbooks

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = say("queries.sheet-answer", citation.language)
    for line in lines:
        sheet.append([printable(value) for value in line])
    for row in sheet.iter_rows():
        for cell in row:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    sheet.freeze_panes = "A2"
    source = book.create_sheet(say("queries.sheet-source", citation.language))
    for pair in (*citation.lines(), (say(method, citation.language), citation.query)):
        source.append([printable(text) for text in pair])
        source.cell(source.max_row, 2).data_type = "s"
    widen(book)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def widen(book: Workbook) -> None:
    """Columns as wide as what stands in their first rows, up to a bound; a spreadsheet shows eight characters otherwise."""
    from openpyxl.utils import get_column_letter

    for sheet in book.worksheets:
        for number, column in enumerate(sheet.iter_cols(max_row=_MEASURED), 1):
            longest = max(len(line) for cell in column for line in str(cell.value or "").split("\n"))
            sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)


def write_json(table: Table, citation: Citation) -> bytes:
    """``meta``, ``columns`` and ``rows``; an entity is ``{"iri": …, "name": …}``, a number a number, anything else a text."""
    rows = [
        {
            column.name: _json(term, cell.text if cell else "")
            for column, term, cell in zip(table.columns, terms, cells, strict=True)
        }
        for terms, cells in zip(table.terms, table.cells, strict=True)
    ]
    meta = {
        "question": citation.question,
        "version": citation.version,
        "date": citation.date,
        "address": citation.address,
        "query": citation.query,
        "licences": list(citation.licences),
    }
    columns = [{"name": column.name, "label": column.label} for column in table.columns]
    return json.dumps({"meta": meta, "columns": columns, "rows": rows}, ensure_ascii=False, indent=1).encode("utf-8")


def write_turtle(table: Table, citation: Citation) -> bytes:
    """A result set in the W3C's own vocabulary for them (SPARQL test suites, ``result-set#``), with its provenance."""
    term = ox.NamedNode
    top, dcterms = ox.NamedNode(citation.address), PREFIXES["dcterms"]
    triples = [
        ox.Triple(top, term(PREFIXES["rdf"] + "type"), term(_RS + "ResultSet")),
        ox.Triple(top, term(dcterms + "title"), ox.Literal(citation.question, language=citation.language)),
        ox.Triple(top, term(dcterms + "issued"), ox.Literal(citation.date, datatype=term(PREFIXES["xsd"] + "date"))),
        ox.Triple(top, term(dcterms + "hasVersion"), ox.Literal(str(citation.version))),
        *(ox.Triple(top, term(dcterms + "rights"), ox.Literal(licence)) for licence in citation.licences),
        *(ox.Triple(top, term(_RS + "resultVariable"), ox.Literal(column.name)) for column in table.columns),
    ]
    for number, line in enumerate(table.terms, start=1):
        solution = ox.BlankNode(f"row{number}")
        triples.append(ox.Triple(top, term(_RS + "solution"), solution))
        triples.append(ox.Triple(solution, term(_RS + "index"), ox.Literal(number)))
        for place, (column, value) in enumerate(zip(table.columns, line, strict=True)):
            if value is None:
                continue
            binding = ox.BlankNode(f"row{number}-{place}")
            triples.append(ox.Triple(solution, term(_RS + "binding"), binding))
            triples.append(ox.Triple(binding, term(_RS + "variable"), ox.Literal(column.name)))
            triples.append(ox.Triple(binding, term(_RS + "value"), value))
    return ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes={"rs": _RS, "dcterms": dcterms}) or b""


EXPORTS: dict[str, tuple[Format, Callable[[Table, Citation], bytes]]] = {
    "xlsx": (XLSX, write_xlsx),
    "csv": (CSV, write_csv),
    "json": (JSON, write_json),
    "ttl": (TURTLE, write_turtle),
}
"""Every file that an answer can be, by its suffix; first the one for most readers."""


def write(suffix: str, table: Table, citation: Citation) -> bytes:
    """The bytes of an answer as the file of a suffix of :data:`EXPORTS`."""
    return EXPORTS[suffix][1](table, citation)


def _headings(table: Table) -> list[str]:
    found: list[str] = []
    for place, column in enumerate(table.columns):
        found.append(column.label)
        if _has_nodes(table, place):
            found.append(f"{column.label} (IRI)")
    return found


def _lines(table: Table) -> Iterator[list[Any]]:
    with_iri = [_has_nodes(table, place) for place in range(len(table.columns))]
    for terms, cells in zip(table.terms, table.cells, strict=True):
        line: list[Any] = []
        for term, cell, paired in zip(terms, cells, with_iri, strict=True):
            is_node = cell is not None and cell.node is not None
            line.append(cell.text if is_node and cell else _plain(term))
            if paired:
                line.append(term.value if isinstance(term, ox.NamedNode) else "")
        yield line


def _has_nodes(table: Table, place: int) -> bool:
    return any(line[place] is not None and line[place].node is not None for line in table.cells)  # type: ignore[union-attr]


def _plain(term: object) -> Any:
    match term:
        case None:
            return ""
        case ox.Literal() if term.datatype.value in _NUMBERS:
            return _number(term.value)
        case ox.Literal() | ox.NamedNode():
            return term.value
    return str(term)


def _number(text: str) -> Any:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > _DIGITS:
        return text
    return int(number) if number == number.to_integral_value() else float(number)


def _json(term: object, name: str) -> Any:
    if isinstance(term, ox.NamedNode):
        return {"iri": term.value, "name": name}
    return None if term is None else _plain(term)


def comments(citation: Citation) -> str:
    """Where a CSV file comes from, as lines before its header."""
    return "".join(f"# {label}: {harmless(' '.join(value.split()))}\r\n" for label, value in citation.lines())


def csv_line(values: Iterable[object]) -> str:
    """A line of a CSV file (RFC 4180), with no text that a spreadsheet would run.

    What holds a ``#`` is quoted: a program that skips the comment lines (pandas, R) would cut an IRI there otherwise.
    """
    cells = ["" if value is None else harmless(value) if isinstance(value, str) else str(value) for value in values]
    quoted = ('"' + cell.replace('"', '""') + '"' if _QUOTED.search(cell) else cell for cell in cells)
    return (",".join(quoted) or '""') + "\r\n"


def harmless(text: str) -> str:
    """A text that a spreadsheet would run as a formula is given an apostrophe (OWASP, CSV injection).

    So is one inside a text, behind what a spreadsheet may take for the end of a cell: a French one reads semicolons.
    """
    return _FORMULA.sub("'", text)


def printable(value: Any) -> Any:
    """A value as a cell of a workbook can hold it: XML has no way to write most control characters."""
    return _UNPRINTABLE.sub("", value) if isinstance(value, str) else value
