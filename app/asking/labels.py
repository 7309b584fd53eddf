"""What things are called, asked for by their IRIs, many at once: from the search index and the vocabulary, by no query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from app.entities.wording import best
from app.search import Opened
from app.text import Language
from app.vocabulary import Vocabulary

MOST = 1_000
"""IRIs of one page that are named; those of a request have a lower bound of their own."""


@dataclass(frozen=True)
class Label:
    """A name, with its language where that is not the reader's; ``kind`` is the path segment of a record's kind."""

    text: str
    language: str | None = None
    kind: str | None = None


def labels(search: Opened, vocabulary: Vocabulary, language: Language, iris: Iterable[str]) -> dict[str, Label]:
    """The names of those that have one: records first, then terms and codes of the ontology."""
    wanted = list(dict.fromkeys(iris))[:MOST]
    hits = search.of(wanted)
    found: dict[str, Label] = {}
    for iri in wanted:
        texts: dict[str | None, str] = {}
        for text, tag in (*hits[iri].names, *hits[iri].other_names) if iri in hits else ():
            texts.setdefault(tag, text)
        picked = best(texts or vocabulary.label(iri), language)
        if picked:
            kind = hits[iri].kind if iri in hits else None
            found[iri] = Label(picked[0], picked[1] if picked[1] != language else None, kind)
    return found
