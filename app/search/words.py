"""What people type as words to look for: folded, without articles, with plurals and identifiers recognised; no index here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from app.folding import folded
from app.search.schema import stemmed

MOST_CHARACTERS = 200
MOST_WORDS = 12
_ARTICLES = (
    "l d j m n s t c qu y le la les un une des du de et ou au aux a en dans par pour sur avec ce cet cette ces qui que est son sa"
    " ses leur leurs the an of and or to in on for with by at is"
)
_STOP = frozenset(_ARTICLES.split())
_LEAST_FUZZY = 4
_LEAST_VERY_FUZZY = 8
_SPACED = re.compile(r"[\s.\-\u00a0\u202f]+")
_ACRONYM = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?")
_CODE = re.compile(r"[0-9A-Z]{2,20}")


@dataclass(frozen=True)
class Word:
    """One word of a question; ``last`` may be the beginning of one that is still being typed."""

    text: str
    last: bool = False

    @cached_property
    def variants(self) -> tuple[str, ...]:
        """The word, and its singular or plural where French stems do not join them (``vélo``, ``vélos``)."""
        text = self.text
        if text.endswith("aux"):
            return (text, text[:-3] + "al", text[:-1])
        if text.endswith(("s", "x")) and len(text) > _LEAST_FUZZY - 1:
            return (text, text[:-1])
        return (text, text + "s") if text.isalpha() else (text,)

    def stems(self, language: str) -> tuple[str, ...]:
        """The stems that answer to the word in a language."""
        return tuple(dict.fromkeys(stem for one in self.variants for stem in stemmed(language).analyze(one)))

    @property
    def typos(self) -> int:
        """How many letters may be wrong, missing, too many or exchanged: none in short words and in numbers."""
        if not self.text.isalpha() or len(self.text) < _LEAST_FUZZY:
            return 0
        return 2 if len(self.text) >= _LEAST_VERY_FUZZY else 1


@dataclass(frozen=True)
class Words:
    """A question as words to look for, the name that it would be as a whole, and the identifiers that it may be."""

    words: tuple[Word, ...]
    whole: str
    codes: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> Words:
        """Read at most :data:`MOST_CHARACTERS` of a text."""
        text = text[:MOST_CHARACTERS]
        said = meaningful(text)[:MOST_WORDS]
        unique = list(dict.fromkeys(said))
        words = tuple(Word(one, last=one == said[-1] and not text[-1:].isspace()) for one in unique)
        return cls(words, " ".join(said), tuple(codes_of(text)))

    def __bool__(self) -> bool:
        return bool(self.words or self.codes)

    @property
    def forgiving(self) -> bool:
        """Whether any word may be mistyped."""
        return any(word.typos for word in self.words)


def meaningful(text: str) -> list[str]:
    """The folded words of a text without articles and the like; all of them where it has no others."""
    said = folded().analyze(joined(text))
    return [word for word in said if word not in _STOP] or said


def joined(text: str) -> str:
    """``S.C.I.C.`` as ``SCIC``."""
    return _ACRONYM.sub(lambda found: found[0].replace(".", ""), text)


def code(text: str) -> str:
    """An identifier as it is compared: ``732 829 320`` is ``732829320``."""
    return _SPACED.sub("", text).upper()


def codes_of(text: str) -> Iterable[str]:
    """The whole text as an identifier, where it has the look of one: letters without accents, and a digit."""
    whole = code(text)
    if _CODE.fullmatch(whole) and any(c.isdigit() for c in whole):
        yield whole
