"""The broker's figures are the whole service's: queries by outcome, the queue, the cache, writes by phase, and what happened."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from staging import BASE, publish, term

from app.engine.asks import Ask
from app.engine.changes import Change
from app.engine.client import BrokerEngine
from app.engine.launch import BrokerProcess
from app.engine.orders import Limits
from app.engine.phases import Phases
from app.engine.tally import Tally
from app.engine.versions import Options, Repository
from app.errors import QuerySyntax

SMALL = "SELECT ?o { <http://e/s5> <http://e/p> ?o }"


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[BrokerProcess]:
    publish(tmp_path, 0, 10)
    with BrokerProcess(replace(Limits(data=tmp_path), workers=1, page_workers=1)) as broker:
        yield broker


def figures(engine: BrokerEngine) -> dict[tuple[str, ...], list[float]]:
    return {(name, *(value for _, value in labels)): values for name, labels, values in engine.measured([])}


def ask(engine: BrokerEngine, query: str) -> None:
    engine.answer(Ask(query)).body.close()


def test_queries_are_counted_by_lane_and_outcome_and_the_cache_by_its_part(broker: BrokerProcess) -> None:
    for query in (SMALL, SMALL, "SELECT (RAND() AS ?x) {}"):
        ask(broker.engine, query)
    with pytest.raises(QuerySyntax):
        ask(broker.engine, "SELEC")
    found = figures(broker.engine)
    assert found["maillage_queries_total", "public", "answered"] == [2]
    assert found["maillage_queries_total", "public", "query-syntax"] == [1]
    assert {way: found["maillage_cache_requests_total", way] for way in ("hit", "miss", "passed", "shared")} == {
        "hit": [1],
        "miss": [2],
        "passed": [1],
        "shared": [0],
    }
    assert sum(found["maillage_query_seconds", "public"][:-1]) == 2
    assert sum(found["maillage_queue_seconds", "public"][:-1]) == 3
    assert (found["maillage_version",], found["maillage_queue_length", "public"]) == ([1], [0])


def test_what_web_processes_counted_is_added_up(broker: BrokerProcess) -> None:
    for _ in range(2):
        tally = Tally()
        tally.count("maillage_requests_total", 3, endpoint="home.page", method="GET", status="200")
        broker.engine.measured(list(tally.take()))
    assert figures(broker.engine)["maillage_requests_total", "home.page", "GET", "200"] == [6]


def test_a_writer_tells_its_phases_to_whoever_serves_the_store(broker: BrokerProcess, tmp_path: Path) -> None:
    _write(tmp_path)
    found = figures(broker.engine)
    assert found["maillage_writes_total",] == [1]
    phases = {name[1] for name in found if name[0] == "maillage_write_phase_seconds"}
    assert {"cloned", "judged", "settled", "synced", "swung"} <= phases
    assert "locked" not in phases


def test_a_writer_where_nobody_serves_tells_nobody(tmp_path: Path) -> None:
    publish(tmp_path, 0, 10)
    _write(tmp_path)
    assert Repository(tmp_path, BASE).current_number() == 2


def _write(data: Path) -> None:
    quad = ox.Quad(term("s"), term("p"), ox.Literal("new"), term("graphs/numbers"))
    with Repository(data, BASE, options=Options(step=Phases(data))).transaction("test", "one more") as transaction:
        transaction.apply(Change(frozenset({quad})))
        transaction.commit()


def test_what_happened_is_told_with_the_state(broker: BrokerProcess) -> None:
    worker = int(Path(f"/proc/{broker.process.pid}/task/{broker.process.pid}/children").read_text().split()[0])
    os.kill(worker, signal.SIGKILL)
    broker.engine.happened([{"event": "web-server-died", "code": -9}])
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        told = {event["event"]: event for event in broker.engine.status()["recent"]}
        if "worker-ended" in told:
            break
        time.sleep(0.05)
    assert told["worker-ended"]["code"] == -signal.SIGKILL
    assert told["web-server-died"]["code"] == -9
