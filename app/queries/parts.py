"""A part of a SELECT's answer, its number of rows, its sums by category: texts made of the catalogue's own, of known layout."""

from __future__ import annotations

import re
from collections.abc import Sequence

_START = re.compile(r"^SELECT\b", re.MULTILINE)
_ORDER = re.compile(r"\nORDER BY [^\n]*\s*\Z")
_VARIABLE = re.compile(r"\?(\w+)")
_TEXT = re.compile(r"Name\Z|\A(?:class|theme|type|resourceKind)\Z")
"""What the catalogue calls its variables of names, and those of classes and concepts."""


def first_rows(text: str, most: int) -> str:
    """The same question, answered with the first ``most`` rows."""
    return f"{quickly_sorted(text).rstrip()}\nLIMIT {most}\n"


def quickly_sorted(text: str) -> str:
    """The same question in the same order, but names and IRIs are sorted by texts that are made once a row.

    The engine looks a name or an IRI up on the disk at each comparison; a text that a row makes it holds in memory. Numbers and
    dates are compared as they are, and so is what the outermost SELECT works out.
    """
    found, start = _ORDER.search(text), _START.search(text)
    body = text[: found.start()].rstrip() if found else ""
    if found is None or start is None or not body.endswith("}"):
        return text
    head = text[start.start() : text.index("{", start.start())]
    names = {name for name in _VARIABLE.findall(found[0]) if _TEXT.search(name) and f"AS ?{name})" not in head}
    keys = "".join(f'    BIND(CONCAT(".", STR(?{name})) AS ?{name}Key)\n' for name in sorted(names))
    order = _VARIABLE.sub(lambda one: f"?{one[1]}Key" if one[1] in names else one[0], found[0].strip())
    return f"{body[:-1]}{keys}}}\n{order}\n"


def row_count(text: str) -> str:
    """The question of how many rows the answer has, as ``?rows``: prologue, then a SELECT that begins its line, without LIMIT."""
    prologue, asked = _parted(text)
    return f"{prologue}SELECT (COUNT(*) AS ?rows) WHERE {{\n{{\n{asked}\n}}\n}}\n"


def sums(text: str, value: str, by: Sequence[str]) -> str:
    """The question of what the numbers of one variable add up to for each value of others, as ``?sum``; how many numbers and
    how many rows each has, as ``?numbers`` and ``?rows``."""
    prologue, asked = _parted(text)
    groups = " ".join(f"?{name}" for name in by)
    added, numbers = (f"SUM(COALESCE(IF(isNumeric(?{value}), {one}, 0), 0))" for one in (f"?{value}", 1))
    said = f"({added} AS ?sum) ({numbers} AS ?numbers) (COUNT(*) AS ?rows)"
    return f"{prologue}SELECT {groups} {said} WHERE {{\n{{\n{asked}\n}}\n}}\nGROUP BY {groups}\n"


def largest_sums(text: str, value: str, by: str, most: int) -> str:
    """The same of one variable, as ``?sum`` only: the largest first."""
    prologue, asked = _parted(text)
    condition = f"{{\n{asked}\n}}\nFILTER(isNumeric(?{value}))\n"
    order = f"GROUP BY ?{by}\nORDER BY DESC(?sum) ?{by}\nLIMIT {most}\n"
    return f"{prologue}SELECT ?{by} (SUM(?{value}) AS ?sum) WHERE {{\n{condition}}}\n{order}"


def _parted(text: str) -> tuple[str, str]:
    """The prologue, and the SELECT without its order."""
    start = _START.search(text)
    if start is None:
        raise ValueError("no SELECT at the start of a line")
    return text[: start.start()], _ORDER.sub("", text[start.start() :].rstrip())
