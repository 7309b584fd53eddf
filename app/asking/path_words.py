"""An explanation in words: one sentence made of those of its links, so that each reads on from the one before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from app.asking.neighbourhood import NAMED, days_in_words, link_pattern, link_words, quoted
from app.discovery.kinds import MEMBER_OF, LinkKind
from app.discovery.network import Network
from app.discovery.steps import Path, Step, StepLink
from app.entities.model import Node
from app.entities.names import Names
from app.entities.sentences import Words, fill
from app.text import Language, messages, say
from app.vocabulary import Vocabulary


@dataclass(frozen=True)
class Clause:
    """A piece of the sentence: what it says, when that was, and the places of the steps that it tells."""

    words: Words
    period: str | None
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Wording:
    """What wording takes: the network, the names of its nodes, the ontology, a language."""

    network: Network
    names: Names
    vocabulary: Vocabulary
    language: Language
    _titles: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def node(self, number: int) -> Node:
        return self.names.node(self.network.iri(number))

    def kind(self, link: StepLink) -> LinkKind:
        return self.network.links[link.kind]

    def quoted(self, words: Words) -> Words:
        """The same with titles between quotation marks: of partnerships, projects, documents, but not of actors or places."""
        return quoted(words, self._is_title, self.language)

    def _is_title(self, node: Node) -> bool:
        if node.iri not in self._titles:
            number = self.network.ordinal(node.iri)
            self._titles[node.iri] = number is not None and self.network.kind(number) not in NAMED
        return self._titles[node.iri] and node.label == self.names.node(node.iri).label

    def label(self, link: StepLink) -> str:
        """What the kind of a link is called."""
        return self.names.term(self.kind(link).iri).label

    def alone(self, step: Step, link: StepLink) -> Words:
        """The sentence of one link by itself."""
        source, target = _ends(step, link)
        return self.quoted(link_words(self.kind(link), self.node(source), self.node(target), self.vocabulary, self.language))

    def period(self, link: StepLink) -> str | None:
        """When a link held, and in which capacity."""
        said = days_in_words(link.start, link.end, self.language)
        capacity = self.label(link) if self.kind(link).carrier == "membership" and self.kind(link).iri != MEMBER_OF else None
        return ", ".join(part for part in (capacity, said) if part) or None

    def clauses(self, path: Path) -> Iterator[Clause]:
        """The sentence: “A signe X (2020), comme B ; B porte Y”. A period is told where it is not the one told last."""
        last: str | None = None
        for clause in self._clauses(path):
            yield Clause(clause.words, clause.period if clause.period != last else None, clause.steps)
            last = clause.period or last

    def _clauses(self, path: Path) -> Iterator[Clause]:
        place = 0
        before: str | None = None
        while place < len(path.steps):
            step, link = path.steps[place], path.steps[place].links[0]
            words = self._joined(before, self._told(step, link, anew=place == 0))
            yield Clause(words, self.period(link), (place,))
            after = path.steps[place + 1] if place + 1 < len(path.steps) else None
            if after and _says_the_same(link, after.links[0]):
                words = self._likewise(after)
                yield Clause(words, self.period(after.links[0]), (place + 1,))
                place += 1
            place, before = place + 1, _last(words)

    def _joined(self, before: str | None, words: Words) -> Words:
        """A sentence behind another: one that begins with what the other ended with goes on with “qui”."""
        if before is None:
            return words
        first = next(place for place, word in enumerate(words) if isinstance(word, Node))
        node = words[first]
        if isinstance(node, Node) and node.iri == before and not "".join(map(str, words[:first])).strip("«“\u00a0 "):
            rest = words[first + 1 :]
            if rest and isinstance(rest[0], str):
                rest = (rest[0].removeprefix(say("paths.quoted", self.language).split("…")[1]), *rest[1:])
            return (say("paths.which", self.language), *rest)
        return (say("paths.then", self.language), *words)

    def _told(self, step: Step, link: StepLink, *, anew: bool) -> Words:
        """The sentence of a link; what stood at the end of the one before is not named again, but for actors."""
        pattern, *ends = link_pattern(self.kind(link), self.vocabulary, self.language)
        nodes: list[Node | str] = [self.node(number) for number in _ends(step, link)]
        if not anew:
            known = 0 if link.forward else 1
            nodes[known] = self._pointed(step.source) or nodes[known]
        return self.quoted(fill(pattern, {"property": self.kind(link).iri, ends[0]: nodes[0], ends[1]: nodes[1]}))

    def _pointed(self, number: int) -> Node | None:
        """“ce partenariat”, for what is no actor."""
        key = f"paths.this-{self.network.kind(number)}"
        return Node(self.network.iri(number), say(key, self.language)) if key in messages() else None

    def _likewise(self, step: Step) -> Words:
        """“, comme B” where B does the same; “, ainsi que B” where the same is done to B."""
        link = step.links[0]
        pattern, source, _ = link_pattern(self.kind(link), self.vocabulary, self.language)
        does = pattern.startswith("{" + source + "}") != link.forward
        return self.quoted((say("paths.like" if does else "paths.as-well-as", self.language), self.node(step.target)))


def _last(words: Words) -> str:
    """The IRI with which a sentence ends; none where it ends with other words."""
    ending = [word for word in words if isinstance(word, Node) or word.strip("»”\u00a0 ")]
    return ending[-1].iri if ending and isinstance(ending[-1], Node) else ""


def _ends(step: Step, link: StepLink) -> tuple[int, int]:
    return (step.source, step.target) if link.forward else (step.target, step.source)


def _says_the_same(link: StepLink, after: StepLink) -> bool:
    """Whether two links around a node are of one kind, and lead both to it or both away from it."""
    return link.kind == after.kind and link.forward != after.forward


def flat(clauses: tuple[Clause, ...]) -> str:
    """The sentence as plain text, with its end."""
    said = ""
    for clause in clauses:
        said += "".join(word if isinstance(word, str) else word.label for word in clause.words)
        said += f" ({clause.period})" if clause.period else ""
    return f"{said}."
