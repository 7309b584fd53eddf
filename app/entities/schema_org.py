"""The schema.org description of an entity as compact JSON-LD; the mapping is ``queries/pages/entity-schema.rq``."""

from __future__ import annotations

from typing import Any

import pyoxigraph as ox

from app.entities.questions import Questions, Window
from app.terms import PREFIXES, SCHEMA

_TYPE = PREFIXES["rdf"] + "type"
_STRING = PREFIXES["xsd"] + "string"
_MOST = 500


def describe(questions: Questions, iri: str) -> dict[str, Any] | None:
    """The JSON-LD object, or None where the entity is of no class that schema.org knows."""
    found: dict[str, list[Any]] = {}
    for triple in questions.ask_triples(text_of(questions, iri)):
        key = "@type" if triple.predicate.value == _TYPE else triple.predicate.value.removeprefix(str(SCHEMA))
        value = _value(triple.object, is_type=key == "@type")
        if value not in found.setdefault(key, []):
            found[key].append(value)
    if "@type" not in found:
        return None
    ordered = {key: values[0] if len(values) == 1 else values for key, values in sorted(found.items())}
    return {"@context": "https://schema.org", "@id": iri, **ordered}


def text_of(questions: Questions, iri: str) -> str:
    """The question that :func:`describe` puts."""
    return questions.text("entity-schema", Window(_MOST), entity=ox.NamedNode(iri))


def _value(term: object, *, is_type: bool) -> Any:
    match term:
        case ox.NamedNode() if is_type:
            return term.value.removeprefix(str(SCHEMA))
        case ox.NamedNode():
            return {"@id": term.value}
        case ox.Literal() if term.language:
            return {"@value": term.value, "@language": term.language}
        case ox.Literal():
            return term.value
    return str(term)
