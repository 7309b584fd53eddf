"""What an editor of queries completes: prefixes, classes and properties, named in the reader's language; no data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from app.entities.wording import best
from app.shapes import Shapes
from app.terms import PREFIXES, compact
from app.text import Language
from app.vocabulary import Vocabulary

_SORTS = {"class": "class", "property": "property", "annotation": "property"}


@dataclass(frozen=True)
class Completed:
    """One term as it is written and as it is explained. ``sort`` is ``class`` or ``property``."""

    name: str
    sort: str
    label: str
    definition: str = ""


def describe(vocabulary: Vocabulary, shapes: Shapes, language: Language) -> dict[str, Any]:
    """Prefixes by name, and the terms that a query can use: our own, and those of others that the shapes read."""
    found = {term.name: term for term in (*_borrowed(shapes, vocabulary, language), *_own(vocabulary, language))}
    return {"prefixes": PREFIXES, "terms": [asdict(found[name]) for name in sorted(found)]}


def _own(vocabulary: Vocabulary, language: Language) -> Iterator[Completed]:
    for iri, term in vocabulary.terms.items():
        name, label = compact(iri), best(term.label, language)
        if term.sort in _SORTS and label and name != iri:
            definition = best(term.definition, language)
            yield Completed(name, _SORTS[term.sort], label[0], definition[0] if definition else "")


def _borrowed(shapes: Shapes, vocabulary: Vocabulary, language: Language) -> Iterator[Completed]:
    """The properties of other vocabularies that an entity may have, named as its page names them."""
    for kind in vocabulary.kinds():
        for group in shapes.layout([kind.iri]):
            for field in group.fields:
                name, label = compact(field.path), best(field.name, language)
                if name != field.path and not field.inverse:
                    yield Completed(name, "property", label[0] if label else name)
