"""Finds territories by what people write: a name, whatever its case and accents, or the word of an address."""

from __future__ import annotations

from app.entities.wording import collation
from app.facts.tables import Tables
from app.terms import TERRITORY

_ORDER = ("Region", "Department", "Intercommunality", "Commune")


def find_territories(tables: Tables, text: str) -> list[int]:
    """The numbers of the territories that a text names, the largest level first; one where it is an address or an IRI."""
    number = tables.territories.find(str(TERRITORY) + text) or tables.territories.find(text)
    if number:
        return [number]
    wanted = _key(text)
    found = [
        n for n, branch in tables.territory_tree.branches.items() if any(_key(name) == wanted for name in branch.names.values())
    ]
    return sorted(found, key=lambda n: rank(tables.territory_tree[n].level))


def _key(text: str) -> str:
    """Neither case, accents, hyphens nor apostrophes tell names apart."""
    return " ".join("".join(c if c.isalnum() else " " for c in collation(text)).split())


def rank(level: str) -> int:
    """The place of a level among all, the largest first."""
    return _ORDER.index(level) if level in _ORDER else len(_ORDER)
