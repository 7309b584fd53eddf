"""SERVICE in a query: turned to the relay of an allowed endpoint, or refused; no network.

The engine follows every SERVICE that it reads, so the text that it gets holds no call (:mod:`app.engine.calls`) but those to
our own relays:

- a call in what seems to be a comment or a string is spelt otherwise there, so that it stays harmless even if that was
  misjudged (``s\\u0065rvice``: the engine reads such escapes in strings and IRIs only);
- a call to an allowed endpoint is turned to the relay that leads to it and nowhere else;
- every other one is refused, and the rewritten text is searched once more from the start.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urljoin

from app.engine.calls import BLANK, NAME, STRING, Call, calls
from app.errors import ServiceRefused

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_TOKEN = re.compile(
    STRING + r'|<[^<>"{}|^`\x00-\x20]*+>'
    r"|#[^\r\n]*+",
    re.DOTALL,
)
_PROLOGUE = re.compile(rf"\b(?:prefix{BLANK}([{NAME}.-]*):|(base)){BLANK}<([^<>]*)>", re.IGNORECASE)
_SHOWN = 200


@dataclass(frozen=True)
class Edit:
    """A piece of the text that the engine reads otherwise than it was written."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Rewritten:
    """The text for the engine, and the way back to where its errors stand in the text that came."""

    text: str
    original: str
    edits: tuple[Edit, ...] = ()

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column (1-based) in the original for a place in the rewritten text."""
        for edit in self.edits:
            if offset < edit.start:
                break
            offset = max(edit.start, offset - len(edit.text) + edit.end - edit.start)
        before = self.original[:offset]
        return before.count("\n") + 1, offset - before.rfind("\n")


def rewrite(text: str, relays: Mapping[str, str]) -> Rewritten:
    """The text with each allowed SERVICE turned to its relay; ``relays`` maps endpoint to relay IRI, or to
    the empty text where there is no way to it.

    Raises :class:`app.errors.ServiceRefused`, whose ``reason`` is ``not-listed``, ``no-network``, ``variable`` (the target is
    one), ``escaped`` (hidden by ``\\u`` escapes) or ``ambiguous`` (there is more than one way to read it).
    """
    found = list(calls(text))
    _refuse_escaped(text, len(found))
    if not found:
        return Rewritten(text, text)
    edits = tuple(_edits(text, found, relays))
    spelt = _apply(text, edits)
    ours = {f"<{relay}>" for relay in relays.values() if relay}
    for call in calls(spelt):
        if not ours.issuperset(call.targets):
            raise ServiceRefused(target=call.targets[0][:_SHOWN], reason="ambiguous")
    return Rewritten(spelt, text, edits)


def _edits(text: str, found: list[Call], relays: Mapping[str, str]) -> Iterator[Edit]:
    tokens = _TOKEN.finditer(text)
    token = next(tokens, None)
    for call in found:
        while token is not None and token.end() <= call.start:
            token = next(tokens, None)
        if token is None or token.start() > call.start:
            relay = _relay(text, call, relays)
            yield Edit(call.start + len("service"), call.end, f" SILENT <{relay}>" if call.silent else f" <{relay}>")
        elif token[0].startswith("<"):
            raise ServiceRefused(target=call.targets[0][:_SHOWN], reason="ambiguous")
        else:
            letter = call.start + 1
            yield Edit(letter, letter + 1, "_" if token[0].startswith("#") else f"\\u{ord(text[letter]):04x}")


def _relay(text: str, call: Call, relays: Mapping[str, str]) -> str:
    target = call.targets[0]
    if len(call.targets) > 1:
        raise ServiceRefused(target=target[:_SHOWN], reason="ambiguous")
    if target[0] in "?$":
        raise ServiceRefused(target=target[:_SHOWN], reason="variable")
    endpoint = _resolve(text, target)
    relay = relays.get(endpoint)
    if not relay:
        raise ServiceRefused(target=endpoint[:_SHOWN], reason="not-listed" if relay is None else "no-network")
    return relay


def _resolve(text: str, target: str) -> str:
    """The IRI that a target seems to name; a wrong guess leads to another endpoint of the list at worst."""
    base = ""
    prefixes: dict[str, str] = {}
    plain = _TOKEN.sub(lambda token: token[0] if token[0].startswith("<") else " ", text)
    for declared in _PROLOGUE.finditer(plain):
        iri = _join(base, declared[3])
        if declared[2]:
            base = iri
        else:
            prefixes[declared[1]] = iri
    if target.startswith("<"):
        return _join(base, target[1:-1])
    prefix, _, local = target.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def _join(base: str, written: str) -> str:
    try:
        return urljoin(base, _decode(written))
    except ValueError:
        return _decode(written)


def _refuse_escaped(text: str, plain_calls: int) -> None:
    """Refuses a call that only shows once ``\\u0053`` is read as S everywhere, as other parsers do."""
    if "\\" not in text:
        return
    decoded = _decode(text)
    if decoded != text:
        hidden = list(calls(decoded))
        if len(hidden) > plain_calls:
            raise ServiceRefused(target=hidden[0].targets[0][:_SHOWN], reason="escaped")


def _decode(text: str) -> str:
    return _ESCAPE.sub(_character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(escape[1] or escape[2], 16)
    return chr(code) if code < 0x110000 and not 0xD800 <= code < 0xE000 else escape[0]


def _apply(text: str, edits: tuple[Edit, ...]) -> str:
    parts: list[str] = []
    place = 0
    for edit in edits:
        parts += (text[place : edit.start], edit.text)
        place = edit.end
    return "".join((*parts, text[place:]))
