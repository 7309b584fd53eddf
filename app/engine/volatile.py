"""Whether a query may answer otherwise at the next asking, although the data are the same; told by its text alone."""

from __future__ import annotations

import re

_CALLS = re.compile(r"(?:NOW|RAND|UUID|BNODE)\s*[(#]", re.IGNORECASE)
_SERVICE = re.compile(r"SERVICE", re.IGNORECASE)
_ESCAPE = re.compile(r"\\u", re.IGNORECASE)


def is_volatile(text: str, *, federated: bool = False) -> bool:
    """Whether the time, chance or, where queries may be ``federated``, another server may have a part in the answer.

    No lexer is trusted: each of these functions is written with its name (STRUUID ends with another's), perhaps blanks or
    comments, and a bracket, wherever that stands in the text. A query that only mentions one is called volatile for nothing,
    which costs an evaluation; so is one with escapes, which could hide a name from a glance.
    """
    return bool(_CALLS.search(text) or _ESCAPE.search(text) or (federated and _SERVICE.search(text)))
