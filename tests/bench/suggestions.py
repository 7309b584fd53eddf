"""Times who should meet whom on a synthetic network, and evaluates it on the real posts: ``python -m tests.bench.suggestions``.

The network has as many nodes and links as are asked for (200,000 and about 1,000,000 by default): parties drawn by preferential
attachment, themes by Zipf's law, communes by population. It is made in memory, since only reading is timed. Invented links say
nothing of how good the suggestions are; the evaluation on the seed does.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from app import sparql
from app.assembly import ensure_store, load_catalogue, load_vocabulary, open_repository
from app.discovery.arrays import LINK
from app.discovery.changes import Timeline
from app.discovery.files import Base, Patch
from app.discovery.intervals import ALWAYS_AFTER
from app.discovery.iris import IriTable
from app.discovery.kinds import Scheme
from app.discovery.matching import Listing, Market, Scope, read_market
from app.discovery.network import Network
from app.discovery.places import Places
from app.discovery.structure.shape import shape_of
from app.discovery.suggestions import Scopes, Suggester
from app.discovery.suggestions.evaluation import evaluate
from app.discovery.themes import ThemeTree
from app.engine.direct import DirectEngine
from app.engine.indexes import Indexes
from app.entities.questions import Questions
from app.generate.inputs import read_communes, read_themes
from app.settings import Settings
from app.terms import MAILLAGE

BASE = "http://localhost:8000/id/"


def synthetic(nodes: int, seed: int = 1) -> Network:
    """A network of actors (four tenths), partnerships (three), projects (two) and offers (one), with themes and communes."""
    draws = np.random.default_rng(seed)
    scheme = Scheme.of(load_vocabulary())
    counts = {"actor": nodes * 4 // 10, "offer": nodes // 10, "partnership": nodes * 3 // 10, "project": nodes * 2 // 10}
    names = [f"{BASE}{kind}/{number:07}" for kind, count in counts.items() for number in range(count)]
    themes, communes = sorted(read_themes()), sorted(one.iri for one in read_communes())
    table = IriTable.of([*names, *themes, *communes])
    kinds = np.concatenate(
        [
            *(np.full(count, scheme.kinds.index(kind), np.uint8) for kind, count in counts.items()),
            np.full(len(communes), scheme.kinds.index("territory"), np.uint8),
            np.full(len(themes), scheme.kinds.index("theme"), np.uint8),
        ]
    )
    starts = dict(zip(counts, np.cumsum([0, *counts.values()]).tolist(), strict=False))
    first_commune = len(names)
    links = []

    def add(sources: np.ndarray, targets: np.ndarray, kind: str, start: np.ndarray | int = 0) -> None:
        made = np.empty(len(sources), LINK)
        made["source"], made["target"], made["kind"] = sources, targets, scheme.numbers[kind]
        made["start"], made["end"] = start, ALWAYS_AFTER
        links.append(made)

    parties = np.repeat(np.arange(counts["partnership"]), 2 + draws.geometric(0.55, counts["partnership"]))
    popular = (counts["actor"] * draws.beta(0.45, 2.0, len(parties))).astype(np.int64)
    days = draws.integers(735_000, 739_000, counts["partnership"])[parties]
    add(popular, starts["partnership"] + parties, "https://w3id.org/maillage/code/role/takes-part", days)
    concerned = starts["project"] + draws.integers(0, counts["project"], counts["partnership"])
    add(starts["partnership"] + np.arange(counts["partnership"]), concerned, str(MAILLAGE.concerns))
    leaders = draws.integers(0, counts["actor"], counts["project"])
    add(starts["project"] + np.arange(counts["project"]), leaders, str(MAILLAGE.leader))
    add(
        starts["offer"] + np.arange(counts["offer"]), draws.integers(0, counts["actor"], counts["offer"]), str(MAILLAGE.offeredBy)
    )
    every = np.arange(len(names))
    zipf = np.minimum(draws.zipf(1.6, 2 * len(names)) - 1, len(themes) - 1)
    add(np.repeat(every, 2), first_commune + len(communes) + zipf, str(MAILLAGE.theme))
    add(every, first_commune + draws.integers(0, len(communes), len(names)), str(MAILLAGE.territory))
    return Network(scheme, Base.of(table, kinds, np.unique(np.concatenate(links))), Patch())


def seeded(folder: Path) -> tuple[Network, Questions]:
    """The store of the seed."""
    settings = Settings(data=folder)
    ensure_store(settings)
    repository = open_repository(settings)
    engine, number = DirectEngine(repository), repository.current_number()
    rows, triples = partial(sparql.rows, engine, version=number), partial(sparql.triples, engine, version=number)
    return Indexes(repository.lease, "network", Network.open).at(number), Questions(load_catalogue(), rows, triples)


def market(network: Network, tree: ThemeTree, places: Places, listings: int) -> Market:
    """Needs and offers of the six kinds, each of an actor."""
    draws = np.random.default_rng(2)
    themes, communes = sorted(tree.broader), sorted(places.centres)
    made = {}
    for number in range(listings):
        side = "need" if number % 2 else "offer"
        scope = Scope(frozenset([themes[draws.integers(len(themes))]]), frozenset([communes[draws.integers(len(communes))]]))
        one = Listing(f"{BASE}{side}/{number}", side, frozenset([f"k{draws.integers(6)}"]), (network.iri(number),), scope)
        made[one.iri] = one
    return Market(made, {}, tree, places)


def told(what: str, times: Sequence[tuple[float, float]]) -> None:
    """Both clocks: on a busy machine the wall's tells of its other work too."""
    for name, column in (("wall", 0), ("processor", 1)):
        ordered = sorted(1000 * one[column] for one in times)
        p95 = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
        print(f"{what}, {name}: median {statistics.median(ordered):.1f} ms, p95 {p95:.1f} ms, worst {ordered[-1]:.1f} ms")


