"""An hour of use in ten minutes: ``python -m tests.bench.soak --seconds 600``.

Visitors open main pages, one time in three, and records, lists and searches of all sorts, most of them for the first time, as
people and crawlers do: alone at first; then beside a writer, whose versions have pages built anew; then beside hostile queries,
slow readers and clients that leave as well. Printed: how long pages take in each phase, and the main pages by themselves, which
are kept while nobody writes; how memory and descriptors grow, in all and by process, what was answered, and whether no write is
lost. Where a process of the service ends meanwhile, that is told with what the service said last.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import random
import socket
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import pyoxigraph as ox

from app.assembly import open_repository
from app.engine.changes import Change
from app.engine.versions import Repository
from app.settings import Settings
from tests.bench.pages import Sorts, addresses
from tests.bench.questions import BASE, PAGES, store
from tests.bench.rivals import Endpoint
from tests.bench.sparql import descendants, ours, say, tail

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
HOSTILE = (
    ENDLESS,
    "SELECT (GROUP_CONCAT(CONCAT(STR(?a), STR(?d), STR(?f))) AS ?x) { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f }",
    "SELECT * {" + "{" * 90 + "?s ?p ?o" + "}" * 90 + "}",
    "SELECT * {" + "{" * 3_000 + "}" * 3_000 + "}",
    "SELECT * { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(400)) + " } LIMIT 1",
    "SELECT * { SERVICE <http://169.254.169.254/> { ?s ?p ?o } }",
    "SELECT (" + "+".join("1" * 5_000) + " AS ?x) {}",
    "CONSTRUCT { ?s ?p ?o . ?o ?p ?s } WHERE { ?s ?p ?o . ?s2 ?p ?o }",
)
GRAPH = ox.NamedNode(f"{BASE}graphs/soak")
NAME = ox.NamedNode("https://w3id.org/maillage/ontology#name")
TYPE = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
ASSOCIATION = ox.NamedNode("https://w3id.org/maillage/ontology#Association")
MAIN, MAIN_SHARE = "main pages", 1 / 3
EACH = 300
"""Addresses of each sort: more than visitors open before the next version."""

THINKING, SAMPLING = 0.2, 2.0
PHASES = ("warm-up", "alone", "with a writer", "together")


@dataclass
class Soak:
    """What happens, and what was seen of it."""

    service: Endpoint
    data: Path
    repository: Repository
    sorts: Sorts
    rest: float
    whole: bool = False
    """Whether a writer adds actors, which lists, figures and maps have to count, or only the names of things of no kind."""

    stop: threading.Event = field(default_factory=threading.Event)
    pages: dict[str, list[tuple[str, float]]] = field(default_factory=lambda: {phase: [] for phase in PHASES})
    phase: str = PHASES[0]
    answers: Counter[str] = field(default_factory=Counter)
    written: list[str] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    seen: dict[int, str] = field(default_factory=dict)
    """The lasting processes of the service by their number."""

    def start(self, count: int, act: Callable[[str], None]) -> list[threading.Thread]:
        """So many threads, each with an address of its own, doing the same over and over."""
        made = [threading.Thread(target=self._run, args=(act, next(_ADDRESSES)), daemon=True) for _ in range(count)]
        for thread in made:
            thread.start()
        return made

    def _run(self, act: Callable[[str], None], address: str) -> None:
        while not self.stop.is_set():
            act(address)

    def visit(self, address: str) -> None:
        sort = MAIN if random.random() < MAIN_SHARE else random.choice(list(self.sorts))
        page = random.choice(self.sorts[sort])
        begun, phase = time.perf_counter(), self.phase
        status = self._get(address, page, {"Accept": "text/html", "Accept-Encoding": "gzip"})
        self.pages[phase].append((sort, time.perf_counter() - begun))
        self.answers[f"page {status}"] += 1
        self.stop.wait(THINKING)

    def attack(self, address: str) -> None:
        query = random.choice(HOSTILE) + f"\n# {random.random()}"
        self.answers[f"hostile {self._get(address, '/sparql?query=' + quote(query), {'Accept': 'text/csv'})}"] += 1

    def leave(self, address: str) -> None:
        """Asks for what takes long and goes away before it comes."""
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.service.port), source_address=(address, 0)) as client:
            client.sendall(f"GET /sparql?query={quote(ENDLESS)} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            self.answers["left"] += 1
            self.stop.wait(random.uniform(0.05, 0.5))
        self.stop.wait(1)

    def read_slowly(self, address: str) -> None:
        query = quote("SELECT * { ?s ?p ?o } LIMIT 20000")
        with suppress(OSError), socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.bind((address, 0))
            client.connect(("127.0.0.1", self.service.port))
            client.settimeout(30)
            client.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n".encode())
            for _ in range(100):
                if self.stop.wait(0.1) or not client.recv(4096):
                    break
            self.answers["slow reader"] += 1

    def write(self, _: str) -> None:
        name = f"Soak {len(self.written)}"
        node = ox.NamedNode(f"{BASE}id/actor/soak-{len(self.written)}")
        quads = {ox.Quad(node, NAME, ox.Literal(name, language="fr"), GRAPH)}
        if self.whole:
            quads.add(ox.Quad(node, TYPE, ASSOCIATION, GRAPH))
        with self.repository.transaction("soak", name) as transaction:
            transaction.apply(Change(frozenset(quads)))
            if transaction.commit() is not None:
                self.written.append(name)
        self.stop.wait(self.rest)

    def sample(self, _: str) -> None:
        sample = measure(self.service.pid)
        self.samples.append(sample)
        for pid in self.seen.keys() - sample.keys():
            said = tail(self.service.log) if self.service.log else ""
            say(f"{time.strftime('%X')} {self.seen.pop(pid)} {pid} has ended, {self.phase}; the service said last: {said}")
        self.seen |= {pid: one.name for pid, one in sample.items()}
        self.stop.wait(SAMPLING)

    def _get(self, address: str, path: str, headers: dict[str, str]) -> str:
        connection = http.client.HTTPConnection("127.0.0.1", self.service.port, timeout=60, source_address=(address, 0))
        try:
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            return str(response.status)
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        finally:
            connection.close()


_ADDRESSES = (f"127.0.{i // 200}.{2 + i % 200}" for i in itertools.count())


@dataclass(frozen=True)
class Process:
    """What one process holds: kilobytes, shared pages counted once, and open descriptors."""

    name: str
    kilobytes: int
    descriptors: int


Sample = dict[int, Process]
"""The lasting processes of the service by their number."""

PASSING = ("app.engine.worker", "app.engine.origin", "app.engine.mapped", "app.engine.apart")
"""Workers, each of which may fill its own limit with a hostile query and is replaced then; and what makes columns or an index for
a moment."""


def measure(pid: int) -> Sample:
    found = {}
    for each in [pid, *descendants(pid)]:
        with suppress(OSError, StopIteration):
            parts = Path(f"/proc/{each}/cmdline").read_text().split("\0")
            name = next((part for part in parts if part.startswith("app.")), "the service" if each == pid else "")
            if name and name not in PASSING:
                rollup = Path(f"/proc/{each}/smaps_rollup").read_text()
                kilobytes = next(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
                found[each] = Process(name, kilobytes, len(list(Path(f"/proc/{each}/fd").iterdir())))
    return found


def report_pages(soak: Soak, label: str, sorts: set[str]) -> None:
    medians = {}
    for phase in PHASES[1:]:
        times = sorted(seconds for sort, seconds in soak.pages[phase] if sort in sorts)
        medians[phase], p95 = statistics.median(times), times[int(len(times) * 0.95)]
        say(f"{label}, {phase}: {len(times)}, median {medians[phase] * 1000:.0f} ms, 95 % within {p95 * 1000:.0f} ms")
    for phase in PHASES[1:3]:
        say(f"{label}, ratio of medians, together to {phase}: {medians['together'] / medians[phase]:.2f}")


def report_growth(samples: Sequence[Sample]) -> None:
    """Of the last two thirds, the middle one beside the last; and the whole course in ten parts, which shows whether it ends."""
    third = max(1, len(samples) // 3)
    for unit in ("kilobytes", "descriptors"):
        sums = [sum(getattr(one, unit) for one in sample.values()) for sample in samples]
        early, late = statistics.median(sums[third : 2 * third]), statistics.median(sums[-third:])
        say(f"{unit}: {early:,.0f} in the second third, {late:,.0f} in the last ({late / early - 1:+.1%})")
        parts = [sums[len(sums) * n // 10 : len(sums) * (n + 1) // 10] for n in range(10)]
        say(f"{unit}, from the first tenth to the last: {', '.join(f'{statistics.median(part):,.0f}' for part in parts if part)}")
    for pid in samples[-1] if samples else ():
        own = [sample[pid].kilobytes for sample in samples if pid in sample]
        early, late = (statistics.median(part) for part in (own[third : 2 * third] or own, own[-third:]))
        say(f"  {samples[-1][pid].name} {pid}: {early:,.0f} kB, then {late:,.0f} ({late / early - 1:+.1%})")


def report(soak: Soak) -> None:
    for label, only in (("all pages", set(soak.sorts)), (MAIN, {MAIN})):
        report_pages(soak, label, only)
    report_growth(soak.samples)
    say("answers: " + ", ".join(f"{name} {number}" for name, number in sorted(soak.answers.items())))
    with open_repository(Settings(data=soak.data, base_iri=BASE)).reader() as reader:
        there = {quad.object.value for quad in reader.quads(None, NAME, None, GRAPH)}
    say(f"writes: {len(soak.written)}, of which {len(set(soak.written) - there)} lost")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--actors", type=int, default=1_000)
    parser.add_argument("--visitors", type=int, default=3)
    parser.add_argument("--hostile", type=int, default=6)
    parser.add_argument("--leaving", type=int, default=2)
    parser.add_argument("--slow", type=int, default=50)
    parser.add_argument("--writers", type=int, default=1)
    parser.add_argument("--rest", type=float, default=5, help="seconds between a writer's writes: a hundred edits in ten minutes")
    parser.add_argument("--whole", action="store_true", help="writers add actors, not only names: most pages change then")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-soak-") as name:
        data = Path(name) / "data"
        data.mkdir()
        sorts = addresses(store(data, asked.actors), EACH)
        visited = {**sorts, MAIN: [*dict.fromkeys((*sorts[MAIN], *PAGES))]}
        with ours(data, "soak", query_seconds=10, query_memory_mb=512, query_rows=100_000) as service:
            repository = open_repository(Settings(data=data, base_iri=BASE, keep_versions=20))
            soak = Soak(service, data, repository, visited, asked.rest, asked.whole)
            threads = soak.start(asked.visitors, soak.visit)
            time.sleep(asked.seconds / 10)
            soak.phase = "alone"
            time.sleep(asked.seconds / 10)
            soak.phase = "with a writer"
            threads += soak.start(asked.writers, soak.write)
            time.sleep(asked.seconds / 10)
            soak.phase = "together"
            threads += soak.start(asked.hostile, soak.attack) + soak.start(asked.leaving, soak.leave)
            threads += soak.start(asked.slow, soak.read_slowly) + soak.start(1, soak.sample)
            time.sleep(asked.seconds * 7 / 10)
            soak.stop.set()
            for thread in threads:
                thread.join(70)
            report(soak)


if __name__ == "__main__":
    main()
