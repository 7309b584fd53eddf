"""How many entities there are of each kind: read from the version's indexes where they tell, else asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

import numpy as np
import pyoxigraph as ox

from app.entities.questions import Questions, iris
from app.facts import Facts
from app.vocabulary import Vocabulary

Counts = Mapping[str, int]
"""Numbers of entities by the path segment of their kind."""


def count_kinds(questions: Questions, vocabulary: Vocabulary, known: Counts | None = None) -> Counts:
    """Each entity is counted once in a kind, whatever the number of its classes there; a kind without any has 0.

    Kinds that are ``known`` already are not asked for.
    """
    known = known or {}
    kinds = {kind.iri: kind.segment for kind in vocabulary.kinds() if kind.segment not in known}
    found = {kind.segment: known.get(kind.segment, 0) for kind in vocabulary.kinds()}
    for row in questions.rows("kind-counts", kind=iris(sorted(kinds))) if kinds else ():
        kind, count = row.get("kind"), row.get("count")
        if isinstance(kind, ox.NamedNode) and isinstance(count, ox.Literal):
            found[kinds[kind.value]] = int(count.value)
    return found


def known_counts(vocabulary: Vocabulary, facts: Facts, classes: Counter[str]) -> Counts:
    """What the indexes of a version tell: kinds that have facts, and those whose entities are of one class only.

    ``classes`` has the number of entities of each class, by IRI.
    """
    rows = np.bincount(facts.column("kind"))
    numbers = {kind.segment: facts.tables.kind_number(kind.segment) for kind in vocabulary.kinds()}
    found = {segment: int(rows[number]) if number < len(rows) else 0 for segment, number in numbers.items() if number}
    for kind in vocabulary.kinds():
        counted = [classes[iri] for iri in vocabulary.subclasses(kind.iri) if classes[iri]]
        if kind.segment not in found and len(counted) < 2:
            found[kind.segment] = sum(counted)
    return found
