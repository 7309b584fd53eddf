"""Dumps: sorted, packed, the same bytes for the same version, bounded, and never half a file."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pyoxigraph as ox
import pytest
import zstandard

from app.engine.changes import Change
from app.engine.dumping import ALL, Dumps, Wanted
from app.engine.lookup import Queryable
from app.engine.versions import Repository
from app.errors import VersionPruned
from tests.engine.versioned import BASE, FAST, graph, quick_folder, said, write


@pytest.fixture
def folder() -> Iterator[Path]:
    with quick_folder() as path:
        yield path


@pytest.fixture
def dumps(folder: Path) -> Dumps:
    store = Repository(folder, BASE, options=FAST)
    write(store, [said(2, "b\nc"), said(1, "é"), said(1, "z .\n", "b")])
    write(store, [said(3)])
    return Dumps(folder, BASE)


def quads(text: bytes, form: ox.RdfFormat) -> set[ox.Quad]:
    return set(ox.parse(text, form))


def test_all_sources_are_sorted_lines_each_with_its_graph(dumps: Dumps) -> None:
    made = dumps.make(Wanted(1, ALL, "nq", "gz"))
    text = gzip.decompress(made.path.read_bytes())
    assert text.splitlines() == sorted(text.splitlines())
    assert quads(text, ox.RdfFormat.N_QUADS) == {said(2, "b\nc"), said(1, "é"), said(1, "z .\n", "b")}


@pytest.mark.parametrize("form", ["nq", "trig"])
def test_one_source_is_alone_in_its_file_and_both_forms_say_the_same(dumps: Dumps, form: str) -> None:
    made = dumps.make(Wanted(1, "b", form, "zst"))
    text = zstandard.ZstdDecompressor().stream_reader(made.path.read_bytes()).read()
    found = quads(text, ox.RdfFormat.N_QUADS if form == "nq" else ox.RdfFormat.TRIG)
    assert found == {said(1, "z .\n", "b")}


@pytest.mark.parametrize("packing", ["gz", "zst"])
@pytest.mark.parametrize("form", ["nq", "trig"])
def test_the_same_version_gives_the_same_bytes(dumps: Dumps, folder: Path, form: str, packing: str) -> None:
    wanted = Wanted(1, ALL, form, packing)
    first = dumps.make(wanted)
    content = first.path.read_bytes()
    first.path.unlink()
    assert dumps.found(wanted) is None
    assert dumps.make(wanted).path.read_bytes() == content


def test_the_checksum_is_that_of_the_file_as_sha256sum_reads_it(dumps: Dumps) -> None:
    made = dumps.make(Wanted(2, ALL, "nq", "gz"))
    assert made.sha256 == hashlib.sha256(made.path.read_bytes()).hexdigest()
    assert made.size == made.path.stat().st_size
    assert subprocess.run(["sha256sum", "-c", f"{made.path.name}.sha256"], cwd=made.path.parent, check=True, capture_output=True)
    assert dumps.found(Wanted(2, ALL, "nq", "gz")) == made


def test_a_graph_that_the_version_does_not_have_and_a_pruned_version_are_refused(dumps: Dumps, folder: Path) -> None:
    with pytest.raises(KeyError):
        dumps.make(Wanted(1, "nothing", "nq", "gz"))
    Repository(folder, BASE, options=FAST).prune(1)
    with pytest.raises(VersionPruned):
        dumps.make(Wanted(1, ALL, "nq", "gz"))
    assert not list((folder / "dumps").rglob("maillage-*"))


def test_a_file_of_a_pruned_version_stays(dumps: Dumps, folder: Path) -> None:
    made = dumps.make(Wanted(1, ALL, "nq", "gz"))
    Repository(folder, BASE, options=FAST).prune(1)
    assert dumps.make(Wanted(1, ALL, "nq", "gz")) == made


def test_older_versions_make_room(dumps: Dumps) -> None:
    small = Dumps(dumps.data, BASE, most=10)
    small.make(Wanted(1, ALL, "nq", "gz"))
    small.make(Wanted(1, ALL, "trig", "gz"))
    assert small.found(Wanted(1, ALL, "nq", "gz"))
    small.make(Wanted(2, ALL, "nq", "gz"))
    assert small.found(Wanted(1, ALL, "nq", "gz")) is None
    assert small.found(Wanted(2, ALL, "nq", "gz"))


@pytest.mark.parametrize("name", ["../../../etc/passwd", "a/b", "é %"])
def test_a_name_cannot_leave_the_folder(dumps: Dumps, name: str, folder: Path) -> None:
    assert "/" not in Wanted(1, name, "nq", "gz").file_name
    with pytest.raises(KeyError):
        dumps.make(Wanted(1, name, "nq", "gz"))


class Always:
    """Rules that derive one link, whatever the data say."""

    def derive(self, before: Queryable, after: Queryable, change: Change, graph: ox.NamedNode, *, bulk: bool) -> Change:
        return Change(frozenset({ox.Quad(graph, graph, graph, graph)}))


def test_the_derived_graph_is_a_file_of_its_own_and_not_among_the_sources(folder: Path) -> None:
    store = Repository(folder, BASE, None, Always(), options=FAST)
    write(store, [said(1)])
    dumps = Dumps(folder, BASE)
    sources, derived = (gzip.decompress(dumps.make(Wanted(1, name, "nq", "gz")).path.read_bytes()) for name in (ALL, "derived"))
    assert quads(sources, ox.RdfFormat.N_QUADS) == {said(1)}
    assert {quad.graph_name for quad in quads(derived, ox.RdfFormat.N_QUADS)} == {graph("derived")}