def timed(run: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the wall's clock and of the processor."""
    wall, processor = time.perf_counter(), time.process_time()
    run()
    return time.perf_counter() - wall, time.process_time() - processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nodes", type=int, default=200_000)
    parser.add_argument("--actors", type=int, default=200, help="actors that suggestions are asked for")
    parser.add_argument("--listings", type=int, default=20_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as folder:
        real, questions = seeded(Path(folder))
        tree, places = ThemeTree.read(questions), Places.read(questions)
        evaluated = evaluate(Suggester(real, Scopes(real, tree, places), read_market(questions, tree, places)))
        network = synthetic(given.nodes)
        print(f"{len(network):,} nodes, {len(network.all_links()):,} links")
        made = market(network, tree, places, given.listings)
        suggester = Suggester(network, Scopes(network, tree, places), made)
        degrees = network.degrees(np.arange(given.nodes * 4 // 10, dtype=np.int32))
        drawn = np.random.default_rng(3).integers(0, len(degrees), given.actors).tolist()
        suggester.for_entity(drawn[0])
        told("suggestions, actors at random", [timed(partial(suggester.for_entity, node)) for node in drawn])
        hubs = np.argsort(-degrees)[:20].tolist()
        told(f"suggestions, the most linked ({degrees[hubs[0]]} links)", [timed(partial(suggester.for_entity, n)) for n in hubs])
        needs = [one for one in made.listings.values() if one.side == "need"][: given.actors]
        told(f"matches of a need among {given.listings:,}", [timed(partial(made.match, one)) for one in needs])
        told("the dated pairs, once a version", [timed(lambda: Timeline.of(network))])
        told("the shape, once a version", [timed(lambda: shape_of(network))])
        print("evaluation on the real posts, 2020-2022 foretelling 2023:")
        for measure in evaluated.measures if evaluated else ():
            auc = measure.auc
            verdict = "" if measure.method == "suggestions" else f" ({evaluated.verdict(measure.method)})" if evaluated else ""
            print(f"  {measure.method}: AUC {auc.value:.3f} [{auc.low:.3f}, {auc.high:.3f}]{verdict}")
        if evaluated:
            enough = "too few" if evaluated.too_few else "enough"
            print(f"  {evaluated.foreseeable} foreseeable pairs of {evaluated.cases} actor: {enough}")


if __name__ == "__main__":
    main()
