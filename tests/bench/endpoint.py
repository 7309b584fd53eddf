"""What the way to the engine costs: ``python -m tests.bench.endpoint``; a look-up on the seed, asked a few thousand times.

Medians, in milliseconds: the endpoint alone, with an engine that answers at once; one worker; a broker and its worker, for a new
text each time and for a text that the cache has; the whole over HTTP, beside ``/robots.txt`` of the same server. The reference
is the engine's own time, for the same query, in the same run.
"""

from __future__ import annotations

import argparse
import io
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from werkzeug.test import EnvironBuilder

from app.assembly import load_catalogue, load_shapes, load_vocabulary, open_repository
from app.engine.asks import Answer, Ask, Gone
from app.engine.launch import connect
from app.settings import Settings
from app.web import create_app
from tests.bench.pages import Visitor
from tests.bench.questions import BASE, store
from tests.bench.sparql import ours, say

QUERY = f"SELECT ?p ?o {{ <{BASE}id/actor/poles-noe> ?p ?o }}"
CSV = "text/csv"
_UNIQUE = itertools.count()


def new() -> str:
    """The same query in a text that nobody has asked."""
    return f"{QUERY}\n# {next(_UNIQUE)}"


class Ready:
    """An engine that has its answer already."""

    def answer(self, ask: Ask, gone: Gone | None = None) -> Answer:
        return Answer("solutions", CSV, 1, 17, 0.0, io.BytesIO(b"p,o\r\n" * 300), 1500)

    def version(self) -> int:
        return 1


def milliseconds(ask: Callable[[], object], runs: int) -> float:
    """The median of some runs, after a tenth of them."""
    times = []
    for run in range(runs + runs // 10):
        begun = time.perf_counter()
        ask()
        if run >= runs // 10:
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1000


def endpoint_alone(settings: Settings) -> Flask:
    vocabulary = load_vocabulary()
    repository = open_repository(settings)
    return create_app(Ready(), settings, vocabulary, load_shapes(vocabulary), load_catalogue(), repository)  # type: ignore[arg-type]


def in_process(app: Flask) -> Callable[[], None]:
    """One request to the app without a server."""
    body = urlencode({"query": QUERY}).encode()
    given = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(len(body))}
    environ = EnvironBuilder("/sparql", BASE, method="POST", headers={"Accept": CSV}).get_environ() | given

    def ask() -> None:
        answer = app({**environ, "wsgi.input": io.BytesIO(body)}, lambda *_: None)
        if len(b"".join(answer)) != 1500:
            raise AssertionError("another answer")
        answer.close()  # type: ignore[attr-defined]  # a response's

    return ask


def measure(data: Path, runs: int) -> None:
    settings = Settings(data=data, base_iri=BASE)
    say(f"the endpoint alone             {milliseconds(in_process(endpoint_alone(settings)), runs):8.3f} ms")
    with ours(data, "ours", memory_mb=0, columns_mb=0) as server:
        engine = connect(data)

        def ask(text: str) -> float:
            answer = engine.answer(Ask(query=text, solutions=CSV, client="bench"))
            answer.body.close()
            return answer.seconds

        for _ in range(50):
            ask(new())
        own = statistics.median(ask(new()) for _ in range(runs)) * 1000
        say(f"the engine’s own time          {own:8.3f} ms")
        through, kept = milliseconds(lambda: ask(new()), runs), milliseconds(lambda: ask(QUERY), runs)
        say(f"through broker and worker      {through:8.3f} ms, {through - own:.3f} over the engine")
        say(f"the same from the cache        {kept:8.3f} ms")
        whole = milliseconds(lambda: server.ask(new()), runs)
        again = milliseconds(lambda: server.ask(QUERY), runs)
        visitor = Visitor(server.port)
        reference = milliseconds(lambda: visitor.get("/robots.txt"), runs)
        say(f"over HTTP                      {whole:8.3f} ms, {whole - own:.3f} over the engine")
        say(f"the same from the cache        {again:8.3f} ms")
        say(f"/robots.txt over HTTP          {reference:8.3f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2_000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="maillage-bench-") as name:
        data = Path(name) / "data"
        data.mkdir()
        store(data, 0)
        measure(data, asked.runs)


if __name__ == "__main__":
    main()
