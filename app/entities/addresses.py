"""Which page of the site shows an IRI, and which IRI a page shows; not in which language or format (web)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import quote

import pyoxigraph as ox

from app.terms import ONTOLOGY_IRI, SHAPE, TERRITORY, THEME

_SHARED = {"theme": str(THEME), "territory": str(TERRITORY)}
_PATH_SAFE = "/:@!$&'()*+,;=~-._"
_FORBIDDEN = set('<>"{}|\\^` ')


@dataclass(frozen=True)
class Addresses:
    """The two directions, for a base IRI and the path segments of the kinds (``actor``, ``project``, …)."""

    base: str
    kinds: Collection[str]

    def iri(self, kind: str, name: str) -> str:
        """The IRI behind ``/<kind>/<name>``: shared by all observatories for themes and territories, else our own."""
        return f"{_SHARED[kind]}{name}" if kind in _SHARED else f"{self.base}id/{kind}/{name}"

    def place(self, iri: str) -> tuple[str, str] | None:
        """Kind and name when the IRI has a page of its own at ``/<kind>/<name>``."""
        for kind, namespace in _SHARED.items():
            if iri.startswith(namespace) and iri != namespace:
                return kind, iri.removeprefix(namespace)
        kind, _, name = iri.removeprefix(f"{self.base}id/").partition("/")
        if iri.startswith(f"{self.base}id/") and kind in self.kinds and kind not in _SHARED and name:
            return kind, name
        return None

    def path(self, iri: str) -> str:
        """The path, with its query, of the page that shows an IRI; every IRI has one."""
        place = self.place(iri)
        if place:
            return f"/{place[0]}/{quote(place[1], safe=_PATH_SAFE)}"
        for page, namespace in (("/ontology", f"{ONTOLOGY_IRI}#"), ("/shapes", str(SHAPE))):
            if iri.startswith(namespace):
                return f"{page}#{quote(iri.removeprefix(namespace), safe=_PATH_SAFE)}"
        return "/ontology" if iri == ONTOLOGY_IRI else f"/about?iri={quote(iri, safe='')}"

    def source_of(self, graph: str) -> str | None:
        """The IRI that describes the source of a graph, when the graph is one of ours."""
        name = graph.removeprefix(f"{self.base}graphs/")
        return f"{self.base}id/source/{name}" if name != graph and name else None


def is_iri(text: str) -> bool:
    """Whether a text may be written between ``<`` and ``>``: absolute, well formed, nothing that SPARQL forbids."""
    scheme, colon, rest = text.partition(":")
    well_named = scheme[:1].isalpha() and all(c.isalnum() or c in "+-." for c in scheme) and scheme.isascii()
    if not (colon and rest) or not well_named or any(c in _FORBIDDEN or ord(c) < 0x20 for c in text):
        return False
    try:
        ox.NamedNode(text)
    except ValueError:
        return False
    return True
