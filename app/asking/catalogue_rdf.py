"""The catalogue as RDF, for editors that offer questions: ``sh:SPARQLExecutable`` with prefixes and parameters; no HTTP.

The terms are those of https://sib-swiss.github.io/sparql-examples/, and SHACL's own for parameters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

import pyoxigraph as ox

from app.entities.addresses import is_iri
from app.queries import CannedQuery, Parameter
from app.terms import PREFIXES

_PREFIX = re.compile(r"^\s*PREFIX\s+(?P<name>[\w-]*):\s*<(?P<namespace>[^<>]*)>\s*$", re.IGNORECASE | re.MULTILINE)
_XSD = PREFIXES["xsd"]


def catalogue_triples(questions: Iterable[CannedQuery], base: str) -> Iterator[ox.Triple]:
    """The catalogue and each of its questions; an IRI of a question is the address of its page."""
    top = ox.NamedNode(f"{base}queries")
    prefixes: dict[str, str] = {}
    yield ox.Triple(top, _t("rdf:type"), _t("schema:Dataset"))
    for question in questions:
        node = ox.NamedNode(f"{base}queries/{question.name}")
        prefixes |= prefixes_of(question)
        yield ox.Triple(top, _t("schema:hasPart"), node)
        yield from _executable(node, top, question, ox.NamedNode(f"{base}sparql"))
    for name, namespace in sorted(prefixes.items()):
        declared = ox.NamedNode(f"{top.value}#prefix-{name}")
        yield ox.Triple(top, _t("sh:declare"), declared)
        yield ox.Triple(declared, _t("rdf:type"), _t("sh:PrefixDeclaration"))
        yield ox.Triple(declared, _t("sh:prefix"), ox.Literal(name))
        yield ox.Triple(declared, _t("sh:namespace"), ox.Literal(namespace, datatype=_t("xsd:anyURI")))


def prefixes_of(question: CannedQuery) -> dict[str, str]:
    """The prefixes that a question declares."""
    return {match["name"]: match["namespace"] for match in _PREFIX.finditer(question.body)}


def _executable(node: ox.NamedNode, top: ox.NamedNode, question: CannedQuery, endpoint: ox.NamedNode) -> Iterator[ox.Triple]:
    yield ox.Triple(node, _t("rdf:type"), _t("sh:SPARQLExecutable"))
    yield ox.Triple(node, _t("rdf:type"), _t("sh:SPARQLSelectExecutable"))
    yield ox.Triple(node, _t("sh:prefixes"), top)
    yield ox.Triple(node, _t("sh:select"), ox.Literal(question.body))
    yield ox.Triple(node, _t("schema:target"), endpoint)
    yield from _said(node, "rdfs:comment", question.question)
    yield from _said(node, "schema:description", question.explanation)
    for tag in question.tags:
        yield ox.Triple(node, _t("schema:keywords"), ox.Literal(tag))
    for place, parameter in enumerate(question.params, start=1):
        yield from _parameter(node, parameter, place)


def _parameter(node: ox.NamedNode, parameter: Parameter, place: int) -> Iterator[ox.Triple]:
    """A blank of the question: the name of its variable is the last part of ``sh:path`` (SHACL Advanced Features §5.2)."""
    one = ox.NamedNode(f"{node.value}#{parameter.name}")
    yield ox.Triple(node, _t("sh:parameter"), one)
    yield ox.Triple(one, _t("rdf:type"), _t("sh:Parameter"))
    yield ox.Triple(one, _t("sh:path"), ox.NamedNode(f"{node.value}/{parameter.name}"))
    yield ox.Triple(one, _t("sh:order"), ox.Literal(place))
    yield ox.Triple(one, _t("sh:optional"), ox.Literal(not parameter.required))
    yield from _said(one, "sh:name", parameter.label)
    if parameter.type == "iri":
        yield ox.Triple(one, _t("sh:nodeKind"), _t("sh:IRI"))
    else:
        yield ox.Triple(one, _t("sh:datatype"), _t(f"xsd:{parameter.type}"))
    if parameter.of_class and parameter.of_class.startswith("maillage:"):
        yield ox.Triple(one, _t("sh:class"), _t(parameter.of_class))
    if parameter.example is not None:
        yield ox.Triple(one, _t("skos:example"), _example(parameter))


def _example(parameter: Parameter) -> ox.NamedNode | ox.Literal:
    """The value of an example; an entity of one observatory only is given by its name."""
    text = parameter.example or ""
    if parameter.type != "iri":
        return ox.Literal(text, datatype=ox.NamedNode(_XSD + parameter.type))
    return ox.NamedNode(text) if is_iri(text) else ox.Literal(text)


def _said(node: ox.NamedNode, property_: str, texts: Mapping[str, str]) -> Iterator[ox.Triple]:
    for language, text in texts.items():
        yield ox.Triple(node, _t(property_), ox.Literal(text, language=language))


def _t(compact: str) -> ox.NamedNode:
    prefix, _, name = compact.partition(":")
    return ox.NamedNode(PREFIXES[prefix] + name)
