"""What is checked in a query's text before the engine parses it: length, nesting, SERVICE; pure functions of the text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from app.engine.calls import STRING
from app.engine.federation import Rewritten, rewrite
from app.errors import QueryTooDeep, QueryTooLong

_BRACKETS = re.compile(
    STRING + r'|<[^<>"{}|^`\\\x00-\x20()]*+>'
    r"|#[^\r\n]*+"
    r"|\\."
    r"|([(\[{]|<<)|([)\]}]|>>)",
    re.DOTALL,
)


def check_length(text: str, limit: int) -> None:
    """Raises :class:`app.errors.QueryTooLong`."""
    if len(text) > limit:
        raise QueryTooLong(length=len(text), limit=limit)


def check_depth(text: str, limit: int) -> None:
    """Raises :class:`app.errors.QueryTooDeep`: the parser is recursive, and a few thousand levels end its process.

    Brackets in strings, comments and IRIs are left out as far as a glance can tell; a text that fools it can at worst bring
    down the worker that parses it.
    """
    depth = deepest = 0
    for found in _BRACKETS.finditer(text):
        if found[1]:
            depth += 1
            deepest = max(deepest, depth)
        elif found[2]:
            depth = max(0, depth - 1)
    if deepest > limit:
        raise QueryTooDeep(depth=deepest, limit=limit)


def check(text: str, *, characters: int, depth: int, relays: Mapping[str, str]) -> Rewritten:
    """The text that may go to the engine. Raises ``QueryTooLong``, ``QueryTooDeep`` or ``ServiceRefused``."""
    check_length(text, characters)
    check_depth(text, depth)
    return rewrite(text, relays)
