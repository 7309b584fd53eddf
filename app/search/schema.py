"""The fields of the search index and how their texts are cut into words; what is written there is said in document.

Accents and capitals are folded before stemming, so that a reader who types none finds what one who types them all finds.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import tantivy
from tantivy import Filter

from app.folding import FORM, cut, folded

FORMAT = f"5 {FORM}"
"""Changes whenever the fields, the words or the library's files do: all indexes are then built anew."""

LANGUAGES = {"fr": "french", "en": "english"}

IRI, KIND, CLASSES, ABOUT, CODES = "iri", "kind", "classes", "about", "codes"
WHOLE, OTHER, NAMES, PLACES = "whole", "other", "names", "places"
"""Whole names of its own, and other whole names; the words of both; what stands at its places."""
STARTS, BEGINNINGS = "starts", "beginnings"
"""The first letters of own names, and of each word of all names: one letter then needs not open all words that begin with it."""
STEMS = {language: f"stems_{language}" for language in LANGUAGES}
"""Words of names by their stems."""
TEXTS = {language: f"texts_{language}" for language in LANGUAGES}
"""Words of descriptions by their stems."""
WEIGHT, KEY, SHOWN = "weight", "key", "shown"


SHORT = 3
"""The longest beginning that is kept as such."""


def schema() -> tantivy.Schema:
    """All fields; none needs positions, since a phrase that matters is a whole name or its beginning."""
    builder = tantivy.SchemaBuilder()
    builder.add_text_field(IRI, tokenizer_name="raw", index_option="basic")
    builder.add_text_field(KIND, tokenizer_name="raw", index_option="basic", fast=True)
    for name in (CLASSES, ABOUT, CODES, WHOLE, OTHER, STARTS, BEGINNINGS):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (NAMES, PLACES):
        builder.add_text_field(name, tokenizer_name="folded", index_option="basic")
    for language in LANGUAGES:
        for field in (STEMS, TEXTS):
            builder.add_text_field(field[language], tokenizer_name=language, index_option="basic")
    builder.add_float_field(WEIGHT, fast=True)
    builder.add_unsigned_field(KEY, fast=True)
    builder.add_bytes_field(SHOWN, stored=True)
    return builder.build()


@cache
def stemmed(language: str) -> tantivy.TextAnalyzer:
    """Folded words, cut down to their stems."""
    return cut().filter(Filter.stemmer(LANGUAGES[language])).build()


def create(folder: Path) -> tantivy.Index:
    """A new index in an empty folder."""
    return _ready(tantivy.Index(schema(), path=str(folder)))


def open_index(folder: Path) -> tantivy.Index:
    """An index that exists; it does not watch its folder for changes."""
    return _ready(tantivy.Index.open(str(folder)))


def _ready(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer("folded", folded())
    for language in LANGUAGES:
        index.register_tokenizer(language, stemmed(language))
    index.config_reader("manual")
    return index
