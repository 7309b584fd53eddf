"""Expressions: a few that are told by numbers, every other by the engine itself, once for each different combination of terms."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
import pyoxigraph as ox

from app.columns.plan import Expression
from app.columns.relations import Index, NotCovered, Rows, codes, first_of_each, unique
from app.columns.scratch import Scratch
from app.columns.terms import BLANK, DATE, IRI, UNBOUND, Ids, Mask, integer_text, kind_of, value_of

MOST_DIFFERENT, FEW_DIFFERENT, SHARE = 3_000, 100, 8
"""Combinations of terms are handed to the engine one by one, which costs it more than a solution that it has at hand: more than a
hundred of them pay only where eight solutions or more have the same one, and never more than three thousand."""

_TERM = r'<[^>]*>|"(?:[^"\\]|\\.)*"(?:@[A-Za-z0-9-]+)?'
_EQUAL_TERM = re.compile(rf"(\?\w+) (!?=) ({_TERM})")
_EQUAL = re.compile(r"(\?\w+) (!?=) (\?\w+)")
_TEXTS = re.compile(r"STR \( (\?\w+) \) (<|>|<=|>=|=|!=) STR \( (\?\w+) \)")
_DATES = re.compile(r'(\?\w+) (<|>|<=|>=) ("[0-9-]+"\^\^<http://www\.w3\.org/2001/XMLSchema#date>)')
_HOLDS = re.compile(r'(CONTAINS|STRSTARTS|STRENDS) \( (LCASE \( )?STR \( (\?\w+) \)( \))? , ("[^"\\]*") \)')
_LOWERED = "\u024f"
"""Up to here, but for ``İ``, small letters are what they are since long, for the engine and for us."""
_YEAR = re.compile(r"YEAR \( (\?\w+) \)")
_PLAIN = re.compile(r'"[ !#-\[\]-~]*"')
"""A string of printable letters of ASCII, without an escape."""
_NO_TERM = -2
_NUMBER, _VALUE = "?number__", "?value__"


def keep(expression: Expression, rows: Rows, scratch: Scratch) -> Mask:
    """Which solutions a filter keeps: its errors are false. Raises :class:`NotCovered`."""
    if rows.size == 0:
        return np.zeros(0, bool)
    for pattern, told in _KEEPERS:
        found = pattern.fullmatch(expression.text)
        if found is not None:
            mask = told(found, rows, scratch)
            if mask is not None:
                return mask
    code, places = _different(expression.names, rows, scratch, SHARE)
    kept = np.zeros(len(places), bool)
    for number, _ in _asked(expression, rows.take(places), scratch, f"FILTER({expression.text})"):
        kept[number] = True
    return kept[code]


def computed(expression: Expression, rows: Rows, scratch: Scratch, share: int = SHARE) -> Ids:
    """The value of an expression in each solution; unbound where it has none. Raises :class:`NotCovered`, also where fewer than
    ``share`` solutions have the same terms."""
    if rows.size == 0:
        return np.zeros(0, np.int32)
    found = _YEAR.fullmatch(expression.text)
    years = _years(rows.columns[found[1]], expression, scratch) if found is not None else None
    if years is not None:
        return years
    code, places = _different(expression.names, rows, scratch, share)
    values = np.full(len(places), UNBOUND, np.int32)
    for number, value in _asked(expression, rows.take(places), scratch, f"BIND(({expression.text}) AS {_VALUE})"):
        values[number] = scratch.number(str(value).encode()) if value is not None else UNBOUND
    return values[code]


def _different(names: Sequence[str], rows: Rows, scratch: Scratch, share: int) -> tuple[Index, Index]:
    """Which combination of terms each solution has, and where each is found first."""
    code, _ = codes(rows, names, scratch.count)
    places = first_of_each(code)
    if len(places) > min(MOST_DIFFERENT, max(FEW_DIFFERENT, rows.size // share)):
        raise NotCovered
    return np.searchsorted(code[places], code), places


def _asked(expression: Expression, rows: Rows, scratch: Scratch, clause: str) -> list[tuple[int, object]]:
    """The engine's answer for each of these combinations that it does not drop: they are the nodes of a graph of their own."""
    lines = [b'<n:%d> <v:> "" .' % number for number in range(rows.size)]
    patterns = [f"{_NUMBER} <v:> ?any__ ."]
    for place, name in enumerate(expression.names):
        column = rows.columns[name]
        is_whole = int(column.min()) != UNBOUND
        patterns.append(f"{_NUMBER} <v:{place}> {name} ." if is_whole else f"OPTIONAL {{ {_NUMBER} <v:{place}> {name} }}")
        for number, term in enumerate(column.tolist()):
            if term != UNBOUND:
                lines.append(b"<n:%d> <v:%d> %b ." % (number, place, _text(term, scratch)))
    graph = ox.Store()
    graph.load(b"\n".join(lines), ox.RdfFormat.N_TRIPLES)
    found = _engine(graph, f"SELECT {_NUMBER} {_VALUE} {{ {' '.join(patterns)} {clause} }}")
    return [(int(row[0].value[2:]), row[1]) for row in found]


def _text(number: int, scratch: Scratch) -> bytes:
    text = scratch.text(number)
    if kind_of(text) == BLANK:
        raise NotCovered
    return text


def _equals_term(found: re.Match[str], rows: Rows, scratch: Scratch) -> Mask | None:
    """An IRI or a string equals itself alone; what is neither may raise an error instead of being different."""
    column = rows.columns[found[1]]
    number = scratch.terms.find(canonical(found[3]))
    mask: Mask = column == (number if number is not None else _NO_TERM)
    if found[2] == "=":
        return mask
    return ~mask if scratch.kind(column) == IRI else None


