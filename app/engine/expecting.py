"""What SPARQL takes at a place, found by trying it: the parser itself only names the longest keyword that it looked for.

Every text that is tried ends with a character that no grammar takes, so that none is parsed to its end, planned or evaluated.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from app.engine.calls import STRING

MOST_CHARACTERS = 5_000
"""Of a longer text nothing is tried: each trial reads it from its beginning."""

Refused = Callable[[str], int]
"""The parser as a function: the farthest offset that it looked at in a text that it refuses."""

_STRANGE, _APART = "\x01", " " * 20
"""The parser tells the farthest place that it looked at, and it looks for a keyword by cutting as many letters as that has: what
stands behind a word must stand farther off than any keyword reaches."""

_STEPS_BACK = 12
_MOST_STEPS = 40
_MOST_SHOWN = 12
_LIKE = 0.6
_TOKEN = re.compile(
    STRING + r'|<[^<>"{}|^`\x00-\x20]*+>'
    r"|(?P<comment>#[^\r\n]*+)"
    r"|[?$]\w++|@\w++(?:-\w++)*+|[\w:](?:[\w:.%\\-]*[\w:%-])?|&&|\|\||\^\^|[<>!]=|\S",
    re.DOTALL,
)
_NAME = re.compile(r"(?!_:)[\w.-]*:.*")
_VALUES = {"?x": "?x", "<…>": "<http://x/>", '"…"': '"x"', "1": "1", "ex:": "ex:"}
_MARKS = ("}", ")", "]", ".", ";", ",", "{", "(", "[", "=", "+", "*", "&&", "^^")
_KEYWORDS = (
    *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE"),
    *("INSERT", "DELETE", "DATA", "WITH", "USING", "LOAD", "CLEAR"),
    *("DROP", "CREATE", "ADD", "MOVE", "COPY", "DEFAULT", "ALL"),
    *("INTO", "DISTINCT", "AS", "FROM", "NAMED", "WHERE", "GROUP", "BY", "HAVING"),
    *("ORDER", "ASC", "DESC", "LIMIT", "OFFSET", "FILTER", "OPTIONAL", "UNION", "MINUS", "BIND", "VALUES"),
    *("GRAPH", "SERVICE", "NOT", "IN", "EXISTS", "REGEX", "CONTAINS", "BOUND", "STR", "LANG"),
    *("YEAR", "UNDEF", "COUNT", "SUM", "MIN", "MAX", "AVG"),
)


@dataclass(frozen=True)
class Mistake:
    """The first word that cannot stand where it does: ``found`` is empty at the end of the text. ``expected`` are marks, keywords
    and examples of values that may, the likeliest first; ``meant`` is one of them that looks like it, or empty. ``again`` is the
    variable that BIND was to give a value before, though it has one. ``undeclared`` is the place and the prefix of a name that
    could stand there, were its prefix declared."""

    offset: int
    found: str
    expected: tuple[str, ...]
    meant: str = ""
    again: str = ""
    undeclared: tuple[int, str] | None = None


def mistake(text: str, offset: int, refused: Refused) -> Mistake | None:
    """The mistake at or about ``offset``; None where trying finds none, as with what breaks a rule beyond the grammar."""
    if offset > MOST_CHARACTERS:
        return None
    start, word = _first_refused(text, offset, refused)
    name = undeclared(text, start + len(word))
    if name and name[0] == start and _is_taken(f"PREFIX {name[1]}: <http://x/> {text[:start]}", word, refused):
        return Mistake(start, word, (), undeclared=name)
    taken = [shown for shown, written in _candidates() if _is_taken(f"{text[:start]}\n", written, refused)]
    if not taken:
        return None
    return Mistake(start, word, tuple(taken[:_MOST_SHOWN]), _likeliest(word, taken), _bound_again(text[:start]))


def undeclared(text: str, offset: int) -> tuple[int, str] | None:
    """The last name before ``offset`` whose prefix no PREFIX before it declares: where it begins, and the prefix."""
    words = list(_words(text[:offset]))
    declared = {name for (_, keyword), (_, name) in pairwise(words) if keyword.upper() == "PREFIX"}
    names = [(start, word.partition(":")[0]) for start, word in words if _NAME.fullmatch(word)]
    return next((one for one in reversed(names) if f"{one[1]}:" not in declared), None)


def _first_refused(text: str, offset: int, refused: Refused) -> tuple[int, str]:
    """From some words before the place that the parser told, the first one that it does not take; else the end of the text."""
    words = list(_words(text[: MOST_CHARACTERS + offset]))
    near = next((n for n, (start, _) in enumerate(words) if start >= offset), len(words))
    for start, word in words[max(0, near - _STEPS_BACK) : near + _MOST_STEPS]:
        if not _is_taken(text[:start], word, refused):
            return start, word
    return (words[-1][0] + len(words[-1][1]) if words else 0), ""


def _words(text: str) -> Iterator[tuple[int, str]]:
    return ((found.start(), found[0]) for found in _TOKEN.finditer(text) if found["comment"] is None)


def _is_taken(before: str, word: str, refused: Refused) -> bool:
    """Whether the parser comes to look at what stands behind a word."""
    start = f"{before}{word}{_APART}"
    return refused(start + _STRANGE) >= len(start)


def _likeliest(word: str, taken: list[str]) -> str:
    if not word.isalpha() or word.upper() in _KEYWORDS:
        return ""
    return next(iter(difflib.get_close_matches(word.upper(), filter(str.isalpha, taken), n=1, cutoff=_LIKE)), "")


def _bound_again(before: str) -> str:
    words = [word for _, word in _words(before)]
    return words[-2] if len(words) > 2 and words[-3].upper() == "AS" and words[-1] == ")" and words[-2] in words[:-2] else ""


def _candidates() -> Iterator[tuple[str, str]]:
    yield from ((mark, mark) for mark in _MARKS)
    yield from _VALUES.items()
    yield from ((keyword, keyword) for keyword in _KEYWORDS)
