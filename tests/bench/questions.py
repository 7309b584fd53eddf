"""Times every question of the catalogue and the main pages: ``python -m tests.bench.questions --actors 0 30000 250000``.

0 actors is the seed alone; other sizes add as many synthetic ones (about four entities and 34 triples each). The store is built
without the gate, which is measured by the write bench. Each figure is the median of some runs on a warm version, beside its ratio
to the reference of the same run: reading one actor's statements.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pyoxigraph as ox

from app import sparql
from app.assembly import DerivedLinks, load_catalogue, load_indexes, load_shapes, load_vocabulary
from app.assembly.opening import sources
from app.engine.direct import DirectEngine
from app.engine.evaluation import Bounds
from app.engine.versions import Repository
from app.generate import GRAPH, generate, read_communes, read_themes
from app.ingest.reading import read
from app.queries import CannedQuery
from app.queries.parts import first_rows, row_count
from app.queries.rules import Rules
from app.settings import Settings
from app.terms import PREFIXES, EngineTerm
from app.web import create_app
from app.web.question_charts import sums_asked
from app.web.questions import SHOWN_ROWS

BASE = "http://localhost:8000/"
RUNS = 3
SLOW = 0.2
PAGES = (
    "/",
    "/actor",
    "/partnership",
    "/theme",
    "/actor/poles-noe",
    "/actor/anct",
    "/theme/emploi",
    "/territory/commune-91377",
    "/territory/departement-91",
    "/queries",
    "/ontology",
    "/shapes",
    "/versions",
)
FILLED = {
    "actor": f"{BASE}id/actor/poles-noe",
    "entity": f"{BASE}id/actor/poles-noe",
    "first": f"{BASE}id/actor/observatoire-comite-de-pilotage",
    "second": f"{BASE}id/actor/observatoire-groupe-charte",
}
"""What required parameters are filled with whose example is a name."""


def store(folder: Path, actors: int) -> Repository:
    """A repository with the seed and, in a graph of its own, the synthetic actors."""
    repository = Repository(folder, BASE, None, DerivedLinks(Rules.of(load_catalogue())), indexes=load_indexes())
    with repository.transaction("bench", "seed") as transaction:
        for name, files in sources().items():
            gathered = folder / f"{name}.nt"
            with gathered.open("wb") as target:
                for file in files:
                    with read(file, BASE) as parsed:
                        target.write(parsed.path.read_bytes())
            transaction.replace_graph(f"{BASE}graphs/{name}", gathered)
        transaction.commit()
    if actors:
        synthetic = folder / "synthetic.nq"
        with synthetic.open("w", encoding="utf-8") as target:
            target.writelines(generate(actors, 1, BASE, read_communes(), read_themes()))
        with repository.transaction("bench", "synthetic") as transaction:
            transaction.replace_graph(f"{BASE}graphs/{GRAPH}", synthetic)
            transaction.commit()
    return repository


def median(run: Callable[[], object]) -> float:
    """Seconds, after one run that is not counted."""
    run()
    times = []
    for _ in range(RUNS):
        begun = time.perf_counter()
        run()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def filled(query: CannedQuery) -> Mapping[str, EngineTerm]:
    """The required parameters, and the optional ones that have an example."""
    terms: dict[str, EngineTerm] = {}
    for parameter in query.params:
        text = FILLED.get(parameter.name, parameter.example) if parameter.required else parameter.example
        if text is None:
            continue
        datatype = ox.NamedNode(PREFIXES["xsd"] + parameter.type)
        terms[parameter.name] = ox.NamedNode(text) if parameter.type == "iri" else ox.Literal(text, datatype=datatype)
    return terms


def measure(actors: int) -> None:
    folder = Path(tempfile.mkdtemp(prefix="maillage-bench-"))
    try:
        repository = store(folder, actors)
        engine = DirectEngine(repository, Bounds(rows=10_000_000, size=2_000_000_000))
        vocabulary, catalogue = load_vocabulary(), load_catalogue()
        app = create_app(engine, Settings(), vocabulary, load_shapes(vocabulary), catalogue, repository)
        client = app.test_client()
        point = f"SELECT ?p ?o WHERE {{ <{BASE}id/actor/poles-noe> ?p ?o }}"
        reference = median(lambda: sparql.rows(engine, point))
        print(f"\n{actors:,} synthetic actors, {repository.current().quads:,} quads; reference {reference * 1000:.2f} ms")
        for query in catalogue.within(""):
            text = query.bind(filled(query))
            ask = partial(sparql.rows, engine, first_rows(text, SHOWN_ROWS + 1))
            count = sparql.rows(engine, row_count(text))[0]["rows"].value
            tell(query.name, median(ask), reference, f"{int(count):,} rows")
            if int(count) > SHOWN_ROWS:
                tell("  counted", median(partial(sparql.rows, engine, row_count(text))), reference, "")
            if query.chart and int(count) > SHOWN_ROWS:
                tell("  added up", median(partial(sparql.rows, engine, sums_asked(query, text))), reference, "")
        for page in PAGES:
            status = client.get(page, headers={"Accept": "text/html"}).status_code
            tell(page, median(lambda page=page: client.get(page, headers={"Accept": "text/html"})), reference, str(status))
        engine.close()
    finally:
        shutil.rmtree(folder)


def tell(name: str, seconds: float, reference: float, note: str) -> None:
    slow = "  slow" if seconds > SLOW else ""
    print(f"{name:36} {seconds * 1000:10.1f} ms {seconds / reference:10.0f} x  {note}{slow}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--actors", type=int, nargs="+", default=[0, 30_000])
    for actors in parser.parse_args().actors:
        measure(actors)


if __name__ == "__main__":
    main()
