"""The data-entry rules in words, class by class, for people who enter data; the same shapes that the gate judges by."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rdflib import RDF, RDFS, XSD, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from app.shapes import layout, paths
from app.shapes.layout import absence, alternatives
from app.terms import GEO, SH, SHAPE, compact
from app.text import LANGUAGES, Language, say

if TYPE_CHECKING:
    from app.shapes.shapes import Shapes, Target

Labels = Callable[[str], Mapping[str, str]]
"""The names of a class, by language."""

_ABSENCE = {"Violation": "required", "Warning": "recommended", "Info": "advised"}
_DATATYPES = {
    XSD.string: "text",
    RDF.langString: "text-in-language",
    XSD.integer: "integer",
    XSD.decimal: "decimal",
    XSD.boolean: "boolean",
    XSD.date: "date",
    XSD.gYear: "year",
    XSD.gYearMonth: "month",
    XSD.dateTime: "moment",
    GEO.wktLiteral: "geometry",
}
_EXAMPLE = re.compile(r"(?:par exemple|for instance)\s*[«“]\s*([^»”]+?)\s*[»”]")


@dataclass(frozen=True)
class FieldRules:
    """The rules of one property shape. Texts are by language; ``severity`` is that of breaking the rule.

    ``absence`` is the severity of leaving the field out, None where it may be; ``example`` is the one that the message gives.
    """

    shape: str
    path: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    severity: str
    absence: str | None
    constraints: Mapping[str, tuple[str, ...]]
    message: Mapping[str, str]
    example: Mapping[str, str]
    of_classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class ClassRules:
    """The rules for entities of some classes (nearly always one): their own fields, and the classes whose rules they share."""

    shape: str
    classes: tuple[str, ...]
    label: Mapping[str, str]
    description: Mapping[str, str]
    message: Mapping[str, str]
    fields: tuple[FieldRules, ...]
    inherits: tuple[str, ...]


def class_rules(shapes: Shapes, labels: Labels) -> list[ClassRules]:
    """The rules of every shape with a target, general classes first."""
    ordered = sorted(shapes.targets, key=lambda target: (layout.depth(shapes, target), str(target.node)))
    ruled = {name for target in ordered for name in target.classes}
    return [_class(shapes, target, ruled, labels) for target in ordered]


def _class(shapes: Shapes, target: Target, ruled: set[str], labels: Labels) -> ClassRules:
    classes = tuple(sorted(target.classes))
    above = {name for of_class in classes for name in shapes.superclasses(of_class)} - set(classes)
    parts = [part for part in shapes.parts(target.node) if (part, SH.path, None) in shapes.graph]
    own = [_field(shapes, part, labels) for part in sorted(parts, key=lambda part: _position(shapes, part))]
    return ClassRules(
        shape=shapes.name_of(target.node),
        classes=classes,
        label=labels(classes[0]) if classes else {},
        description=shapes.texts(target.node, SH.description) or shapes.texts(target.node, RDFS.comment),
        message=shapes.texts(target.node, SH.message),
        fields=tuple(own),
        inherits=tuple(sorted(above & ruled)),
    )


def _position(shapes: Shapes, part: Node) -> tuple[float, float, str]:
    group = shapes.graph.value(part, SH.group)
    orders = [shapes.graph.value(node, SH.order) for node in (group, part) if node is not None]
    first, second = ([float(o) if isinstance(o, Literal) else 99.0 for o in orders] + [99.0, 99.0])[:2]
    return first, second, str(part)


def _field(shapes: Shapes, part: Node, labels: Labels) -> FieldRules:
    rule, graph = shapes.rule(str(part)), shapes.graph
    examples = {tag: _EXAMPLE.search(text) for tag, text in rule.messages.items()}
    example = {tag: found[1].strip("<> ") for tag, found in examples.items() if found}
    classes = [str(c) for node in alternatives(graph, part) for c in graph.objects(node, SH["class"])]
    return FieldRules(
        shape=rule.iri,
        path=paths.text(rule.path) if rule.path else "",
        name=rule.names,
        description=shapes.texts(part, SH.description),
        severity=rule.severity,
        absence=absence(graph, part),
        constraints={language: tuple(_sentences(shapes, part, language, labels, example)) for language in LANGUAGES},
        message=rule.messages,
        example=example,
        of_classes=tuple(dict.fromkeys(classes)),
    )


def _sentences(shapes: Shapes, part: Node, language: Language, labels: Labels, example: Mapping[str, str]) -> Iterator[str]:
    """What a property shape asks, in short phrases."""
    graph = shapes.graph

    def rule(key: str, **said: object) -> str:
        return say(f"gate.rule-{key}", language, **said)

    def number(predicate: URIRef) -> int | None:
        value = graph.value(part, predicate)
        return int(value) if isinstance(value, Literal) else None

    missing = absence(graph, part)
    if missing:
        yield rule(_ABSENCE[missing])
    least, most = number(SH.minCount), number(SH.maxCount)
    if least and least > 1:
        yield rule("at-least", n=least)
    if most:
        yield rule("at-most-one") if most == 1 else rule("at-most", n=most)
    if graph.value(part, SH.uniqueLang):
        yield rule("one-per-language")
    yield from _kinds(shapes, part, language, labels)
    if (length := number(SH.maxLength)) is not None:
        yield rule("at-most-characters", n=length)
    for predicate, key in ((SH.minInclusive, "from"), (SH.maxInclusive, "up-to")):
        if (bound := graph.value(part, predicate)) is not None:
            yield rule(key, **{"least" if key == "from" else "most": str(bound)})
    if (part, SH.pattern, None) in graph and (part, SH.datatype, XSD.string) in graph and language in example:
        yield rule("format", example=example[language])


def _kinds(shapes: Shapes, part: Node, language: Language, labels: Labels) -> Iterator[str]:
    """What the values are: of which datatypes, from which list, links to what."""
    graph = shapes.graph
    codes = graph.value(part, SHAPE.codeList)
    if codes is not None:
        yield say("gate.rule-code-list", language, list=compact(str(codes)))
        return
    kinds: dict[str, None] = {}
    for node in alternatives(graph, part):
        for datatype in graph.objects(node, SH.datatype):
            key = _DATATYPES.get(datatype)  # type: ignore[call-overload]
            known = say(f"gate.rule-{key}", language) if key else None
            kinds[known or say("gate.rule-datatype", language, datatype=compact(str(datatype)))] = None
        for of_class in graph.objects(node, SH["class"]):
            name = labels(str(of_class)).get(language) or compact(str(of_class))
            kinds[say("gate.rule-class", language, **{"class": name})] = None
        for tags in graph.objects(node, SH.languageIn):
            languages = ", ".join(str(tag) for tag in Collection(graph, tags))
            kinds[say("gate.rule-text-in", language, languages=languages)] = None
    if (part, SH.nodeKind, SH.IRI) in graph and not kinds:
        kinds[say("gate.rule-web-address" if (part, SH.pattern, None) in graph else "gate.rule-resource", language)] = None
    if kinds:
        *others, last = kinds
        yield say("gate.rule-or", language, first=", ".join(others), second=last) if others else last
