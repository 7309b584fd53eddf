"""Where the text of a query could call SERVICE, in any reading of it; not whether it may.

The engine's grammar is scannerless: what one reading takes for an IRI or a name is a keyword in another
(``?a<?b)SERVICE#>``, or ``ex:SERVICE`` where the prefix is ``http://a:80`` and the longer name is no IRI). So no lexer is
trusted here. A *call* is whatever looks like one wherever it stands: the seven letters, blanks or comments, perhaps SILENT, a
variable, IRI or prefixed name, an opening brace. The engine reads a SERVICE nowhere else. Two kinds of names are passed,
because its grammar leaves them no other reading: variables, and local names of sound prefixes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

NAME = (
    "0-9A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c\u200d\u203f\u2040"
    "\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd"
)
"""Inside a character class: the letters of names (PN_CHARS without the hyphen)."""

BLANK = r"(?:[\s\ufeff]|#[^\r\n]*+)*+"
STRING = (
    r'"""(?:[^"\\]|\\.|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\.|'(?!''))*+'''"
    r'|"(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?:[^'\\\r\n]|\\.)*+'"
)
"""A text in quotes, one line or several, for patterns with ``re.DOTALL``."""

_WORD = re.compile("service", re.IGNORECASE | re.ASCII)
_SILENT = re.compile("silent", re.IGNORECASE | re.ASCII)
_SPACE = re.compile(r"[\s\ufeff]*+")
_VARIABLE = re.compile(rf"[?$][{NAME}]++")
_RUN = re.compile(rf"(?:[{NAME}.:%-]++|\\.)++", re.DOTALL)
_VARIABLE_BEFORE = re.compile(rf"[?$][{NAME}]*\Z")
_PREFIX_BEFORE = re.compile(r":(?:[A-Za-z0-9_:][A-Za-z0-9_:-]*)?\Z")
_PLAIN_AFTER = re.compile(r"[A-Za-z0-9_:.-]*+(?![\\%]|[^\x00-\x7f])")
_DECLARED = re.compile(rf":{BLANK}<([^>]*)>")
_WITH_PATH = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#\\%]*[/?#][^\\%]*|urn:[^\\%]*", re.ASCII)
_LONGEST_NAME = 256


@dataclass(frozen=True)
class Call:
    """The letters stand at ``start``, the target ends at ``end``; ``targets`` has two where SILENT may belong to a name."""

    start: int
    end: int
    targets: tuple[str, ...]
    silent: bool


def calls(text: str) -> Iterator[Call]:
    """Every call of a text, from left to right."""
    reader = _Reader(text)
    for word in _WORD.finditer(text):
        call = reader.call(word.start(), word.end())
        if call is not None and not reader.is_name(word.start(), word.end()):
            yield call


class _Reader:
    """Reads one text at any place, in time that is near linear for all places together."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.run = range(0)

    def call(self, start: int, end: int) -> Call | None:
        place = self._skip(end)
        readings = [(place, False)]
        if silent := _SILENT.match(self.text, place):
            readings.insert(0, (self._skip(silent.end()), True))
        found = [(at, stop, quiet) for at, quiet in readings if (stop := self._target(at)) is not None]
        if not found:
            return None
        return Call(start, found[0][1], tuple(self.text[at:stop] for at, stop, _ in found), found[0][2])

    def is_name(self, start: int, end: int) -> bool:
        """Whether the letters can only end a name: a variable takes every letter that follows (and a path's ``?`` is never
        read before one); so does a local name, as long as prefix and name together make an IRI.
        """
        before = self.text[max(0, start - _LONGEST_NAME) : start]
        if _VARIABLE_BEFORE.search(before):
            return True
        return bool(_PREFIX_BEFORE.search(before) and _PLAIN_AFTER.match(self.text, end)) and self._sound_prefixes

    @cached_property
    def _sound_prefixes(self) -> bool:
        return all(_WITH_PATH.fullmatch(iri) for iri in _DECLARED.findall(self.text))

    def _skip(self, place: int) -> int:
        """The end of the blanks and comments that begin at a place."""
        while True:
            place = _end(_SPACE, self.text, place)
            if not self.text.startswith("#", place):
                return place
            ends = [at for mark in "\r\n" if (at := self.text.find(mark, place)) >= 0]
            place = min(ends, default=len(self.text))

    def _target(self, place: int) -> int | None:
        """The end of the variable, IRI or prefixed name that stands before a brace, or None."""
        if self.text.startswith("<", place):
            end = self.text.find(">", place) + 1
        elif variable := _VARIABLE.match(self.text, place):
            end = variable.end()
        else:
            if place not in self.run:
                self.run = range(place, _end(_RUN, self.text, place))
            end = self.run.stop if self.text.find(":", place, self.run.stop) >= 0 else 0
        return end if end > place and self.text.startswith("{", self._skip(end)) else None


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place
