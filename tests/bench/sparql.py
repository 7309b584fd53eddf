"""The endpoint over HTTP beside other servers on the same triples: ``python -m tests.bench.sparql --triples 100000 1000000``.

The triples are the seed and synthetic actors, each once: our default graph. Ours is measured from the disk with columns in a
file, as where a version does not fit in memory, from the disk alone (``bare``), and from memory; never from the cache, which has
a line of its own. Others are ``oxigraph serve`` and, where it is installed, Virtuoso. Then: writes of one entity, an import with
validation, the start, and the memory of each process. Figures are medians; ratios are ours to theirs.
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPException
from pathlib import Path

import pyoxigraph as ox

from app.assembly import ensure_store, open_repository
from app.columns import Columns
from app.engine.changes import Change
from app.engine.hand import environment
from app.engine.launch import connect
from app.engine.versions import Repository
from app.generate import GRAPH, generate, read_communes, read_themes
from app.settings import Settings
from tests.bench.analyses import ANALYSES, LOOK_UPS, PREFIXES
from tests.bench.questions import BASE, store
from tests.bench.rivals import Endpoint, oxigraph, virtuoso
from tests.bench.write_cycle import data as edited
from tests.bench.write_cycle import quads, time_edits

TRIPLES_AN_ACTOR = 34
EDITED = 20
RIVALS = {"oxigraph serve": ("oxigraph", oxigraph), "virtuoso": ("virtuoso-t", virtuoso)}
OURS = {
    "bare": {"memory_mb": 0, "columns_mb": 0},
    "disk": {"memory_mb": 0, "columns_mb": 16_000},
    "memory": {"memory_mb": 16_000},
}
COLUMNS = [*OURS, *(name.split()[0] for name in RIVALS)]
_UNIQUE = itertools.count()


def say(line: str = "") -> None:
    print(line, flush=True)


@contextmanager
def ours(data: Path, name: str, **settings: object) -> Iterator[Endpoint]:
    """The whole service on a data folder; its start is measured."""
    told = {f"MAILLAGE_{key.upper()}": str(value) for key, value in settings.items()}
    limits = {"MAILLAGE_QUERY_SECONDS": "300", "MAILLAGE_QUERY_MEMORY_MB": "4000", "MAILLAGE_QUERY_ROWS": "10000000"}
    limits["MAILLAGE_LOG_LEVEL"] = "off"
    command = [sys.executable, "-P", "-c", "from app.cli import main; main()", "serve", "--port", "0", "--lang", "en"]
    begun = time.perf_counter()
    with tempfile.NamedTemporaryFile(prefix=f"maillage-{name}-", suffix=".log") as kept:
        log = Path(kept.name)
        process = subprocess.Popen(
            command,
            stderr=kept,
            env={**environment(), **limits, "MAILLAGE_DATA": str(data), "MAILLAGE_BASE_IRI": BASE, **told},
        )
        try:
            port = _port(process, log)
            yield Endpoint(name, port, "/sparql", process.pid, loaded=time.perf_counter() - begun, log=log)
        finally:
            if (code := process.poll()) is not None:
                say(f"{name}: the service has ended by itself with {code}, saying: {tail(log)}")
            process.terminate()
            process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    """Where a service answers, once it says that it is ready."""
    while process.poll() is None:
        if found := re.search(r"is ready: http://localhost:(\d+)/ ", log.read_text(errors="replace")):
            return int(found[1])
        time.sleep(0.02)
    raise RuntimeError(f"the service says no address: {tail(log)}")


def tail(log: Path, lines: int = 40) -> str:
    """The end of what a service has said."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])


def wait_for_memory(data: Path) -> bool:
    """Whether all workers came to answer from memory, or from columns."""
    engine = connect(data)
    for _ in range(600):
        status = engine.status()
        if status["memory"]["workers"] == status["spares"] + sum(lane["workers"] for lane in status["lanes"].values()):
            return True
        time.sleep(0.5)
    return False


