"""Where the statements of a page come from: its sources, numbered, and the passages that bear statements out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyoxigraph as ox

from app.entities import wording
from app.entities.addresses import Addresses
from app.entities.facts import Facts
from app.entities.model import PAGE_SIZE, Part, Passage, Passages, Proof, Source, Value
from app.entities.names import Names
from app.entities.questions import Questions, Row
from app.terms import MAILLAGE, EngineTerm
from app.text import Language
from app.vocabulary import Vocabulary

EVIDENCE = (str(MAILLAGE.aboutSubject), str(MAILLAGE.aboutValue))
PASSAGES_KEY = "evidence"
_DERIVED = "derived"


@dataclass
class Descriptions:
    """What is said of each source, by property."""

    said: dict[str, dict[str, list[EngineTerm]]] = field(default_factory=dict)

    @classmethod
    def ask(cls, questions: Questions, sources: Iterable[str]) -> Descriptions:
        found = cls()
        for row in questions.about_each("sources", "source", sources, often=True):
            source, about, value = row["source"], row["about"], row["value"]
            if isinstance(source, ox.NamedNode) and isinstance(about, ox.NamedNode):
                found.said.setdefault(source.value, {}).setdefault(about.value, []).append(value)
        return found

    def first(self, source: str, name: str) -> EngineTerm | None:
        values = self.said.get(source, {}).get(str(MAILLAGE[name]), [])
        return values[0] if values else None


def number_sources(
    graphs: Iterable[str], descriptions: Descriptions, addresses: Addresses, names: Names, language: Language
) -> Mapping[str, Source]:
    """The sources of a page by graph, in the order of their graphs' IRIs."""
    found: dict[str, Source] = {}
    for number, graph in enumerate(sorted(set(graphs)), start=1):
        iri = addresses.source_of(graph) or graph
        found[graph] = _source(number, iri, descriptions, names, language)
    return found


def list_sources(questions: Questions, iris: Sequence[str], vocabulary: Vocabulary, language: Language) -> tuple[Source, ...]:
    """Each of these sources with all that its licence asks to be told, numbered in the given order."""
    described = Descriptions.ask(questions, iris)
    names = Names(vocabulary, language)
    publishers = (described.first(iri, "publisher") for iri in iris)
    names.ask(questions, [*iris, *(term.value for term in publishers if isinstance(term, ox.NamedNode))])
    return tuple(_source(number, iri, described, names, language) for number, iri in enumerate(iris, start=1))


def _source(number: int, iri: str, described: Descriptions, names: Names, language: Language) -> Source:
    attribution = described.first(iri, "attribution")
    retrieved = described.first(iri, "retrieved")
    address = described.first(iri, "accessUrl")
    return Source(
        number=number,
        node=names.node(iri),
        publisher=_publisher(described.first(iri, "publisherName"), described.first(iri, "publisher"), names),
        attribution=attribution.value if isinstance(attribution, ox.Literal) else None,
        licence=_licence(described.first(iri, "licence"), described.first(iri, "licenceName")),
        retrieved=wording.literal(retrieved, language) if isinstance(retrieved, ox.Literal) else None,
        address=web_address(address),
        derived=iri.endswith(f"/{_DERIVED}"),
    )


def _publisher(name: EngineTerm | None, actor: EngineTerm | None, names: Names) -> str | None:
    if isinstance(name, ox.Literal):
        return name.value
    return names.node(actor.value).label if isinstance(actor, ox.NamedNode) and names.is_named(actor.value) else None


def _licence(licence: EngineTerm | None, name: EngineTerm | None) -> Value | None:
    link = web_address(licence)
    text = name.value if isinstance(name, ox.Literal) else link
    return Value(text, link=link) if text else None


def web_address(term: object) -> str | None:
    """The address that a value is, when a browser may safely follow it: http and https, nothing else."""
    text = term.value if isinstance(term, ox.NamedNode | ox.Literal) else ""
    is_text = isinstance(term, ox.Literal) and any(c.isspace() for c in text)
    return text if text.lower().startswith(("http://", "https://")) and not is_text else None


@dataclass(frozen=True)
class Quoted:
    """One page of the passages about an entity: a row for each, with all that it bears out in ``proofs``; the query."""

    rows: Sequence[Row]
    part: Part
    query: str

    @classmethod
    def ask(cls, questions: Questions, facts: Facts) -> Quoted:
        part = _part(questions, facts)
        text = questions.text("evidence", facts.window(part), entity=facts.node)
        return cls(questions.ask_rows(text) if part.total else [], part, text)

    def resources(self) -> set[str]:
        """Every IRI that they mention."""
        said = (term.value for row in self.rows for term in row.values() if isinstance(term, ox.NamedNode))
        return {*said, *(iri for row in self.rows for proof in _proofs(row) for iri in proof if iri)}

    def word(self, facts: Facts, names: Names, language: Language) -> Passages:
        """Each passage once for a subject and a source."""
        items = tuple(_passage(row, facts.node, names, language) for row in self.rows)
        return Passages(items, self.part, self.query)


def _part(questions: Questions, facts: Facts) -> Part:
    """Pieces of evidence that fit a page make no more passages than that; only of more are the passages counted apart."""
    pieces = sum(facts.degree.into.get(path, 0) for path in EVIDENCE)
    if pieces <= PAGE_SIZE:
        return facts.part(pieces, PASSAGES_KEY)
    (row,) = questions.rows("evidence-total", entity=facts.node)
    total = row["passages"]
    return facts.part(int(total.value) if isinstance(total, ox.Literal) else 0, PASSAGES_KEY)


def _passage(row: Row, here: ox.NamedNode, names: Names, language: Language) -> Passage:
    subject, passage, source = (row.get(name) for name in ("subject", "passage", "source"))
    words = passage if isinstance(passage, ox.Literal) else None
    return Passage(
        text=words.value if words else "",
        language=words.language if words and words.language != language else None,
        source=names.node(source.value) if isinstance(source, ox.NamedNode) else None,
        subject=names.node(subject.value) if isinstance(subject, ox.NamedNode) and subject != here else None,
        proofs=tuple(
            Proof(
                iri=evidence,
                about=names.term(about).label if about else None,
                value=names.node(value).label if value and value != here.value and names.is_named(value) else None,
            )
            for evidence, about, value in _proofs(row)
        ),
    )


def _proofs(row: Row) -> Iterator[tuple[str, str, str]]:
    """Evidence, property and record of each statement that a passage bears out; no IRI has a space."""
    proofs = row.get("proofs")
    for line in sorted(proofs.value.split("\n")) if isinstance(proofs, ox.Literal) else ():
        evidence, about, value = line.split(" ")
        yield evidence, about, value
