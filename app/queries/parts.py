"""A part of a SELECT's answer, its number of rows, its sums by category: texts made of the catalogue's own, of known layout."""

from __future__ import annotations

import re
from collections.abc import Sequence

_START = re.compile(r"^SELECT\b", re.MULTILINE)
_ORDER = re.compile(r"\nORDER BY [^\n]*\s*\Z")


def first_rows(text: str, most: int) -> str:
    """The same question, answered with the first ``most`` rows."""
    return f"{text.rstrip()}\nLIMIT {most}\n"


def row_count(text: str) -> str:
    """The question of how many rows the answer has, as ``?rows``: prologue, then a SELECT that begins its line, without LIMIT."""
    prologue, asked = _parted(text)
    return f"{prologue}SELECT (COUNT(*) AS ?rows) WHERE {{\n{{\n{asked}\n}}\n}}\n"


def sums(text: str, value: str, by: Sequence[str], largest: int | None = None) -> str:
    """The question of what the numbers of one variable add up to for each value of others, as ``?sum``; the ``largest`` first."""
    prologue, asked = _parted(text)
    groups = " ".join(f"?{name}" for name in by)
    cut = f"ORDER BY DESC(?sum) {groups}\nLIMIT {largest}\n" if largest else ""
    condition = f"{{\n{asked}\n}}\nFILTER(isNumeric(?{value}))\n"
    return f"{prologue}SELECT {groups} (SUM(?{value}) AS ?sum) WHERE {{\n{condition}}}\nGROUP BY {groups}\n{cut}"


def _parted(text: str) -> tuple[str, str]:
    """The prologue, and the SELECT without its order."""
    start = _START.search(text)
    if start is None:
        raise ValueError("no SELECT at the start of a line")
    return text[: start.start()], _ORDER.sub("", text[start.start() :].rstrip())
