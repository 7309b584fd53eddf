"""What people type for a question's parameters, read as terms: an IRI or a name for an entity, a value for the rest."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import pyoxigraph as ox

from app.entities.addresses import is_iri
from app.entities.questions import Questions, Window
from app.errors import BadParameter
from app.queries import CannedQuery, Parameter
from app.terms import PREFIXES, EngineTerm

_XSD = PREFIXES["xsd"]
_CANDIDATES = 10
_DIGITS = 30
_TAGS = ("fr", "en", None)


@dataclass(frozen=True)
class Choice:
    """One entity or value that may be chosen: the term, and the name to show."""

    iri: str
    label: str


@dataclass(frozen=True)
class Filled:
    """One parameter as it was filled in: its term, or the reason and the candidates when the text was not understood.

    ``reason`` is a key of ``app/messages/queries.toml``: ``missing``, ``malformed-`` and the type that was
    expected, ``unknown-name`` or ``several``.
    """

    parameter: Parameter
    text: str = ""
    term: EngineTerm | None = None
    reason: str | None = None
    candidates: tuple[Choice, ...] = field(default=())

    def refusal(self, name: str | None = None) -> BadParameter:
        """What an address that holds this text is told; ``name`` is what the address calls the parameter."""
        offered = [choice.iri for choice in self.candidates]
        return BadParameter(name=name or self.parameter.name, value=self.text, reason=f"queries.{self.reason}", offered=offered)


def fill(query: CannedQuery, given: Mapping[str, str], questions: Questions) -> tuple[Filled, ...]:
    """Every parameter of a question, in order; nothing is raised, so that a form can say all that is wrong at once."""
    return tuple(fill_one(parameter, given, questions) for parameter in query.params)


def fill_one(parameter: Parameter, given: Mapping[str, str], questions: Questions) -> Filled:
    """One parameter, of a question or of a page that asks none of the catalogue."""
    return _fill(parameter, given.get(parameter.name, "").strip(), questions)


def settled(filled: Filled) -> Filled:
    """The same; where several records fit and only one of them bears exactly the name that was typed, that one."""
    named = [choice for choice in filled.candidates if choice.label.casefold() == filled.text.casefold()]
    if filled.reason != "several" or len(named) != 1:
        return filled
    return Filled(filled.parameter, filled.text, ox.NamedNode(named[0].iri))


def exemplified(query: CannedQuery) -> str | None:
    """The text of a question with the examples of what it requires; None where one of these has none that is a term.

    An example that is a name would have to be looked up in the data.
    """
    required = [parameter for parameter in query.params if parameter.required]
    terms = {p.name: term for p in required if (term := _example(p.example, p.type))}
    return query.bind(terms) if len(terms) == len(required) else None


def _example(text: str | None, type_: str) -> ox.NamedNode | ox.Literal | None:
    if text is None or type_ != "iri":
        return None if text is None else _literal(text, type_)
    return ox.NamedNode(text) if is_iri(text) else None


def _fill(parameter: Parameter, text: str, questions: Questions) -> Filled:
    if not text:
        return Filled(parameter, reason="missing" if parameter.required else None)
    if parameter.type == "iri":
        return _entity(parameter, text, questions)
    try:
        return Filled(parameter, text, _literal(text, parameter.type))
    except (ValueError, ArithmeticError):
        return Filled(parameter, text, reason=f"malformed-{parameter.type}")


def _literal(text: str, type_: str) -> ox.Literal:
    checked = _CHECKS[type_](text)
    return ox.Literal(checked, datatype=ox.NamedNode(_XSD + type_))


def _decimal(text: str) -> str:
    number = Decimal(text.replace("\u00a0", "").replace("\u202f", "").replace(" ", "").replace(",", "."))
    if not number.is_finite() or abs(number) > 10**12 or abs(number.adjusted()) > _DIGITS:  # 1e-999999999 has a gigabyte of zeros
        raise ValueError(text)
    return f"{number:f}"


_CHECKS: dict[str, Callable[[str], str]] = {
    "string": str,
    "date": lambda text: datetime.date.fromisoformat(text).isoformat(),
    "gYear": lambda text: f"{datetime.date(int(text), 1, 1).year:04d}",
    "integer": lambda text: str(int(text)),
    "decimal": _decimal,
}


def _entity(parameter: Parameter, text: str, questions: Questions) -> Filled:
    """An entity by its IRI, by a compact IRI (``theme:velo``), or by its name in any language."""
    iri = _expanded(text)
    if iri is not None:
        return Filled(parameter, text, ox.NamedNode(iri))
    exact, near = _searched(parameter, text, questions) if questions.named else (_named(parameter, text, questions), None)
    if len(exact) == 1:
        return Filled(parameter, text, ox.NamedNode(exact[0].iri))
    if exact:
        return Filled(parameter, text, reason="several", candidates=exact)
    return Filled(parameter, text, reason="unknown-name", candidates=_like(parameter, text, questions) if near is None else near)


def _searched(parameter: Parameter, text: str, questions: Questions) -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """Those that are called so, and those that come near, as the search index finds them."""
    class_ = _expanded(parameter.of_class) if parameter.of_class else None
    found = questions.named(text, class_) if questions.named else ()
    exact = tuple(Choice(one.iri, one.label) for one in found if one.exact)
    return exact[:_CANDIDATES], tuple(Choice(one.iri, one.label) for one in found)[:_CANDIDATES]


def _expanded(text: str) -> str | None:
    prefix, colon, rest = text.partition(":")
    if colon and prefix in PREFIXES and rest:
        text = PREFIXES[prefix] + rest
    return text if text.startswith(("http://", "https://")) and is_iri(text) else None


def _named(parameter: Parameter, text: str, questions: Questions) -> tuple[Choice, ...]:
    names: list[EngineTerm] = [ox.Literal(text, language=tag) if tag else ox.Literal(text) for tag in _TAGS]
    return _choices(questions, "entities-named", parameter, wanted=names)


def _like(parameter: Parameter, text: str, questions: Questions) -> tuple[Choice, ...]:
    return _choices(questions, "entities-like", parameter, text=ox.Literal(text.casefold()))


def _choices(
    questions: Questions, question: str, parameter: Parameter, **terms: EngineTerm | list[EngineTerm]
) -> tuple[Choice, ...]:
    class_ = _expanded(parameter.of_class) if parameter.of_class else None
    bound = {**terms, "class": ox.NamedNode(class_) if class_ else None}
    found: dict[str, str] = {}
    for row in questions.rows(question, Window(4 * _CANDIDATES), **bound):
        entity, label = row["entity"], row["label"]
        if isinstance(entity, ox.NamedNode) and isinstance(label, ox.Literal):
            found.setdefault(entity.value, label.value)
    return tuple(Choice(iri, label) for iri, label in list(found.items())[:_CANDIDATES])
