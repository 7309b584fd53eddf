"""A neighbourhood as a file: JSON, XLSX and CSV, GraphML for graph tools; each names version and licences."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict
from typing import Any
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from app.asking.exports import Citation, comments, csv_line, workbook
from app.asking.marks import family, link_family, shape
from app.asking.neighbourhood import Bond, Thing, Told
from app.media import Format
from app.text import say

PageOf = Callable[[str], str]
"""The address of the page that shows an IRI."""

GRAPHML = Format("application/graphml+xml", "graphml")
_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NODE_KEYS: Mapping[str, str] = {
    "label": "string",
    "kind": "string",
    "nature": "string",
    "degree": "int",
    "x": "double",
    "y": "double",
}
_EDGE_KEYS: Mapping[str, str] = {
    "type": "string",
    "label": "string",
    "sentence": "string",
    "period": "string",
    "from": "int",
    "to": "int",
}


def to_json(told: Told, citation: Citation, page: PageOf) -> bytes:
    """``meta``, ``nodes`` (the first is the centre), ``links`` by the places of their ends, and what the codes are called."""
    kinds = {iri: place for place, iri in enumerate(told.kinds)}
    return json.dumps(
        {
            "meta": _meta(citation),
            "nodes": [_node(thing, page) for thing in told.things],
            "links": [_link(bond, kinds) for bond in told.bonds],
            "more": [{"node": more.thing, "kind": kinds[more.kind], "count": more.count} for more in told.more],
            "kinds": [{"iri": iri, "label": label, "family": link_family(iri)} for iri, label in told.kinds.items()],
            "natures": told.natures,
            "themes": told.themes,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def to_csv(told: Told, citation: Citation, page: PageOf) -> bytes:  # noqa: ARG001 the same as the others take
    """One line a link, behind comment lines that say where it comes from."""
    return "".join((comments(citation), *map(csv_line, _lines(told, citation)))).encode()


def to_xlsx(told: Told, citation: Citation, page: PageOf) -> bytes:  # noqa: ARG001 the same as the others take
    """The same lines in a workbook."""
    return workbook(_lines(told, citation), citation, "graph.method")


def _lines(told: Told, citation: Citation) -> Iterator[tuple[str, ...]]:
    """Headings, then a line a link."""
    yield tuple(say(f"graph.column-{name}", citation.language) for name in _COLUMNS)
    yield from (tuple(_columns(bond, told)) for bond in told.bonds)


_COLUMNS = ("source", "source-iri", "source-kind", "link", "target", "target-iri", "target-kind", "period", "sentence")


def _columns(bond: Bond, told: Told) -> Iterator[str]:
    source, target = told.things[bond.source], told.things[bond.target]
    yield from (source.node.label, source.node.iri, source.node.kind or "")
    yield told.kinds[bond.kind]
    yield from (target.node.label, target.node.iri, target.node.kind or "")
    yield from (bond.period or "", bond.sentence)


def to_graphml(told: Told, citation: Citation, page: PageOf) -> bytes:  # noqa: ARG001
    """GraphML 1.0 (http://graphml.graphdrawing.org/) with names, kinds and places, as Gephi and yEd read it."""
    root = Element("graphml", xmlns=_NAMESPACE)
    SubElement(root, "desc").text = "\n".join(f"{label}: {value}" for label, value in citation.lines())
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, type_ in keys.items():
            SubElement(root, "key", {"id": f"{domain}-{name}", "for": domain, "attr.name": name, "attr.type": type_})
    graph = SubElement(root, "graph", id="neighbourhood", edgedefault="directed")
    for thing in told.things:
        node = SubElement(graph, "node", id=thing.node.iri)
        said = {
            "label": thing.node.label,
            "kind": thing.kind,
            "nature": thing.node.kind,
            "degree": thing.degree,
            "x": thing.x,
            "y": thing.y,
        }
        _say(node, "node", said)
    for bond in told.bonds:
        ends = {"source": told.things[bond.source].node.iri, "target": told.things[bond.target].node.iri}
        edge = SubElement(graph, "edge", ends)
        told_of = {"type": bond.kind, "label": told.kinds[bond.kind], "sentence": bond.sentence, "period": bond.period}
        _say(edge, "edge", told_of | {"from": bond.first, "to": bond.last})
    indent(root)
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _say(element: Element, domain: str, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if value is not None:
            SubElement(element, "data", key=f"{domain}-{name}").text = _printed(str(value))


def _printed(text: str) -> str:
    """Without the control characters that XML 1.0 has no way to write."""
    return "".join(c for c in text if c in "\t\n\r" or (c >= " " and c not in "\ufffe\uffff"))


def _meta(citation: Citation) -> dict[str, Any]:
    found = asdict(citation) | {"licences": list(citation.licences)}
    return {name: found[name] for name in ("question", "version", "date", "address", "licences")}


def _node(thing: Thing, page: PageOf) -> dict[str, Any]:
    said = {
        "iri": thing.node.iri,
        "label": thing.node.label,
        "kind": thing.kind,
        "nature": thing.node.kind,
        "family": family(thing.kind),
        "shape": shape(thing.kind),
        "page": page(thing.node.iri),
        "degree": thing.degree,
        "x": thing.x,
        "y": thing.y,
        "parent": thing.parent,
    }
    marks = {"hub": thing.is_hub, "opened": thing.opened, "themes": list(thing.themes), "language": thing.node.language}
    return said | {name: value for name, value in marks.items() if value}


def _link(bond: Bond, kinds: Mapping[str, int]) -> dict[str, Any]:
    said = {"source": bond.source, "target": bond.target, "kind": kinds[bond.kind], "sentence": bond.sentence}
    dates = {"period": bond.period, "from": bond.first, "to": bond.last}
    return said | {name: value for name, value in dates.items() if value is not None}
