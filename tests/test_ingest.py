"""Foreign RDF files are read in a process of their own: every format, every refusal with its place and its reason."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pytest

from app.errors import InputError, MaillageError, SyntaxRefused, UnreadableInput
from app.ingest.documents import SUFFIXES, identify
from app.ingest.orders import Bounds
from app.ingest.reading import Parsed, lines_of, read
from app.text import LANGUAGES, explain

BASE = "http://localhost:8000/"
RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/"'
ONE = '<http://localhost:8000/a> <http://e/b> "c" .\n'

Write = Callable[[str, str | bytes], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def one(name: str, text: str | bytes) -> Path:
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return one


def statements(parsed: Parsed) -> list[str]:
    with parsed:
        return sorted(parsed.path.read_text(encoding="utf-8").splitlines())


def refused(path: Path, **how: object) -> MaillageError:
    with pytest.raises(InputError) as caught:
        read(path, BASE, **how)  # type: ignore[arg-type]
    return caught.value


FORMATS = {
    "a.ttl": '<a> <http://e/b> "c" .',
    "a.trig": '{ <a> <http://e/b> "c" . }',
    "a.nt": '<http://localhost:8000/a> <http://e/b> "c" .',
    "a.nq": '<http://localhost:8000/a> <http://e/b> "c" .',
    "a.n3": '<a> <http://e/b> "c" .',
    "a.rdf": f'<?xml version="1.0"?><rdf:RDF {RDF}><rdf:Description rdf:about="a"><e:b>c</e:b></rdf:Description></rdf:RDF>',
    "a.jsonld": '{"@context":{"b":"http://e/b"},"@id":"a","b":"c"}',
}


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_is_read_and_relative_iris_are_relative_to_the_base(name: str, write: Write) -> None:
    assert statements(read(write(name, FORMATS[name]), BASE)) == [ONE.strip()]


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_may_be_packed_with_gzip_whatever_its_name(name: str, write: Write) -> None:
    for given in (f"{name}.gz", name):
        assert statements(read(write(given, gzip.compress(FORMATS[name].encode())), BASE)) == [ONE.strip()]


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "a.n3"])
def test_a_file_without_suffix_is_known_by_its_content(name: str, write: Write) -> None:
    assert statements(read(write("data", FORMATS[name]), BASE)) == [ONE.strip()]


@pytest.mark.parametrize("name", FORMATS)
def test_a_byte_order_mark_is_passed_over(name: str, write: Write) -> None:
    assert statements(read(write(name, b"\xef\xbb\xbf" + FORMATS[name].encode()), BASE)) == [ONE.strip()]


def test_the_format_that_is_asked_for_wins_over_the_suffix(write: Write) -> None:
    assert statements(read(write("a.txt", FORMATS["a.ttl"]), BASE, "ttl")) == [ONE.strip()]


def test_every_suffix_is_named_in_the_refusal_of_an_unknown_one(write: Write) -> None:
    error = refused(write("a.csv", "a;b;c"))
    assert all(suffix in explain(error, "fr") for suffix in SUFFIXES)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("page.html", "<!doctype html><html></html>", "web-page"),
        ("page.ttl", "\n<html lang='fr'>", "web-page"),
        ("a.zip", b"PK\x03\x04rest", "packed"),
        ("a.xlsx", b"PK\x03\x04rest", "packed"),
        ("a.ttl.gz", gzip.compress(b"<a> <b> <c> ." * 1000, mtime=0)[:-20], "broken-gzip"),
        ("a.ttl.gz", b"\x1f\x8b\x08garbage", "broken-gzip"),
    ],
)
def test_what_is_no_rdf_document_is_told_by_what_it_is(name: str, text: str | bytes, reason: str, write: Write) -> None:
    error = refused(write(name, text))
    assert isinstance(error, UnreadableInput)
    assert error.details["reason"] == reason


def test_a_missing_file_a_folder_and_a_forbidden_file_are_told(tmp_path: Path) -> None:
    assert refused(tmp_path / "none.ttl").details["reason"] == "no-such-file"
    assert refused(tmp_path).details["reason"] == "a-folder"


@pytest.mark.parametrize(
    ("name", "text", "line", "reason"),
    [
        ("a.ttl", '<a> <b> "c" .\n<a> <b> "é" .\n'.encode("latin-1"), 2, "not-utf8"),
        ("a.ttl", "<a> <b> <c> .\n\n<a b> <b> <c> .", 3, "iri-character"),
        ("a.nt", "<http://a> <http://b> <http://c> .\n<a> <http://b> <http://c> .", 2, "relative-iri"),
        ("a.ttl", "<a> <b> <c>\n<d> <e> <f> .", 2, "missing-dot"),
        ("a.ttl", "x:a <b> <c> .", 1, "unknown-prefix"),
        ("a.ttl", "<a> <b> foo .", 1, "not-object"),
        ("a.ttl", '"a" <b> <c> .', 1, "not-term"),
        ("a.ttl", '<a> <b> "c\n" .', 1, "line-break"),
        ("a.ttl", '<a> <b> "\\q" .', 1, "escape"),
        ("a.ttl", '<a> <b> "c"@f_r .', 1, "language-tag"),
        ("a.ttl", "<a> <b> <c", 1, "unexpected-end"),
        ("a.trig", "<a> <b> <c> .\n<g> { <a> <b> <c> }", 2, "named-graph"),
        ("a.nq", "<http://a> <http://b> <http://c> <http://g> .", 1, "named-graph"),
        ("a.n3", "<a> <b> <c> .\n{ <a> <b> <c> } <b> <c> .", 2, "named-graph"),
        ("a.ttl", "<a> <b> <<( <a> <b> <c> )>> .", 1, "triple-term"),
        ("a.ttl", '<a> <b> "c"@ar--rtl .', 1, "direction"),
        ("a.rdf", f"<rdf:RDF {RDF}>\n<e:A></e:B></rdf:RDF>", 2, "xml-tags"),
        ("a.rdf", f'<!DOCTYPE x [<!ENTITY a "b">]><rdf:RDF {RDF}/>', 1, "doctype"),
        ("a.rdf", f"\n<!doctype x><rdf:RDF {RDF}/>", 2, "doctype"),
        ("a.rdf", f'<?xml version="1.0" encoding="iso-8859-1"?><rdf:RDF {RDF}/>', 1, "not-utf8"),
        ("a.rdf", f"<rdf:RDF {RDF}><e:A><e:b>&nbsp;</e:b></e:A></rdf:RDF>", 1, "xml-entity"),
        ("a.xml", "<note/>", 1, "not-rdf-xml"),
        ("a.jsonld", '{"@context":"http://schema.org/",\n"@id":"a"}', 2, "remote-context"),
        ("a.jsonld", '{"@context":"file:///etc/passwd"}', 1, "remote-context"),
        ("a.jsonld", '{"@id":', 1, "unexpected-end"),
    ],
)
def test_what_does_not_parse_is_refused_with_line_and_reason(
    name: str, text: str | bytes, line: int, reason: str, write: Write
) -> None:
    error = refused(write(name, text))
    assert isinstance(error, SyntaxRefused)
    assert (error.details["line"], error.details["reason"]) == (line, reason)
    for language in LANGUAGES:
        assert name in explain(error, language)
        assert f": {reason}." not in explain(error, language), "the reason is said in words"


def test_the_words_of_the_parser_are_given_as_its_own_where_they_mean_nothing_known(write: Write) -> None:
    error = refused(write("a.jsonld", '{"@id": 1}'))
    assert error.details["reason"] == "unread"
    assert "@id" in error.details["found"]
    assert f"dit, en anglais\u00a0: «\u00a0{error.details['found']}\u00a0»" in explain(error, "fr")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.jsonld", '{"http://a":' * 6_000 + "1" + "}" * 6_000),
        ("a.ttl", "<a> <b> " + "<<( <a> <b> " * 100_000 + "<c>" + " )>>" * 100_000 + " ."),
    ],
)
def test_a_document_nested_so_deep_that_the_parser_dies_is_refused(name: str, text: str, write: Write) -> None:
    error = refused(write(name, text), bounds=Bounds(memory_mb=1_000))
    assert error.details["reason"] in ("too-deep", "too-much-memory")


def test_a_decompression_bomb_is_refused_at_its_limit(write: Write) -> None:
    bomb = write("a.nt.gz", gzip.compress(b"# nothing\n" * 300_000))
    assert refused(bomb, bounds=Bounds(megabytes=2)).details == {"path": str(bomb), "reason": "too-large", "megabytes": 2}


def test_one_endless_line_is_refused_at_the_limit_of_memory(write: Write) -> None:
    text = b'<http://a> <http://b> "' + b"x" * 60_000_000 + b'" .'
    assert refused(write("a.nt", text), bounds=Bounds(memory_mb=50)).details["reason"] == "too-much-memory"


def test_blank_nodes_that_cannot_be_told_apart_are_refused_at_the_limit_of_time(write: Write) -> None:
    poison = "".join(f"_:a{i} <http://p> _:a{j} .\n" for i in range(10) for j in range(10) if i != j)
    error = refused(write("a.nt", poison), bounds=Bounds(component_seconds=0.5))
    assert (error.details["reason"], error.details["line"]) == ("component-too-intricate", 1)


def test_a_list_without_end_of_blank_nodes_is_refused_by_its_size(write: Write) -> None:
    error = refused(write("a.ttl", "<a> <b> (" + " 1" * 200 + " ) ."), bounds=Bounds(component=100))
    assert (error.details["reason"], error.details["nodes"]) == ("component-too-large", 200)


def test_a_file_that_takes_too_long_is_refused(write: Write) -> None:
    slow = write("a.nt", "".join(f"<http://a{i}> <http://p> <http://b> .\n" for i in range(200_000)))
    assert refused(slow, bounds=Bounds(seconds=0.2)).details["reason"] == "too-slow"


def test_a_refused_file_leaves_no_temporary_file(write: Write, tmp_path: Path) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    refused(write("a.ttl", "x"), folder=scratch)
    with read(write("b.ttl", "<a> <b> <c> ."), BASE, folder=scratch):
        assert len(list(scratch.iterdir())) == 1
    assert list(scratch.iterdir()) == []


def test_named_graphs_are_brought_together_when_that_is_asked_for(write: Write) -> None:
    path = write("a.nq", "<http://a> <http://b> <http://c> <http://g> .\n<http://a> <http://b> <http://d> <http://h> .")
    parsed = read(path, BASE, merge=True)
    assert (len(statements(parsed)), parsed.graphs) == (2, ("http://g", "http://h"))


def test_the_graph_that_is_filled_may_be_named_in_the_file(write: Write) -> None:
    parsed = read(write("a.nq", "<http://a> <http://b> <http://c> <http://g> ."), BASE, graph="http://g")
    assert (len(statements(parsed)), parsed.graphs) == (1, ())


def test_the_same_file_gives_the_same_blank_nodes_and_counts_what_it_holds(write: Write) -> None:
    text = "<a> <b> [ <c> 1 ; <d> [ <c> 2 ] ] ; <e> ( 1 2 ) ."
    first, second = read(write("a.ttl", text), BASE), read(write("b.ttl", text.replace("; ", ";\n")), BASE)
    assert (first.statements, first.nodes, first.entities) == (9, 4, 1)
    assert statements(first) == statements(second)


TURTLE = """@prefix e: <http://e/> .
<a> a e:A ;
    e:name "un" ,
        "deux" ;
    e:part [ e:name "partie" ;
        e:size 01 ] .

