"""How fast search and lists are with a million entities: ``python -m tests.bench.search [entities]``.

The index and the columns are filled with invented entities, not through a graph, whose load is measured elsewhere. Words
follow Zipf's law, as in a language. Prints the median and the 95th percentile in milliseconds of each kind of question, of
facets, and of keeping the search index up in a write of five entities.
"""

from __future__ import annotations

import itertools
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pyoxigraph as ox

from app.assembly import load_vocabulary
from app.browsing import Browser, Selection
from app.engine.changes import Change
from app.facts import open_facts
from app.facts.files import TABLES, Content, write_base
from app.facts.kept import COLUMNS, PAIRS, missing
from app.facts.tables import Tables
from app.facts.trees import Branch, Tree
from app.search import Ask, Classes, Opened, SearchIndex, load, schema
from app.search.document import Said, document_of
from app.terms import MAILLAGE, TERRITORY, THEME, iri_key
from app.text import LANGUAGES

BASE = "http://localhost:8000/"
ROUNDS = 200
COMMUNES, THEMES, WORDS = 1_300, 99, 60_000
CLASSES = ("Association", "Cooperative", "Company", "Project", "Partnership", "Event", "Offer")


class World:
    """Invented names and texts, the same at each run."""

    def __init__(self) -> None:
        self.random = random.Random(1)
        syllables = [a + b for a in "bcdfglmnprstv" for b in ("a", "e", "i", "o", "u", "on", "ai", "ette")]
        self.words = ["".join(self.random.choices(syllables, k=self.random.randint(2, 4))) for _ in range(WORDS)]
        self.weights = list(itertools.accumulate(1 / (rank + 5) for rank in range(WORDS)))

    def text(self, length: int) -> str:
        return " ".join(self.random.choices(self.words, cum_weights=self.weights, k=length))

    def said(self) -> tuple[str, Said]:
        class_ = self.random.choice(CLASSES)
        said = Said({str(MAILLAGE[class_])}, [(self.text(self.random.randint(2, 5)).capitalize(), "fr")])
        said.description = [(self.text(20), "fr")]
        said.about = {f"{THEME}t{self.random.randrange(THEMES)}", f"{TERRITORY}commune-{self.random.randrange(COMMUNES):05}"}
        said.links = int(self.random.paretovariate(1))
        return class_, said


def timed(name: str, act: Callable[[], object], rounds: int = ROUNDS) -> None:
    """By the clock, and in this process's own time, which other work on the machine does not lengthen."""
    clock, own = [], []
    for _ in range(rounds):
        begun, used = time.perf_counter(), time.process_time()
        act()
        own.append((time.process_time() - used) * 1_000)
        clock.append((time.perf_counter() - begun) * 1_000)
    print(
        f"{name:48} median {statistics.median(clock):7.2f}   p95 {_p95(clock):7.2f}   own time: p95 {_p95(own):7.2f} ms",
        flush=True,
    )


