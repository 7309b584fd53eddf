"""Reads the trees of themes and territories from a state; both are small, so they are read whole wherever one changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from app.engine.lookup import Lookup
from app.facts import kept
from app.facts.tables import Names, Tables
from app.facts.trees import Branch, Tree
from app.terms import GEO, MAILLAGE, PREFIXES

MERGE = ox.DefaultGraph()
_SKOS = PREFIXES["skos"]
_TYPE = ox.NamedNode(kept.TYPE)
_BROADER, _LABEL = ox.NamedNode(_SKOS + "broader"), ox.NamedNode(_SKOS + "prefLabel")
_WITHIN, _NAME, _POPULATION = (ox.NamedNode(str(MAILLAGE[name])) for name in ("within", "name", "population"))
_CENTRE, _WKT = ox.NamedNode(str(GEO.hasCentroid)), ox.NamedNode(str(GEO.asWKT))
_POINT = re.compile(r"POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)")
THEME, TERRITORY = str(MAILLAGE.Theme), str(MAILLAGE.Territory)

SHAPING = frozenset(one.value for one in (_BROADER, _WITHIN, _CENTRE, _WKT))
"""Properties of which a statement may change a tree, whatever it is about."""


def survey(after: Lookup, tables: Tables) -> None:
    """Put the trees of a state into the tables, and every theme and territory that it describes into their names."""
    for class_, names in ((THEME, tables.themes), (TERRITORY, tables.territories)):
        for iri in _instances(after, tables, class_):
            names.number(iri)
    tables.theme_tree = Tree(dict(_themes(after, tables.themes)))
    tables.territory_tree = Tree(dict(_territories(after, tables)))


def _instances(after: Lookup, tables: Tables, class_: str) -> list[str]:
    """In an order that does not depend on the store's."""
    classes = [iri for iri, above in tables.above.items() if class_ in above]
    quads = (quad for own in classes for quad in after.quads(None, _TYPE, ox.NamedNode(own), MERGE))
    return sorted({quad.subject.value for quad in quads if isinstance(quad.subject, ox.NamedNode)})


def _themes(after: Lookup, names: Names) -> Iterator[tuple[int, Branch]]:
    for number, node in _growing(names):
        parents = _numbers(_objects(after, node, _BROADER), names)
        yield number, Branch(parents, _texts(_objects(after, node, _LABEL)))


def _territories(after: Lookup, tables: Tables) -> Iterator[tuple[int, Branch]]:
    for number, node in _growing(tables.territories):
        yield (
            number,
            Branch(
                _numbers(_objects(after, node, _WITHIN), tables.territories),
                _texts(_objects(after, node, _NAME)),
                _level(_objects(after, node, _TYPE), tables),
                _population(_objects(after, node, _POPULATION)),
                _centre(after, node),
            ),
        )


def _growing(names: Names) -> Iterator[tuple[int, ox.NamedNode]]:
    """All names, with those that are added on the way."""
    number = 1
    while number < len(names):
        yield number, ox.NamedNode(names[number])
        number += 1


def _objects(after: Lookup, node: ox.NamedNode, property_: ox.NamedNode) -> list[object]:
    return [quad.object for quad in after.quads(node, property_, None, MERGE)]


def _numbers(terms: Iterable[object], names: Names) -> tuple[int, ...]:
    return tuple(sorted(names.number(term.value) for term in terms if isinstance(term, ox.NamedNode)))


def _texts(terms: Iterable[object]) -> dict[str | None, str]:
    said: dict[str | None, str] = {}
    for value, language in sorted((t.value, t.language or "") for t in terms if isinstance(t, ox.Literal)):
        said.setdefault(language or None, value)
    return said


def _level(terms: Iterable[object], tables: Tables) -> str:
    """The name of the most specific class below Territory."""
    own = [t.value for t in terms if isinstance(t, ox.NamedNode) and TERRITORY in tables.above.get(t.value, ())]
    best = max(sorted(own), key=lambda iri: len(tables.above[iri]), default="")
    return best.removeprefix(str(MAILLAGE))


def _population(terms: Iterable[object]) -> int | None:
    found = [
        int(t.value) for t in terms if isinstance(t, ox.Literal) and t.value.isascii() and t.value.isdigit() and len(t.value) < 12
    ]
    return max(found, default=None)


def _centre(after: Lookup, node: ox.NamedNode) -> tuple[float, float] | None:
    for centre in _objects(after, node, _CENTRE):
        for wkt in _objects(after, centre, _WKT) if isinstance(centre, ox.NamedNode) else ():
            found = _POINT.search(wkt.value) if isinstance(wkt, ox.Literal) else None
            if found:
                return float(found[1]), float(found[2])
    return None