def medians(endpoint: Endpoint, queries: Mapping[str, str], runs: int) -> dict[str, tuple[float, int]]:
    """Seconds and rows of each query; each text is new, so that no cache answers."""
    found = {}
    for name, query in queries.items():
        times, rows = [], 0
        for run in range(runs + 1):
            try:
                taken, answer = endpoint.ask(f"{PREFIXES}{query}\n# {next(_UNIQUE)}")
            except (OSError, HTTPException) as error:
                say(f"  {name}: {error}")
                continue
            if run:  # the first warms up
                times.append(taken)
            rows = len(answer.splitlines()) - 1
        found[name] = statistics.median(times or [float("nan")]), rows
    return found


def compare(data: Path, triples: Path, room: Path, runs: int, chosen: Collection[str]) -> None:
    queries = {**LOOK_UPS, **ANALYSES}
    columns: dict[str, dict[str, tuple[float, int]]] = {}
    notes = []
    for name, limits in ((name, limits) for name, limits in OURS.items() if name in chosen):
        with ours(data, name, warm_after_seconds=0, **limits) as endpoint:  # pages that are made ahead are another measure
            notes.append(f"start from {name}: ready after {endpoint.loaded:.1f} s")
            if any(limits.values()) and not wait_for_memory(data):
                say(f"{name}: the version does not fit here: no column for it")
                continue
            columns[name] = medians(endpoint, queries, runs)
            notes.append(f"processes, from {name}: {tell_memory(endpoint.pid)}")
            if name == "disk":
                notes += cached(endpoint)
    for name, (program, server) in ((name, rival) for name, rival in RIVALS.items() if name.split()[0] in chosen):
        if not (shutil.which(program) or (Path(sys.executable).parent / program).exists()):
            say(f"{name} is not installed: no column for it")
            continue
        with server(triples, room) as endpoint:
            columns[name] = medians(endpoint, queries, runs)
            notes.append(f"{name}: loaded in {endpoint.loaded:.1f} s, {tell_memory(endpoint.pid)}")
    table(queries, columns)
    for note in notes:
        say(note)


def table(queries: Mapping[str, str], columns: Mapping[str, Mapping[str, tuple[float, int]]]) -> None:
    others = [name for name in columns if name in RIVALS]
    own = [name for name in columns if name not in RIVALS]
    ratios = [(mine, other) for mine in own for other in others]
    say(f"{'':34}" + "".join(f"{name:>16}" for name in columns) + "".join(f"{f'{m}/{o.split()[0]}':>18}" for m, o in ratios))
    for name in queries:
        line = f"{name:34}" + "".join(f"{columns[each][name][0] * 1000:13.1f} ms" for each in columns)
        line += "".join(f"{columns[m][name][0] / columns[o][name][0]:18.2f}" for m, o in ratios)
        say(line + ("" if len({columns[each][name][1] for each in columns}) == 1 else "  other rows"))
    for label, part in (("geometric mean, look-ups", LOOK_UPS), ("geometric mean, analyses", ANALYSES)):
        line = f"{label:34}" + "".join(f"{_mean([columns[e][n][0] for n in part]) * 1000:13.1f} ms" for e in columns)
        say(line + "".join(f"{_mean([columns[m][n][0] / columns[o][n][0] for n in part]):18.2f}" for m, o in ratios))


def _mean(values: list[float]) -> float:
    return statistics.geometric_mean([value for value in values if value == value] or [float("nan")])


def cached(endpoint: Endpoint) -> list[str]:
    """A heavy query the first time and again, and what a request costs over the engine's own time."""
    query = PREFIXES + ANALYSES["uses by property"] + "\n# kept"
    first = endpoint.ask(query)[0]
    again = statistics.median(endpoint.ask(query)[0] for _ in range(200))
    return [f"repeated query: {first * 1000:.1f} ms the first time, {again * 1000:.2f} ms from the cache"]


