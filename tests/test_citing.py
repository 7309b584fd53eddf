"""Citations: one value in three formats, whatever the data hold."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.citing import Work, bibtex, csl, plain, query_hash

WORK = Work(
    title="Qui finance qui ?",
    site="Maillage",
    publisher="Collectif du Vallon",
    version=12,
    published=date(2026, 11, 26),
    address="https://example.org/queries/who-funds-whom?version=12",
    language="fr",
    query="0123456789ab",
)


def test_a_reference_is_a_line_in_the_readers_language() -> None:
    assert plain(WORK).replace("\u00a0", " ") == (
        "Collectif du Vallon (2026) : « Qui finance qui ? ». Maillage, version 12 des données du 26 novembre 2026, "
        "requête 0123456789ab [jeu de données]. https://example.org/queries/who-funds-whom?version=12"
    )
    assert plain(replace(WORK, language="en", title="Who funds whom?", query=None)) == (
        "Collectif du Vallon (2026): “Who funds whom?”. Maillage, version 12 of the data, 26 November 2026 "
        "[Data set]. https://example.org/queries/who-funds-whom?version=12"
    )


def test_bibtex_is_one_entry_with_braced_author_and_title() -> None:
    assert bibtex(WORK) == (
        "@misc{maillage-v12-0123456789ab,\n"
        "  author = {{Collectif du Vallon}},\n"
        "  title = {{Qui finance qui ?}},\n"
        "  year = {2026},\n"
        "  month = nov,\n"
        "  howpublished = {Maillage, version 12 des données. \\url{https://example.org/queries/who-funds-whom?version=12}},\n"
        "  url = {https://example.org/queries/who-funds-whom?version=12},\n"
        "  version = {12},\n"
        "  language = {french},\n"
        "  note = {Requête SPARQL 0123456789ab}\n"
        "}\n"
    )


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("50 % & 3 $", r"50 \% \& 3 \$"),
        ("n_1 #2", r"n\_1 \#2"),
        ("a{b", r"a\textbraceleft{}b"),
        ("a}b", r"a\textbraceright{}b"),
        ("C:\\x", r"C:\textbackslash{}x"),
        ("~ ^", r"\textasciitilde{} \textasciicircum{}"),
        ('L’été, "ainsi" @misc', 'L’été, "ainsi" @misc'),
        ("two\nlines\r\n\tand", "two lines and"),
    ],
)
def test_bibtex_escapes_what_tex_would_read(text: str, written: str) -> None:
    assert f"  title = {{{{{written}}}}},\n" in bibtex(replace(WORK, title=text))


def test_an_address_cannot_end_its_field() -> None:
    entry = bibtex(replace(WORK, address="https://x.example/a}b{c\\d?e=%C3%A9&f=g_h#i~j"))
    assert "  url = {https://x.example/a%7Db%7Bc%5Cd?e=%C3%A9&f=g_h#i~j},\n" in entry


@given(st.text(), st.text())
def test_whatever_the_texts_bibtex_has_balanced_braces_and_the_fields_that_were_meant(title: str, publisher: str) -> None:
    entry = bibtex(replace(WORK, title=title, publisher=publisher, site=title))
    depth = 0
    for place, letter in enumerate(entry):
        depth += {"{": 1, "}": -1}.get(letter, 0)
        assert depth > 0 or place < entry.index("{") or place >= len(entry) - 2
    assert depth == 0
    assert re.findall(r"^  (\w+) = ", entry, re.MULTILINE) == [
        "author", "title", "year", "month", "howpublished", "url", "version", "language", "note",
    ]  # fmt: skip


@given(st.text(), st.text())
def test_whatever_the_texts_csl_is_json_with_the_texts_as_they_are(title: str, publisher: str) -> None:
    work = replace(WORK, title=title, publisher=publisher)
    (item,) = json.loads(csl(work))
    assert (item["title"], item["author"]) == (work.title, [{"literal": work.publisher}])


def test_csl_says_what_reference_managers_ask() -> None:
    (item,) = json.loads(csl(WORK))
    assert item == {
        "id": "maillage-v12-0123456789ab",
        "type": "dataset",
        "title": "Qui finance qui ?",
        "author": [{"literal": "Collectif du Vallon"}],
        "container-title": "Maillage",
        "publisher": "Collectif du Vallon",
        "issued": {"date-parts": [[2026, 11, 26]]},
        "version": "12",
        "language": "fr",
        "URL": "https://example.org/queries/who-funds-whom?version=12",
        "note": "Requête SPARQL 0123456789ab",
    }


def test_a_key_holds_nothing_that_a_reference_manager_would_refuse() -> None:
    assert replace(WORK, site="L’Observatoire {du} Vallon, 2").key == "l-observatoire-du-vallon-2-v12-0123456789ab"
    assert re.fullmatch(r"maillage-v12-[0-9a-f]{8}", replace(WORK, site="…", query=None).key)


def test_the_hash_of_a_query_is_that_of_its_text() -> None:
    assert query_hash("ASK {}") == "819ea91ed5f1"
    assert query_hash("ASK { }") != query_hash("ASK {}")
