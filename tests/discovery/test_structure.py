"""Communities, bridges, isolated actors, projects to pool, on networks that fit on a page; cut vertices against brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.structure import Shape, pools, shape_of
from app.discovery.structure.cuts import cut_off
from app.discovery.suggestions import Scopes
from app.discovery.themes import ThemeTree
from tests.discovery.networks import BASE, quads, written
from tests.discovery.test_suggesting import actors, partnership

TERRITORY, THEME = "https://w3id.org/maillage/territory/", "https://w3id.org/maillage/theme/"


def short(network: Network, nodes: object) -> list[str]:
    return sorted(network.iri(int(node)).removeprefix(f"{BASE}id/actor/") for node in nodes)  # type: ignore[attr-defined]


def clique(*names: str) -> str:
    pairs = [(one, other) for turn, one in enumerate(names) for other in names[turn + 1 :]]
    return "".join(partnership(f"{one}{other}", f"signs {one}", f"signs {other}") for one, other in pairs)


def two_cliques(tmp_path: Path) -> tuple[Network, Shape]:
    said = actors(*"abcdefghi", "funder", "alone", more="; :theme theme:velo")
    said += clique(*"abcd") + clique(*"efgh") + partnership("de", "signs d", "signs e") + partnership("hi", "signs h", "signs i")
    said += "".join(partnership(f"money-{name}", "funds funder", f"receives-funding {name}") for name in "abcdefgh")
    said += partnership("money-alone", "funds funder", "receives-funding alone")
    network = written(tmp_path / "n", quads(said + "theme:velo a :Theme . "))
    return network, shape_of(network)


def test_two_groups_joined_by_one_link_are_two_communities_whoever_funds_them(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    assert [short(network, one.members) for one in shape.communities] == [list("efghi"), list("abcd")]
    assert [network.iri(theme) for theme in shape.communities[0].themes] == [f"{THEME}velo"]


def test_a_bridge_is_told_with_whom_it_keeps_together(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    cut = {short(network, [one.node])[0]: one.cut_off for one in shape.bridges}
    assert cut == {"d": 3, "e": 4, "h": 1}


def test_who_has_only_a_funder_is_isolated(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    assert short(network, shape.alone) == ["alone", "funder"]
    assert (shape.actors, shape.linked) == (11, 9)


def test_the_centre_is_who_has_to_do_with_most(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    partners = {short(network, [one.node])[0]: one.partners for one in shape.central}
    assert partners == {"a": 3, "b": 3, "c": 3, "d": 4, "e": 4, "f": 3, "g": 3, "h": 4, "i": 1}
    assert short(network, [shape.central[0].node])[0] in "deh"


def test_the_same_network_has_the_same_shape(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    again = shape_of(network)
    assert (again.communities, again.bridges, again.central) == (shape.communities, shape.bridges, shape.central)


def test_an_empty_network_has_no_shape(tmp_path: Path) -> None:
    shape = shape_of(written(tmp_path / "n", quads("")))
    assert (shape.actors, shape.communities, shape.bridges, shape.central, len(shape.alone)) == (0, (), (), (), 0)


@given(st.integers(2, 8), st.sets(st.tuples(st.integers(0, 7), st.integers(0, 7)), max_size=14))
def test_what_is_cut_off_is_what_falls_apart_without_a_node(count: int, pairs: set[tuple[int, int]]) -> None:
    edges = {(a % count, b % count) for a, b in pairs if a % count != b % count}
    dense = np.zeros((count, count))
    for a, b in edges:
        dense[a, b] = dense[b, a] = 1
    matrix = sparse.csr_matrix(dense)
    found = cut_off(matrix.indptr.astype(np.int64), matrix.indices, [True] * count)
    _, whole = connected_components(matrix)
    for node in range(count):
        others = [one for one in range(count) if one != node and whole[one] == whole[node]]
        _, parts = connected_components(matrix[others][:, others]) if others else (0, np.zeros(0, int))
        sizes = np.bincount(parts) if len(parts) else np.zeros(1, int)
        assert found[node] == (sizes.sum() - sizes.max() if len(sizes) > 1 else 0)


def project(name: str, leader: str, theme: str, territory: str) -> str:
    about = f":theme theme:{theme} ; :territory territory:{territory}"
    return f"<id/project/{name}> a :Project ; :leader <id/actor/{leader}> ; {about} . "


def test_projects_of_one_theme_and_area_without_a_common_partner_are_pooled(tmp_path: Path) -> None:
    said = actors(*"abcd") + "territory:x a :Commune . territory:y a :Commune . territory:z a :Commune . "
    said += "theme:velo a :Theme . theme:bus a :Theme . theme:pain a :Theme . "
    said += project("p1", "a", "velo", "x") + project("p2", "b", "bus", "y") + project("p3", "a", "velo", "y")
    said += project("p4", "c", "pain", "x") + project("p5", "d", "velo", "z")
    network = written(tmp_path / "n", quads(said))
    tree = ThemeTree({f"{THEME}velo": f"{THEME}mobilite", f"{THEME}bus": f"{THEME}mobilite"})
    above = frozenset({f"{TERRITORY}d"})
    holders = {f"{TERRITORY}x": above, f"{TERRITORY}y": above, f"{TERRITORY}d": frozenset({f"{TERRITORY}r"})}
    found = pools(network, Scopes(network, tree, Places(holders, {})))
    told = [(pool.theme, pool.area, [network.iri(one)[-2:] for one in pool.projects]) for pool in found.items]
    assert told == [(f"{THEME}mobilite", f"{TERRITORY}y", ["p2", "p3"]), (f"{THEME}mobilite", f"{TERRITORY}d", ["p1", "p2"])]
    assert (found.projects, found.complete) == (5, True)