def _p95(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def fill(folder: Path, size: int, world: World, classes: Classes) -> None:
    begun = time.perf_counter()
    writer = schema.create(folder).writer(256_000_000, 1)
    for n in range(THEMES):
        said = Said({str(MAILLAGE.Theme)}, [(world.text(2), "fr")])
        writer.add_document(document_of(f"{THEME}t{n}", said, classes))
    for n in range(COMMUNES):
        said = Said({str(MAILLAGE.Commune)}, [(world.text(1).capitalize(), "fr")], codes=[f"{n:05}"])
        writer.add_document(document_of(f"{TERRITORY}commune-{n:05}", said, classes))
    for n in range(size):
        class_, said = world.said()
        writer.add_document(document_of(f"{BASE}id/{class_.lower()}/{n:07}", said, classes))
    writer.commit()
    writer.wait_merging_threads()
    print(f"{size + THEMES + COMMUNES:,} documents in {time.perf_counter() - begun:.0f} s", flush=True)


def mistyped(random_: random.Random, word: str) -> str:
    place = random_.randrange(1, len(word) - 1)
    return word[:place] + word[place + 1] + word[place] + word[place + 2 :]


def ask(opened: Opened, world: World) -> None:
    random_, frequent = world.random, world.words[:3_000]
    long = [word for word in world.words if len(word) > 6]

    def some(make: Callable[[], str], **more: bool) -> Callable[[], object]:
        return lambda: opened.find(Ask(make(), limit=10, **more))

    for letters in (1, 2, 3, 5):
        timed(f"completion, {letters} letters", some(lambda n=letters: random_.choice(frequent)[:n], names_only=True))
    timed(
        "completion, a word and a beginning",
        some(lambda: f"{random_.choice(frequent)} {random_.choice(frequent)[:2]}", names_only=True),
    )
    timed("completion, mistyped", some(lambda: mistyped(random_, random_.choice(long)), names_only=True))
    timed("whole search with counts, one word", some(lambda: random_.choice(frequent)))
    timed("whole search with counts, three words", some(lambda: " ".join(random_.choices(frequent, k=3))))
    timed("whole search, mistyped", some(lambda: mistyped(random_, random_.choice(long))))
    timed("whole search, the most frequent word", some(lambda: world.words[0]), 50)
    timed("identifier", some(lambda: f"{random_.randrange(COMMUNES):05}"))


def keep_up(folder: Path, root: Path, size: int, world: World, index: SearchIndex) -> None:
    """Writes of five entities, one after the other, each from the files of the one before."""
    numbers = itertools.count()
    state = {"folder": folder}
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")

    def write() -> None:
        added, store = set(), ox.Store()
        for _ in range(5):
            class_, said = world.said()
            node = ox.NamedNode(f"{BASE}id/{class_.lower()}/{world.random.randrange(size):07}")
            added.add(
                ox.Quad(node, ox.NamedNode(str(MAILLAGE.name)), ox.Literal(said.own[0][0], language="fr"), ox.NamedNode(BASE))
            )
            added.add(ox.Quad(node, type_, ox.NamedNode(str(MAILLAGE[class_])), ox.NamedNode(BASE)))
        store.extend([*added, *(ox.Quad(*quad.triple) for quad in added)])
        new = root / f"write-{next(numbers)}"
        new.mkdir()
        index.write(new, state["folder"], Held(store), Change(frozenset(added)), Change())
        state["folder"] = new

    timed("upkeep of the index in a write of five entities", write, 100)


class Held:
    """A store as an index reads it."""

    def __init__(self, store: ox.Store) -> None:
        self.quads, self.query = store.quads_for_pattern, store.query


def columns(folder: Path, size: int, world: World) -> None:
    """Facts of as many actors, written as an index writes them."""
    random_ = np.random.default_rng(1)
    tables = Tables.of(load_vocabulary())
    names = [f"{BASE}id/actor/{n:07}" for n in range(size)]
    classes = np.array([tables.classes.number(str(MAILLAGE[c])) for c in ("Association", "Cooperative", "Company")])
    themes = np.array([tables.themes.number(f"{THEME}t{n}") for n in range(THEMES)])
    tables.theme_tree = Tree({int(n): Branch((int(themes[i % 14]),) if i >= 14 else ()) for i, n in enumerate(themes)})
    region = tables.territories.number(f"{TERRITORY}region-11")
    departments = [tables.territories.number(f"{TERRITORY}departement-{n}") for n in range(8)]
    communes = np.array([tables.territories.number(f"{TERRITORY}commune-{n:05}") for n in range(COMMUNES)])
    branches = {region: Branch(level="Region")} | {n: Branch((region,), level="Department") for n in departments}
    centres = random_.uniform((1.5, 48.2), (3.5, 49.2), (COMMUNES, 2))
    branches |= {
        int(n): Branch((departments[i % 8],), level="Commune", centre=(float(centres[i][0]), float(centres[i][1])))
        for i, n in enumerate(communes)
    }
    tables.territory_tree = Tree(branches)
    found = {name: np.full(size, missing(name), dtype) for name, dtype in COLUMNS.items()}
    found["kind"][:] = tables.kind_number("actor")
    found["degree"][:] = np.minimum(random_.pareto(1, size), 10_000).astype(np.int32)
    found["start"][:] = random_.integers(10_000, 20_000, size)
    found["start_precision"][:] = 3
    found["key"][:] = [iri_key(iri) for iri in names]
    rows = np.arange(size)
    lists = dict.fromkeys(PAIRS, (rows[:0], rows[:0]))
    lists["classes"] = rows, random_.choice(classes, size)
    lists["territories"] = rows, random_.choice(communes, size)
    twice = np.sort(np.concatenate((rows, rows[random_.random(size) < 0.3])))
    lists["themes"] = twice, random_.choice(themes, len(twice))
    empty = rows[:0]
    iris = [iri.encode() for iri in names]
    ordered = dict.fromkeys(LANGUAGES, np.arange(size))
    write_base(folder, Content(iris, found, lists, (empty, empty, empty), dict.fromkeys(LANGUAGES, iris), ordered))
    tables.write(folder / TABLES)


def browse(facts_folder: Path, opened: Opened) -> None:
    begun, used = time.perf_counter(), time.process_time()
    facts = open_facts(facts_folder)
    browser = Browser(facts, opened)
    first = select(theme="t3")
    browser.facets(first), browser.listed(first, "", "fr")
    spent = (time.perf_counter() - begun) * 1_000, (time.process_time() - used) * 1_000
    print(f"{'first list of a version, with its facets':48} {spent[0]:14.0f} ms   own time {spent[1]:.0f} ms", flush=True)
    themes = itertools.cycle(range(THEMES))

    def with_facets(**given: str) -> Callable[[], object]:
        return lambda: browser.facets(select(theme=f"t{next(themes)}", **given))  # each time another: none is kept

    timed("all facets of a theme", with_facets(), 30)
    timed("all facets of a theme in a department", with_facets(territory="departement-3"), 30)
    years = itertools.count(1990)
    timed("all facets of the whole list since a year", lambda: browser.facets(select(**{"from": str(next(years))})), 20)
    timed("rows of a theme by links", lambda: browser.listed(select(theme=f"t{next(themes)}"), "links", "fr"), 30)
    timed("rows within 10 km of a commune", lambda: browser.chooser.positions.within([(2.2, 48.7)], 10), 30)


def select(**given: str) -> Selection:
    from werkzeug.datastructures import MultiDict

    return Selection.read("actor", BASE, MultiDict(given))


def main(arguments: Iterable[str]) -> None:
    size = int(next(iter(arguments), 1_000_000))
    world, classes = World(), Classes(load_vocabulary)
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as name:
        root = Path(name)
        (root / "search").mkdir()
        (root / "facts").mkdir()
        fill(root / "search", size, world, classes)
        begun = time.perf_counter()
        opened = load(root / "search")
        print(f"{'opening the index':48} {(time.perf_counter() - begun) * 1_000:14.1f} ms", flush=True)
        ask(opened, world)
        keep_up(root / "search", root, size, world, SearchIndex(classes, "bench"))
        columns(root / "facts", size, world)
        browse(root / "facts", opened)


if __name__ == "__main__":
    main(sys.argv[1:])
