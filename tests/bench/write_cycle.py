"""Measures writes of one entity on stores of several sizes: ``python -m tests.bench.write_cycle --triples 100000 1000000``.

Each write adds, changes or removes about 12 triples with the gate and the rules, as an editor would, and is a published version.
The reference, measured in the same run, is the engine alone: the same triples added in place to a store that stays open, and
flushed. ``--keep FOLDER`` leaves the stores there, by their sizes, and a later run takes them up again: ten million triples take
half an hour to load and index, and a thousand writes three minutes.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pyoxigraph as ox

from app.assembly import Definitions, digest, open_repository
from app.engine.changes import Change
from app.engine.versions import Repository
from app.settings import Settings

BASE = "http://localhost:8000/"
ONTOLOGY = "https://w3id.org/maillage/ontology#"
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
SOURCE = ox.NamedNode("http://purl.org/dc/terms/source")
GRAPH = ox.NamedNode(f"{BASE}graphs/bench")
Statement = tuple[ox.NamedNode, ox.NamedNode, ox.NamedNode | ox.Literal]


def node(path: str) -> ox.NamedNode:
    return ox.NamedNode(BASE + path)


def term(name: str) -> ox.NamedNode:
    return ox.NamedNode(ONTOLOGY + name)


def actor(name: str, wording: str = "") -> Iterator[Statement]:
    """Ten statements about an association."""
    own, number = node(f"id/actor/{name}"), int(name.removeprefix("new")) + 50_000_000 * name.startswith("new")
    yield own, TYPE, term("Association")
    yield own, term("name"), ox.Literal(f"Association {name} {wording}", language="fr")
    yield own, term("alternativeName"), ox.Literal(f"{name} {wording}", language="fr")
    yield own, term("acronym"), ox.Literal(f"A{number}")
    yield own, term("description"), ox.Literal(f"Agit avec les habitants de la ville, numéro {number}. {wording}", language="fr")
    yield own, term("mission"), ox.Literal(f"Relier {number % 97} à {number % 89}.", language="fr")
    yield own, term("theme"), node(f"id/theme/{number % 50}")
    yield own, term("webPage"), ox.NamedNode(f"https://example.org/{name}")
    yield own, term("rna"), ox.Literal(f"W9{number:08d}"[:10])
    yield own, SOURCE, node("id/source/bench")


def partnership(name: str, first: int, second: int) -> Iterator[Statement]:
    """Twelve statements about a partnership of two actors, from which the rules derive links."""
    own = node(f"id/partnership/{name}")
    yield own, TYPE, term("Partnership")
    yield own, term("name"), ox.Literal(f"Convention {name}", language="fr")
    yield own, SOURCE, node("id/source/bench")
    yield own, term("startDate"), ox.Literal("2024-01-01", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#date"))
    yield own, term("partnershipKind"), ox.NamedNode("https://w3id.org/maillage/code/partnership-kind/funding")
    for role, party in (("funds", first), ("receives-funding", second)):
        part = node(f"id/participation/{name}-{role}")
        yield own, term("participation"), part
        yield part, TYPE, term("Participation")
        yield part, term("participant"), node(f"id/actor/{party}")
        yield part, term("role"), ox.NamedNode(f"https://w3id.org/maillage/code/role/{role}")


def surroundings() -> Iterator[Statement]:
    for i in range(50):
        yield node(f"id/theme/{i}"), TYPE, term("Theme")
    yield node("id/source/bench"), TYPE, term("Source")
    for scheme, name in (("role", "funds"), ("role", "receives-funding"), ("partnership-kind", "funding")):
        code = ox.NamedNode(f"https://w3id.org/maillage/code/{scheme}/{name}")
        yield code, TYPE, ox.NamedNode("http://www.w3.org/2004/02/skos/core#Concept")
        yield (
            code,
            ox.NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"),
            ox.NamedNode(f"https://w3id.org/maillage/code/{scheme}"),
        )


def data(triples: int) -> Iterator[Statement]:
    """Four actors to one partnership."""
    yield from surroundings()
    for i in range(triples // 53 * 4):
        yield from actor(str(i))
        if i % 4 == 3:
            yield from partnership(str(i), i, i * 7 % (i + 1))


def write_file(path: Path, triples: int) -> None:
    rest = data(triples)
    with path.open("wb") as out:
        while some := [ox.Triple(*statement) for _, statement in zip(range(20_000), rest, strict=False)]:
            out.write(ox.serialize(some, format=ox.RdfFormat.N_TRIPLES) or b"")


def edits(count: int, actors: int) -> Iterator[Change]:
    """Add, change, remove, in turn; every fourth entity is a partnership."""
    for i in range(count):
        turn, which = i % 3, i // 3
        new = list(
            partnership(f"new{which}", which % actors, (which * 31 + 1) % actors) if which % 4 == 3 else actor(f"new{which}")
        )
        changed = [
            (s, p, ox.Literal(f"{o.value}, dit autrement", language="fr")) if p == term("name") else (s, p, o) for s, p, o in new
        ]  # type: ignore[union-attr]
        before, after = ([], new) if turn == 0 else (new, changed) if turn == 1 else (changed, [])
        yield Change(quads(set(after) - set(before)), quads(set(before) - set(after)))


def quads(statements: set[Statement]) -> frozenset[ox.Quad]:
    return frozenset(ox.Quad(*statement, GRAPH) for statement in statements)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def told(name: str, seconds: list[float]) -> float:
    ordered = sorted(1000 * s for s in seconds)
    median, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    say(f"  {name:34} median {median:7.1f} ms   p95 {p95:7.1f}   worst {ordered[-1]:7.1f}")
    return median


def time_edits(repository: Repository, count: int, actors: int) -> list[float]:
    seconds = []
    for change in edits(count, actors):
        started = time.perf_counter()
        with repository.transaction("bench", "an edit") as transaction:
            transaction.apply(change)
            transaction.commit()
        seconds.append(time.perf_counter() - started)
    return seconds


def time_engine(folder: Path, count: int, actors: int) -> list[float]:
    store, seconds = ox.Store(str(folder)), []
    for change in edits(count, actors):
        started = time.perf_counter()
        for quad in change.removed:
            store.remove(quad)
        store.extend(change.added)
        store.flush()
        seconds.append(time.perf_counter() - started)
    return seconds


def time_fsync(folder: Path, count: int) -> list[float]:
    seconds = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(count):
            started = time.perf_counter()
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
            seconds.append(time.perf_counter() - started)
    return seconds


def prepare(triples: int, room: Path) -> None:
    """A store of so many triples in ``room/data``, with its indexes, unless it is there."""
    if (room / "ready").exists():
        return
    started = time.perf_counter()
    write_file(room / "data.nt", triples)
    made = time.perf_counter()
    with Repository(room / "data", BASE, digest=digest()).transaction("bench", "load") as transaction:
        transaction.replace_graph(GRAPH.value, room / "data.nt")
        transaction.commit()
    loaded = time.perf_counter()
    time_edits(whole(room), 3, actors_of(triples))
    (room / "ready").touch()
    indexed = time.perf_counter()
    times = f"written in {made - started:.0f} s, loaded in {loaded - made:.0f} s, indexed in {indexed - loaded:.0f} s"
    say(f"{triples:,} triples: {times}")


def whole(room: Path) -> Repository:
    """As a web process opens it, which has read the definitions for its pages before the first write."""
    return open_repository(Settings(data=room / "data", base_iri=BASE, keep_versions=20), Definitions().read())


def actors_of(triples: int) -> int:
    return triples // 53 * 4


def measure(triples: int, writes: int, room: Path) -> None:
    """Prints the times of the engine alone and of whole versions, and their ratio."""
    actors, full = actors_of(triples), whole(room)
    with full.lease() as store, tempfile.TemporaryDirectory(dir=room) as folder:
        shutil.copytree(store, Path(folder) / "engine")
        few = min(writes, 198)  # in threes: all that was added is removed again
        alone = told("engine alone, in place", time_engine(Path(folder) / "engine", few, actors))
        fsync = told("one fsync of 4 kB", time_fsync(Path(folder), few))
    cycle = told(f"a version, {writes} writes", time_edits(full, writes, actors))
    say(f"  medians: {cycle / alone:.1f} times the engine alone, {cycle / fsync:.0f} times an fsync")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument(
        "--writes", type=int, default=999, help="in threes, so that all that was added is removed; 0 only prepares"
    )
    parser.add_argument("--keep", type=Path, help="where stores stay for a later run; temporary folders by default")
    asked = parser.parse_args()
    for triples in asked.triples:
        with nullcontext(str(asked.keep / str(triples))) if asked.keep else tempfile.TemporaryDirectory() as name:
            room = Path(name)
            room.mkdir(parents=True, exist_ok=True)
            prepare(triples, room)
            if asked.writes:
                measure(triples, asked.writes, room)


if __name__ == "__main__":
    main()
