"""Blank nodes of an update get the IRIs that the same statements would get in an import; not how those are computed.

What a template or INSERT DATA says with blank nodes is one document (:mod:`app.ingest.nodes`), so the same update again adds
nothing. A component that lies in several graphs is named by all that it says, wherever it says it.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from app.engine.lookup import Graph
from app.ingest.nodes import blank_nodes, components, name


def named(quads: Iterable[ox.Quad], base: str) -> Iterator[ox.Quad]:
    """The quads without blank nodes. Each component costs what its canonical form costs."""
    waiting: dict[ox.Triple, set[Graph]] = defaultdict(set)
    for quad in quads:
        if isinstance(quad.subject, ox.BlankNode) or isinstance(quad.object, ox.BlankNode):
            waiting[quad.triple].add(quad.graph_name)
        else:
            yield quad
    for component in components((triple, 0) for triple in waiting):
        triples = [triple for triple, _ in component.statements]
        graphs = {graph for triple in triples for graph in waiting[triple]}
        if len(graphs) == 1:
            graph = graphs.pop()
            yield from (_in(triple, graph) for triple in name(component, base))
        else:
            yield from _in_several(triples, waiting, base)


def _in(triple: ox.Triple, graph: Graph) -> ox.Quad:
    return ox.Quad(triple.subject, triple.predicate, triple.object, graph)


def _in_several(triples: list[ox.Triple], waiting: dict[ox.Triple, set[Graph]], base: str) -> Iterator[ox.Quad]:
    dataset = ox.Dataset(_in(triple, graph) for triple in triples for graph in waiting[triple])
    dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    quads = list(dataset)
    text = "".join(sorted(f"{quad} .\n" for quad in quads))
    labels = {label for quad in quads for label in blank_nodes(quad.triple)}
    iris = {
        label: ox.NamedNode(f"{base}id/node/{hashlib.sha256(f'{text}{label}'.encode()).hexdigest()[:32]}") for label in labels
    }
    for quad in quads:
        subject = iris[quad.subject.value] if isinstance(quad.subject, ox.BlankNode) else quad.subject
        value = iris[quad.object.value] if isinstance(quad.object, ox.BlankNode) else quad.object
        yield ox.Quad(subject, quad.predicate, value, quad.graph_name)
