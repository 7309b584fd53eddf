"""Measures the network index and the search for paths: ``python -m tests.bench.paths --actors 85000 420000``.

85,000 synthetic actors make some 200,000 entities, 420,000 a million. The statements are those of ``maillage generate`` and of
the seed's territories, without the texts, which the index does not read. Pairs of actors are drawn at random; half of them among
those that a chain of links joins nearby.
"""

from __future__ import annotations

import argparse
import gzip
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from app.assembly import load_vocabulary
from app.discovery import intervals
from app.discovery.index import NetworkIndex
from app.discovery.kinds import CAPACITY, MEMBER, MEMBER_OF, PARTICIPANT, PARTICIPATION, ROLE
from app.discovery.network import Network
from app.discovery.paths import connect, find_paths
from app.engine.changes import Change
from app.generate import generate, read_communes, read_themes
from app.resources import folder
from app.terms import PREFIXES
from tests.gates import State

BASE = "http://localhost:8000/"
TYPE = PREFIXES["rdf"] + "type"
DEFAULT = ox.DefaultGraph()


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def statements(actors: int, read: frozenset[str]) -> Iterator[ox.Quad]:
    """The statements that the index reads, in the merged graph."""
    wanted = {f"<{path}>" for path in read}
    lines = (line for line in generate(actors, 1, BASE, read_communes(), read_themes()) if line.split(" ", 2)[1] in wanted)
    some: list[str] = []
    for line in lines:
        some.append(line)
        if len(some) == 50_000:
            yield from _parsed(some)
            some = []
    yield from _parsed(some)
    for path in ("seed/territories.ttl.gz", "ontology/themes.ttl"):
        yield from (ox.Quad(*quad.triple) for quad in _turtle(path) if quad.predicate.value in read)


def _parsed(lines: Sequence[str]) -> Iterator[ox.Quad]:
    return (ox.Quad(*quad.triple) for quad in ox.parse("".join(lines), ox.RdfFormat.N_QUADS))


def _turtle(path: str) -> Iterator[ox.Quad]:
    name, file = path.split("/")
    content = (folder(name) / file).read_bytes()
    return ox.parse(gzip.decompress(content) if file.endswith(".gz") else content, ox.RdfFormat.TURTLE, base_iri=BASE)


class Merged(State):
    """A state that holds its merge alone."""

    def __init__(self, quads: Iterator[ox.Quad]) -> None:
        self.store = ox.Store()
        self.store.bulk_extend(quads)


Time = tuple[float, float]
"""Seconds on the clock and of the processor: the second is what the first would be on a machine that does nothing else."""


def told(name: str, taken: Sequence[Time]) -> None:
    clock, processor = ([round(1_000 * one, 2) for one in sorted(seconds)] for seconds in zip(*taken, strict=True))
    p95 = int(len(clock) * 0.95)
    say(
        f"  {name:36} median {statistics.median(clock):7.2f} ms   p95 {clock[p95]:7.2f}   worst {clock[-1]:7.2f}"
        f"   processor: median {statistics.median(processor):7.2f}   p95 {processor[p95]:7.2f}"
    )


def timed(run: Callable[[], object]) -> Time:
    clock, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - clock, time.process_time() - processor


def pairs(network: Network, count: int) -> list[tuple[int, int]]:
    """Half of them anyone with anyone, half with someone a few steps away."""
    chance = random.Random(7)
    actors = network.nodes("actor").tolist()
    found = []
    while len(found) < count:
        source, target = chance.choice(actors), chance.choice(actors)
        if len(found) % 2:
            target = source
            for _ in range(chance.choice((2, 4))):
                target = int(chance.choice(network.neighbours(target).targets))
        if source != target:
            found.append((source, target))
    return found


def time_writes(index: NetworkIndex, room: Path, state: Merged, writes: int) -> tuple[list[Time], list[Time]]:
    """Each write adds a project with a leader, a theme, a territory and a date."""
    terms = {name: ox.NamedNode(PREFIXES["maillage"] + name) for name in ("Project", "leader", "theme", "territory", "startDate")}
    kept, opened, graph = [], [], ox.NamedNode(f"{BASE}graphs/bench")
    theme, place = ox.NamedNode(read_themes()[0]), ox.NamedNode(read_communes()[0].iri)
    for turn in range(writes):
        project = ox.NamedNode(f"{BASE}id/project/bench-{turn}")
        said = [
            (ox.NamedNode(TYPE), terms["Project"]),
            (terms["leader"], ox.NamedNode(f"{BASE}id/actor/synthetique-{turn + 1:06}")),
            (terms["theme"], theme),
            (terms["territory"], place),
            (terms["startDate"], ox.Literal("2024", datatype=ox.NamedNode(PREFIXES["xsd"] + "gYear"))),
        ]
        state.store.extend(ox.Quad(project, path, value) for path, value in said)
        change = Change(frozenset(ox.Quad(project, path, value, graph) for path, value in said))
        target = room / f"{turn + 1}"
        target.mkdir()
        kept.append(timed(partial(index.write, target, room / f"{turn}", state, change, Change())))
        opened.append(timed(partial(Network.open, target)))
    return kept, opened


def measure(actors: int, writes: int, asked: int, room: Path) -> None:
    index = NetworkIndex([folder("ontology") / "maillage.ttl"], load_vocabulary)
    links = {link.iri for link in index._read[0].links}
    read = frozenset({TYPE, CAPACITY, MEMBER, MEMBER_OF, PARTICIPANT, PARTICIPATION, ROLE} | links | intervals.TELLING)
    state = Merged(statements(actors, read))
    (room / "0").mkdir()
    built = timed(lambda: index.write(room / "0", None, state, Change(), Change()))
    network = Network.open(room / "0")
    degrees = network.degrees(np.arange(len(network), dtype=np.int32))
    size = sum(file.stat().st_size for file in (room / "0").rglob("*") if file.is_file())
    say(f"{len(network):,} entities, {int(degrees.sum()) // 2:,} links, largest degree {int(degrees.max()):,}")
    say(f"  built anew in {built[0]:.1f} s ({built[1]:.1f} s of the processor), {size / 2**20:.0f} MB")
    kept, opened = time_writes(index, room, state, writes)
    told("upkeep by a write of one entity", kept)
    told("opening a version", opened)
    network = Network.open(room / f"{writes}")
    some = pairs(network, asked)
    told("a look-up of an entity", [timed(partial(network.ordinal, network.iri(a))) for a, _ in some])
    told("the best explanation", [timed(partial(find_paths, network, a, b, 1)) for a, b in some])
    told("the best five", [timed(partial(find_paths, network, a, b, 5)) for a, b in some])
    without = sum(not find_paths(network, a, b, 1).paths for a, b in some)
    groups = [sorted({node for pair in some[i : i + 3] for node in pair})[:5] for i in range(0, min(asked, 60), 3)]
    told("what connects five", [timed(partial(connect, network, nodes)) for nodes in groups])
    say(f"  {asked} pairs, {without} without a path of four links")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actors", type=int, nargs="+", default=[85_000])
    parser.add_argument("--writes", type=int, default=100)
    parser.add_argument("--pairs", type=int, default=300)
    asked = parser.parse_args()
    for actors in asked.actors:
        with tempfile.TemporaryDirectory() as room:
            measure(actors, asked.writes, asked.pairs, Path(room))


if __name__ == "__main__":
    main()
