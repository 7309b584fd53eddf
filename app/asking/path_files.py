"""Explanations as files: XLSX and CSV with one line a step, JSON with sentences and steps, GraphML with the whole picture."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.asking.explaining import Explained, Explanation, ToldStep
from app.asking.exports import JSON, XLSX, Citation, comments, csv_line, workbook
from app.asking.neighbourhood_files import GRAPHML, to_graphml
from app.entities.model import Node, Source
from app.entities.sentences import flat
from app.media import CSV, Format
from app.text import say

_COLUMNS = ("explanation", "step", "source", "source-iri", "link", "target", "target-iri", "period", "sentence", "sources")


def to_csv(told: Explained, citation: Citation) -> bytes:
    """Behind comment lines that say where it comes from."""
    return "".join((comments(citation), *map(csv_line, _lines(told, citation)))).encode()


def to_xlsx(told: Explained, citation: Citation) -> bytes:
    """The same lines in a workbook."""
    return workbook(_lines(told, citation), citation, "paths.method")


def _lines(told: Explained, citation: Citation) -> Iterator[tuple[object, ...]]:
    """Headings, then a line a step."""
    yield tuple(say(f"paths.column-{name}", citation.language) for name in _COLUMNS)
    for number, one in enumerate(told.explanations, 1):
        for turn, step in enumerate(one.steps, 1):
            stated = say("versions.semicolon", citation.language).join(
                told.sources[graph].node.label for graph in step.graphs if graph in told.sources
            )
            ends = (step.source.label, step.source.iri, step.link, step.target.label, step.target.iri)
            yield number, turn, *ends, step.period, flat(step.sentence), stated


def to_json(told: Explained, citation: Citation) -> bytes:
    """``meta``, the ``ends``, and each explanation with its sentence, nodes, steps and cost."""
    meta = {name: getattr(citation, name) for name in ("question", "version", "date", "address", "licences")}
    explanations = [_explanation(one, told.sources) for one in told.explanations]
    document = {
        "meta": meta,
        "ends": [_node(node) for node in told.ends],
        "complete": told.complete,
        "explanations": explanations,
    }
    return json.dumps(document, ensure_ascii=False, indent=1).encode()


def _explanation(one: Explanation, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "sentence": one.text,
        "cost": one.path.cost / 1_000,
        "commonplace": one.common,
        "nodes": [_node(node) for node in one.nodes],
        "steps": [_step(step, sources) for step in one.steps],
    }


def _step(step: ToldStep, sources: Mapping[str, Source]) -> dict[str, Any]:
    return {
        "source": step.source.iri,
        "target": step.target.iri,
        "link": {"iri": step.kind, "name": step.link},
        "sentence": flat(step.sentence),
        "period": step.period,
        "apart": step.apart,
        "also": [flat(words) for words in step.others],
        "sources": [_node(sources[graph].node) for graph in step.graphs if graph in sources],
    }


def _node(node: Node) -> dict[str, Any]:
    return {"iri": node.iri, "name": node.label}


FILES: Mapping[str, tuple[Format, Callable[[Explained, Citation], bytes]]] = {
    "xlsx": (XLSX, to_xlsx),
    "csv": (CSV, to_csv),
    "json": (JSON, to_json),
    "graphml": (GRAPHML, lambda told, citation: to_graphml(told.picture, citation, str)),
}
"""Every file that explanations can be, by its suffix."""
