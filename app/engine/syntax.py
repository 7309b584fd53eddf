"""Where a query breaks the grammar, from what the engine's parser says of it; no parser of our own.

The parser tries a keyword by cutting as many letters as it has, so it tells the place after them (``error at 1:10: expected
CONSTRUCT`` for a wrong first word), or the end of a text that is too short to cut. Hence :data:`MARGIN` behind each text, and
the way back over the keyword.
"""

from __future__ import annotations

import re

from app.engine.federation import Rewritten
from app.errors import QuerySyntax

MARGIN = "\n" * 20
"""Blank lines that every text gets at its end, so that no keyword is too long to be tried there."""

_PLACE = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_ANYTHING = "[_]"
_CAUSES = {
    "Prefix not found": "unknown-prefix",
    "IRI parsing failed": "relative-iri",
    "not allowed in INSERT DATA": "insert-data",
    "not allowed in DELETE DATA": "delete-data",
}


def explained(error: SyntaxError | UnicodeEncodeError, text: Rewritten) -> QuerySyntax:
    """The error with line and column (1-based) in the text as its author wrote it, and what was expected there."""
    found = _PLACE.fullmatch(str(error))
    if found is None:
        return QuerySyntax(line=None, column=None, reason=str(error))
    offset = _offset(text.text, int(found[1]), int(found[2])) - _overrun(found[3])
    line, column = text.place(min(max(offset, 0), len(text.text)))
    return QuerySyntax(line=line, column=column, reason=_reason(found[3]))


def _reason(expected: str) -> str:
    """What can be said for certain, as a key of ``messages/limits.toml``: of a wrong word the parser only tells the longest
    keyword that it tried there."""
    return next((key for words, key in _CAUSES.items() if words in expected), "grammar")


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer("\n", text + MARGIN))]
    return starts[min(line, len(starts)) - 1] + column - 1


def _overrun(expected: str) -> int:
    """How many letters of a keyword the parser had cut when it gave up; 0 when it expected something else too."""
    words = [word for word in expected.removeprefix("one of ").split(", ") if word != _ANYTHING]
    lengths = {len(word) if _KEYWORD.fullmatch(word) else 0 for word in words}
    return lengths.pop() if len(lengths) == 1 else 0
