"""Small stores for the tests of versions: statements by number, and what a version holds as plain sets."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from app.engine.changes import Change
from app.engine.disk import MEGABYTE
from app.engine.versions import Options, Repository, Version

BASE = "http://localhost:8000/"
FAST = Options(reserve_bytes=8 * MEGABYTE)
Triple = tuple[str, str, str]


@contextmanager
def quick_folder() -> Iterator[Path]:
    """A temporary folder in memory where there is one: what is tested does not depend on the disk's pace."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        yield Path(name)


def graph(name: str) -> ox.NamedNode:
    return ox.NamedNode(f"{BASE}graphs/{name}")


def said(i: int | str, value: object = "x", source: str = "a") -> ox.Quad:
    """The statement that node ``i`` has a value, in a source's graph."""
    return ox.Quad(ox.NamedNode(f"{BASE}id/{i}"), ox.NamedNode(f"{BASE}has"), ox.Literal(value), graph(source))


def change(added: Iterable[ox.Quad] = (), removed: Iterable[ox.Quad] = ()) -> Change:
    return Change(frozenset(added), frozenset(removed))


def write(
    repository: Repository, added: Iterable[ox.Quad] = (), removed: Iterable[ox.Quad] = (), message: str = ""
) -> Version | None:
    with repository.transaction("test", message) as transaction:
        transaction.apply(change(added, removed))
        return transaction.commit()


def content(repository: Repository, n: int | None = None) -> frozenset[ox.Quad]:
    """The statements of the named graphs. Checks that the merge has each of their triples, and no other."""
    with repository.reader(n) as reader:
        quads = frozenset(reader.store)
    named = frozenset(quad for quad in quads if quad.graph_name != ox.DefaultGraph())
    assert {quad.triple for quad in quads - named} == {quad.triple for quad in named}
    return named


def lines(path: Path, quads: Iterable[ox.Quad]) -> Path:
    """A file of N-Triples."""
    path.write_bytes(ox.serialize([quad.triple for quad in quads], format=ox.RdfFormat.N_TRIPLES) or b"")
    return path
