"""Finds territories by what people write: a name, whatever its case and accents, or the word of an address."""

from __future__ import annotations

from app.entities.wording import collation
from app.facts import Facts
from app.facts.tables import Tables
from app.terms import TERRITORY

_ORDER = ("Region", "Department", "Intercommunality", "Commune")


def find_territories(facts: Facts, text: str) -> list[int]:
    """The numbers of the territories that a text names, the largest level first; one where it is an address or an IRI."""
    tables = facts.tables
    number = tables.territories.find(str(TERRITORY) + text) or tables.territories.find(text)
    if number:
        return [number]
    found = facts.remembered("statistics names of territories", lambda: _by_name(tables)).get(_key(text), ())
    return sorted(found, key=lambda n: rank(tables.territory_tree[n].level))


def _by_name(tables: Tables) -> dict[str, list[int]]:
    """The territories of each name: gathered once a version, since there are tens of thousands."""
    found: dict[str, list[int]] = {}
    for number, branch in tables.territory_tree.branches.items():
        for key in {_key(name) for name in branch.names.values()}:
            found.setdefault(key, []).append(number)
    return found


def _key(text: str) -> str:
    """Neither case, accents, hyphens nor apostrophes tell names apart."""
    return " ".join("".join(c if c.isalnum() else " " for c in collation(text)).split())


def rank(level: str) -> int:
    """The place of a level among all, the largest first."""
    return _ORDER.index(level) if level in _ORDER else len(_ORDER)
