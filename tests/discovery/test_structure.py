"""Communities, bridges, isolated actors, projects to pool, on networks that fit on a page; cut vertices against brute force."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse as sparse
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse.csgraph import connected_components

from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.structure import Shape, pools
from app.discovery.structure.between import FARTHEST, between
from app.discovery.structure.cuts import cut_off
from app.discovery.structure.shape import shape_of
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


def test_who_has_only_a_funder_is_isolated_and_who_funds_is_not(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    assert short(network, shape.alone) == ["alone"]
    assert (shape.actors, shape.linked) == (10, 9), "the funder is neither linked nor isolated"


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


def test_projects_near_one_another_are_pooled_across_the_bounds_of_areas(tmp_path: Path) -> None:
    said = actors(*"abcd") + "".join(f"territory:{one} a :Commune . " for one in "uvwx") + "theme:velo a :Theme . "
    said += project("p1", "a", "velo", "u") + project("p2", "b", "velo", "v") + project("p3", "c", "velo", "w")
    said += project("p4", "a", "velo", "v") + project("p5", "d", "velo", "x")
    network = written(tmp_path / "n", quads(said))
    holders = {f"{TERRITORY}{one}": frozenset({f"{TERRITORY}d{one}"}) for one in "uvwx"}
    # v lies some 7 km east of u, w as far again, x in another country
    centres = {f"{TERRITORY}{one}": (2.0 + n / 10, 48.0) for n, one in enumerate("uvw")} | {f"{TERRITORY}x": (9.0, 48.0)}
    found = pools(network, Scopes(network, ThemeTree({}), Places(holders, centres)))
    told = {(pool.area[-1], pool.kilometres, tuple(network.iri(one)[-2:] for one in pool.projects)) for pool in found.items}
    assert told == {
        ("v", None, ("p2", "p4")),
        ("v", 10, ("p1", "p2", "p3")),  # p4 has the leader of p1
        ("w", 10, ("p2", "p3", "p4")),
    }


def symmetric(count: int, pairs: set[tuple[int, int]]) -> sparse.csr_matrix:
    matrix = sparse.lil_matrix((count, count))
    for one, other in pairs:
        if one != other and max(one, other) < count:
            matrix[one, other] = matrix[other, one] = 1
    return matrix.tocsr()


def by_every_path(links: sparse.csr_matrix) -> list[float]:
    """The same by listing every shortest path between every two nodes."""
    count = links.shape[0]
    near = [set(links[node].indices.tolist()) for node in range(count)]
    through = [0.0] * count
    for start in range(count):
        paths, known = {start: [[start]]}, {start}
        edge = [start]
        while edge:
            found: dict[int, list[list[int]]] = {}
            for node in edge:
                for other in near[node] - known:
                    found.setdefault(other, []).extend([*path, other] for path in paths[node])
            known |= found.keys()
            paths |= found
            edge = list(found)
        for end, ways in paths.items():
            for way in ways if end != start else []:
                for node in way[1:-1]:
                    through[node] += 1 / len(ways)
    pairs = (count - 1) * (count - 2)
    return [one / pairs if pairs else 0.0 for one in through]


@given(st.integers(1, 9), st.sets(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=24))
def test_betweenness_is_what_every_shortest_path_says(count: int, pairs: set[tuple[int, int]]) -> None:
    links = symmetric(count, pairs)
    found = between(links)
    assert found.is_exact
    assert np.allclose(found.shares, by_every_path(links))


def test_in_a_star_all_paths_lead_through_the_middle_and_on_a_line_most() -> None:
    assert between(symmetric(5, {(0, n) for n in range(1, 5)})).shares.tolist() == [1, 0, 0, 0, 0]
    assert between(symmetric(4, {(0, 1), (1, 2), (2, 3)})).shares.tolist() == [0, 2 / 3, 2 / 3, 0]


def test_paths_are_followed_to_a_bound_so_that_a_chain_takes_no_more_than_its_like() -> None:
    found = between(symmetric(160, {(n, n + 1) for n in range(159)}))
    ends = sum(1 for one in range(80) for other in range(81, 160) if other - one <= FARTHEST)
    assert ends == 49 * 50 // 2
    assert found.shares[80] == pytest.approx(2 * ends / (159 * 158))


def test_a_large_network_is_estimated_from_some_starts_and_says_so() -> None:
    chance = np.random.default_rng(1)
    links = symmetric(300, {(int(a), int(b)) for a, b in chance.integers(0, 300, (900, 2))} | {(0, n) for n in range(1, 300)})
    exact, drawn = between(links), between(links, most_work=links.nnz * 60)
    assert (exact.is_exact, drawn.is_exact, drawn.starts) == (True, False, 60)
    assert int(np.argmax(drawn.shares)) == int(np.argmax(exact.shares)) == 0
    assert abs(drawn.shares[0] - exact.shares[0]) < 0.05
    assert between(links, most_work=links.nnz * 60).shares.tolist() == drawn.shares.tolist()


def test_the_bridge_of_two_groups_is_told_with_its_betweenness(tmp_path: Path) -> None:
    network, shape = two_cliques(tmp_path)
    told = {short(network, [one.node])[0]: round(one.between, 3) for one in shape.central}
    # nine linked actors: 28 unordered pairs of others; d stands between a, b, c and the other five, e between four and four
    assert told["d"] == round(15 / 28, 3)
    assert told["e"] == round(16 / 28, 3)
    assert told["a"] == 0
    assert shape.starts == shape.linked == 9