def tell_memory(pid: int) -> str:
    """Megabytes of a process and of those it started, shared pages counted once."""
    found = []
    for each in [pid, *descendants(pid)]:
        command = Path(f"/proc/{each}/cmdline").read_bytes().split(b"\0")
        name = next((part.decode().rpartition(".")[2] for part in command if part.startswith(b"app.")), command[0].decode())
        pss = next(line for line in Path(f"/proc/{each}/smaps_rollup").read_text().splitlines() if line.startswith("Pss:"))
        found.append((name.rpartition("/")[2], int(pss.split()[1]) // 1024))
    parts = ", ".join(f"{name} {size}" for name, size in found)
    return f"{sum(size for _, size in found)} MB ({parts})"


def descendants(pid: int) -> list[int]:
    listed = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return [each for child in listed for each in (child, *descendants(child))]


def merged(repository: Repository, target: Path) -> int:
    """The default graph as N-Triples; its triples."""
    with repository.reader() as reader:
        reader.store.dump(str(target), ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
    with target.open("rb") as lines:
        return sum(1 for _ in lines)


def by_columns(triples: Path) -> str:
    """How many of the analyses are answered from columns where the version is in memory, and how long it takes to make them."""
    store = ox.Store()
    store.bulk_load(path=str(triples), format=ox.RdfFormat.N_TRIPLES)
    begun = time.perf_counter()
    columns = Columns.of(store)
    taken = time.perf_counter() - begun
    answered = [name for name, query in ANALYSES.items() if columns is not None and columns.answer(PREFIXES + query) is not None]
    return f"from columns, in memory: {len(answered)} of {len(ANALYSES)} analyses; made in {taken:.1f} s"


def measure_writes(data: Path, count: int) -> None:
    with Repository(data, BASE).transaction("bench", "what the edits refer to") as transaction:
        transaction.apply(Change(quads(set(edited(53 * EDITED // 4)))))
        transaction.commit()
    repository = open_repository(Settings(data=data, base_iri=BASE, keep_versions=20))
    time_edits(repository, 3, EDITED)
    seconds = time_edits(repository, count, EDITED)
    median, worst = statistics.median(seconds) * 1000, max(seconds) * 1000
    say(f"one-entity write: {median:.0f} ms at the median of {count}, {worst:.0f} ms at worst")


def measure_import(room: Path, actors: int) -> None:
    """A file of synthetic actors through the command line, beside the same store; each subject is a node."""
    settings = Settings(data=room / "imported", base_iri=BASE)
    ensure_store(settings)
    source = room / f"{GRAPH}.nt"
    nodes = set()
    with source.open("w", encoding="utf-8") as target:
        for line in generate(actors, 1, BASE, read_communes(), read_themes()):
            nodes.add(line.split(" ", 1)[0])
            target.write(line.rsplit(" <", 1)[0] + " .\n")
    begun = time.perf_counter()
    command = [sys.executable, "-P", "-c", "from app.cli import main; main()", "import", str(source), "--json"]
    told = {**os.environ, **environment(), "MAILLAGE_DATA": str(settings.data), "MAILLAGE_BASE_IRI": BASE}
    done = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    taken = time.perf_counter() - begun
    ended = "published" if done.returncode == 0 else f"exit {done.returncode}: {done.stderr[-300:]}"
    say(f"import with validation: {len(nodes):,} nodes in {taken:.1f} s, {len(nodes) / taken:,.0f} nodes/s ({ended})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, nargs="+", default=[100_000])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--columns", nargs="+", choices=COLUMNS, default=COLUMNS, help="who is asked")
    parser.add_argument("--writes", type=int, default=30)
    parser.add_argument("--imported", type=int, default=1_000, help="actors of the import with validation; 0 for none")
    asked = parser.parse_args()
    for triples in asked.triples:
        with tempfile.TemporaryDirectory(prefix="maillage-bench-") as name:
            room = Path(name)
            actors = max(triples // TRIPLES_AN_ACTOR, 20)
            (room / "data").mkdir()
            repository = store(room / "data", actors)
            (room / "triples").mkdir()
            count = merged(repository, room / "triples" / "data.nt")
            say(f"\n{count:,} triples in the default graph, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
            say(by_columns(room / "triples" / "data.nt"))
            compare(room / "data", room / "triples" / "data.nt", room, asked.runs, asked.columns)
            measure_writes(room / "data", asked.writes)
            if asked.imported:
                measure_import(room, asked.imported)


if __name__ == "__main__":
    main()
