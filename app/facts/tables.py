"""The names behind the numbers of columns and lists: kinds, classes, codes, themes, territories, graphs; only ever grown."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from app.facts.kept import UNKEPT
from app.facts.trees import Tree
from app.vocabulary import Vocabulary

_NAMES = ("classes", "codes", "themes", "territories", "graphs")


OPENED = itertools.count(1)
"""Numbers for what a process opens, none of which is given twice."""


class Names:
    """IRIs by number and numbers by IRI. Number 0 is nothing."""

    def __init__(self, iris: Iterable[str] = ("",)) -> None:
        self.iris = list(iris)
        self._numbers = {iri: number for number, iri in enumerate(self.iris)}

    def __len__(self) -> int:
        return len(self.iris)

    def __getitem__(self, number: int) -> str:
        return self.iris[number]

    def number(self, iri: str) -> int:
        """The number of an IRI, a new one if need be."""
        found = self._numbers.get(iri)
        if found is None:
            found = self._numbers[iri] = len(self.iris)
            self.iris.append(iri)
        return found

    def find(self, iri: str) -> int:
        """The number of an IRI, 0 where nothing has it."""
        return self._numbers.get(iri, 0)


@dataclass
class Tables:
    """All tables of one index.

    ``kinds`` are path segments (:class:`app.vocabulary.Kind`) by number; ``above`` are the classes of the ontology with all
    that are above each, and ``kind_of_class`` the segments of those that are kinds; ``links`` are the properties that are
    followed as links, without those that rules derive.
    """

    kinds: tuple[str, ...]
    above: Mapping[str, tuple[str, ...]]
    kind_of_class: Mapping[str, str]
    links: tuple[str, ...] = ()
    classes: Names = field(default_factory=Names)
    codes: Names = field(default_factory=Names)
    themes: Names = field(default_factory=Names)
    territories: Names = field(default_factory=Names)
    graphs: Names = field(default_factory=Names)
    theme_tree: Tree = field(default_factory=Tree)
    territory_tree: Tree = field(default_factory=Tree)
    opened: int = field(default_factory=OPENED.__next__, init=False, compare=False)
    """What tells them from any others that this process has read."""

    @classmethod
    def of(cls, vocabulary: Vocabulary) -> Self:
        """Empty tables for an ontology."""
        kinds = {kind.iri: kind.segment for kind in vocabulary.kinds()}
        above = {
            iri: tuple(sorted(vocabulary.superclasses(iri))) for iri, term in vocabulary.terms.items() if term.sort == "class"
        }
        links = tuple(sorted(iri for iri, link in vocabulary.links.items() if not link.derived))
        return cls(("", *(segment for segment in kinds.values() if segment not in UNKEPT)), above, kinds, links)

    def names(self, name: str) -> Names:
        found: Names = getattr(self, name)
        return found

    def kind_number(self, segment: str) -> int:
        """The number of a kind; 0 for one that has no rows."""
        return self.kinds.index(segment) if segment in self.kinds else 0

    def kind(self, classes: Iterable[int]) -> int:
        """The most specific kind of an entity of these classes, 0 for none (see :meth:`app.vocabulary.Vocabulary.kind_of`)."""
        above = {iri for number in classes for iri in self.above.get(self.classes[number], ())}
        found = [iri for iri in self.kind_of_class if iri in above]
        best = max(found, key=lambda iri: len(set(self.above[iri]) & set(found)), default=None)
        return self.kind_number(self.kind_of_class[best]) if best is not None else 0

    @property
    def sizes(self) -> tuple[int, ...]:
        return tuple(len(self.names(name)) for name in _NAMES)

    def classes_below(self, iri: str) -> list[int]:
        """The numbers of a class and of all below it, of those in use."""
        return [n for n, own in enumerate(self.classes.iris) if own and iri in (*self.above.get(own, ()), own)]

    def write(self, path: Path) -> None:
        said: dict[str, Any] = {
            "kinds": self.kinds,
            "above": self.above,
            "kind_of_class": self.kind_of_class,
            "links": self.links,
        }
        said |= {name: self.names(name).iris for name in _NAMES}
        said |= {"theme_tree": self.theme_tree.said(), "territory_tree": self.territory_tree.said()}
        path.write_text(json.dumps(said, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> Self:
        said = json.loads(path.read_text(encoding="utf-8"))
        return cls(
            tuple(said["kinds"]),
            {iri: tuple(above) for iri, above in said["above"].items()},
            said["kind_of_class"],
            tuple(said["links"]),
            theme_tree=Tree.heard(said["theme_tree"]),
            territory_tree=Tree.heard(said["territory_tree"]),
            **{name: Names(said[name]) for name in _NAMES},
        )
