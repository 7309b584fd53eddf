"""Times the gate on synthetic actors with the real shapes: ``python -m tests.bench.gate --actors 1000``.

Judges the seed's context and as many synthetic actors (about four entities each) in one process, in seconds of the processor, so
that other work on the machine counts little. ``--profile`` prints where the time goes, ``--digest`` names the findings.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import pstats
import sys
import time
from collections.abc import Iterator

import pyoxigraph as ox

from app.assembly import load_shapes, load_vocabulary
from app.assembly.opening import sources
from app.engine.changes import Change
from app.generate import GRAPH, generate, read_communes, read_themes
from app.ingest.reading import read
from app.resources import folder
from app.shapes import Report, batches
from app.shapes.gate import Gate
from tests.gates import State

BASE = "http://localhost:8000/"


def seed() -> Iterator[ox.Quad]:
    for name, files in sources().items():
        graph = ox.NamedNode(f"{BASE}graphs/{name}")
        for file in files:
            with read(file, BASE) as parsed:
                for quad in ox.parse(path=str(parsed.path), format=ox.RdfFormat.N_TRIPLES):
                    yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def synthetic(actors: int) -> Iterator[ox.Quad]:
    graph = ox.NamedNode(f"{BASE}graphs/{GRAPH}")
    communes, themes = read_communes(folder("seed") / "territories.ttl.gz"), read_themes(folder("ontology") / "themes.ttl")
    text = "".join(generate(actors, 1, BASE, communes, themes))
    for quad in ox.parse(text.encode(), format=ox.RdfFormat.N_QUADS):
        yield ox.Quad(quad.subject, quad.predicate, quad.object, graph)


def digest(report: Report) -> str:
    told = "\n".join(
        sorted(repr((f.severity, f.focus, f.path, str(f.value), f.graph, f.component, f.shape)) for f in report.findings)
    )
    return f"{hashlib.sha256(told.encode()).hexdigest()[:12]} {dict(report.counts)}"


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--actors", type=int, default=1000)
    asked.add_argument("--profile", action="store_true")
    asked.add_argument("--digest", action="store_true")
    asked.add_argument("--parallel", action="store_true", help="in several processes: the wall clock counts")
    told = asked.parse_args()
    added = frozenset(synthetic(told.actors))
    state = State([*seed(), *added])
    gate = Gate(load_shapes(load_vocabulary()), BASE)
    if not told.parallel:
        batches.PARALLEL_FROM = sys.maxsize
    gate.shapes.validator  # noqa: B018  made once, when the service starts
    nodes = len({quad.subject for quad in added})
    profiler = cProfile.Profile()
    clock = time.perf_counter if told.parallel else time.process_time
    begun = clock()
    if told.profile:
        profiler.enable()
    report = gate.judge(state, Change(added))
    profiler.disable()
    seconds = clock() - begun
    print(f"{nodes} nodes, {len(added)} statements: {seconds:.2f} s, {nodes / seconds:,.0f} nodes/s")
    if told.digest:
        print(digest(report))
    if told.profile:
        pstats.Stats(profiler).sort_stats("cumulative").print_stats(60)
        pstats.Stats(profiler).sort_stats("tottime").print_stats(40)


if __name__ == "__main__":
    main()
