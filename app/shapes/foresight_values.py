"""What is certain of one value node by itself: its kind, datatype, class, language, length and pattern; no shape is looked up."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from decimal import Decimal

import pyoxigraph as ox
from rdflib import RDF, XSD, Graph
from rdflib.collection import Collection
from rdflib.term import Literal, Node, URIRef

from app.shapes.view import View
from app.terms import GEO, SH, EngineTerm, to_engine

Verdict = bool | None
Test = Callable[[View, EngineTerm], Verdict]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(Z|[+-][0-9]{2}:[0-9]{2})?")
_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,15})?")


def _matches(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


def _is_moment(text: str, form: re.Pattern[str], read: Callable[[str], object]) -> bool:
    try:
        return form.fullmatch(text) is not None and read(text) is not None
    except ValueError:
        return False


def is_day(text: str) -> bool:
    """Whether a text is a day that there is, in four digits, two and two."""
    return _is_moment(text, _DAY, date.fromisoformat)


_PLAIN: dict[str, Callable[[str], bool]] = {
    str(XSD.boolean): _matches("true|false"),
    str(XSD.integer): _matches("-?[0-9]{1,15}"),
    str(XSD.decimal): _matches(_NUMBER.pattern),
    str(XSD.gYear): _matches("[1-9][0-9]{3}"),
    str(XSD.gYearMonth): _matches("[1-9][0-9]{3}-(0[1-9]|1[0-2])"),
    str(XSD.date): is_day,
    str(XSD.dateTime): lambda text: _is_moment(text, _MOMENT, datetime.fromisoformat),
    str(GEO.wktLiteral): lambda _: True,
}
"""Texts that are certainly well formed, by datatype; others may be as well."""


def value_tests(graph: Graph, given: dict[URIRef, list[Node]]) -> Iterable[Test]:
    """The tests that a shape makes of each of its value nodes; what is made a test is taken out of ``given``."""
    if given.get(SH.nodeKind) == [SH.IRI]:
        del given[SH.nodeKind]
        yield lambda _, value: isinstance(value, ox.NamedNode)
    if len(given.get(SH.datatype, ())) == 1:
        yield _datatype(str(given.pop(SH.datatype)[0]))
    for name in given.pop(SH["class"], ()):
        class_ = ox.NamedNode(str(name))
        yield lambda view, value, class_=class_: (  # type: ignore[misc]
            False if isinstance(value, ox.Literal) else view.is_of(value, class_)
        )
    for members in given.pop(SH.languageIn, ()):
        yield _language(frozenset(str(tag).lower() for tag in Collection(graph, members)))
    for members in given.pop(SH["in"], ()):
        allowed = frozenset(to_engine(one) for one in Collection(graph, members))  # type: ignore[arg-type]
        yield lambda _, value, allowed=allowed: True if value in allowed else None  # type: ignore[misc]
    yield from _texts(given)
    yield from _bounds(given)


def _datatype(name: str) -> Test:
    if name == str(XSD.string):
        return lambda _, value: isinstance(value, ox.Literal) and not value.language and value.datatype.value == name
    if name == str(RDF.langString):
        return lambda _, value: isinstance(value, ox.Literal) and bool(value.language)
    if name not in _PLAIN:
        return lambda _view, _value: None
    plain = _PLAIN[name]

    def test(_: View, value: EngineTerm) -> Verdict:
        if not isinstance(value, ox.Literal) or value.language or value.datatype.value != name:
            return False
        return True if plain(value.value) else None

    return test


def _language(tags: frozenset[str]) -> Test:
    def test(_: View, value: EngineTerm) -> Verdict:
        if not isinstance(value, ox.Literal) or not value.language:
            return False
        tag = value.language.lower()
        return "*" in tags or tag in tags or tag.split("-")[0] in tags

    return test


def _texts(given: dict[URIRef, list[Node]]) -> Iterable[Test]:
    """Tests of the text of an IRI or a literal; a blank node has none."""
    for name, fits in ((SH.minLength, lambda text, n: len(text) >= n), (SH.maxLength, lambda text, n: len(text) <= n)):
        if len(given.get(name, ())) == 1 and isinstance(given[name][0], Literal):
            bound = given.pop(name)[0].value  # type: ignore[attr-defined]
            yield lambda _, value, fits=fits, bound=bound: (  # type: ignore[misc]
                not isinstance(value, ox.BlankNode) and fits(value.value, bound)
            )
    if SH.flags not in given:
        for pattern in given.pop(SH.pattern, ()):
            found = re.compile(str(pattern)).search
            yield lambda _, value, found=found: (  # type: ignore[misc]
                not isinstance(value, ox.BlankNode) and found(value.value) is not None
            )


def _bounds(given: dict[URIRef, list[Node]]) -> Iterable[Test]:
    numbers = (str(XSD.integer), str(XSD.decimal))
    for name, fits in ((SH.minInclusive, Decimal.__ge__), (SH.maxInclusive, Decimal.__le__)):
        bounds = given.get(name, [])
        if len(bounds) == 1 and isinstance(bounds[0], Literal) and str(bounds[0].datatype) in numbers:
            bound = Decimal(str(given.pop(name)[0]))

            def test(
                _: View, value: EngineTerm, fits: Callable[[Decimal, Decimal], bool] = fits, bound: Decimal = bound
            ) -> Verdict:
                is_number = isinstance(value, ox.Literal) and value.datatype.value in numbers and _NUMBER.fullmatch(value.value)
                return True if is_number and fits(Decimal(value.value), bound) else None  # type: ignore[union-attr]

            yield test
