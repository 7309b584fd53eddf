"""A version in memory is the version on the disk, through any writes; workers are forked from it, and it delays nothing."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from holding import (
    COUNT,
    ENDLESS,
    GREEDY,
    LIMITS,
    PATIENCE,
    ROWS,
    all_in_memory,
    answers,
    count,
    eventually,
    origin,
    outcome,
    write,
    writes,
)
from hypothesis import HealthCheck, given, settings
from staging import BASE, publish, term
from versioned import FAST, quick_folder

from app.engine.asks import Ask, Lane
from app.engine.launch import BrokerProcess
from app.engine.layout import Layout, named
from app.engine.memory import BYTES_A_QUAD, BYTES_A_TRIPLE, Memory, fits, size_of
from app.engine.versions import Repository
from app.errors import EngineUnavailable


@given(writes)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_after_any_writes_memory_and_disk_give_the_same_answers_forwards_and_back(
    changes: list[tuple[frozenset[ox.Quad], frozenset[ox.Quad]]],
) -> None:
    with quick_folder() as data:
        repository = Repository(data, BASE, options=FAST)
        write(repository, frozenset({ox.Quad(term("s0"), term("p1"), term("s1"), term("graphs/a"))}), frozenset())
        memory = Memory.load(data, 1)
        assert memory.columns is not None
        memory.columns.few = 0
        for added, removed in changes:
            write(repository, added, removed)
        newest = repository.current_number()
        for number in (newest, 1, newest):
            assert memory.follow(number)
            with repository.reader(number) as reader:
                assert frozenset(memory.store) == frozenset(reader.store)
                assert answers(memory.store, number) == answers(reader.store, number)
                assert answers(memory.store, number, memory.columns) == answers(reader.store, number)


def test_a_version_that_was_made_anew_is_no_longer_held(tmp_path: Path) -> None:
    publish(tmp_path, 0, 10)
    memory = Memory.load(tmp_path, 1)
    assert memory.holds(1)
    (Layout(tmp_path).store(1) / "another").touch()
    assert not memory.holds(1)
    assert not memory.follow(1)


def test_a_large_difference_is_not_made_up_for(tmp_path: Path) -> None:
    publish(tmp_path, 0, 10)
    memory = Memory.load(tmp_path, 1)
    publish(tmp_path, 10, 20_100)
    assert not memory.follow(2)
    assert (memory.number, len(memory.store)) == (1, 20)


def test_a_version_that_is_not_there_is_not_loaded(tmp_path: Path) -> None:
    publish(tmp_path, 0, 10)
    with pytest.raises(EngineUnavailable):
        Memory.load(tmp_path, 2)


def test_a_version_fits_where_the_budget_and_the_machine_have_room(tmp_path: Path) -> None:
    publish(tmp_path, 0, 1_000)
    version = Repository(tmp_path, BASE).current()
    size = 1_000 * (2 * BYTES_A_QUAD + BYTES_A_TRIPLE)
    assert size_of(version) == size
    assert fits(version, size)
    assert not fits(version, size - 1)
    assert not fits(replace(version, quads=10**12), 10**18)
    assert not fits(replace(version, quads=0), 10**9)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(tmp_path, 0, ROWS)
    return tmp_path


@pytest.fixture
def broker(data: Path) -> Iterator[BrokerProcess]:
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        yield broker


def test_it_answers_from_the_disk_at_once_and_from_memory_once_that_is_ready(broker: BrokerProcess) -> None:
    assert count(broker.engine) == str(ROWS)
    assert eventually(lambda: all_in_memory(broker.engine))
    status = broker.engine.status()
    assert status["memory"] == {"version": 1, "quads": 2 * ROWS, "form": "store", "workers": 3}
    assert (status["restarts"], count(broker.engine)) == (0, str(ROWS))
    assert status["sandbox"] == {"namespace": True, "filter": True}


def test_a_worker_in_memory_answers_from_columns_also_after_a_write(data: Path, broker: BrokerProcess) -> None:
    """Told by the rows that it keeps of equal ones: those whose terms come first, where the engine keeps any."""
    ask = Ask("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?n LIMIT 5", solutions="text/csv")
    assert eventually(lambda: all_in_memory(broker.engine))
    for more in range(2):
        with broker.engine.answer(ask).body as body:
            kept = [line.split(",")[0].removeprefix(f"{BASE}s") for line in body.read().decode().split()[1:]]
        assert kept == ["0", "1", "10", "100", "101"]
        publish(data, ROWS + more, ROWS + more + 1)


def test_a_new_version_is_answered_at_once_and_the_old_one_from_the_disk(data: Path, broker: BrokerProcess) -> None:
    assert eventually(lambda: all_in_memory(broker.engine))
    for more in range(1, 4):
        publish(data, ROWS + more - 1, ROWS + more)
        assert count(broker.engine) == str(ROWS + more)
        assert count(broker.engine, version=1) == str(ROWS)
    assert eventually(lambda: broker.engine.status()["memory"]["version"] == 4)
    assert all_in_memory(broker.engine)


@pytest.mark.parametrize("lane", ["page", "public"])
def test_a_new_version_that_is_named_is_answered_from_memory_too(lane: Lane, data: Path, broker: BrokerProcess) -> None:
    assert eventually(lambda: all_in_memory(broker.engine))
    for number in (2, 3):
        publish(data, ROWS + number - 2, ROWS + number - 1)
        ask = Ask(COUNT, lane, solutions="text/csv", version=number)
        with broker.engine.answer(ask).body as body:
            assert body.read().decode().split()[1] == str(ROWS + number - 1)
        assert not [path for path in open_files(broker) if f"versions/{named(number)}/store" in path]
    assert all_in_memory(broker.engine)
    broker.engine.answer(replace(ask, version=1)).body.close()
    assert [path for path in open_files(broker) if f"versions/{named(1)}/store" in path], "an older one is read from the disk"


def open_files(broker: BrokerProcess) -> list[str]:
    """What the workers have open: they are the broker's children, whoever forked them."""
    listed = Path(f"/proc/{broker.process.pid}/task/{broker.process.pid}/children").read_text().split()
    found = []
    for pid in listed:
        for file in Path(f"/proc/{pid}/fd").iterdir():
            with suppress(OSError):
                found.append(str(file.readlink()))
    return found


