"""The figures of a version are those that its statements have, whether counted anew or kept from the version before."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.citing.description import MERGE, Description, DescriptionIndex, Figures
from app.engine.versions import Repository
from tests.engine.versioned import BASE, FAST, change, graph, quick_folder

TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
STATEMENTS = [
    ox.Quad(ox.NamedNode(f"{BASE}id/{s}"), predicate, ox.NamedNode(f"{BASE}class/{o}"), graph(g))
    for s in "12"
    for predicate in (TYPE, ox.NamedNode(f"{BASE}has"))
    for o in "AB"
    for g in "xy"
]


def read(folder: Path, number: int) -> dict[str, tuple[int, Counter[str], Counter[str]]]:
    found = Description.read(folder / "data" / "versions" / f"{number:06d}" / "description").graphs
    return {name: (one.triples, one.properties, one.classes) for name, one in found.items()}


def expected(quads: set[ox.Quad]) -> dict[str, tuple[int, Counter[str], Counter[str]]]:
    graphs: dict[str, set[ox.Triple]] = {}
    for quad in quads:
        graphs.setdefault(quad.graph_name.value, set()).add(quad.triple)
        graphs.setdefault(MERGE, set()).add(quad.triple)
    return {
        name: (
            len(triples),
            Counter(t.predicate.value for t in triples),
            Counter(t.object.value for t in triples if t.predicate == TYPE),
        )
        for name, triples in graphs.items()
    }


@settings(max_examples=20)
@given(st.lists(st.sets(st.sampled_from(STATEMENTS), max_size=10), min_size=1, max_size=5), st.sampled_from([2, 2_000]))
def test_figures_kept_from_change_to_change_are_those_that_counting_gives(states: list[set[ox.Quad]], least: int) -> None:
    with quick_folder() as folder:
        repository = Repository(folder / "data", BASE, options=FAST, indexes=(DescriptionIndex(least=least),))
        held: set[ox.Quad] = set()
        for state in states:
            with repository.transaction("test", "") as transaction:
                transaction.apply(change(state - held, held - state))
                version = transaction.commit()
            held = state
            if version is not None:
                assert read(folder, version.number) == expected(state)


@pytest.mark.parametrize("least", [0, 2_000])
def test_a_graph_tells_when_a_version_last_changed_it(tmp_path: Path, least: int) -> None:
    repository = Repository(tmp_path / "data", BASE, options=FAST, indexes=(DescriptionIndex(least=least),))
    for quads in (STATEMENTS[:2], STATEMENTS[2:3]):
        with repository.transaction("test", "") as transaction:
            transaction.apply(change(quads))
            transaction.commit()
    figures = Description.read(tmp_path / "data" / "versions" / "000002" / "description")
    assert {name for name, one in figures.graphs.items() if one.changed} == {MERGE, graph("x").value, graph("y").value}
    assert Description({}).merge == Figures()