<b> e:knows <c> .
"""


@pytest.mark.parametrize(
    ("subject", "predicate", "value", "line"),
    [
        ("a", "http://e/name", '"deux"', 4),
        ("a", "http://e/name", '"trois"', 3),
        ("a", "http://e/missing", None, 2),
        ("a", None, None, 2),
        ("b", "http://e/knows", "<http://localhost:8000/c>", 8),
        ("c", "http://e/name", None, 8),
        ("d", "http://e/name", None, None),
    ],
)
def test_the_line_is_that_of_the_statement_or_of_what_comes_nearest(
    subject: str, predicate: str | None, value: str | None, line: int | None, write: Write
) -> None:
    document = identify(write("a.ttl", TURTLE))
    wanted = (f"<{BASE}{subject}>", f"<{predicate}>" if predicate else None, value)
    assert lines_of(document, BASE, [wanted]) == [line]


def test_a_blank_node_is_found_under_the_iri_that_it_was_given(write: Write) -> None:
    path = write("a.ttl", TURTLE)
    with read(path, BASE) as parsed:
        size = next(line for line in parsed.path.read_text(encoding="utf-8").splitlines() if "/size>" in line)
    node = size.split(" ")[0]
    assert lines_of(identify(path), BASE, [(node, "<http://e/size>", None), (node, "<http://e/other>", None)]) == [6, 5]


def test_lines_are_found_in_n_quads_and_gzip(write: Write) -> None:
    path = write("a.nq.gz", gzip.compress(b"# first\n<http://a> <http://p> <http://b> .\n<http://c> <http://p> <http://b> .\n"))
    assert lines_of(identify(path), BASE, [("<http://c>", "<http://p>", "<http://b>")]) == [3]
