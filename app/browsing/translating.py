"""A list as the SPARQL query that gives the same records; values are written by the engine's own library, never pasted.

What a query cannot say as the list means it is named, and left out: words (the search index judges likeness), years (dates are
as precise as they were stated, and told by several properties) and distances (a place stands for what is in it).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.browsing.selection import FACETS, Selection
from app.facts import kept
from app.terms import PREFIXES, compact
from app.vocabulary import Vocabulary

_PREFIXES = ("maillage", "rdfs", "skos")


@dataclass(frozen=True)
class Translated:
    """The query, and the names of what narrows the list and not the query: ``q``, ``period``, ``near``."""

    text: str
    left_out: tuple[str, ...]


def translate(selection: Selection, vocabulary: Vocabulary) -> Translated | None:
    """The query of a list; None where a value is no IRI, so that the list is empty anyhow."""
    try:
        parts = [part for block in _blocks(selection, vocabulary) for part in block]
    except ValueError:
        return None
    head = [f"PREFIX {name}: <{PREFIXES[name]}>" for name in _PREFIXES if any(f"{name}:" in part for part in parts)]
    body = ["", "SELECT DISTINCT ?entity", "WHERE {", *(f"    {part}" for part in parts), "}", "ORDER BY ?entity", ""]
    years = selection.first_year is not None or selection.last_year is not None
    asked = {"q": bool(selection.text), "period": years, "near": selection.near is not None}
    return Translated("\n".join(head + body), tuple(name for name, is_asked in asked.items() if is_asked))


def _blocks(selection: Selection, vocabulary: Vocabulary) -> Iterator[list[str]]:
    yield _kind(selection.kind, vocabulary)
    for facet in FACETS:
        values = selection.values.get(facet)
        if values:
            yield _facet(facet, values)
    if selection.partner:
        yield _partner(selection.kind, selection.partner)


def _kind(segment: str, vocabulary: Vocabulary) -> list[str]:
    """Records of a kind, but for those of a kind below it."""
    kinds = {kind.segment: kind.iri for kind in vocabulary.kinds()}
    own = kinds[segment]
    below = sorted(iri for iri in kinds.values() if iri != own and own in vocabulary.superclasses(iri))
    lines = [f"?entity a/rdfs:subClassOf* {compact(own)} ."]
    return lines + [f"MINUS {{ ?entity a/rdfs:subClassOf* {compact(iri)} }}" for iri in below]


def _facet(facet: str, values: Sequence[str]) -> list[str]:
    among = f"VALUES ?{facet} {{ {_terms(values)} }}"
    match facet:
        case "class":
            return [among, "?entity a/rdfs:subClassOf* ?class ."]
        case "theme":
            return [among, f"?entity {_any_of(kept.LISTS['themes'])} ?ownTheme .", "?ownTheme skos:broader* ?theme ."]
        case "territory":
            own = f"?entity {_any_of(kept.LISTS['territories'])} ?ownTerritory ."
            return [among, own, "?ownTerritory maillage:within* ?territory ."]
        case "source":
            return [among, "GRAPH ?source { ?entity ?sourceProperty ?sourceValue }"]
        case "role":
            return [
                among,
                "?partnership maillage:participation ?participation .",
                "?participation maillage:participant ?entity ; maillage:role ?role .",
            ]
    return _coded(facet, among)


def _coded(facet: str, among: str) -> list[str]:
    """Codes of one column: where a record has several, the first one stands."""
    path = _any_of(kept.CODES[facet])
    other = f"?entity {path} ?other_{facet} . FILTER(STR(?other_{facet}) < STR(?{facet}))"
    return [among, f"?entity {path} ?{facet} .", f"FILTER NOT EXISTS {{ {other} }}"]


def _partner(kind: str, partner: str) -> list[str]:
    term = _terms([partner])
    if kind == "actor":
        return [
            f"?shared maillage:participation/maillage:participant {term} , ?entity .",
            f"FILTER(?entity != {term})",
        ]
    if kind == "partnership":
        return [f"?entity maillage:participation/maillage:participant {term} ."]
    return [f"?entity {_any_of(kept.REFERENCES['carriers'])} {term} ."]


def _any_of(properties: Iterable[str]) -> str:
    return "|".join(compact(one) for one in properties)


def _terms(iris: Iterable[str]) -> str:
    """Raises ``ValueError`` for what is no IRI."""
    return " ".join(str(ox.NamedNode(iri)) for iri in iris)
