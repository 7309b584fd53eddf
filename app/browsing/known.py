"""Which values a facet knows, and those that a word it does not know may stand for; not what a list does about it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass

from app.browsing.counting import classes_above
from app.browsing.selection import word
from app.facts.tables import Tables
from app.facts.trees import Texts
from app.search.words import meaningful
from app.terms import CODE
from app.vocabulary import Vocabulary

_LISTS = {"legal_form": "legal-form", "status": "project-status", "role": "role", "review": "review-status"}
"""The code list of a facet; that of a nature depends on what the list is of."""
_KINDS = "-kind"
_LONGEST = 80
_ALIKE = 0.7
_MOST = 3


@dataclass(frozen=True)
class Known:
    """The values of the facets of one version: those that something has or had, and those that the ontology defines."""

    tables: Tables
    vocabulary: Vocabulary
    base: str

    def has(self, facet: str, iri: str) -> bool:
        """Whether a value is one of a facet, used or not."""
        tables = self.tables
        match facet:
            case "theme":
                return bool(tables.themes.find(iri))
            case "territory":
                return bool(tables.territories.find(iri))
            case "class":
                return iri in self.vocabulary.terms or bool(tables.classes.find(iri))
            case "source":
                return bool(tables.graphs.find(iri))
        return iri in self._codes(facet) or bool(tables.codes.find(iri))

    def called(self, facet: str, text: str) -> list[str]:
        """The values that have exactly this name, however accented."""
        wanted = meaningful(text)
        return list(dict.fromkeys(iri for name, iri in self._names(facet) if meaningful(name) == wanted)) if wanted else []

    def alike(self, facet: str, text: str) -> list[str]:
        """A few values whose word or name is nearly this text, the nearest first."""
        names = {" ".join(meaningful(name)): iri for name, iri in self._names(facet)}
        near = difflib.get_close_matches(" ".join(meaningful(text[:_LONGEST])), names, 2 * _MOST, _ALIKE)
        return list(dict.fromkeys(names[one] for one in near))[:_MOST]

    def _names(self, facet: str) -> Iterator[tuple[str, str]]:
        """The word and the names of each value, with its IRI."""
        for iri in self._iris(facet):
            yield word(facet, iri, self.base).rpartition("/")[2], iri
            texts = self._tree_names(iri) if facet == "theme" else self.vocabulary.label(iri) or {}
            yield from ((text, iri) for text in texts.values())

    def _iris(self, facet: str) -> list[str]:
        tables = self.tables
        match facet:
            case "theme":
                return tables.themes.iris[1:]
            case "class":
                return [iri for iri in classes_above(tables) if iri in self.vocabulary.terms]
            case "source":
                return tables.graphs.iris[1:]
        return self._codes(facet)

    def _codes(self, facet: str) -> list[str]:
        """The codes of the ontology that a facet may have."""
        lists = ((iri, iri.removeprefix(str(CODE)).partition("/")) for iri in self.vocabulary.terms if iri.startswith(str(CODE)))
        wanted = _LISTS.get(facet, _KINDS)
        return [
            iri for iri, (name, _, code) in lists if code and (name == wanted or (wanted == _KINDS and name.endswith(_KINDS)))
        ]

    def _tree_names(self, iri: str) -> Texts:
        return self.tables.theme_tree[self.tables.themes.find(iri)].names
