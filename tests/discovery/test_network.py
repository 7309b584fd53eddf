"""The network says of each version which entities there are and how they are linked, however it was written."""

from __future__ import annotations

import datetime
import random
import tempfile
from pathlib import Path

import numpy as np
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.discovery.intervals import ALWAYS_AFTER, OPEN, days
from app.discovery.iris import IriTable
from app.discovery.network import Network
from app.engine.changes import Change
from app.engine.indexes import Indexes
from tests.conftest import BASE as OBSERVATORY_BASE
from tests.discovery.networks import BASE, content, quads, rows, written

ENGAGED = """
<id/actor/a> a :Association ; :theme theme:velo .
<id/actor/b> a :PublicBody .
<id/partnership/x> a :Partnership ; :startDate "2020"^^xsd:gYear ; :endDate "2021-03"^^xsd:gYearMonth ;
    :participation <id/participation/1>, <id/participation/2> ; :concerns <id/project/p> .
<id/participation/1> a :Participation ; :participant <id/actor/a> ; :role role:signs, role:leads .
<id/participation/2> a :Participation ; :participant <id/actor/b> .
<id/membership/m> a :Membership ; :member <id/actor/a> ; :memberOf <id/actor/b> ; :membershipRole capacity:chair ;
    :startDate "2019-05-02"^^xsd:date .
<id/project/p> a :Project ; :leader <id/actor/a> .
"""


def day(year: int, month: int, number: int) -> int:
    return datetime.date(year, month, number).toordinal()


def test_partnerships_and_memberships_are_collapsed_and_tell_role_and_dates(tmp_path: Path) -> None:
    nodes, links = content(written(tmp_path / "n", quads(ENGAGED)))
    x = (f"{BASE}id/partnership/x", day(2020, 1, 1), day(2021, 3, 31))
    assert links == {
        (f"{BASE}id/actor/a", x[0], "signs", *x[1:]),
        (f"{BASE}id/actor/a", x[0], "leads", *x[1:]),
        (f"{BASE}id/actor/b", x[0], "participation", *x[1:]),
        (x[0], f"{BASE}id/project/p", "concerns", *x[1:]),
        (f"{BASE}id/project/p", f"{BASE}id/actor/a", "leader", *OPEN),
        (f"{BASE}id/actor/a", f"{BASE}id/actor/b", "chair", day(2019, 5, 2), ALWAYS_AFTER),
        (f"{BASE}id/actor/a", "https://w3id.org/maillage/theme/velo", "theme", *OPEN),
    }
    assert nodes == {
        f"{BASE}id/actor/a": "actor",
        f"{BASE}id/actor/b": "actor",
        f"{BASE}id/partnership/x": "partnership",
        f"{BASE}id/project/p": "project",
        "https://w3id.org/maillage/theme/velo": None,
    }


def test_links_that_rules_derive_are_left_out(tmp_path: Path) -> None:
    said = quads("<id/actor/a> a :Association ; :partnerOf <id/actor/b> . <id/actor/b> a :Association .")
    assert content(written(tmp_path / "n", said))[1] == set()


def test_what_two_sources_say_is_one_link(tmp_path: Path) -> None:
    said = "<id/project/p> a :Project ; :leader <id/actor/a> ."
    network = written(tmp_path / "n", quads(said, "a") | quads(said, "b"))
    assert len(network.all_links()) == 1


def test_a_proof_or_a_source_is_no_node(tmp_path: Path) -> None:
    said = quads("<id/source/s> a :Source . <id/evidence/e> a :Evidence ; :aboutSubject <id/source/s> .")
    assert content(written(tmp_path / "n", said)) == ({}, set())


def test_an_event_without_an_end_lasts_a_day_and_a_project_does_not(tmp_path: Path) -> None:
    said = quads(
        """<id/event/e> a :Event ; :startDateTime "2024-09-01T14:00:00+02:00"^^xsd:dateTime ; :organizer <id/actor/a> .
        <id/project/p> a :Project ; :startDate "2024-09-01"^^xsd:date ; :leader <id/actor/a> ."""
    )
    links = written(tmp_path / "n", said).all_links()
    assert {tuple(link)[3:] for link in links.tolist()} == {
        (day(2024, 9, 1), day(2024, 9, 1)),
        (day(2024, 9, 1), ALWAYS_AFTER),
    }


