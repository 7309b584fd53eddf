"""Terms as numbers: each by its N-Triples text, those of the beginning sorted; knows no triple and no query.

Numbers of the beginning (``base``) follow the order of IRIs, and that of dates, so that a comparison of terms is one of numbers.
"""

from __future__ import annotations

import datetime
import re
from bisect import bisect_left
from collections.abc import Sequence
from mmap import mmap

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Mask = npt.NDArray[np.bool_]

UNBOUND = -1
OTHER, IRI, BLANK, STRING, LANG, DATE, INTEGER = range(7)
"""What a term is, as far as it matters here: dates without a time zone of four-digit years, integers that fit 60 bits."""

_LONG, _MOST_KNOWN = 200, 5_000
"""What was looked for is remembered, within these: most questions name the same properties and classes."""

XSD = b"http://www.w3.org/2001/XMLSchema#"
_DATE = re.compile(rb'"(\d{4})-(\d\d)-(\d\d)"\^\^<' + re.escape(XSD) + rb"date>")
_INTEGER = re.compile(rb'"(0|-?[1-9]\d{0,17})"\^\^<' + re.escape(XSD) + rb"integer>")
_ESCAPE = re.compile(r'\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|([tbnrf"\'\\]))')
_PLAIN = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def kind_of(text: bytes) -> int:
    if text.startswith(b"<"):
        return IRI if not text.startswith(b"<<") else OTHER
    if text.startswith(b"_"):
        return BLANK
    if text.endswith(b'"'):
        return STRING
    if not text.endswith(b">"):
        return LANG
    if text.endswith(b"#date>"):
        return DATE if _is_date(text) else OTHER
    return INTEGER if _INTEGER.fullmatch(text) else OTHER


def is_held(text: bytes) -> bool:
    """Whether columns can have it: not what only RDF 1.2 has, triples as terms and texts with a direction."""
    return not text.startswith(b"<<") and not (kind_of(text) == LANG and b"--" in text[text.rindex(b'"') :])


def _is_date(text: bytes) -> bool:
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    try:
        datetime.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return False
    return True


def integer_text(number: int) -> bytes:
    return b'"%d"^^<%binteger>' % (number, XSD)


def integer_of(text: bytes) -> int:
    """The value of a term of the kind ``INTEGER``."""
    return int(text[1 : text.index(b'"', 1)])


def value_of(text: bytes) -> str:
    """What ``STR`` gives of an IRI or a literal."""
    if text.startswith(b"<"):
        return text[1:-1].decode()
    value = text[1 : text.rindex(b'"')].decode()
    return _ESCAPE.sub(_unescaped, value) if "\\" in value else value


def _unescaped(found: re.Match[str]) -> str:
    digits = found[1] or found[2]
    return chr(int(digits, 16)) if digits else _PLAIN.get(found[3], found[3])


def sort_key(text: bytes) -> bytes:
    """IRIs without their bracket, which would stand before letters and behind digits."""
    return text[:-1] if text.startswith(b"<") else text


class Terms(Sequence[bytes]):
    """All terms by number. Those that come later have numbers behind the sorted ones."""

    def __init__(self, blob: bytes | mmap, starts: npt.NDArray[np.int64], kinds: npt.NDArray[np.int8]) -> None:
        """Sorted texts one behind the other, where each starts and the last one ends, and the kind of each."""
        self.base = len(kinds)
        self.blob = blob
        self.starts = starts
        self.kinds = kinds
        self._known: dict[bytes, int] = {}
        self._later: list[bytes] = []
        self._numbers: dict[bytes, int] = {}
        self._later_kinds: list[int] = []

    def __len__(self) -> int:
        return self.base + len(self._later)

    def __getitem__(self, number: int) -> bytes:  # type: ignore[override]  # no slices
        if number >= self.base:
            return self._later[number - self.base]
        return self.blob[self.starts[number] : self.starts[number + 1]]

    def find(self, text: bytes) -> int | None:
        """The number of a term, if it has one."""
        place = self._known.get(text)
        if place is None:
            place = self._known[text] = self._sought(text)
            if len(text) > _LONG or len(self._known) > _MOST_KNOWN:
                self._known.clear()
        return place if place >= 0 else self._numbers.get(text)

    def _sought(self, text: bytes) -> int:
        """Where a text is among the sorted ones; -1 where it is not."""
        place = self.place(text)
        return place if place < self.base and self[place] == text else -1

    def place(self, text: bytes) -> int:
        """How many sorted terms come before a text."""
        return bisect_left(self, sort_key(text), 0, self.base, key=sort_key)

    def add(self, text: bytes) -> int:
        number = self.find(text)
        if number is None:
            number = self._numbers[text] = len(self)
            self._later.append(text)
            self._later_kinds.append(kind_of(text))
        return number

    def texts(self, numbers: Ids) -> list[bytes]:
        return [self[number] for number in numbers.tolist()]

    def kinds_of(self, numbers: Ids) -> npt.NDArray[np.int8]:
        if not self._later:
            return self.kinds[numbers]
        return np.concatenate([self.kinds, np.array(self._later_kinds, np.int8)])[numbers]

    def kind(self, numbers: Ids) -> int | None:
        """The one kind of all these terms, none unbound; None where they are of several, or there are none."""
        if not len(numbers) or numbers.min() < 0:
            return None
        kinds = self.kinds_of(numbers)
        first = int(kinds[0])
        return first if (kinds == first).all() else None

    def are_sorted(self, numbers: Ids) -> bool:
        """Whether the order of these IRIs, or of these dates, is that of their numbers."""
        return not self._later or not len(numbers) or int(numbers.max()) < self.base

    @property
    def later(self) -> int:
        return len(self._later)

    @classmethod
    def of(cls, texts: Sequence[bytes]) -> Terms:
        """``texts`` sorted by :func:`sort_key`, without repetition."""
        starts = np.zeros(len(texts) + 1, np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=starts[1:])
        return cls(b"".join(texts), starts, np.fromiter(map(kind_of, texts), np.int8, len(texts)))
