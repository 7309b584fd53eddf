"""The interface's words: complete in both languages, with the same blanks, set by the rules of French typography."""

from __future__ import annotations

import datetime
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from app.errors import BadParameter, SyntaxRefused
from app.text import LANGUAGES, Language, date, duration, explain, messages, number, pick, say

CATALOGUES = sorted((Path(__file__).parents[1] / "app" / "messages").glob("*.toml"))
NARROW, WIDE = "\u202f", "\u00a0"
CODE = re.compile(r"https?:\S*|[\"“«][^\"”»]*[{<][^\"”»]*[\"”»]|--\S+|\{[^}]*\}|<[^>]*>|\?[a-z]\w*|\b\w+:\w+")
"""What is not prose: addresses, options, blanks, variables and prefixed names."""


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", messages())
def test_a_message_is_in_both_languages_with_the_same_blanks(key: str) -> None:
    texts = messages()[key]
    assert set(texts) == set(LANGUAGES)
    assert all(text.strip() for text in texts.values())
    assert blanks(texts["fr"]) == blanks(texts["en"])


@pytest.mark.parametrize("key", messages())
def test_french_is_set_as_french(key: str) -> None:
    """Non-breaking spaces before : ; ? ! and inside « », curved apostrophes, no English quotation marks."""
    text = CODE.sub("x", messages()[key]["fr"])
    assert not re.search(r"(?<![\s\u00a0\u202f])[;?!»]|(?<=[a-zéè)]):(?=\s|$)", text), "a space is missing"
    assert not re.search(r" [:;?!»]|« ", text), "an ordinary space breaks the line"
    assert not re.search(r"\w'\w|[“”]", text), "’ and « »"
    assert "..." not in text.replace("[ARGUMENTS]...", "")


@pytest.mark.parametrize("key", messages())
def test_english_is_set_as_english(key: str) -> None:
    text = CODE.sub("x", messages()[key]["en"])
    assert not re.search(r"\w'\w|[«»]|\s[:;?!]", text)


@pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.stem)
def test_a_catalogue_says_first_what_it_is_for(path: Path) -> None:
    assert path.read_text(encoding="utf-8").startswith("# ")


def test_french_counts_zero_as_singular_and_english_does_not() -> None:
    assert say("sparql.rows", "fr", n=0) == "0 ligne"
    assert say("sparql.rows", "en", n=0) == "0 rows"
    assert say("sparql.rows", "fr", n=1234) == f"1{NARROW}234 lignes"
    assert say("sparql.rows", "en", n=1234) == "1,234 rows"


def test_an_unknown_key_is_an_error_of_ours() -> None:
    with pytest.raises(KeyError):
        say("sparql.no-such-text", "fr")


def test_a_reason_is_said_in_the_reader_s_language() -> None:
    error = SyntaxRefused(path="a.ttl", line=3, column=4, reason="iri-character", found=" ")
    assert f"caractère interdit «{WIDE} {WIDE}»" in explain(error, "fr")
    assert "forbidden character" in explain(error, "en")


def test_a_library_s_own_words_stand_as_they_are() -> None:
    assert "says {who} knows" in explain(SyntaxRefused(path="a", line=1, column=1, reason="says {who} knows"), "fr")


def test_numbers_and_dates_are_written_as_the_language_writes_them() -> None:
    assert (number(1234.5, "fr"), number(1234.5, "en")) == (f"1{NARROW}234,5", "1,234.5")
    day = datetime.date(2020, 11, 16)
    assert (date(day, "fr"), date(day, "en")) == ("16 novembre 2020", "16 November 2020")


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0.0, "moins de 1 ms", "less than 1 ms"),
        (0.0004, "moins de 1 ms", "less than 1 ms"),
        (0.0006, "1 ms", "1 ms"),
        (0.0421, "42 ms", "42 ms"),
        (0.9994, "999 ms", "999 ms"),
        (0.9996, "1 s", "1 s"),
        (1.234, "1,23 s", "1.23 s"),
    ],
)
def test_a_duration_is_never_nothing(seconds: float, french: str, english: str) -> None:
    assert [duration(seconds, language).replace("\u00a0", " ") for language in LANGUAGES] == [french, english]


@given(st.integers(-(10**15), 10**15))
def test_whole_numbers_are_written_as_babel_writes_them(value: int) -> None:
    for language in LANGUAGES:
        assert number(value, language) == format_decimal(value, locale=language)


@pytest.mark.parametrize(
    ("texts", "language", "picked"),
    [
        ({"fr": "a", "en": "b"}, "en", ("b", "en")),
        ({"fr": "a", "de": "c"}, "en", ("a", "fr")),
        ({"en": "b", "de": "c"}, "fr", ("b", "en")),
        ({None: "d", "de": "c"}, "fr", ("d", None)),
        ({"de": "c", "br": "e"}, "fr", ("e", "br")),
        ({}, "fr", None),
    ],
)
def test_the_text_for_a_reader_is_theirs_else_french_else_english_else_any(
    texts: dict[str | None, str], language: str, picked: tuple[str, str | None] | None
) -> None:
    assert pick(texts, language) == picked


def test_a_parameter_that_cannot_be_used_is_told_what_would_do() -> None:
    error = BadParameter(name="page", value="abc", reason="at-least", least=1)
    assert explain(error, "fr").endswith("donnez un nombre entier, à partir de 1.")
    assert explain(error, "en").endswith("give a whole number, from 1.")
    assert "The parameter iri is empty or absent: give a whole address" in explain(
        BadParameter(name="iri", value="", reason="iri"), "en"
    )
    assert "absent" not in explain(BadParameter(name="colour", value="", reason="unknown-blank", known="theme"), "en")


@pytest.mark.parametrize(("language", "said"), [("fr", "Ce n’est pas une année."), ("en", "This is not a year.")])
def test_a_reason_may_be_any_text_of_ours_by_its_full_name(language: Language, said: str) -> None:
    assert said in explain(BadParameter(name="year", value="x", reason="queries.malformed-gYear"), language)
    counted = BadParameter(name="to", value="x", reason="paths.none", n=3)
    assert explain(counted, "fr") != explain(counted, "en")
    assert "paths.none" not in explain(counted, language)
