"""What the index holds of one entity, read from a state's statements: names, texts, identifiers, subjects; how linked it is.

Themes and territories are held as IRIs, never by their names: a question finds them first, then what is about them. So no
document goes stale when a theme is renamed. The names of places are held, and followed (see touched).
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import pyoxigraph as ox
import tantivy

from app.engine.lookup import Lookup
from app.facts import naming
from app.folding import folded
from app.search import schema
from app.search.words import code, joined, meaningful
from app.terms import CODE, MAILLAGE, ONTOLOGY_IRI, PREFIXES, iri_key

MOST_LINKS = 1_000
"""Links are counted up to so many: more of them do not make an entity rank higher."""
SHOWN_CHARACTERS = 600
_INDEXED_CHARACTERS = 50_000

_SKOS = PREFIXES["skos"]
TYPE = ox.NamedNode(PREFIXES["rdf"] + "type")
OWN_NAMES, OTHER_NAMES = (tuple(map(ox.NamedNode, iris)) for iris in (naming.OWN, naming.OTHER))
_IDENTIFYING = ("identifier", "siren", "siret", "rna", "uai", "inseeCode", "reference", "postalCode")
CODES = tuple(ox.NamedNode(str(MAILLAGE[name])) for name in _IDENTIFYING)
_TELLING = ("description", "mission", "goal", "result", "object", "note", "passage", "audience", "fieldOfStudy", "season")
_TEXTS = frozenset(str(MAILLAGE[name]) for name in _TELLING) | {_SKOS + "definition", _SKOS + "scopeNote"}
DESCRIPTION = str(MAILLAGE.description)
_ABOUT = frozenset(str(MAILLAGE[name]) for name in ("theme", "mainTheme", "territory", "coversTerritory"))
AT = tuple(ox.NamedNode(str(MAILLAGE[name])) for name in ("place", "headOffice"))
PLACED = tuple(ox.NamedNode(str(MAILLAGE[name])) for name in ("name", "locality", "postalCode", "streetAddress"))
_MODEL = (str(CODE), f"{ONTOLOGY_IRI}#")

Kind = Callable[[frozenset[str]], tuple[str, tuple[tuple[str, str | None], ...]]]
"""The path segment of an entity's kind by its classes (empty where they have none), and the classes' labels with languages."""

Text = tuple[str, str | None]
"""A text and its language tag."""

Day = tuple[str, str]
"""A date as it is stated, and the IRI of its datatype."""


@dataclass
class Said:
    """The statements about one entity, sorted by what the index makes of them."""

    types: set[str] = field(default_factory=set)
    own: list[Text] = field(default_factory=list)
    other: list[Text] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    description: list[Text] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)
    places: list[str] = field(default_factory=list)
    about: set[str] = field(default_factory=set)
    starts: list[Day] = field(default_factory=list)
    ends: list[Day] = field(default_factory=list)
    links: int = 0


def is_searched(iri: str) -> bool:
    """Codes and the terms of the ontology are words of the model, not entities."""
    return not iri.startswith(_MODEL)


def read(state: Lookup, iri: str, kind: Kind) -> tantivy.Document | None:
    """The document of an entity; None for what has neither a name nor an identifier."""
    said = _statements(state, ox.NamedNode(iri))
    if not (said.own or said.other or said.codes):
        return None
    return document_of(iri, said, kind)


def _statements(state: Lookup, node: ox.NamedNode) -> Said:
    said = Said()
    merged = ox.DefaultGraph()
    for quad in state.quads(node, None, None, merged):
        _sort(said, quad.predicate.value, quad.object)
        if isinstance(quad.object, ox.NamedNode) and quad.predicate in AT:
            said.places += _place(state, quad.object)
    said.links += sum(1 for _ in islice(state.quads(None, None, node, merged), MOST_LINKS))
    return said


def _sort(said: Said, predicate: str, term: object) -> None:
    if isinstance(term, ox.NamedNode):
        if predicate == TYPE.value:
            said.types.add(term.value)
            return
        said.links += 1
        if predicate in _ABOUT:
            said.about.add(term.value)
    elif isinstance(term, ox.Literal):
        target = _TARGETS.get(predicate)
        if target == "codes":
            said.codes.append(term.value)
        elif target == "places":
            said.places.append(term.value)
        elif target in ("starts", "ends"):
            getattr(said, target).append((term.value, term.datatype.value))
        elif target:
            getattr(said, target).append((term.value, term.language))


_TARGETS: Mapping[str, str] = {
    **dict.fromkeys(_TEXTS, "texts"),
    **{one.value: "places" for one in PLACED},
    **{one.value: "own" for one in OWN_NAMES},
    **{one.value: "other" for one in OTHER_NAMES},
    **{one.value: "codes" for one in CODES},
    DESCRIPTION: "description",
    str(MAILLAGE.startDate): "starts",
    str(MAILLAGE.endDate): "ends",
}


def _place(state: Lookup, place: ox.NamedNode) -> Iterable[str]:
    for predicate in PLACED:
        for quad in state.quads(place, predicate, None, ox.DefaultGraph()):
            if isinstance(quad.object, ox.Literal):
                yield quad.object.value


def document_of(iri: str, said: Said, kind: Kind) -> tantivy.Document:
    """The document of what was said of an entity."""
    segment, labels = kind(frozenset(said.types))
    document = tantivy.Document()
    document.add_text(schema.IRI, iri)
    document.add_text(schema.KIND, segment)
    _add(document, schema.CLASSES, said.types)
    _add(document, schema.ABOUT, said.about)
    _add(document, schema.CODES, {code(one) for one in said.codes})
    _add(document, schema.PLACES, {joined(one) for one in said.places})
    names = dict.fromkeys([*sorted(said.own, key=_order), *sorted(said.other, key=_order)])
    _add(document, schema.WHOLE, {" ".join(meaningful(name)) for name, _ in said.own})
    _add(document, schema.OTHER, {" ".join(meaningful(name)) for name, _ in said.other})
    _add(document, schema.STARTS, beginnings(" ".join(meaningful(name)) for name, _ in said.own))
    _add(document, schema.BEGINNINGS, beginnings(word for name, _ in names for word in folded().analyze(joined(name))))
    for name, language in names:
        document.add_text(schema.NAMES, joined(name))
        document.add_text(schema.STEMS[_stemmer(language)], name)
    for text, language in (*said.description, *said.texts, *labels):
        document.add_text(schema.TEXTS[_stemmer(language)], text[:_INDEXED_CHARACTERS])
    document.add_float(schema.WEIGHT, _weight(min(said.links, MOST_LINKS), min((len(name) for name, _ in names), default=0)))
    document.add_unsigned(schema.KEY, iri_key(iri))
    document.add_bytes(schema.SHOWN, json.dumps(_shown(iri, segment, said), ensure_ascii=False, separators=(",", ":")).encode())
    return document


def beginnings(texts: Iterable[str]) -> set[str]:
    """The first letters of some texts, as many as are kept."""
    return {text[:length] for text in texts for length in range(1, min(len(text), schema.SHORT) + 1)}


def _add(document: tantivy.Document, name: str, values: Iterable[str]) -> None:
    for value in sorted(values):
        document.add_text(name, value)


def _order(text: Text) -> tuple[str, str]:
    return text[1] or "", text[0]


def _stemmer(language: str | None) -> str:
    return "en" if language and language.partition("-")[0] == "en" else "fr"


LEAST_WEIGHT, MOST_WEIGHT = 0.999, 1.41
"""What a match is multiplied with in the end, at least and at most."""


def _weight(links: int, letters: int) -> float:
    """What a match is multiplied with, before the library's ``log2(2 + weight)``: 1 to 1.4 by links, a little less for long
    names, so that of equal matches the most linked comes first, then the shortest name."""
    return float(2 ** (1 + 0.4 * math.log(1 + links, 1 + MOST_LINKS) - 0.004 * min(letters, 200) / 200 + 0.004)) - 2


def _told(said: Said) -> list[Text]:
    """The description in each language; else the first text there is in each."""
    by_language: dict[str | None, str] = {}
    for text, language in sorted(said.description, key=_order) or sorted(said.texts, key=_order):
        by_language.setdefault(language, text)
    return [(text, language) for language, text in by_language.items()]


def _shown(iri: str, segment: str, said: Said) -> dict[str, Any]:
    """What results show, so that they need no question to the store: of all beginnings the first, of all ends the last."""
    return {
        "i": iri,
        "k": segment,
        "t": sorted(said.types),
        "n": sorted(said.own, key=_order),
        "o": sorted(said.other, key=_order),
        "d": [(text[:SHOWN_CHARACTERS], language) for text, language in _told(said)],
        "c": sorted(said.codes),
        "p": sorted(set(said.places)),
        "a": sorted(said.about),
        "s": min(said.starts, default=None),
        "e": max(said.ends, default=None),
    }
