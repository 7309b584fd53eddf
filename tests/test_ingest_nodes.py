"""Blank nodes get IRIs by what is said of them, component by component."""

from __future__ import annotations

import random

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.ingest.nodes import blank_nodes, components, name, origins

BASE = "http://localhost:8000/"
P, Q = ox.NamedNode("http://example.org/p"), ox.NamedNode("http://example.org/q")
A, B = ox.NamedNode("http://example.org/a"), ox.NamedNode("http://example.org/b")


def named(triples: list[ox.Triple]) -> set[ox.Triple]:
    """All statements with their nodes named."""
    return {triple for part in components((triple, 1) for triple in triples) for triple in name(part, BASE)}


def node(label: int) -> ox.BlankNode:
    return ox.BlankNode(f"n{label}")


_ends = st.one_of(st.integers(0, 5).map(node), st.sampled_from([A, B, ox.Literal("x"), ox.Literal("y", language="fr")]))
_statements = st.builds(ox.Triple, st.integers(0, 5).map(node), st.sampled_from([P, Q]), _ends)
_graphs = st.lists(_statements, min_size=1, max_size=8)


@given(_graphs, st.randoms(use_true_random=False))
def test_neither_labels_nor_order_matter(triples: list[ox.Triple], chance: random.Random) -> None:
    labels = list(range(100, 106))
    chance.shuffle(labels)

    def relabelled(term: ox.BlankNode | ox.NamedNode | ox.Literal) -> ox.BlankNode | ox.NamedNode | ox.Literal:
        return node(labels[int(term.value[1:])]) if isinstance(term, ox.BlankNode) else term

    others = [ox.Triple(relabelled(t.subject), t.predicate, relabelled(t.object)) for t in triples]
    chance.shuffle(others)
    assert named(triples) == named(others)


@given(_graphs, _graphs)
def test_an_edit_elsewhere_changes_no_node(kept: list[ox.Triple], other: list[ox.Triple]) -> None:
    apart = [
        ox.Triple(*(ox.BlankNode(f"apart-{end.value}") if isinstance(end, ox.BlankNode) else end for end in triple))
        for triple in other
    ]
    assert named(kept) <= named(kept + apart)


@given(_graphs)
def test_no_blank_node_stays_and_the_shape_is_kept(triples: list[ox.Triple]) -> None:
    found = named(triples)
    assert not [triple for triple in found if list(blank_nodes(triple))]
    assert {triple.predicate for triple in found} == {triple.predicate for triple in triples}


def test_nodes_hang_together_through_blank_nodes_only() -> None:
    first = [ox.Triple(A, P, node(1)), ox.Triple(node(1), Q, node(2))]
    second = [ox.Triple(A, P, node(3))]
    assert sorted(part.nodes for part in components((t, 1) for t in [*second, *first])) == [1, 2]


def test_two_nodes_that_say_the_same_become_one() -> None:
    assert named([ox.Triple(A, P, node(1)), ox.Triple(A, P, node(2))]) == named([ox.Triple(A, P, node(3))])


def test_two_nodes_of_one_component_that_differ_by_place_alone_stay_two() -> None:
    """A chain of three: what is said of each differs only through its neighbours."""
    chain = [ox.Triple(node(1), P, node(2)), ox.Triple(node(2), P, node(3))]
    ends = {end for triple in named(chain) for end in (triple.subject, triple.object)}
    assert len(ends) == 3


def test_the_iri_depends_on_the_base_and_lies_in_its_own_kind() -> None:
    (triple,) = named([ox.Triple(A, P, node(1))])
    assert isinstance(triple.object, ox.NamedNode)
    assert triple.object.value.startswith("http://localhost:8000/id/node/")
    assert len(triple.object.value.rpartition("/")[2]) == 32


@pytest.mark.parametrize("size", [1, 2, 5])
def test_each_iri_tells_which_blank_nodes_it_may_stand_for(size: int) -> None:
    triples = [ox.Triple(node(i), P, ox.Literal(str(i))) for i in range(size)]
    triples += [ox.Triple(node(i), Q, node(i + 1)) for i in range(size - 1)]
    (part,) = components((triple, 1) for triple in triples)
    assert sorted(len(labels) for labels in origins(part, BASE).values()) == [1] * size
