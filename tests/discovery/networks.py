"""Small networks for the tests of discovery: written by the index as a store has it written, and read back as plain sets."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pyoxigraph as ox

from app.assembly import load_vocabulary
from app.discovery.index import NetworkIndex
from app.discovery.kinds import NO_KIND
from app.discovery.network import Network
from app.engine.changes import Change
from app.resources import folder
from app.vocabulary import Vocabulary
from tests.gates import State

BASE = "https://base.test/"
PREFIXES = f"""
@base <{BASE}> .
@prefix : <https://w3id.org/maillage/ontology#> .
@prefix role: <https://w3id.org/maillage/code/role/> .
@prefix capacity: <https://w3id.org/maillage/code/membership-role/> .
@prefix theme: <https://w3id.org/maillage/theme/> .
@prefix territory: <https://w3id.org/maillage/territory/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
Content = tuple[dict[str, str | None], set[tuple[str, str, str, int, int]]]


@cache
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def index(patched: int, followed: int) -> NetworkIndex:
    return NetworkIndex([folder("ontology") / "maillage.ttl"], vocabulary, patched, followed)


def quads(turtle: str, graph: str = "a") -> frozenset[ox.Quad]:
    """Statements of one source."""
    name = ox.NamedNode(f"{BASE}graphs/{graph}")
    parsed = ox.parse(PREFIXES + turtle, ox.RdfFormat.TURTLE)
    return frozenset(ox.Quad(quad.subject, quad.predicate, quad.object, name) for quad in parsed)


def written(
    target: Path,
    after: Iterable[ox.Quad],
    earlier: Path | None = None,
    change: Change | None = None,
    patched: int = 1_024,
    followed: int = 10_000,
) -> Network:
    """The network of a state, from an earlier one or anew."""
    target.mkdir(parents=True)
    index(patched, followed).write(target, earlier, State(after), change or Change(), Change())
    return Network.open(target)


def content(network: Network) -> Content:
    """Kinds by IRI, and every link as (source, target, kind of link, first day, last day), with names for numbers."""
    nodes = {network.iri(node): network.kind(node) for node in network.nodes().tolist()}
    links = network.all_links().tolist()
    return nodes, {(network.iri(s), network.iri(t), short(network.links[kind].iri), *days) for s, t, kind, *days in links}


def short(iri: str) -> str:
    """``https://…/ontology#leader`` as ``leader``, ``…/code/role/funds`` as ``funds``."""
    return iri.replace("#", "/").rpartition("/")[2]


def rows(network: Network) -> set[tuple[str, str, str, int, int]]:
    """The same links as :func:`content`, gathered node by node from the rows; checks that both ends tell the same."""
    found: dict[bool, set[tuple[str, str, str, int, int]]] = {True: set(), False: set()}
    for node in network.nodes().tolist():
        near = network.neighbours(node)
        assert network.degree(node) == len(near.targets)
        for target, kind, start, end, forward in zip(*(column.tolist() for column in near), strict=True):
            ends = (node, target) if forward else (target, node)
            found[forward].add((*map(network.iri, ends), short(network.links[kind].iri), start, end))
    assert found[True] == found[False]
    return found[True]


__all__ = ["BASE", "NO_KIND", "content", "index", "quads", "rows", "short", "vocabulary", "written"]
