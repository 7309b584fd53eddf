"""Words of a text without accents or capitals, as search and alphabetical order take them: ``L’Œuf`` is ``l``, ``oeuf``."""

from __future__ import annotations

from functools import cache
from importlib.metadata import version

import tantivy
from tantivy import Filter, Tokenizer

FORM = f"tantivy-{version('tantivy')}"
"""Changes with the library that cuts and folds: what was kept of its words is then made anew."""

_LONGEST_WORD = 60


def cut() -> tantivy.TextAnalyzerBuilder:
    """An elision falls apart at its apostrophe, and its single letter is a stop word of questions."""
    words = tantivy.TextAnalyzerBuilder(Tokenizer.simple())
    return words.filter(Filter.remove_long(_LONGEST_WORD)).filter(Filter.lowercase()).filter(Filter.ascii_fold())


@cache
def folded() -> tantivy.TextAnalyzer:
    """Cuts a text into folded words."""
    return cut().build()


def sortable(name: str) -> str:
    """A name as lists are sorted by it: neither case, accents nor punctuation count."""
    return " ".join(folded().analyze(name))
