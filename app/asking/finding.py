"""Hits of the search index as a reader sees them: the name in their language, what it is, and why it was found; no HTTP."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.entities.names import ending, nature
from app.entities.questions import Named
from app.folding import folded
from app.search import Ask, Found, Hit, Opened
from app.search.document import Text
from app.search.marking import Marker, Marks
from app.search.words import code, meaningful
from app.text import Language, pick
from app.vocabulary import Vocabulary

Why = Literal["name", "also", "identifier", "subject", "place", "text"]
"""What matched: the name that is shown, another name, an identifier, a theme or a territory, a place, the description."""


@dataclass(frozen=True)
class Result:
    """One entity that was found. ``name`` and ``said`` are in pieces, of which those that matched are marked.

    ``kind`` is the path segment of its kind, empty for what has none; ``what`` its classes in words; ``said`` the text that
    ``why`` is about; ``where`` the names of its territories and places.
    """

    iri: str
    kind: str
    what: str | None
    label: str
    language: str | None
    name: Marks
    why: Why
    said: Marks = ()
    said_language: str | None = None
    where: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Candidate:
    """A text that may say why an entity was found; ``searched`` where more was looked at than is shown."""

    why: Why
    text: str
    language: str | None = None
    searched: str | None = None


@dataclass(frozen=True)
class Wording:
    """Puts hits into a reader's words."""

    opened: Opened
    vocabulary: Vocabulary
    language: Language

    def results(self, found: Found) -> tuple[Result, ...]:
        """The hits of an answer, in its order."""
        marker = Marker(found.words, typos=found.reading != "words")
        subjects = self.opened.of(iri for hit in found.hits for iri in hit.about)
        return tuple(self._result(hit, marker, found, subjects) for hit in found.hits)

    def name(self, hit: Hit) -> Text:
        """The name to show and its language, None where it is the reader's."""
        text, language = _chosen((*hit.names, *hit.other_names), self.language) or (ending(hit.iri), None)
        return text, None if language == self.language else language

    def _result(self, hit: Hit, marker: Marker, found: Found, subjects: Mapping[str, Hit]) -> Result:
        label, tag = self.name(hit)
        why, said, said_tag = self._why(hit, label, marker, found, subjects)
        return Result(
            iri=hit.iri,
            kind=hit.kind,
            what=nature(self.vocabulary, hit.types, self.language),
            label=label,
            language=tag,
            name=marker.marks(label),
            why=why,
            said=said,
            said_language=said_tag,
            where=self._where(hit, subjects),
        )

    def _why(
        self, hit: Hit, label: str, marker: Marker, found: Found, subjects: Mapping[str, Hit]
    ) -> tuple[Why, Marks, str | None]:
        wanted = {code(one) for one in hit.codes} & {*found.words.codes, *(word.text.upper() for word in found.words.words)}
        if wanted:
            return "identifier", ((sorted(wanted)[0], True),), None
        best, most = _Candidate("text", ""), 0
        for one in self._candidates(hit, label, subjects):
            if (covered := marker.coverage(one.searched or one.text)) > most:
                best, most = one, covered
        if best.why in ("name", "text"):
            return best.why, *self._described(hit, marker)
        return best.why, marker.marks(best.text), None if best.language == self.language else best.language

    def _candidates(self, hit: Hit, label: str, subjects: Mapping[str, Hit]) -> Iterator[_Candidate]:
        """What may have matched; the first of those with the most words of the question is shown."""
        yield _Candidate("name", label)
        for text, tag in sorted((*hit.other_names, *hit.names), key=lambda one: one[1] != self.language):
            yield _Candidate("also", text, tag)
        for text, tag in hit.descriptions:
            yield _Candidate("text", text, tag)
        for subject in (subjects[iri] for iri in hit.about if iri in subjects):
            name, tag = self.name(subject)
            yield _Candidate("subject", name, tag, " ".join(text for text, _ in (*subject.names, *subject.other_names)))
        for text in hit.places:
            yield _Candidate("place", text)

    def _described(self, hit: Hit, marker: Marker) -> tuple[Marks, str | None]:
        """The description around what matched, in the reader's language if it matched there."""
        mine = sorted(hit.descriptions, key=lambda one: (one[1] or "")[:2] != self.language)
        for text, tag in mine:
            if excerpt := marker.excerpt(text):
                return excerpt, tag if tag != self.language else None
        return (), None

    def _where(self, hit: Hit, subjects: Mapping[str, Hit]) -> tuple[str, ...]:
        places = [subjects[iri] for iri in hit.about if iri in subjects and subjects[iri].kind == "territory"]
        return tuple(self.name(one)[0] for one in places[:_PLACES])


_PLACES = 3
_NEAREST = 30


def named(opened: Opened, vocabulary: Vocabulary, language: Language, text: str, class_: str | None) -> list[Named]:
    """The entities of a class that a text may name, for :class:`app.entities.questions.Questions`."""
    classes = vocabulary.subclasses(class_) if class_ else frozenset[str]()
    wording = Wording(opened, vocabulary, language)
    hits = opened.find(Ask(text, classes=classes, names_only=True, limit=_NEAREST)).hits
    nearness = [_nearness(hit, text) for hit in hits]
    best = min(nearness, default=_FAR)
    return [Named(hit.iri, wording.name(hit)[0], best < _FAR and near == best) for hit, near in zip(hits, nearness, strict=True)]


_FAR = 3


def _nearness(hit: Hit, text: str) -> int:
    """0 where an entity is called so, 1 where it is also called so, 2 where it is but for articles, else :data:`_FAR`."""
    wanted = folded().analyze(text)
    for place, names in enumerate((hit.names, hit.other_names)):
        if any(folded().analyze(name) == wanted for name, _ in names):
            return place
    called = any(meaningful(name) == meaningful(text) for name, _ in (*hit.names, *hit.other_names))
    return 2 if called else _FAR


def _chosen(texts: Iterable[Text], language: Language) -> Text | None:
    by_language: dict[str | None, str] = {}
    for text, tag in texts:
        by_language.setdefault(tag, text)
    return pick(by_language, language)
