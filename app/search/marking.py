"""Where the words of a question stand in a text, for a reader to see why it was found; not which text is shown."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from app.folding import folded
from app.search.schema import LANGUAGES, stemmed
from app.search.words import Word, Words

Marks = tuple[tuple[str, bool], ...]
"""A text in pieces, each with whether it is a word that was looked for."""

_EXCERPT = 160
_LEAD = 40


@dataclass(frozen=True)
class Marker:
    """Finds a question's words in texts; ``typos`` where they were taken for mistyped."""

    words: Words
    typos: bool = False

    def marks(self, text: str) -> Marks:
        """The whole text in pieces."""
        pieces: list[tuple[str, bool]] = []
        position = 0
        for start, end in self._places(text):
            pieces += [(text[position:start], False), (text[start:end], True)]
            position = end
        pieces.append((text[position:], False))
        return tuple(piece for piece in pieces if piece[0])

    def coverage(self, text: str) -> int:
        """How many of the question's words are there."""
        said = {token.text for token in folded().pre_tokenize(text).tokens}
        return sum(any(self._means(word, one) for one in said) for word in self.words.words)

    def excerpt(self, text: str) -> Marks | None:
        """The part of a text around the first word that was found; None where there is none."""
        first = next(self._places(text), None)
        if first is None:
            return None
        start = 0 if first[0] <= _LEAD or len(text) <= _EXCERPT else text.rfind(" ", 0, first[0] - _LEAD) + 1
        end = len(text) if start + _EXCERPT >= len(text) else max(text.rfind(" ", start, start + _EXCERPT), first[1])
        return self.marks(("… " if start else "") + text[start:end] + (" …" if end < len(text) else ""))

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        for token in folded().pre_tokenize(text).tokens:
            if self._is_wanted(token.text):
                yield token.char_offset_from, token.char_offset_to

    def _is_wanted(self, said: str) -> bool:
        return any(self._means(word, said) for word in self.words.words)

    def _means(self, word: Word, said: str) -> bool:
        if said in word.variants or (word.last and said.startswith(word.text)):
            return True
        if any(said_stem in stems for language, stems in _stems(word) for said_stem in _stem(language, said)):
            return True
        return self.typos and word.typos > 0 and near(word.text, said, word.typos, prefix=word.last)


@lru_cache(1_000)
def _stems(word: Word) -> tuple[tuple[str, frozenset[str]], ...]:
    return tuple((language, frozenset(word.stems(language))) for language in LANGUAGES)


@lru_cache(10_000)
def _stem(language: str, said: str) -> tuple[str, ...]:
    return tuple(stemmed(language).analyze(said))


def near(typed: str, word: str, most: int, *, prefix: bool = False) -> bool:
    """Whether at most so many letters are wrong, missing, too many or exchanged with their neighbour (optimal string alignment);
    ``prefix``: in the beginning of ``word`` that comes nearest."""
    before: list[int] = []
    row = list(range(len(word) + 1))
    for i, letter in enumerate(typed, 1):
        older, before, row = before, row, [i]
        for j, other in enumerate(word, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == word[j - 2] and typed[i - 2] == other:
                cost = min(cost, older[j - 2] + 1)
            row.append(cost)
    return (min(row) if prefix else row[-1]) <= most
