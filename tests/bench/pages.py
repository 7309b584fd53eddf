"""How long pages take over HTTP: ``python -m tests.bench.pages --actors 250000`` (or ``--data FOLDER`` for a store that exists).

Many different addresses of each sort of page, each asked once by one visitor of the running service: on a version whose first
pages are built (``built anew, warm``), and once more (``kept``: pages that a web process still has). Then a version with one more
entity is published, again and again, and straight away one address of every sort is asked for (``not warm``), each sort being
the first after some of these versions (``first of all``). Figures are milliseconds until the whole page was read; the reference
of the same run is ``/robots.txt``.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote, urlsplit

import numpy as np
import pyoxigraph as ox

from app.assembly import DerivedLinks, load_catalogue, load_indexes
from app.engine.changes import Change
from app.engine.indexes import Indexes
from app.engine.versions import Repository
from app.facts import open_facts
from app.facts.index import NAME
from app.queries.rules import Rules
from tests.bench.questions import BASE, store
from tests.bench.sparql import descendants, ours, say

KINDS = ("actor", "project", "partnership", "programme", "theme", "territory", "event", "need", "offer")
WORDS = ("jardin", "vélo", "emploi", "atelier", "coop", "solid", "recyc", "ass", "maison", "éner")
FIGURES = (
    "measure=actors&rows=theme",
    "measure=projects&rows=theme&columns=kind",
    "measure=partnerships&rows=theme&columns=active",
    "measure=amounts&rows=funder&columns=year",
    "measure=links&rows=department",
    "measure=density&rows=theme",
    "measure=actors&rows=commune",
    "measure=posts&rows=programme&columns=year",
)
Sorts = Mapping[str, Sequence[str]]
_REST = 60.0
"""Seconds: warming rests as long as a page took, which the first of a large version take."""


def addresses(repository: Repository, each: int) -> Sorts:
    """Up to ``each`` addresses of every sort of page, drawn from the newest version."""
    facts = Indexes(repository.lease, NAME, open_facts).at(repository.current().number)
    numbers = facts.column("kind")
    draw = random.Random(1)
    iris = {}
    for kind in KINDS:
        rows = np.flatnonzero(numbers == facts.tables.kind_number(kind)).tolist()
        iris[kind] = facts.iris(draw.sample(rows, min(each, len(rows))))
    names = {kind: [iri.rpartition("/")[2] for iri in found] for kind, found in iris.items()}
    pairs = zip(iris["actor"], reversed(iris["actor"]), strict=True)
    filters = list(zip(names["theme"], draw.choices(names["territory"], k=len(names["theme"])), strict=True))
    return {
        **{kind: [f"/{kind}/{name}" for name in found] for kind, found in names.items()},
        "list, one theme": [f"/actor?theme={theme}" for theme in names["theme"]],
        "list, theme and territory": [f"/project?theme={theme}&territory={area}" for theme, area in filters],
        "list, a later part": [f"/partnership?page={draw.randrange(2, 50)}" for _ in range(each)],
        "search": [f"/search?q={quote(word)}" for word in WORDS],
        "as one types": [f"/search.json?q={quote(word[:size])}" for word in WORDS for size in (2, 4)],
        "paths": [f"/paths?from={quote(one)}&to={quote(other)}" for one, other in pairs],
        "suggestions": [f"/suggestions?for={quote(iri)}" for iri in iris["actor"]],
        "neighbourhood": [f"/neighbourhood?iri={quote(iri)}" for iri in iris["actor"]],
        "statistics": [f"/statistics?{question}" for question in FIGURES],
        "main pages": ["/", "/actor", "/theme", "/statistics", "/map", "/agenda", "/opportunities", "/matches", "/changes"],
    }


Answer = tuple[int, float]
"""A status, and seconds until all was read."""


class Visitor:
    """One connection that is kept; opened anew after a rest."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def rest(self) -> None:
        self._connection.close()

    def get(self, path: str) -> Answer:
        begun = time.perf_counter()
        self._connection.request("GET", path, headers={"Accept": "text/html", "Accept-Encoding": "gzip"})
        response = self._connection.getresponse()
        response.read()
        return response.status, time.perf_counter() - begun


def visit(visitor: Visitor, sorts: Sorts, label: str) -> None:
    """Each address once."""
    table(label, {name: [visitor.get(path) for path in paths] for name, paths in sorts.items()})


