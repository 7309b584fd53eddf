"""Rows are counted on the bytes of a result, exactly, wherever these are cut."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.engine.counting import CsvRows, JsonRows, LineRows, RowCounter, XmlRows

FORMATS: dict[str, tuple[ox.QueryResultsFormat, Callable[[], RowCounter]]] = {
    "json": (ox.QueryResultsFormat.JSON, JsonRows),
    "xml": (ox.QueryResultsFormat.XML, XmlRows),
    "csv": (ox.QueryResultsFormat.CSV, CsvRows),
    "tsv": (ox.QueryResultsFormat.TSV, lambda: LineRows(heading=1)),
}

TRICKS = st.sampled_from(['"', "\\", "},{", "[{", "{", "}", ",", "\n", "\r", "\r\n", "<result>", "\t", "'", "é"])
TEXTS = st.one_of(st.text(max_size=12), st.lists(TRICKS, max_size=8).map("".join))
TERMS = st.one_of(
    TEXTS.map(ox.Literal),
    TEXTS.map(lambda text: ox.Literal(text, language="fr")),
    st.integers(0, 9).map(lambda n: ox.NamedNode(f"http://e/{n}")),
    TEXTS.map(lambda text: ox.Triple(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b"), ox.Literal(text))),
    st.none(),
)


def written(term: object) -> str:
    if isinstance(term, ox.Triple):
        return f"<<( {term.subject} {term.predicate} {term.object} )>>"
    return "UNDEF" if term is None else str(term)


def serialised(rows: list[tuple[object, object]], form: ox.QueryResultsFormat) -> bytes:
    values = " ".join(f"({' '.join(written(term) for term in row)})" for row in rows)
    query = f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}"
    results = ox.Store().query(query)
    return bytes(results.serialize(format=form) or b"")


def counted(counter: RowCounter, data: bytes, cuts: list[int]) -> int:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    for start, end in pairwise(places):
        counter.feed(data[start:end])
    return counter.rows


@pytest.mark.parametrize("name", FORMATS)
@given(rows=st.lists(st.tuples(TERMS, TERMS), max_size=6), cuts=st.lists(st.integers(0, 2000), max_size=12))
def test_rows_are_counted_exactly_however_the_bytes_are_cut(
    name: str, rows: list[tuple[object, object]], cuts: list[int]
) -> None:
    form, counter = FORMATS[name]
    data = serialised(rows, form)
    assert counted(counter(), data, cuts) == len(rows)
    if name == "json":
        assert len(json.loads(data)["results"]["bindings"]) == len(rows)


@pytest.mark.parametrize("name", FORMATS)
def test_bytes_that_come_one_by_one_give_the_same_count(name: str) -> None:
    form, counter = FORMATS[name]
    data = serialised([(ox.Literal('a"},{\\'), ox.Literal("\n")), (None, None), (ox.Literal("[{<result>"), None)], form)
    assert counted(counter(), data, list(range(len(data)))) == 3


@pytest.mark.parametrize(("name", "rows"), [(name, rows) for name in FORMATS for rows in (0, 1, 3)])
def test_rows_without_columns_are_counted(name: str, rows: int) -> None:
    form, counter = FORMATS[name]
    data = ox.Store().query(f"SELECT * {{ VALUES () {{ {'() ' * rows} }} }}").serialize(format=form)
    assert counted(counter(), bytes(data or b""), []) == rows
