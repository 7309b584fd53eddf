"""Rows that the service worked out itself, as the same table and files as the catalogue's answers; not how they are sent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.asking.tables import Table, nodes, table
from app.entities.addresses import Addresses
from app.entities.names import Names
from app.entities.provenance import Descriptions
from app.entities.questions import Questions, Row
from app.text import Language
from app.vocabulary import Vocabulary


@dataclass(frozen=True)
class Sheet:
    """The rows of a file: ``question`` is what they answer, ``method`` the query or the method behind them."""

    question: str
    columns: Sequence[str]
    rows: Sequence[Row]
    method: str


def laid_out(sheet: Sheet, questions: Questions, vocabulary: Vocabulary, language: Language) -> Table:
    """The sheet with the names of what it mentions."""
    names = Names(vocabulary, language)
    names.ask(questions, nodes(sheet.rows))
    return table(sheet.columns, sheet.rows, names, language)


def licences(questions: Questions, addresses: Addresses, vocabulary: Vocabulary, language: Language) -> tuple[str, ...]:
    """Each source of a version with its licence."""
    sources = [row["graph"] for row in questions.rows("graphs")]
    iris = [addresses.source_of(graph.value) for graph in sources if isinstance(graph, ox.NamedNode)]
    described = Descriptions.ask(questions, [iri for iri in iris if iri])
    names = Names(vocabulary, language)
    names.ask(questions, described.said)
    found = []
    for iri in described.said:
        licence = described.first(iri, "licenceName") or described.first(iri, "licence")
        if isinstance(licence, ox.Literal | ox.NamedNode):
            found.append(f"{names.node(iri).label} – {licence.value}")
    return tuple(found)