def _equals(found: re.Match[str], rows: Rows, scratch: Scratch) -> Mask | None:
    first, second = rows.columns[found[1]], rows.columns[found[3]]
    if scratch.kind(first) != IRI or scratch.kind(second) != IRI:
        return None
    mask: Mask = first == second
    return mask if found[2] == "=" else ~mask


def _compares_texts(found: re.Match[str], rows: Rows, scratch: Scratch) -> Mask | None:
    first, second = rows.columns[found[1]], rows.columns[found[3]]
    if scratch.kind(first) != IRI or scratch.kind(second) != IRI:
        return None
    if not (scratch.terms.are_sorted(first) and scratch.terms.are_sorted(second)):
        used = unique(np.concatenate([first, second]), scratch.count)
        ranks = scratch.ranks(used)
        if ranks is None:
            return None
        first, second = ranks[np.searchsorted(used, first)], ranks[np.searchsorted(used, second)]  # type: ignore[assignment]
    return _COMPARED[found[2]](first, second)


def _compares_dates(found: re.Match[str], rows: Rows, scratch: Scratch) -> Mask | None:
    column, text = rows.columns[found[1]], found[3].encode()
    if kind_of(text) != DATE or scratch.kind(column) != DATE or not scratch.terms.are_sorted(column):
        return None
    place = scratch.terms.place(text)
    if found[2] in ("<=", ">") and place < scratch.terms.base and scratch.terms[place] == text:
        place += 1
    mask: Mask = column < place
    return mask if found[2].startswith("<") else ~mask


def _holds(found: re.Match[str], rows: Rows, scratch: Scratch) -> Mask | None:
    told, lowers, column, needle = _TOLD[found[1]], found[2] is not None, rows.columns[found[3]], found[5][1:-1]
    if column.min() < 0 or not needle or lowers != (found[4] is not None):
        return None
    used = unique(column, scratch.count)
    if int(used[-1]) >= len(scratch.terms) or (scratch.terms.kinds_of(used) == BLANK).any():
        return None
    likely = used.tolist() if lowers else _likely(needle.encode(), used, scratch)
    values = [value_of(scratch.text(number)) for number in likely]
    if lowers:
        if any(max(value, default="") > _LOWERED or "\u0130" in value for value in values):
            return None
        values = [value.lower() for value in values]
    table = np.zeros(scratch.count, bool)
    table[[number for number, value in zip(likely, values, strict=True) if told(value, needle)]] = True
    return table[column]


def _likely(needle: bytes, used: Ids, scratch: Scratch) -> list[int]:
    """The terms whose text has these bytes: those of the beginning are searched as one text."""
    terms = scratch.terms
    later = [int(number) for number in used[used >= terms.base] if needle in terms[number]]
    used = used[used < terms.base]
    if not len(used):
        return later
    end = int(terms.starts[used[-1] + 1])
    place = terms.blob.find(needle, int(terms.starts[used[0]]), end)
    wanted = np.zeros(terms.base, bool)
    wanted[used] = True
    found = []
    while place >= 0:
        number = int(np.searchsorted(terms.starts, place, "right")) - 1
        if wanted[number]:
            found.append(number)
        place = terms.blob.find(needle, int(terms.starts[number + 1]), end)
    return [*dict.fromkeys(found), *later]


def _years(column: Ids, expression: Expression, scratch: Scratch) -> Ids | None:
    """The years of dates are in their texts; those of other terms the engine is asked for."""
    used, terms = unique(column, scratch.count), scratch.terms
    if int(used[0]) < 0 or int(used[-1]) >= terms.base:
        return None
    is_date = terms.kinds_of(used) == DATE
    if not is_date.any():
        return None
    found = np.full(len(used), UNBOUND, np.int32)
    found[is_date] = _date_years(used[is_date], scratch)
    if not is_date.all():
        others = used[~is_date]
        found[~is_date] = computed(expression, Rows(len(others), {expression.names[0]: others}), scratch)
    return found[np.searchsorted(used, column)]


def _date_years(dates: Ids, scratch: Scratch) -> Ids:
    letters = np.frombuffer(scratch.terms.blob, np.uint8)
    starts = scratch.terms.starts[dates]
    years = np.zeros(len(dates), np.int64)
    for place in range(1, 5):
        years = years * 10 + (letters[starts + place] - 48)
    different, which = np.unique(years, return_inverse=True)
    return np.array([scratch.number(integer_text(year)) for year in different.tolist()], np.int32)[which]


def canonical(text: str) -> bytes:
    """A term as the engine keeps and writes it. Raises :class:`NotCovered` where it is none."""
    if text.startswith("<") or _PLAIN.fullmatch(text):
        return text.encode()
    return str(_engine(ox.Store(), f"SELECT ?value {{ VALUES ?value {{ {text} }} }}")[0][0]).encode()


def _engine(graph: ox.Store, query: str) -> list[Any]:
    try:
        return list(cast(ox.QuerySolutions, graph.query(query)))
    except (SyntaxError, ValueError) as error:
        raise NotCovered from error


_TOLD: dict[str, Callable[[str, str], bool]] = {
    "CONTAINS": str.__contains__,
    "STRSTARTS": str.startswith,
    "STRENDS": str.endswith,
}
_COMPARED = {
    "<": np.less,
    ">": np.greater,
    "<=": np.less_equal,
    ">=": np.greater_equal,
    "=": np.equal,
    "!=": np.not_equal,
}
_KEEPERS = (
    (_EQUAL_TERM, _equals_term),
    (_EQUAL, _equals),
    (_TEXTS, _compares_texts),
    (_DATES, _compares_dates),
    (_HOLDS, _holds),
)
