"""The broker's results of before: the same bytes as an evaluation, never stale, bounded, and without the queue."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from staging import BASE, publish

from app.engine.asks import Answer, Ask
from app.engine.cache import ResultCache
from app.engine.client import BrokerEngine
from app.engine.launch import BrokerProcess
from app.engine.layout import Layout
from app.engine.orders import Limits
from app.engine.spool import IN_HAND
from app.engine.versions import Repository
from app.engine.volatile import is_volatile
from app.engine.wire import Message
from app.errors import MaillageError, QueryTimeout, VersionPruned

ROWS = 300
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
ALL = "SELECT * { ?s ?p ?o }"
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
LIMITS = Limits(data=Path(), seconds=1.0, workers=1, page_workers=1, queue=4, queue_seconds=10.0, per_client=3, memory_mb=64)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(tmp_path, 0, ROWS)
    return tmp_path


@pytest.fixture
def engine(data: Path) -> Iterator[BrokerEngine]:
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        yield broker.engine


def asked(engine: BrokerEngine, query: str, **more: Any) -> tuple[Answer, bytes]:
    answer = engine.answer(Ask(query, **{"solutions": "text/csv", "client": "test", **more}))
    with answer.body as body:
        return answer, body.read()


@pytest.mark.parametrize("query", [COUNT, ALL, "ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }"])
def test_the_second_time_the_same_bytes_come_without_an_evaluation(engine: BrokerEngine, query: str) -> None:
    first, once = asked(engine, query)
    again, twice = asked(engine, query)
    assert (first.cached, again.cached) == (False, True)
    assert once == twice
    assert replace(again, body=first.body, cached=False, seconds=first.seconds, queued=first.queued) == first


@pytest.mark.parametrize(
    "other",
    [
        {"solutions": "text/tab-separated-values"},
        {"graph": None},
        {"default_graphs": (f"{BASE}graphs/none",)},
        {"named_graphs": (f"{BASE}graphs/none",)},
        {"query": COUNT + " "},
    ],
    ids=lambda other: next(iter(other)),
)
def test_whatever_the_answer_depends_on_is_asked_anew(engine: BrokerEngine, other: dict[str, Any]) -> None:
    asked(engine, COUNT)
    assert asked(engine, **{"query": COUNT, **other})[0].cached is False


def test_a_new_version_is_seen_at_once_and_the_old_one_keeps_its_results(data: Path, engine: BrokerEngine) -> None:
    assert asked(engine, COUNT)[1] == f"n\r\n{ROWS}\r\n".encode()
    publish(data, ROWS, ROWS + 1)
    fresh, told = asked(engine, COUNT)
    assert (fresh.cached, fresh.version, told) == (False, 2, f"n\r\n{ROWS + 1}\r\n".encode())
    old, told = asked(engine, COUNT, version=1)
    assert (old.cached, old.version, told) == (True, 1, f"n\r\n{ROWS}\r\n".encode())


def test_a_version_that_was_pruned_is_told_so_although_its_results_are_kept(data: Path, engine: BrokerEngine) -> None:
    asked(engine, COUNT)
    publish(data, ROWS, ROWS + 1)
    asked(engine, COUNT)
    repository = Repository(data, BASE)
    deadline = threading.Event()
    while repository.present() != [2] and not deadline.wait(0.1):
        repository.prune(1)
    with pytest.raises(VersionPruned):
        asked(engine, COUNT, version=1)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT (RAND() AS ?x) {}",
        "SELECT (now() AS ?x) {}",
        "SELECT (UUID () AS ?x) {}",
        "SELECT (STRUUID(\n) AS ?x) {}",
        "SELECT (BNODE() AS ?x) {}",
        "SELECT ?x { BIND(NOW # a comment\n ( ) AS ?x) }",
        "SELECT ('\\u0041' AS ?x) {}",
    ],
)
def test_what_time_or_chance_decides_is_never_kept(engine: BrokerEngine, query: str) -> None:
    assert is_volatile(query)
    assert [asked(engine, query)[0].cached for _ in range(2)] == [False, False]


@pytest.mark.parametrize(
    "query", ["SELECT * { ?a <x:knows> 'le Grand Paris', 'Grand-Place' ; <x:brand> 'bnode' }", "ASK { ?now ?p ?o }"]
)
def test_a_word_that_is_no_call_is_kept(query: str) -> None:
    assert not is_volatile(query)


def test_service_counts_only_where_another_server_may_be_called() -> None:
    query = "SELECT * { service <http://e/> { ?s ?p ?o } }"
    assert (is_volatile(query), is_volatile(query, federated=True)) == (False, True)


def test_readers_of_the_same_result_do_not_share_a_place_in_it(data: Path) -> None:
    publish(data, ROWS, 20_000)  # larger than what is copied from memory
    with BrokerProcess(replace(LIMITS, data=data, seconds=20.0)) as broker:
        _, whole = asked(broker.engine, ALL)
        assert len(whole) > 300_000
        readers = [broker.engine.answer(Ask(ALL, solutions="text/csv")) for _ in range(3)]
        assert all(reader.cached for reader in readers)
        pieces: list[list[bytes]] = [[], [], []]
        for size in (1000, 70_000, -1):
            for reader, read in zip(readers, pieces, strict=True):
                read.append(reader.body.read(size))
        assert [b"".join(read) for read in pieces] == [whole] * 3
        for reader in readers:
            reader.body.close()


def test_a_reader_cannot_change_what_others_read(data: Path) -> None:
    publish(data, ROWS, 20_000)
    with BrokerProcess(replace(LIMITS, data=data, seconds=20.0)) as broker:
        asked(broker.engine, ALL)
        with broker.engine.answer(Ask(ALL, solutions="text/csv")).body as body, pytest.raises(OSError, match="Bad file"):
            os.pwrite(body.fileno(), b"x", 0)


def test_what_is_kept_is_answered_while_the_queue_is_full(engine: BrokerEngine) -> None:
    asked(engine, COUNT)
    with ThreadPoolExecutor(5) as threads:
        busy = [threads.submit(_outcome, engine, ENDLESS + " " * i, str(i)) for i in range(5)]
        while engine.status()["lanes"]["public"]["waiting"] < 4:
            pass
        assert asked(engine, COUNT)[0].cached is True
        assert {each.result() for each in busy} == {QueryTimeout.key}


def _outcome(engine: BrokerEngine, query: str, client: str) -> str:
    try:
        return str(asked(engine, query, client=client)[0].cached)
    except MaillageError as error:
        return error.key


def test_many_who_ask_the_same_at_once_cost_one_evaluation_and_share_its_failure(engine: BrokerEngine) -> None:
    with ThreadPoolExecutor(5) as threads:
        ended = list(threads.map(lambda i: _outcome(engine, ENDLESS, str(i)), range(5)))
    status = engine.status()
    assert ended == [QueryTimeout.key] * 5
    assert (status["outcomes"], status["cache"]["miss"]) == ({QueryTimeout.key: 1}, 1)


def test_who_waits_with_one_that_leaves_is_answered_all_the_same(data: Path) -> None:
    slow = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?a != ?d) }"
    left = threading.Event()
    with BrokerProcess(replace(LIMITS, data=data, seconds=20.0)) as broker, ThreadPoolExecutor(2) as threads:
        first = threads.submit(_leaving, broker.engine, slow, left)
        second = threads.submit(asked, broker.engine, slow, client="second")
        left.set()
        assert first.result() in ("query-cancelled", "answered")
        assert second.result()[1] == f"n\r\n{ROWS * (ROWS - 1)}\r\n".encode()


def _leaving(engine: BrokerEngine, query: str, left: threading.Event) -> str:
    try:
        engine.answer(Ask(query, solutions="text/csv"), left.is_set).body.close()
    except MaillageError as error:
        return error.key
    return "answered"


def test_what_was_answered_before_an_erasure_is_forgotten(data: Path, engine: BrokerEngine) -> None:
    asked(engine, ALL)
    assert engine.status()["cache"]["results"] == 1
    (data / "erasures.log").write_text("{}\n")
    _, at_once = asked(engine, COUNT)
    assert engine.status()["cache"]["results"] == 1, "the other one has gone"
    Layout(data).tell_erased()
    again, body = asked(engine, COUNT)
    assert (again.cached, body) == (False, at_once)


def test_an_erasure_is_told_although_the_clock_stands(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (data / "erasures.log").write_text("{}\n")
    layout = Layout(data)
    monkeypatch.setattr("app.engine.layout.time.time_ns", lambda: 1_700_000_000_000_000_000)
    seen = [layout.erased()]
    for _ in range(3):
        layout.tell_erased()
        seen.append(layout.erased())
    assert sorted(set(seen)) == seen


def test_errors_are_not_kept(engine: BrokerEngine) -> None:
    assert [_outcome(engine, "SELEC", "a") for _ in range(2)] == ["query-syntax"] * 2
    assert engine.status()["outcomes"] == {"query-syntax": 2}


def test_without_room_nothing_is_kept(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, cache_bytes=0)) as broker:
        assert [asked(broker.engine, COUNT)[0].cached for _ in range(2)] == [False, False]


def message(body: bytes) -> Message:
    file = os.memfd_create("test")
    os.write(file, body)
    return Message({"size": len(body)}, file)


def kept(cache: ResultCache, key: str) -> bytes | None:
    found = cache.get(key)
    if found is None or found.file is None:
        return found.body if found is not None else None
    with os.fdopen(found.file, "rb") as body:
        return body.read()


def put(cache: ResultCache, key: str, body: bytes) -> None:
    given = message(body)
    cache.put(key, len(key), given)
    given.close()


def test_a_result_that_came_as_bytes_is_given_as_bytes_and_one_in_a_file_of_its_size_too() -> None:
    cache = ResultCache(10_000_000)
    for size in (0, 1, IN_HAND):
        body = b"x" * size
        cache.put("bytes", 1, Message({"size": size}, body=body))
        put(cache, "file", body)
        found = [cache.get(key) for key in ("bytes", "file")]
        assert [(each.file, each.body, each.content["cached"]) for each in found if each] == [(None, body, True)] * 2
    put(cache, "file", b"x" * (IN_HAND + 1))
    assert kept(cache, "file") == b"x" * (IN_HAND + 1)


def test_the_least_recently_used_goes_first_and_a_large_one_is_not_kept() -> None:
    cache = ResultCache(16_000)
    for name in "abcdefgh":
        put(cache, name, name.encode() * 1_400)
    assert kept(cache, "a") == b"a" * 1_400
    put(cache, "i", b"i" * 1_400)
    assert kept(cache, "b") is None
    assert kept(cache, "a") == b"a" * 1_400
    put(cache, "large", b"x" * 1_600)
    assert kept(cache, "large") is None
    assert cache.size <= 16_000
    cache.clear()
    assert (cache.size, kept(cache, "a")) == (0, None)