def test_a_period_apart_dates_the_links_of_what_bears_it(tmp_path: Path) -> None:
    said = quads(
        """<id/project/p> a :Project ; :leader <id/actor/a> ; :period <id/period/1>, <id/period/2> .
        <id/period/1> a :Period ; :startDate "2017"^^xsd:gYear ; :endDate "2017"^^xsd:gYear .
        <id/period/2> a :Period ; :startDate "2019"^^xsd:gYear ; :endDate "2020"^^xsd:gYear ."""
    )
    (link,) = written(tmp_path / "n", said).all_links().tolist()
    assert link[3:] == (day(2017, 1, 1), day(2020, 12, 31))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2020", (2020, 1, 1), (2020, 12, 31)),
        ("2020Z", (2020, 1, 1), (2020, 12, 31)),
        ("2020-02", (2020, 2, 1), (2020, 2, 29)),
        ("2020-12", (2020, 12, 1), (2020, 12, 31)),
        ("2020-12-24", (2020, 12, 24), (2020, 12, 24)),
        ("2020-12-24T18:00:00Z", (2020, 12, 24), (2020, 12, 24)),
    ],
)
def test_a_date_covers_days(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert days(text) == (day(*first), day(*last))


@pytest.mark.parametrize("text", ["", "2020-13", "2020-02-30", "soon", "0000", "9999", "20201224x"])
def test_what_is_no_date_covers_nothing(text: str) -> None:
    assert days(text) is None


def test_nodes_are_found_by_iri_and_unknown_ones_are_not(tmp_path: Path) -> None:
    network = written(tmp_path / "n", quads(ENGAGED))
    for node in network.nodes().tolist():
        assert network.ordinal(network.iri(node)) == node
    assert network.ordinal(f"{BASE}id/actor/zzz") is None
    assert network.ordinal("") is None
    assert [network.iri(node) for node in network.nodes("actor").tolist()] == [f"{BASE}id/actor/a", f"{BASE}id/actor/b"]


def test_an_empty_graph_has_an_empty_network(tmp_path: Path) -> None:
    network = written(tmp_path / "n", frozenset())
    assert (len(network), content(network), network.ordinal("x")) == (0, ({}, set()), None)
    later = written(tmp_path / "m", quads(ENGAGED), tmp_path / "n", Change(quads(ENGAGED)))
    assert content(later) == content(written(tmp_path / "o", quads(ENGAGED)))


def test_a_small_write_shares_the_base_of_the_version_before(tmp_path: Path) -> None:
    before = quads(ENGAGED)
    written(tmp_path / "n", before)
    more = quads("<id/project/q> a :Project ; :leader <id/actor/b> .")
    written(tmp_path / "m", before | more, tmp_path / "n", Change(more))
    assert (tmp_path / "m/base/targets.npy").samefile(tmp_path / "n/base/targets.npy")


def test_a_write_that_links_nothing_leaves_the_network_its_files(tmp_path: Path) -> None:
    before = quads(ENGAGED)
    more = quads("<id/project/q> a :Project ; :leader <id/actor/b> .")
    said = quads('<id/project/q> :description "Autrement."@fr .')
    written(tmp_path / "n", before)
    written(tmp_path / "m", before | more, tmp_path / "n", Change(more))
    written(tmp_path / "o", before | more | said, tmp_path / "m", Change(said))
    names = ("patch.npz", "scheme.json")
    assert [(tmp_path / "m" / name).samefile(tmp_path / "n" / name) for name in names] == [False, True]
    assert [(tmp_path / "o" / name).samefile(tmp_path / "m" / name) for name in names] == [True, True]


def test_a_change_of_more_statements_than_there_are_links_is_not_followed(tmp_path: Path) -> None:
    before, more = quads(ENGAGED), quads("<id/actor/new> a :Association . <id/project/q> a :Project ; :leader <id/actor/b> .")
    written(tmp_path / "n", quads("<id/actor/b> a :Association ; :theme theme:velo ."))
    network = written(tmp_path / "m", before | more, tmp_path / "n", Change(before | more), followed=1)
    assert content(network) == content(written(tmp_path / "o", before | more))
    assert len(network.patch) == 0


def test_an_entity_without_links_is_kept_by_a_small_write(tmp_path: Path) -> None:
    before, more = quads(ENGAGED), quads("<id/actor/new> a :Association .")
    written(tmp_path / "n", before)
    network = written(tmp_path / "m", before | more, tmp_path / "n", Change(more))
    new = network.ordinal(f"{BASE}id/actor/new")
    assert new is not None
    assert network.degree(new) == 0
    assert not len(network.neighbours(new).targets)


STATEMENTS = [
    *(f"<id/actor/{a}> a :Association ." for a in "ab"),
    "<id/actor/c> a :PublicBody .",
    "<id/actor/c> :theme theme:velo .",
    "theme:velo a :Theme .",
    *(f"<id/project/{p}> a :Project ." for p in "pq"),
    *(f"<id/project/{p}> :leader <id/actor/{a}> ." for p in "pq" for a in "ab"),
    '<id/project/p> :startDate "2020"^^xsd:gYear .',
    '<id/project/p> :endDate "2021"^^xsd:gYear .',
    "<id/project/p> :period <id/period/1> .",
    '<id/period/1> :startDate "2018-02"^^xsd:gYearMonth .',
    "<id/partnership/x> a :Partnership .",
    '<id/partnership/x> :startDate "2022"^^xsd:gYear .',
    *(f"<id/partnership/{x}> :participation <id/participation/{i}> ." for x in "xy" for i in (1, 2)),
    *(f"<id/participation/{i}> :participant <id/actor/{a}> ." for i in (1, 2) for a in "ab"),
    *(f"<id/participation/1> :role role:{r} ." for r in ("signs", "leads", "unheard-of")),
    "<id/partnership/x> :concerns <id/project/p> .",
    *(f"<id/membership/{m}> :member <id/actor/a> ." for m in (1, 2)),
    *(f"<id/membership/{m}> :memberOf <id/actor/{g}> ." for m in (1, 2) for g in "bc"),
    "<id/membership/1> :membershipRole capacity:chair .",
    '<id/membership/2> :startDate "2019-05-02"^^xsd:date .',
    "<id/event/e> a :Event .",
    "<id/event/e> :organizer <id/actor/a> .",
    '<id/event/e> :startDate "2023-01-05"^^xsd:date .',
    "<id/actor/a> :theme <id/actor/a> .",
]
POOL = [quad for graph in "ab" for said in STATEMENTS for quad in quads(said, graph)]


@settings(max_examples=60)
@given(
    st.lists(st.sets(st.integers(0, len(POOL) - 1), min_size=1, max_size=9), min_size=1, max_size=7), st.sampled_from([2, 1_024])
)
def test_a_network_kept_up_by_small_writes_equals_one_built_anew(steps: list[set[int]], patched: int) -> None:
    with tempfile.TemporaryDirectory() as room:
        state: frozenset[ox.Quad] = frozenset(POOL[::3])
        written(Path(room, "0"), state)
        for turn, step in enumerate(steps, 1):
            toggled = frozenset(POOL[i] for i in step)
            after = state ^ toggled
            change = Change(after - state, state - after)
            kept = written(Path(room, str(turn)), after, Path(room, str(turn - 1)), change, patched)
            anew = written(Path(room, f"{turn}-anew"), after)
            assert content(kept) == content(anew)
            assert rows(kept) == content(anew)[1]
            assert {iri for iri in content(anew)[0] if kept.ordinal(iri) is None} == set()
            everyone = np.arange(len(kept), dtype=np.int32)
            assert sorted(kept.around(everyone)[1].tolist()) == sorted(np.repeat(everyone, kept.degrees(everyone)).tolist())
            state = after


@settings(max_examples=80)
@given(st.sets(st.text("abé", max_size=3)), st.sets(st.text("abé", max_size=3)), st.data())
def test_a_merged_table_has_the_living_and_the_new(old: set[str], new: set[str], data: st.DataObject) -> None:
    table, fresh = IriTable.of(old), sorted(new - old, reverse=True)
    before = [table[i] for i in range(len(table))]
    dead = np.array([data.draw(st.booleans()) for _ in before], dtype=bool)
    merged, of_old, of_fresh = table.merged(fresh, dead)
    living = [iri for iri, gone in zip(before, dead, strict=True) if not gone]
    assert [merged[i] for i in range(len(merged))] == sorted([*living, *fresh], key=str.encode)
    assert [merged[n] for n in of_fresh] == fresh
    assert [merged[n] if n >= 0 else None for n in of_old] == [
        None if gone else iri for iri, gone in zip(before, dead, strict=True)
    ]


def test_every_version_of_a_store_has_its_network(observatory: object) -> None:
    networks = Indexes(observatory.lease, "network", Network.open)  # type: ignore[attr-defined]
    gone = f"{OBSERVATORY_BASE}id/actor/disparu"
    assert networks.at(1).ordinal(gone) is not None
    assert networks.at(2).ordinal(gone) is None
    hub = networks.at(2).ordinal(f"{OBSERVATORY_BASE}id/actor/carrefour")
    assert hub is not None
    assert networks.at(2).degree(hub) == 1_000


@pytest.mark.parametrize("seed", range(10))
def test_links_between_two_sets_of_nodes_are_the_same_from_either_side(tmp_path: Path, seed: int) -> None:
    draw = random.Random(seed)

    def some(count: int) -> frozenset[ox.Quad]:
        pairs = [draw.sample("abcdefgh", 2) for _ in range(count)]
        return quads("".join(f"<id/actor/{one}> a :Actor ; :unitOf <id/actor/{other}> . " for one, other in pairs))

    before, more = some(12), some(4)
    written(tmp_path / "n", before)
    network = written(tmp_path / "m", before | more, tmp_path / "n", Change(more - before, frozenset()))
    every = network.nodes().tolist()
    nodes = np.array(draw.choices(every, k=6), np.int32)  # some of them twice
    others = np.array(sorted(draw.sample(every, 4)), np.int32)
    sides = [network.between(nodes, others, turned=turned) for turned in (False, True)]
    one, other = (sorted(zip(places.tolist(), *(column.tolist() for column in rows), strict=True)) for rows, places in sides)
    near = network.neighbours(int(nodes[0]))
    assert one == other
    assert [link[1] for link in one if link[0] == 0] == sorted(near.targets[np.isin(near.targets, others)].tolist())