def test_after_a_large_change_the_version_is_loaded_anew_and_answered_meanwhile(data: Path, broker: BrokerProcess) -> None:
    assert eventually(lambda: all_in_memory(broker.engine))
    publish(data, ROWS, 20_500)
    assert count(broker.engine) == "20500"
    assert eventually(lambda: broker.engine.status()["memory"]["quads"] == 41_000 and all_in_memory(broker.engine))
    assert count(broker.engine) == "20500"


@pytest.mark.parametrize(
    ("query", "seconds", "ended"),
    [(ENDLESS, LIMITS.seconds, "query-timeout"), (GREEDY, PATIENCE, "query-memory")],
)
def test_a_worker_that_shares_the_memory_has_the_same_limits_and_is_replaced_by_another(
    data: Path, query: str, seconds: float, ended: str
) -> None:
    with BrokerProcess(replace(LIMITS, data=data, seconds=seconds)) as broker:
        assert eventually(lambda: all_in_memory(broker.engine))
        assert outcome(broker.engine, query) == ended
        assert count(broker.engine) == str(ROWS)
        assert eventually(lambda: all_in_memory(broker.engine))


def test_workers_outlive_the_origin_and_another_is_made(broker: BrokerProcess) -> None:
    assert eventually(lambda: all_in_memory(broker.engine))
    first = origin(broker)
    os.kill(first, signal.SIGKILL)
    assert count(broker.engine) == str(ROWS)
    assert eventually(lambda: broker.engine.status()["memory"]["version"] is not None and origin(broker) != first)
    assert all_in_memory(broker.engine)


def test_all_end_with_the_broker(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data)) as broker:
        assert eventually(lambda: all_in_memory(broker.engine))
        listed = Path(f"/proc/{broker.process.pid}/task/{broker.process.pid}/children").read_text().split()
        assert len(listed) == 4
        broker.process.kill()
        broker.process.wait()
        assert eventually(lambda: not any(_runs(pid) for pid in listed))


def _runs(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_where_it_does_not_fit_the_disk_answers(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, memory_bytes=1_000)) as broker:
        time.sleep(1)
        assert broker.engine.status()["memory"] == {"version": None, "quads": 0, "form": None, "workers": 0}
        assert count(broker.engine) == str(ROWS)
