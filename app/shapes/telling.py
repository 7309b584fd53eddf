"""How a report is told: a SHACL validation report, a problem document, a text for a volunteer; nothing is decided here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

import pyoxigraph as ox
from rdflib import RDF, XSD, BNode, Graph, Literal, URIRef
from rdflib.term import Node

from app.shapes import paths
from app.terms import PREFIXES, SH, SHAPE, EngineTerm, compact, to_rdflib
from app.text import Language, pick, say

if TYPE_CHECKING:
    from app.shapes.findings import Finding, Report

LONGEST = 120
"""Characters of a value that are shown."""

LISTED = 500
"""Findings in a problem document."""

NODES, PER_NODE = 50, 10
"""Nodes in a text, and findings of each."""

PROBLEM = str(SHAPE) + "Refused"


def graph(report: Report) -> Graph:
    """The validation report (https://www.w3.org/TR/shacl/#validation-report).

    ``sh:conforms`` is false where there is a violation: warnings and advice do not refuse. Each result also has its source graph
    (``shape:graph``) and, for what came from a file, the line (``shape:line``).
    """
    told = Graph()
    for prefix, namespace in PREFIXES.items():
        told.bind(prefix, namespace, replace=True)
    node = BNode()
    told.add((node, RDF.type, SH.ValidationReport))
    told.add((node, SH.conforms, Literal(report.conforms)))
    for severity, count in report.counts.items():
        told.add((node, SHAPE[f"count{severity}"], Literal(count)))
    for finding in report.findings:
        told.add((node, SH.result, _result(told, finding, report)))
    return told


def _result(told: Graph, finding: Finding, report: Report) -> Node:
    node = BNode()
    said: list[tuple[URIRef, Node]] = [
        (RDF.type, SH.ValidationResult),
        (SH.focusNode, _node(finding.focus)),
        (SH.resultSeverity, SH[finding.severity]),
        (SH.sourceConstraintComponent, URIRef(finding.component)),
        (SH.sourceShape, URIRef(finding.shape)),
        (SHAPE.graph, URIRef(finding.graph)),
    ]
    said += [(SH.resultMessage, Literal(text, lang=tag or None)) for tag, text in finding.messages.items()]
    if finding.path and finding.path in report.paths:
        said.append((SH.resultPath, paths.write(report.paths[finding.path], told)))
    elif finding.path:
        said.append((SH.resultPath, URIRef(finding.path)))
    if finding.value is not None and not isinstance(finding.value, ox.Triple):
        said.append((SH.value, to_rdflib(finding.value)))
    if finding.line is not None:
        said.append((SHAPE.line, Literal(finding.line, datatype=XSD.integer)))
    for predicate, value in said:
        told.add((node, predicate, value))
    return node


def _node(name: str) -> Node:
    return BNode(name.removeprefix("_:")) if name.startswith("_:") else URIRef(name)


def _read_once(report: Report) -> Report:
    """Without the findings that read like another: constraints of one shape share its message, and one mending satisfies them."""
    first: dict[tuple[object, ...], Finding] = {}
    for one in report.findings:
        read = (one.severity, one.graph, one.focus, one.path, one.value, one.line, *sorted(one.messages.items()))
        first.setdefault(read, one)
    kept = tuple(first.values())
    again = Counter[str](one.severity for one in report.findings) - Counter[str](one.severity for one in kept)
    return replace(report, findings=kept, counts={of: count - again[of] for of, count in report.counts.items()})


def problem(report: Report, language: Language) -> dict[str, object]:
    """The members of a problem document (RFC 9457, section 3): type, title, detail, and the findings as an extension."""
    report = _read_once(report)
    listed = report.findings[:LISTED]
    return {
        "type": PROBLEM,
        "title": say("gate.title-accepted" if report.conforms else "gate.title-refused", language),
        "detail": _summary(report, language),
        "findings": [_member(finding, language) for finding in listed],
        "omitted": sum(report.counts.values()) - len(listed),
    }


def _member(finding: Finding, language: Language) -> dict[str, object]:
    return {
        "severity": finding.severity,
        "node": finding.focus,
        "property": finding.path,
        "value": None if finding.value is None else shortened(finding.value),
        "message": _message(finding, language),
        "graph": finding.graph,
        "line": finding.line,
        "shape": finding.shape,
    }


def text(report: Report, language: Language) -> str:
    """The report node by node, the gravest first; long lists are cut and say by how much."""
    report = _read_once(report)
    lines = [say("gate.title-accepted" if report.conforms else "gate.title-refused", language), _summary(report, language)]
    by_node = [list(found) for _, found in groupby(_by_node(report.findings), key=lambda f: f.focus)]
    for found in by_node[:NODES]:
        lines += ["", _heading(found[0], report.labels, language)]
        lines += [f"  {_line(finding, language)}" for finding in found[:PER_NODE]]
        lines += _others(len(found) - PER_NODE, language, indent="  ")
    shown = sum(len(found) for found in by_node[:NODES])
    hidden = list(_others(sum(report.counts.values()) - shown, language))
    return "\n".join([*lines, *([""] if hidden else []), *hidden]) + "\n"


def _by_node(findings: Iterable[Finding]) -> list[Finding]:
    """The findings of a node together, the nodes in the order of their gravest one."""
    first: dict[str, int] = {}
    for position, finding in enumerate(findings):
        first.setdefault(finding.focus, position)
    return sorted(findings, key=lambda f: first[f.focus])


def _summary(report: Report, language: Language) -> str:
    errors = report.counts.get("Violation", 0)
    said = say("gate.detail-refused", language, n=errors) if errors else say("gate.detail-accepted", language, n=report.nodes)
    more = [("warnings", report.counts.get("Warning", 0)), ("advice", report.counts.get("Info", 0))]
    counted = ", ".join(say(f"gate.{key}", language, n=count) for key, count in more if count)
    return f"{said} ({counted})" if counted else said


def _heading(finding: Finding, labels: Mapping[str, Mapping[str | None, str]], language: Language) -> str:
    label = pick(labels.get(finding.focus, {}), language)
    address = f"<{finding.focus}>" if not finding.focus.startswith("_:") else finding.focus
    return f"{_in_one_line(label[0])} {address}" if label else address


def _line(finding: Finding, language: Language) -> str:
    name = pick({tag or None: text for tag, text in finding.names.items()}, language)
    field = name[0] if name else compact(finding.path) if finding.path else None
    said = [say(f"gate.{finding.severity}", language)]
    said += [field] if field else []
    said += (
        [say("gate.value", language, value=shortened(finding.value))]
        if finding.value is not None and _tells_more(finding.value, finding.path)
        else []
    )
    where = [say("gate.line", language, line=str(finding.line))] if finding.line is not None else []
    where += [say("gate.source", language, graph=finding.graph.rstrip("/").rpartition("/")[2])]
    return f"{' – '.join(said)} – {_message(finding, language)} ({', '.join(where)})"


def _tells_more(value: EngineTerm, path: str | None) -> bool:
    """Whether a value is another than the property itself, which its line names already."""
    return not isinstance(value, ox.NamedNode) or value.value != path


def _message(finding: Finding, language: Language) -> str:
    found = pick({tag or None: text for tag, text in finding.messages.items()}, language)
    return found[0] if found else ""


def _others(count: int, language: Language, indent: str = "") -> Iterator[str]:
    if count > 0:
        yield indent + say("gate.others", language, n=count)


def shortened(value: EngineTerm) -> str:
    """A value in one line of bounded length."""
    return _in_one_line(str(value) if isinstance(value, ox.Triple) else value.value)


def _in_one_line(whole: str) -> str:
    line = " ".join(whole.split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"
