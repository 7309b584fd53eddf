"""Which organisations may be the same by their names: pairs for a person to judge. It merges nothing."""

from __future__ import annotations

import itertools
from difflib import SequenceMatcher

from seed.make.payees import ASSOCIATION, Payee, words

SMALL_WORDS = {"ET", "LA", "LE", "LES", "DE", "DU", "DES", "D", "L", "C", "EN", "A", "POUR"}
PLACES = {"CORBEIL", "ESSONNES", "ESSONES", "ESSONNE", "GRIGNY", "EVRY", "COURCOURONNES"}
KINDS = {"MAISON", "CENTRE", "CULTURE", "MJC", "MAIRIE", "COMMUNE", "COM", "CCAS", "MISSION", "REGIE", "GENERATION"}


def likenesses(found: list[Payee]) -> list[tuple[Payee, Payee, str]]:
    """Pairs of different organisations of which a name looks like a name of the other, with the reason."""
    pairs = ((one, other, reason(one, other)) for one, other in itertools.combinations(found, 2))
    return [(one, other, why) for one, other, why in pairs if why]


def reason(one: Payee, other: Payee) -> str:
    """Why they look alike, or nothing. Two SIRENs are two organisations, so only one name for both is worth a look."""
    if one.siren and other.siren:
        return "same name, two SIRENs" if set(one.spellings) & set(other.spellings) else ""
    for mine, theirs in itertools.product(one.spellings, other.spellings):
        if why := reason_of_names(mine, theirs):
            return why
    return ""


def reason_of_names(one: str, other: str) -> str:
    """Why two names look alike, or nothing."""
    mine, theirs = telling(one), telling(other)
    if not mine or not theirs:
        return ""
    if mine == theirs:
        return "same name"
    if SequenceMatcher(None, " ".join(mine), " ".join(theirs), autojunk=False).ratio() >= 0.85:
        return "nearly the same letters"
    shared = sum(any(matches(word, another) for another in theirs) for word in mine)
    if shared >= 2 and 3 * shared >= 2 * min(len(mine), len(theirs)):
        return "most words in common"
    if mine[0] == theirs[0] and mine[0] not in KINDS:
        return "same first word"
    if is_initials(mine, other) or is_initials(theirs, one):
        return "initials"
    return ""


def telling(name: str) -> list[str]:
    """The words that tell organisations apart."""
    return [word for word in words(name) if word not in SMALL_WORDS | PLACES | ASSOCIATION]


def matches(one: str, other: str) -> bool:
    """Equal, or one is the other shortened."""
    short, long = sorted((one, other), key=len)
    return long.startswith(short) and (len(short) > 2 or short == long)


def is_initials(candidates: list[str], name: str) -> bool:
    """Whether one of the words begins with the initials of the name, with or without its word for association."""
    full = [word for word in words(name) if word not in SMALL_WORDS]
    own = [word for word in full if word not in ASSOCIATION]
    initials = {"".join(word[0] for word in some) for some in (full, own) if len(some) >= 4}
    return any(len(word) >= 4 and any(each.startswith(word[:4]) for each in initials) for word in candidates)
