"""SPARQL constraints whose verdict on most values is known without running them: keys of identifiers, known by their whole text.

Each function tells that a value certainly keeps its constraint; of any other value the validator says, by the query itself.
Whoever changes a query in ``shapes/`` changes nothing here: it is then merely run for each value, and a test says so.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable

_NUMBER = re.compile("^([0-9]{9}|[0-9]{14})$")
_CODE = re.compile("^[0-9]{7}[A-Z]$")
_LETTERS = "ABCDEFGHJKLMNPRSTUVWXYZ"
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_LA_POSTE, _ITS_SEAT = "356000000", "35600000000048"


def keeps_register_key(number: str) -> bool:
    """SIREN and SIRET: Luhn's key (ISO/IEC 7812-1), or for La Poste's establishments a sum that five divides."""
    if not _NUMBER.search(number):
        return True
    if not (number.isascii() and number.isdigit()):
        return False
    digits = [int(digit) for digit in number]
    if len(number) == 14 and number.startswith(_LA_POSTE) and number != _ITS_SEAT:
        return sum(digits) % 5 == 0
    return (sum(digits[-1::-2]) + sum(_DOUBLED[digit] for digit in digits[-2::-2])) % 10 == 0


def keeps_school_key(code: str) -> bool:
    """UAI: the letter at the place that the number modulo 23 says, among those that are not I, O or Q."""
    if not _CODE.search(code):
        return True
    return len(code) == 8 and _LETTERS[int(code[:7]) % len(_LETTERS)] == code[7]


KNOWN: dict[str, Callable[[str], bool]] = {
    "f0b6009ee4244135": keeps_register_key,
    "e01e8986aeae92be": keeps_school_key,
}
"""By the beginning of the SHA-256 of the query's text, blanks apart."""


def digest(text: str) -> str:
    """A short name for a query's text."""
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()[:16]


def certain(texts: Iterable[str]) -> tuple[Callable[[str], bool], ...]:
    """What tells that a value keeps all the queries of a constraint; empty where one of them is not known."""
    found = [KNOWN.get(digest(text)) for text in texts]
    return tuple(each for each in found if each is not None) if all(found) else ()
