"""The words of a query's text, read one after the other; what it does not know is not covered. No grammar."""

from __future__ import annotations

import re

import pyoxigraph as ox

from app.columns.relations import NotCovered

_TOKEN = re.compile(
    r"""[ \t\r\n]*+(?:\#[^\r\n]*+[ \t\r\n]*+)*+
    (?:(?P<iri><[A-Za-z][A-Za-z0-9+.-]*:[^\s<>"{}|^`\\]*>)
    |(?P<var>[?$][A-Za-z_][A-Za-z0-9_]*)
    |(?P<string>"(?:[^"\\\r\n]|\\[tbnrf"'\\])*"(?!")|'(?:[^'\\\r\n]|\\[tbnrf"'\\])*'(?!'))
    |(?P<lang>@[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*(?!-))
    |(?P<blank>_:[A-Za-z0-9_]+(?![.\w-]))
    |(?P<name>[A-Za-z](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?:(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)?(?![\w:%\\-]|\.[\w.:%\\-])|:(?:[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?)?(?![\w:%\\-]|\.[\w.:%\\-]))
    |(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.]))
    |(?P<word>[A-Za-z]+(?![\w:]))
    |(?P<sign>\^\^|&&|\|\||!=|<=|>=|[{}()\[\].;,/^*=<>!+-]))""",
    re.VERBOSE | re.ASCII,
)
_END = re.compile(r"[ \t\r\n]*+(?:#[^\r\n]*+[ \t\r\n]*+)*+")
RDF_TYPE = b"<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"


class Token(str):
    """A word and what kind of word it is."""

    __slots__ = ("kind", "place")
    kind: str
    place: int

    def touches(self, other: Token) -> bool:
        """Whether another begins where this one ends."""
        return self.place + len(self) == other.place


def tokens_of(text: str) -> list[Token]:
    """Raises :class:`NotCovered` at the first thing that is none."""
    if "\\u" in text or "\\U" in text:
        raise NotCovered  # an escape may stand for anything
    place, found = 0, []
    for match in iter(_TOKEN.scanner(text).match, None):  # type: ignore[attr-defined]  # a scanner goes on where it stopped
        kind = match.lastgroup
        token = Token(match[kind])
        token.kind, token.place = kind, match.start(kind)
        found.append(token)
        place = match.end()
    if _END.fullmatch(text, place) is None:
        raise NotCovered
    return found


def iri_text(token: str) -> str:
    """An absolute IRI in its brackets. Raises :class:`NotCovered` where it is not one for certain, or a base would change it."""
    if "/." in token:
        raise NotCovered
    try:
        ox.NamedNode(token[1:-1])
    except ValueError as error:
        raise NotCovered from error
    return token
