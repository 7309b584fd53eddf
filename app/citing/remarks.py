"""What a version says of itself, in a reader's language: the program's own remarks are said anew, people's stand as they are.

A remark is stored once, in the language of whoever wrote. Those that the program makes where nobody gave one are told by their
wording; not where they are made (web, cli, engine).
"""

from __future__ import annotations

import re
from functools import cache

from app.text import LANGUAGES, Language, messages, say

MADE = (
    "versions.made-seed",
    "versions.made-restored",
    "versions.made-optimized",
    "versions.made-indexed",
    "versions.made-erased",
    "cli.import-message",
    "cli.generate-message",
    "writing.update",
    "writing.put",
    "writing.post",
    "writing.patch",
    "writing.delete",
)
"""The texts of all remarks that the program makes."""

_BLANK = re.compile(r"\{(\w+)\}")
_NESTED = "remark"
"""The name of the blank that holds another version's remark."""


def said(remark: str, language: Language) -> str:
    """A version's remark for a reader."""
    return next((text for key in MADE if (text := _anew(key, remark, language)) is not None), remark)


def is_made(remark: str) -> bool:
    """Whether the program made a remark, so that it is known in both languages."""
    return any(_filled(key, remark) is not None for key in MADE)


def _anew(key: str, remark: str, language: Language) -> str | None:
    values = _filled(key, remark)
    if values is None:
        return None
    return say(key, language, **{name: said(text, language) if name == _NESTED else text for name, text in values.items()})


def _filled(key: str, remark: str) -> dict[str, str] | None:
    """What fills the blanks of a text; None where the remark is another."""
    found = next((match for pattern in _patterns(key) if (match := pattern.fullmatch(remark))), None)
    return found.groupdict() if found else None


@cache
def _patterns(key: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_pattern(messages()[key][language]) for language in LANGUAGES)


def _pattern(text: str) -> re.Pattern[str]:
    """Spaces may be of any width: an earlier release may have set them otherwise."""
    parts = _BLANK.split(text)
    made = (
        f"(?P<{part}>.+)" if place % 2 else r"\s".join(map(re.escape, re.split(r"\s", part))) for place, part in enumerate(parts)
    )
    return re.compile("".join(made))
