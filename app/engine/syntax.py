"""Where a text breaks the grammar, what stands there and what could: from what the engine's parser says; no parser of our own.

The parser tries a keyword by cutting as many letters as it has, so it tells the place after them (``error at 1:10: expected
CONSTRUCT`` for a wrong first word), or the end of a text that is too short to cut. Hence :data:`MARGIN` behind each text, and
the way back over the keyword.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from app.engine.expecting import Mistake, mistake, undeclared
from app.engine.federation import Rewritten
from app.errors import QuerySyntax
from app.terms import PREFIXES

MARGIN = "\n" * 20
"""Blank lines that every text gets at its end, so that no keyword is too long to be tried there."""

_PLACE = re.compile(r"error at (\d+):(\d+): expected (.*)", re.DOTALL)
_KEYWORD = re.compile(r"[A-Za-z0-9_]+", re.ASCII)
_ANYTHING = "[_]"
_PREFIX = "unknown-prefix"
_CAUSES = {
    "Prefix not found": _PREFIX,
    "IRI parsing failed": "relative-iri",
    "not allowed in INSERT DATA": "insert-data",
    "not allowed in DELETE DATA": "delete-data",
    "variable that is unbound": "ungrouped",
}
_SHOWN = 60
QUERIES = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES = frozenset({"INSERT", "DELETE", "WITH", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY"})

Parse = Callable[[str], object]
"""The engine's reading of a query, or of an update, which raises ``SyntaxError`` for what it does not take."""


def explained(error: SyntaxError | UnicodeEncodeError, text: Rewritten, parse: Parse) -> QuerySyntax:
    """The error with line and column (1-based) in the text as its author wrote it, what was found and what was expected there."""
    found = _PLACE.fullmatch(str(error))
    if found is None:
        return QuerySyntax(line=None, column=None, reason=str(error))
    offset = min(max(_offset(text.text, int(found[1]), int(found[2])) - _overrun(found[3]), 0), len(text.text))
    reason = _cause(found[3])
    made = mistake(text.text, offset, lambda tried: _farthest(tried, parse)) if reason is None else None
    name = undeclared(text.text, offset) if reason == _PREFIX else made and made.undeclared
    line, column = text.place(name[0] if name else made.offset if made else offset)
    told = (
        _prefix(name[1]) if name else _told(made) if made else {"reason": reason if reason not in (None, _PREFIX) else "grammar"}
    )
    return QuerySyntax(line=line, column=column, **told)


def _told(made: Mistake) -> dict[str, object]:
    if made.again:
        return {"reason": "bound-again", "found": made.again}
    if "SELECT" in made.expected and "ASK" in made.expected and (word := first_of(made.found, _UPDATES)):
        return {"reason": "an-update", "found": word}
    reason = "misspelt" if made.meant else "unexpected" if made.found else "ended"
    return {"reason": reason, "found": made.found[:_SHOWN], "expected": list(made.expected), "meant": made.meant}


def _prefix(name: str) -> dict[str, object]:
    """What is told of a prefix that is not declared: with its usual address where the service has one."""
    known = PREFIXES.get(name)
    told = {"reason": "known-prefix", "iri": known} if known else {"reason": _PREFIX}
    return {"found": f"{name[:_SHOWN]}:", **told}


def first_of(text: str, words: frozenset[str]) -> str:
    """The first word of a text where it is one of these, as it is written; else nothing."""
    word = _KEYWORD.match(text)
    return word[0] if word and word[0].upper() in words else ""


def _cause(expected: str) -> str | None:
    """What the parser does say, as a key of ``messages/limits.toml``."""
    if '"\\\\U"' in expected:  # only within a text between quotes may an escape follow
        return "unclosed-text"
    return next((key for words, key in _CAUSES.items() if words in expected), None)


def _farthest(tried: str, parse: Parse) -> int:
    """The offset that the parser tells of a text that it refuses; of any other, which none is, -1."""
    try:
        parse(tried)
    except SyntaxError as error:
        found = _PLACE.fullmatch(str(error))
        return _offset(tried, int(found[1]), int(found[2])) if found else -1
    return -1


def _offset(text: str, line: int, column: int) -> int:
    starts = [0, *(match.end() for match in re.finditer("\n", text + MARGIN))]
    return starts[min(line, len(starts)) - 1] + column - 1


def _overrun(expected: str) -> int:
    """How many letters of a keyword the parser had cut when it gave up; 0 when it expected something else too."""
    words = [word for word in expected.removeprefix("one of ").split(", ") if word != _ANYTHING]
    lengths = {len(word) if _KEYWORD.fullmatch(word) else 0 for word in words}
    return lengths.pop() if len(lengths) == 1 else 0