def visit_new(visitor: Visitor, sorts: Sorts, repository: Repository, times: int) -> None:
    """``times`` versions for each sort, which is asked for first in them, then one address of each of the others."""
    draw = random.Random(2)
    first: dict[str, list[Answer]] = {name: [] for name in sorts}
    then: dict[str, list[Answer]] = {name: [] for name in sorts}
    for name in [name for name in sorts for _ in range(times)]:
        publish(repository)
        visitor.rest()
        others = [other for other in sorts if other != name]
        draw.shuffle(others)
        first[name].append(visitor.get(draw.choice(sorts[name])))
        for other in others:
            then[other].append(visitor.get(draw.choice(sorts[other])))
    table("not warm", {name: first[name] + then[name] for name in sorts})
    table("first of all", first)


def table(label: str, answers: Mapping[str, Sequence[Answer]]) -> None:
    """Per sort the median, what 95 % are within, and the worst."""
    whole: list[float] = []
    say(f"\n{label:32}{'pages':>8}{'median':>10}{'95 %':>10}{'worst':>10}  other than 200")
    for name, found in answers.items():
        times = sorted(seconds for status, seconds in found if status == 200)
        strange = len(found) - len(times)
        whole += times
        if times:
            say(f"{name:32}{_line(times)}{f'  {strange}' if strange else ''}")
    say(f"{'all':32}{_line(sorted(whole))}")


def _line(times: Sequence[float]) -> str:
    figures = (statistics.median(times), times[min(len(times) - 1, int(len(times) * 0.95))], times[-1])
    return f"{len(times):8}" + "".join(f"{figure * 1000:10.1f}" for figure in figures)


def publish(repository: Repository) -> None:
    """A version with one more actor."""
    name = f"bench-{time.time_ns()}"
    node, graph = ox.NamedNode(f"{BASE}id/actor/{name}"), ox.NamedNode(f"{BASE}graphs/bench")
    term = "https://w3id.org/maillage/ontology#"
    quads = {
        ox.Quad(node, ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), ox.NamedNode(f"{term}Association"), graph),
        ox.Quad(node, ox.NamedNode(f"{term}name"), ox.Literal(name, language="fr"), graph),
    }
    with repository.transaction("bench", name) as transaction:
        transaction.apply(Change(frozenset(quads)))
        transaction.commit()


def wait_until_warm(visitor: Visitor, pid: int, seconds: float) -> bool:
    """Until suggestions are there, which are worked out last, and the service rests; whether that was within some seconds."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if visitor.get("/suggestions")[0] == 200 and _is_at_rest(pid):
            return True
        time.sleep(1)
    return False


def _is_at_rest(pid: int) -> bool:
    """Whether the service uses less than a twentieth of a processor, for longer than its warming rests between two pages.

    A process that ends meanwhile, as the one that makes columns does, takes what it has used with it: then it was not at rest.
    """
    begun = _worked(pid)
    time.sleep(_REST)
    ended = _worked(pid)
    return begun.keys() <= ended.keys() and sum(ended.values()) - sum(begun.values()) < _REST / 20


def _worked(pid: int) -> Mapping[int, float]:
    """Seconds of the processor that each process of the service has used."""
    used = {}
    for each in [pid, *descendants(pid)]:
        with suppress(OSError):
            fields = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            used[each] = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
    return used


@contextmanager
def folder(asked: argparse.Namespace) -> Iterator[Path]:
    if asked.data:
        yield asked.data
        return
    with tempfile.TemporaryDirectory(prefix="maillage-pages-") as name:
        store(Path(name), asked.actors)
        yield Path(name)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actors", type=int, default=0)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--each", type=int, default=40)
    parser.add_argument("--versions", type=int, default=2, help="versions published for each sort of page")
    parser.add_argument("--patience", type=float, default=900, help="seconds that the first pages may take to be built")
    asked = parser.parse_args()
    with folder(asked) as data:
        repository = Repository(data, BASE, None, DerivedLinks(Rules.of(load_catalogue())), indexes=load_indexes())
        say(f"{repository.current().quads:,} quads")
        sorts = addresses(repository, asked.each)
        with ours(data, "pages", query_seconds=10, query_rows=100_000, query_memory_mb=512) as service:
            say(f"ready after {service.loaded:.1f} s at {urlsplit(BASE).scheme}://localhost:{service.port}/")
            visitor = Visitor(service.port)
            if not wait_until_warm(visitor, service.pid, asked.patience):
                say(f"first pages are still being built after {asked.patience:.0f} s")
            visitor.rest()
            reference = statistics.median(visitor.get("/robots.txt")[1] for _ in range(50))
            say(f"reference {reference * 1000:.2f} ms")
            visit(visitor, sorts, "built anew, warm")
            visit(visitor, sorts, "kept")
            visit_new(visitor, sorts, repository, asked.versions)


if __name__ == "__main__":
    main()
