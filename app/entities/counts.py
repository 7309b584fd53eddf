"""How many entities there are of each kind, from one question."""

from __future__ import annotations

from collections.abc import Mapping

import pyoxigraph as ox

from app.entities.questions import Questions, iris
from app.vocabulary import Vocabulary

Counts = Mapping[str, int]
"""Numbers of entities by the path segment of their kind."""


def count_kinds(questions: Questions, vocabulary: Vocabulary) -> Counts:
    """Each entity is counted once in a kind, whatever the number of its classes there; a kind without any has 0."""
    kinds = {kind.iri: kind.segment for kind in vocabulary.kinds()}
    found = dict.fromkeys(kinds.values(), 0)
    for row in questions.rows("kind-counts", kind=iris(sorted(kinds))):
        kind, count = row.get("kind"), row.get("count")
        if isinstance(kind, ox.NamedNode) and isinstance(count, ox.Literal):
            found[kinds[kind.value]] = int(count.value)
    return found
