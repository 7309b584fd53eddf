"""How near two themes are in their SKOS tree, after Wu and Palmer ("Verb semantics and lexical selection", ACL 1994)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import product

import pyoxigraph as ox

from app.entities.questions import Questions
from app.remembering import remembered
from app.terms import THEME

SCHEME = str(THEME).rstrip("/")


@dataclass(frozen=True)
class Nearness:
    """Two themes and how near they are, from 0 to 1; ``common`` is the nearest theme above both or one of them."""

    similarity: float
    one: str
    other: str
    common: str


@dataclass(frozen=True)
class ThemeTree:
    """The broader theme of each theme. Above the top themes there is nothing: two branches are not near at all."""

    broader: Mapping[str, str]
    _memory: dict[tuple[frozenset[str], frozenset[str]], Nearness | None] = field(default_factory=dict, repr=False, compare=False)
    _pairs: dict[tuple[str, str], Nearness | None] = field(default_factory=dict, repr=False, compare=False)
    _lines: dict[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)
    _branches: dict[str, frozenset[str]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def read(cls, questions: Questions) -> ThemeTree:
        """The tree of a version's themes; of several broader themes, the first."""
        broader: dict[str, str] = {}
        for row in questions.rows("concepts-of-a-scheme", scheme=ox.NamedNode(SCHEME)):
            concept, above = row["concept"], row.get("broader")
            if isinstance(concept, ox.NamedNode) and isinstance(above, ox.NamedNode):
                broader[concept.value] = min(above.value, broader.get(concept.value, above.value))
        return cls(broader)

    def line(self, theme: str) -> tuple[str, ...]:
        """A theme and those above it, the nearest first; a loop in the data ends it."""
        return remembered(self._lines, theme, _MOST_REMEMBERED, lambda: self._upwards(theme))

    def _upwards(self, theme: str) -> tuple[str, ...]:
        found = [theme]
        while (above := self.broader.get(found[-1])) is not None and above not in found:
            found.append(above)
        return tuple(found)

    def top(self, theme: str) -> str:
        """The top theme of a theme's branch."""
        return self.line(theme)[-1]

    def branch(self, theme: str) -> frozenset[str]:
        """All themes of a theme's branch, itself too."""
        top = self.top(theme)
        return remembered(self._branches, top, _MOST_REMEMBERED, lambda: frozenset(self.below(top)))

    def below(self, theme: str) -> Iterator[str]:
        """A theme and those below it."""
        yield theme
        yield from (one for one in self.broader if one != theme and theme in self.line(one))

    def similarity(self, one: str, other: str) -> Nearness | None:
        """Wu and Palmer's similarity: twice the depth of what both have above them, by the sum of their depths; None for 0.

        Remembered: a hundred themes make ten thousand pairs.
        """
        return remembered(self._pairs, (one, other), _MOST_REMEMBERED, lambda: self._compared(one, other))

    def _compared(self, one: str, other: str) -> Nearness | None:
        first, second = self.line(one), self.line(other)
        common = next((theme for theme in first if theme in second), None)
        if common is None:
            return None
        return Nearness(2 * len(self.line(common)) / (len(first) + len(second)), one, other, common)

    def nearest(self, ones: Collection[str], others: Collection[str]) -> Nearness | None:
        """The nearest pair of two sets of themes; of equals, the first by name."""
        key = (frozenset(ones), frozenset(others))

        def make() -> Nearness | None:
            pairs = (self.similarity(one, other) for one, other in product(sorted(key[0]), sorted(key[1])))
            return max((pair for pair in pairs if pair), key=lambda pair: pair.similarity, default=None)

        return remembered(self._memory, key, _MOST_REMEMBERED, make)


_MOST_REMEMBERED = 100_000
