"""Versions held by workers, for the tests of memory and of columns: what is written, what is asked, and who holds it."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
from hypothesis import strategies as st
from staging import term

from app.columns import Columns
from app.engine.asks import Ask
from app.engine.changes import Change
from app.engine.client import BrokerEngine
from app.engine.evaluation import Bounds, evaluate
from app.engine.launch import BrokerProcess
from app.engine.orders import Limits
from app.engine.versions import Repository
from app.errors import MaillageError

ROWS = 300
PATIENCE = 120.0
LIMITS = Limits(
    data=Path(), seconds=2.0, workers=1, page_workers=1, queue_seconds=10.0, memory_mb=64, memory_bytes=500_000_000, cache_bytes=0
)
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
GREEDY = f"SELECT (GROUP_CONCAT(CONCAT({', '.join(['STR(?a)'] * 40)})) AS ?x) {{ ?a ?b ?c . ?d ?e ?f }}"
QUERIES = (
    "SELECT ?s ?o { ?s ?p ?o }",
    "SELECT ?p (COUNT(DISTINCT ?s) AS ?n) (MAX(?o) AS ?most) { ?s ?p ?o } GROUP BY ?p",
    "SELECT ?g (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g",
    "SELECT ?a ?b { ?a ?p ?o . ?b ?p ?o . FILTER(STR(?a) < STR(?b)) }",
    "SELECT ?s { ?s ?p ?o . MINUS { ?s ?p 1 } }",
    "CONSTRUCT { ?o ?p ?s } WHERE { ?s ?p ?o . FILTER(isIRI(?o)) }",
    "ASK { <http://e/s1> <http://e/p1>+ <http://e/s2> }",
)

nodes = st.sampled_from([term(f"s{i}") for i in range(4)])
values = st.one_of(
    nodes, st.integers(0, 3).map(ox.Literal), st.sampled_from(["été", "b"]).map(lambda t: ox.Literal(t, language="fr"))
)
quads = st.builds(
    ox.Quad, nodes, st.sampled_from([term("p1"), term("p2")]), values, st.sampled_from([term("graphs/a"), term("graphs/b")])
)
writes = st.lists(st.tuples(st.frozensets(quads, max_size=6), st.frozensets(quads, max_size=6)), min_size=1, max_size=5)


def write(repository: Repository, added: frozenset[ox.Quad], removed: frozenset[ox.Quad]) -> None:
    with repository.transaction("test", "a write") as transaction:
        transaction.apply(Change(added, removed))
        transaction.commit()


def answers(store: ox.Store, number: int, quick: Columns | None = None) -> list[list[bytes]]:
    found = []
    for query in QUERIES:
        ask = Ask(query, solutions="text/tab-separated-values", graph="application/n-triples")
        with evaluate(store, number, ask, Bounds(), quick).body as body:
            found.append(sorted(body.read().splitlines()))
    return found


def eventually(happens: Callable[[], bool], patience: float = PATIENCE) -> bool:
    """Whether something comes true before a test must be held for hung."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        if happens():
            return True
        time.sleep(0.02)
    return False


def all_in_memory(engine: BrokerEngine) -> bool:
    status = engine.status()
    return bool(status["memory"]["workers"] == 3 == status["spares"] + sum(lane["workers"] for lane in status["lanes"].values()))


def count(engine: BrokerEngine, **more: int) -> str:
    with engine.answer(Ask(COUNT, solutions="text/csv", **more)).body as body:
        return body.read().decode().split()[1]


def outcome(engine: BrokerEngine, query: str) -> str:
    try:
        engine.answer(Ask(query)).body.close()
    except MaillageError as error:
        return error.key
    return "answered"


def origin(broker: BrokerProcess) -> int:
    listed = Path(f"/proc/{broker.process.pid}/task/{broker.process.pid}/children").read_text().split()
    return next(int(pid) for pid in listed if "app.engine.origin" in Path(f"/proc/{pid}/cmdline").read_text())
