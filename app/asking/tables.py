"""The rows of an answer as a reader's table: entities by their names, values as the language writes them; not a file format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from app.entities import wording
from app.entities.model import Value
from app.entities.names import Names
from app.entities.provenance import web_address
from app.entities.questions import Row
from app.terms import PREFIXES, EngineTerm
from app.text import Language, say

_AMOUNTS = frozenset({"amount", "total"})
_FIGURES = frozenset(PREFIXES["xsd"] + name for name in ("integer", "decimal", "double", "float"))
_ADDRESSES = ("webPage", "contactPage", "documentUrl", "licence")


@dataclass(frozen=True)
class Column:
    """One variable of the question, with its heading; ``figures`` where all that it holds are numbers to be compared."""

    name: str
    label: str
    figures: bool = False


@dataclass(frozen=True)
class Table:
    """The answer: ``cells`` as they are shown, ``terms`` as the engine gave them, row by row in the order of ``columns``."""

    columns: tuple[Column, ...]
    cells: tuple[tuple[Value | None, ...], ...]
    terms: tuple[tuple[EngineTerm | None, ...], ...]


def table(names_of_columns: Sequence[str], rows: Sequence[Row], names: Names, language: Language) -> Table:
    """A table of an answer's rows; ``names`` must know every IRI in them.

    The column ``actorName`` is left out where there is an ``actor``, whose name is shown in the reader's language.
    """
    kept = [name for name in names_of_columns if not (name.endswith("Name") and name.removesuffix("Name") in names_of_columns)]
    columns = tuple(Column(name, heading(name, language), _are_figures(row.get(name) for row in rows)) for name in kept)
    terms = tuple(tuple(row.get(name) for name in kept) for row in rows)
    cells = tuple(tuple(_cell(name, term, names, language) for name, term in zip(kept, line, strict=True)) for line in terms)
    return Table(columns, cells, terms)


def _are_figures(terms: Iterable[EngineTerm | None]) -> bool:
    """Whether there are values, and all are numbers; years and codes are none."""
    told = [term for term in terms if term is not None]
    return bool(told) and all(isinstance(term, ox.Literal) and term.datatype.value in _FIGURES for term in told)


def nodes(rows: Iterable[Row]) -> set[str]:
    """The IRIs of an answer that name something other than a web page."""
    return {term.value for row in rows for name, term in row.items() if isinstance(term, ox.NamedNode) and name not in _ADDRESSES}


def heading(name: str, language: Language) -> str:
    """The heading of a variable, from ``app/messages/columns.toml``; the variable's own name where it has none."""
    try:
        return say(f"columns.{name}", language)
    except KeyError:
        return name


def _cell(name: str, term: EngineTerm | None, names: Names, language: Language) -> Value | None:
    match term:
        case None:
            return None
        case ox.NamedNode() if name in _ADDRESSES:
            return Value(term.value, link=web_address(term))
        case ox.NamedNode():
            node = names.term(term.value)
            return Value(node.label, language=node.language, node=node)
        case ox.Literal() if name in _AMOUNTS:
            return Value(wording.euros(term, language))
        case ox.Literal():
            shown = term.language if term.language != language else None
            return Value(wording.literal(term, language), language=shown)
    return Value(str(term))
