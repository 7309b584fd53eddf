"""A part of a SELECT's answer, and how many rows all of it has: texts made of the catalogue's own, whose layout is known."""

from __future__ import annotations

import re

_START = re.compile(r"^SELECT\b", re.MULTILINE)
_ORDER = re.compile(r"\nORDER BY [^\n]*\s*\Z")


def first_rows(text: str, most: int) -> str:
    """The same question, answered with the first ``most`` rows."""
    return f"{text.rstrip()}\nLIMIT {most}\n"


def row_count(text: str) -> str:
    """The question of how many rows the answer has, as ``?rows``: prologue, then a SELECT that begins its line, without LIMIT."""
    start = _START.search(text)
    if start is None:
        raise ValueError("no SELECT at the start of a line")
    asked = _ORDER.sub("", text[start.start() :].rstrip())
    return f"{text[: start.start()]}SELECT (COUNT(*) AS ?rows) WHERE {{\n{{\n{asked}\n}}\n}}\n"
