"""The best explanations are those that an exhaustive search finds, in the order that makes sense to a reader."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.discovery.arrays import LINK
from app.discovery.costs import APART, COMMONPLACE, Options
from app.discovery.files import Base, Patch
from app.discovery.iris import IriTable
from app.discovery.kinds import Scheme
from app.discovery.network import Network
from app.discovery.paths import connect, find_paths, nearest
from app.discovery.steps import Path as Path_
from app.engine.changes import Change
from tests.discovery.networks import BASE, quads, short, vocabulary, written

KINDS = ("actor", "partnership", "project", "theme", "territory")
SCHEME = Scheme.of(vocabulary())
LINKS = [SCHEME.numbers[one.iri] for one in SCHEME.links if short(one.iri) in ("signs", "leader", "theme", "within", "chair")]


def made(kinds: list[str], links: list[tuple[int, int, int, int, int]]) -> Network:
    """A network of nodes by number."""
    iris = IriTable.of(f"{number:04}" for number in range(len(kinds)))
    numbers = np.array([SCHEME.kinds.index(kind) for kind in kinds], np.uint8)
    return Network(SCHEME, Base.of(iris, numbers, np.array(links, LINK)), Patch())


def lacks(links: tuple[tuple[int, int, int], ...]) -> int:
    """At how many nodes the days of two links do not overlap."""
    return sum(one[2] < other[1] or other[2] < one[1] for one, other in pairwise(links))


def exhaustive(network: Network, source: int, target: int, best: int, options: Options) -> list[tuple[int, tuple[int, ...]]]:
    """Cost and nodes of the best explanations, by looking at every simple path."""
    allowed = {}
    for source_, target_, kind, start, end in network.all_links().tolist():
        if (options.links is None or kind in options.links) and start <= options.last and end >= options.first:
            for pair in ((source_, target_), (target_, source_)):
                allowed.setdefault(pair, []).append((round(1_000 / network.links[kind].weight), start, end))

    def cost(nodes: tuple[int, ...]) -> int:
        total = sum(round(500 * math.log2(network.degree(node))) for node in nodes[1:-1])
        total += COMMONPLACE * sum(network.kind(node) in ("theme", "territory") for node in nodes[1:-1])
        choices = product(*(allowed[pair] for pair in pairwise(nodes)))
        return total + min(sum(one[0] for one in links) + APART * lacks(links) for links in choices)

    found: dict[tuple[int, ...], tuple[int, tuple[int, ...]]] = {}

    def runs(nodes: tuple[int, ...]) -> int:
        common = [network.kind(node) in ("theme", "territory") for node in nodes[1:] if node != target]
        return sum(now and not before for before, now in pairwise([False, *common]))

    def walk(nodes: tuple[int, ...]) -> None:
        if runs(nodes) > 1:
            return
        pairs = [(a, b) for place, a in enumerate(nodes) for b in nodes[place + 2 :] if (a, b) != (source, target)]
        if any(pair in allowed for pair in pairs):
            return
        if nodes[-1] == target:
            rank = cost(nodes), nodes
            key = tuple(-1 if network.kind(node) == "partnership" else node for node in nodes)
            found[key] = min(rank, found.get(key, rank))
        elif len(nodes) <= options.longest:
            for near in range(len(network)):
                passes = near == target or (near not in options.without and network.kind(near) not in options.avoided)
                if near not in nodes and (nodes[-1], near) in allowed and passes:
                    walk((*nodes, near))

    walk((source,))
    return sorted(found.values())[:best]


days = st.tuples(st.integers(1, 6), st.integers(1, 6)).map(sorted)


def likely(chance: random.Random) -> Network:
    """Two actors that probably have several explanations: few nodes, many links, short periods."""
    kinds = ["actor", "actor", *chance.choices(KINDS, (2, 4, 1, 1, 1), k=chance.randint(0, 6))]
    links = set()
    for _ in range(chance.randint(0, 3 * len(kinds))):
        source, target = chance.sample(range(len(kinds)), 2)
        start = chance.randint(1, 5)
        links.add((source, target, chance.choice(LINKS), start, start + chance.randint(0, 2)))
    return made(kinds, sorted(links))


@st.composite
def asked(draw: st.DrawFn) -> Options:
    first, last = draw(days)
    return Options(
        draw(st.none() | st.frozensets(st.sampled_from(LINKS), min_size=2)),
        *draw(st.sampled_from([(Options().first, Options().last), (first, last)])),
        draw(st.integers(1, 6)),
        draw(st.just(frozenset()) | st.frozensets(st.integers(2, 8), max_size=2)),
        draw(st.sampled_from([frozenset(), frozenset({"theme"}), frozenset({"theme", "territory"})])),
    )


@settings(max_examples=300)
@given(st.integers(0, 10**9), asked(), st.integers(1, 4))
def test_paths_are_those_that_an_exhaustive_search_finds(seed: int, options: Options, best: int) -> None:
    for turn in range(5):  # most of what makes ranking hard is rare in one small network
        network = likely(random.Random(seed + turn))
        asked_ = replace(options, without=options.without & frozenset(range(len(network))))
        found = find_paths(network, 0, 1, best, asked_)
        assert [(path.cost, path.nodes) for path in found.paths] == exhaustive(network, 0, 1, best, asked_)
        assert found.complete


TOWN = """
<id/actor/a> a :Association . <id/actor/b> a :Association . <id/actor/c> a :PublicBody . <id/actor/alone> a :Association .
<id/partnership/x> a :Partnership ; :participation <id/participation/1>, <id/participation/2> .
<id/participation/1> a :Participation ; :participant <id/actor/a> ; :role role:signs .
<id/participation/2> a :Participation ; :participant <id/actor/b> ; :role role:signs .
<id/project/p> a :Project ; :leader <id/actor/a>, <id/actor/b> .
theme:velo a :Theme . <id/actor/a> :theme theme:velo . <id/actor/b> :theme theme:velo .
territory:departement-91 a :Department .
territory:commune-1 a :Commune ; :within territory:departement-91 .
territory:commune-2 a :Commune ; :within territory:departement-91 .
<id/actor/a> :territory territory:commune-1 . <id/actor/b> :territory territory:commune-2 .
"""


def told(network: Network, path: Path_) -> list[str]:
    return [short(network.iri(node)) for node in path.nodes]


def ends(network: Network, *names: str) -> list[int]:
    found = [network.ordinal(f"{BASE}id/actor/{name}") for name in names]
    return [node for node in found if node is not None]


def test_doing_together_comes_before_being_alike_and_being_near(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(TOWN))
    found = find_paths(network, *ends(network, "a", "b"))
    assert [told(network, path)[1:-1] for path in found.paths] == [
        ["x"],
        ["p"],
        ["velo"],
        ["commune-1", "departement-91", "commune-2"],
    ]


def test_of_two_shared_themes_the_rarer_one_comes_first(tmp_path: Path) -> None:
    crowd = "".join(f"<id/actor/x{i}> a :Association ; :theme theme:a . " for i in range(20))
    said = quads("<id/actor/a> a :Actor ; :theme theme:a, theme:b . <id/actor/b> a :Actor ; :theme theme:a, theme:b . " + crowd)
    network = written(tmp_path / "n", said)
    found = find_paths(network, *ends(network, "a", "b"), 2)
    assert [told(network, path)[1] for path in found.paths] == ["b", "a"]


def test_partnerships_of_the_same_two_are_one_explanation(tmp_path: Path) -> None:
    said = "".join(
        f"""<id/partnership/{x}> a :Partnership ; :participation <id/participation/{x}1>, <id/participation/{x}2> .
        <id/participation/{x}1> :participant <id/actor/a> . <id/participation/{x}2> :participant <id/actor/b> . """
        for x in "xyz"
    )
    network = written(tmp_path / "n", quads("<id/actor/a> a :Actor . <id/actor/b> a :Actor . " + said))
    assert [told(network, path) for path in find_paths(network, *ends(network, "a", "b")).paths] == [["a", "x", "b"]]


@pytest.mark.parametrize(("second", "apart"), [("2021", False), ("2023", True)])
def test_links_that_never_held_together_say_so_and_cost(tmp_path: Path, second: str, apart: bool) -> None:
    said = f"""<id/membership/m> :member <id/actor/a> ; :memberOf <id/actor/c> .
    <id/membership/m> :startDate "2020"^^xsd:gYear ; :endDate "2021-02"^^xsd:gYearMonth .
    <id/membership/n> :member <id/actor/b> ; :memberOf <id/actor/c> ; :startDate "{second}"^^xsd:gYear ."""
    network = written(tmp_path / "n", quads("".join(f"<id/actor/{x}> a :Actor . " for x in "abc") + said))
    (path,) = find_paths(network, *ends(network, "a", "b")).paths
    assert [step.apart for step in path.steps] == [False, apart]
    assert path.cost == 2 * round(1_000 / 0.7) + 500 + APART * apart


def test_options_narrow_what_is_followed(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(TOWN))
    pair = ends(network, "a", "b")
    number = network.scheme.numbers

    def through(**options: object) -> list[str]:
        return [told(network, path)[1] for path in find_paths(network, *pair, options=Options(**options)).paths]

    assert through(longest=2) == ["x", "p", "velo"]
    assert through(longest=1) == []
    assert through(avoided=frozenset({"theme", "territory"})) == ["x", "p"]
    assert through(links=frozenset({number["https://w3id.org/maillage/ontology#leader"]})) == ["p"]
    project = network.ordinal(f"{BASE}id/project/p")
    assert through(without=frozenset({project}), longest=2) == ["x", "velo"]


def test_nothing_is_found_where_nothing_joins_and_the_same_node_is_refused(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(TOWN))
    a, alone = ends(network, "a", "alone")
    assert find_paths(network, a, alone).paths == ()
    with pytest.raises(ValueError, match="two different nodes"):
        find_paths(network, a, a)
    with pytest.raises(ValueError, match="1 to 6 links"):
        find_paths(network, a, alone, options=Options(longest=7))


def test_several_are_connected_by_the_fewest_explanations(tmp_path: Path) -> None:
    said = TOWN + "<id/membership/m> a :Membership ; :member <id/actor/c> ; :memberOf <id/actor/b> ."
    network = written(tmp_path / "n", quads(said))
    found = connect(network, ends(network, "a", "b", "c", "alone"))
    assert [told(network, path) for path in found.paths] == [["b", "c"], ["a", "x", "b"]]


def test_the_nearest_of_a_kind_are_those_that_one_acts_with(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(TOWN))
    (a,) = ends(network, "a")
    assert [short(network.iri(node)) for node in nearest(network, a)] == ["b"]


def test_a_search_on_a_patched_network_finds_what_it_finds_on_one_written_anew(tmp_path: Path) -> None:
    base, more = (
        quads(TOWN),
        quads("<id/project/q> a :Project ; :leader <id/actor/a>, <id/actor/alone> . <id/actor/b> :theme theme:pain ."),
    )
    gone = quads("<id/project/p> :leader <id/actor/b> .")
    written(tmp_path / "n", base)
    after = base - gone | more
    kept = written(tmp_path / "m", after, tmp_path / "n", Change(more, gone))
    anew = written(tmp_path / "o", after)
    for target in ("b", "alone"):
        one, other = (find_paths(network, *ends(network, "a", target)).paths for network in (kept, anew))
        assert [(told(kept, path), path.cost) for path in one] == [(told(anew, path), path.cost) for path in other]
        assert one
