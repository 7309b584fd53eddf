"""Times what is counted from the facts: ``python -m tests.bench.statistics --actors 400000``, about a million entities.

The columns are drawn directly, in the shape that ``maillage generate`` gives: making a store of that size is measured
elsewhere. Times are of the processor. The reference, measured in the same run, is numpy counting one column. "Cold" is the first
time on a newly opened version, "warm" the median of three later ones.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable

import numpy as np
import pyoxigraph as ox

from app.assembly import load_vocabulary
from app.assembly.opening import sources
from app.facts import Facts, kept
from app.facts.arrays import unique_rows
from app.facts.files import Base, Content, Delta, arrays_of
from app.facts.outlines import trace
from app.facts.surveying import survey
from app.facts.tables import Tables
from app.ingest.reading import read
from app.statistics import Question, behind, tabulate
from app.statistics.geography import largest, threads
from app.statistics.portrait import of_territory
from app.text import LANGUAGES

BASE = "http://localhost:8000/"
QUESTIONS = (
    {"measure": "actors", "rows": "theme", "columns": "department"},
    {"measure": "partnerships", "rows": "subtheme", "columns": "year"},
    {"measure": "amounts", "rows": "year", "columns": "nature"},
    {"measure": "entities", "rows": "kind", "columns": "active"},
    {"measure": "actors", "rows": "commune"},
    {"measure": "engaged", "rows": "active"},
    {"measure": "links", "rows": "theme"},
    {"measure": "density", "rows": "year"},
    {"measure": "amounts", "rows": "funder", "columns": "year"},
    {"measure": "partnerships", "rows": "year", "territory": "departement-91", "theme": "alimentation"},
)


PER_ACTOR = {"project": 0.45, "partnership": 0.45, "membership": 0.3, "event": 0.2, "offer": 0.15, "need": 0.15}
"""Entities beside each actor, as ``maillage generate`` makes them."""


def facts_of(actors: int) -> Facts:
    """Columns of the shape that ``maillage generate`` gives, drawn directly: themes and parties by popularity, communes by
    population, days over fifteen years, two to eight parties a partnership."""
    draws = np.random.default_rng(1)
    tables = Tables.of(load_vocabulary())
    store = ox.Store()
    for name in ("territories", "themes"):
        for file in sources()[name]:
            with read(file, BASE) as parsed:
                store.bulk_load(path=str(parsed.path), format=ox.RdfFormat.N_TRIPLES)
    survey(Land(store), tables)
    counts = {"actor": actors} | {kind: int(actors * share) for kind, share in PER_ACTOR.items()}
    kinds = np.concatenate([np.full(n, tables.kind_number(kind), np.int16) for kind, n in counts.items()])
    size = len(kinds)
    columns = {name: np.full(size, kept.missing(name), dtype) for name, dtype in kept.COLUMNS.items()}
    columns["kind"][:] = kinds
    columns["start"][actors:] = draws.integers(14_975, 20_453, size - actors)
    columns["start_precision"][actors:] = kept.DAY
    ended = draws.random(size) < 0.67
    columns["end"][ended] = columns["start"][ended] + draws.integers(0, 1_100, int(ended.sum()))
    columns["end"][:actors] = kept.missing("end")
    partnerships = np.flatnonzero(kinds == tables.kind_number("partnership"))
    funding = partnerships[draws.random(len(partnerships)) < 0.2]
    columns["amount"][funding] = (draws.pareto(1.2, len(funding)) * 100_000).astype(np.int64)
    codes = [tables.codes.number(f"https://w3id.org/maillage/code/{name}") for name in ("role/funds", "role/receives-funding")]
    communes = np.array(tables.territory_tree.of_level("Commune"))
    people = np.array([tables.territory_tree[n].population or 1 for n in communes], float)
    themes = np.arange(1, len(tables.themes))
    rows = np.arange(size)
    second = rows[:actors]
    zipf = (1 / themes) / (1 / themes).sum()
    pairs = {name: (np.zeros(0, np.int64), np.zeros(0, np.int64)) for name in kept.PAIRS}
    pairs["main_themes"] = (rows, draws.choice(themes, size, p=zipf))
    more = (np.concatenate((rows, second)), np.concatenate((pairs["main_themes"][1], draws.choice(themes, actors, p=zipf))))
    pairs["themes"] = tuple(unique_rows(*more))  # type: ignore[assignment]
    pairs["territories"] = (rows, draws.choice(communes, size, p=people / people.sum()))
    pairs["sources"] = (rows, np.full(size, tables.graphs.number(f"{BASE}graphs/synthetic")))
    parties = np.minimum(2 + draws.pareto(1.2, len(partnerships)).astype(int), 8)
    owners = np.repeat(partnerships, parties)
    who = (actors * draws.random(len(owners)) ** 3).astype(np.int64)
    columns["degree"][:] = 3
    both = unique_rows(owners, who, np.where(draws.random(len(owners)) < 0.3, codes[0], codes[1]))
    iris = [f"{BASE}id/x/{n:09}".encode() for n in range(size)]
    content = Content(
        iris, columns, pairs, (both[0], both[1], both[2]), dict.fromkeys(LANGUAGES, iris), dict.fromkeys(LANGUAGES, rows)
    )
    return Facts(tables, Base(arrays_of(content)), Delta(), trace(Land(store), tables))


class Land:
    """Statements of a store by pattern, as an index is given them."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store

    def quads(self, subject=None, predicate=None, object=None, graph=None):  # noqa: A002
        return self._store.quads_for_pattern(subject, predicate, object, graph)


def again(facts: Facts) -> Facts:
    """The same facts as a newly opened version has them: nothing is remembered yet."""
    return Facts(facts.tables, facts.base, facts.delta, facts.outlines)


def tell(name: str, cold: float, run: Callable[[], object], reference: float) -> None:
    warm = statistics.median(timed(run) for _ in range(3))
    print(f"{name:62} cold {cold * 1000:8.1f} ms   warm {warm * 1000:8.1f} ms {warm / reference:8.0f} x", flush=True)


def timed(run: Callable[[], object]) -> float:
    begun = time.process_time()
    run()
    return time.process_time() - begun


def measure(actors: int) -> None:
    facts = facts_of(actors)
    reference = statistics.median(timed(lambda: np.bincount(facts.column("kind"))) for _ in range(9))
    print(f"{int(facts.alive.sum()):,} entities; reference {reference * 1000:.2f} ms")
    for given in QUESTIONS:
        fresh, question = again(facts), Question.read(given)
        cold = timed(lambda fresh=fresh, question=question: tabulate(fresh, question))
        tell(" ".join(f"{k}={v}" for k, v in given.items()), cold, lambda f=fresh, q=question: tabulate(f, q), reference)
    fresh, question = again(facts), Question.read(QUESTIONS[0]).at(row="alimentation")
    tell("the list behind a figure", timed(lambda: behind(fresh, question)), lambda: behind(fresh, question), reference)
    for name in ("region-11", "departement-91", "commune-91377"):
        fresh = again(facts)
        place = fresh.tables.territories.find(f"https://w3id.org/maillage/territory/{name}")
        cold = timed(lambda f=fresh, p=place: of_territory(f, p, 20_000))
        tell(f"portrait of {name}", cold, lambda f=fresh, p=place: of_territory(f, p, 20_000), reference)
    fresh = again(facts)
    frame, mask = largest(fresh), Question.read({"measure": "partnerships"}).mask(fresh)
    tell("links between communes", timed(lambda: threads(fresh, mask, frame)), lambda: threads(fresh, mask, frame), reference)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--actors", type=int, default=400_000)
    measure(parser.parse_args().actors)
