"""Where the version is read from the disk, workers answer analyses from columns in a file that they share, as the disk does."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from holding import LIMITS, ROWS, all_in_memory, answers, count, eventually, origin, write, writes
from hypothesis import HealthCheck, given, settings
from staging import BASE, publish, term
from versioned import FAST, quick_folder

from app.engine.asks import Ask
from app.engine.changes import Change
from app.engine.client import BrokerEngine
from app.engine.launch import BrokerProcess
from app.engine.layout import Layout
from app.engine.mapped import Mapped, is_worth, size_of
from app.engine.memory import BYTES_A_TRIPLE
from app.engine.versions import Repository
from app.errors import EngineUnavailable

TIED = Ask("SELECT ?s (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s ORDER BY ?n LIMIT 5", solutions="text/csv")
"""Told by the rows that it keeps of equal ones: columns keep those whose terms come first, where the engine keeps any."""


@given(writes)
@settings(max_examples=8, suppress_health_check=[HealthCheck.too_slow])
def test_after_any_writes_columns_in_a_file_and_the_disk_give_the_same_answers_forwards_and_back(
    changes: list[tuple[frozenset[ox.Quad], frozenset[ox.Quad]]],
) -> None:
    with quick_folder() as data:
        repository = Repository(data, BASE, options=FAST)
        write(repository, frozenset({ox.Quad(term("s0"), term("p1"), term("s1"), term("graphs/a"))}), frozenset())
        mapped = Mapped.load(data, 1)
        mapped.columns.few = 0
        for added, removed in changes:
            write(repository, added, removed)
        newest = repository.current_number()
        for number in (newest, 1, newest):
            with repository.reader(number) as reader:
                assert mapped.follow(number, reader.store)
                assert mapped.holds(number)
                assert answers(reader.store, number, mapped.columns) == answers(reader.store, number)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    publish(tmp_path, 0, ROWS)
    return tmp_path


def test_the_file_has_no_name_in_the_folder_where_it_is_made(data: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    room = tmp_path_factory.mktemp("room")
    assert len(Mapped.load(data, 1, room)) == ROWS
    assert list(room.iterdir()) == []


def test_a_version_that_was_made_anew_is_not_followed_from(data: Path) -> None:
    mapped = Mapped.load(data, 1)
    assert mapped.holds(1)
    (Layout(data).store(1) / "another").touch()
    assert not mapped.holds(1)
    publish(data, ROWS, ROWS + 1)
    assert not mapped.reaches(2)


def test_after_an_erasure_nothing_is_followed(data: Path) -> None:
    mapped = Mapped.load(data, 1)
    publish(data, ROWS, ROWS + 1)
    assert mapped.reaches(2)
    Repository(data, BASE).erase(f"{BASE}s0", "test", [])
    assert not mapped.holds(1)
    assert not mapped.reaches(2)


def test_a_version_whose_files_were_pruned_is_followed_from(data: Path) -> None:
    mapped = Mapped.load(data, 1)
    publish(data, ROWS, ROWS + 1)
    Layout(data).version(1).rename(data / "trash" / "000001")
    repository = Repository(data, BASE)
    with repository.reader(2) as reader:
        assert mapped.follow(2, reader.store)
    assert len(mapped) == ROWS + 1


def test_many_changes_are_not_followed_at_once_nor_one_after_the_other(data: Path) -> None:
    mapped = Mapped.load(data, 1)
    publish(data, ROWS, ROWS + 2_001)
    assert not mapped.reaches(2)
    repository = Repository(data, BASE)
    with repository.reader(2) as reader:
        assert not mapped.follow(2, reader.store)
    assert (mapped.number, len(mapped)) == (1, ROWS)
    fresh = Mapped.load(data, 2)
    publish(data, ROWS + 2_001, ROWS + 3_001)
    with repository.reader(3) as reader:
        assert fresh.follow(3, reader.store)
    publish(data, ROWS + 3_001, ROWS + 4_002)
    assert not fresh.reaches(4)


def test_a_graph_that_columns_do_not_hold_is_left_to_the_disk(data: Path) -> None:
    about = ox.Quad(term("s"), term("p"), ox.Triple(term("a"), term("p"), term("b")), term("graphs/a"))
    mapped = Mapped.load(data, 1)
    write(Repository(data, BASE), frozenset({about}), frozenset())
    with Repository(data, BASE).reader() as reader:
        assert not mapped.follow(2, reader.store)
    with pytest.raises(EngineUnavailable):
        Mapped.load(data, 2)


def test_columns_are_made_where_they_are_small_enough_and_there_is_room(data: Path) -> None:
    version = Repository(data, BASE).current()
    assert size_of(version) == ROWS * BYTES_A_TRIPLE
    assert is_worth(version, ROWS * BYTES_A_TRIPLE, data)
    assert not is_worth(version, ROWS * BYTES_A_TRIPLE - 1, data)
    assert not is_worth(version, 0, data)
    assert not is_worth(replace(version, quads=10**12), 10**18, data)
    assert not is_worth(version, 10**9, data / "nowhere")


@pytest.fixture
def broker(data: Path) -> Iterator[BrokerProcess]:
    with BrokerProcess(replace(LIMITS, data=data, memory_bytes=0, columns_bytes=100_000_000)) as broker:
        yield broker


def first_of_equals(engine: BrokerEngine) -> list[str]:
    with engine.answer(TIED).body as body:
        return [line.split(",")[0].removeprefix(f"{BASE}s") for line in body.read().decode().split()[1:]]


def figures(engine: BrokerEngine) -> dict[str, float]:
    return {name: values[0] for name, labels, values in engine.measured([]) if not labels}


def test_it_answers_from_the_disk_at_once_and_from_columns_once_these_are_ready(broker: BrokerProcess) -> None:
    assert count(broker.engine) == str(ROWS)
    assert eventually(lambda: all_in_memory(broker.engine))
    status = broker.engine.status()
    assert status["memory"] == {"version": 1, "quads": ROWS, "form": "columns", "workers": 3}
    assert (status["restarts"], count(broker.engine)) == (0, str(ROWS))
    assert status["sandbox"] == {"namespace": True, "filter": True}


def test_a_write_is_followed_by_those_who_are_there_and_those_who_come(data: Path, broker: BrokerProcess) -> None:
    assert eventually(lambda: all_in_memory(broker.engine))
    assert first_of_equals(broker.engine) == ["0", "1", "10", "100", "101"]
    with Repository(data, BASE).transaction("test", "a second statement") as transaction:
        transaction.apply(Change(frozenset({ox.Quad(term("s0"), term("q"), term("s1"), term("graphs/numbers"))})))
        transaction.commit()
    assert first_of_equals(broker.engine) == ["1", "10", "100", "101", "102"]
    assert count(broker.engine, version=1) == str(ROWS), "an older version is the disk's"
    assert eventually(lambda: broker.engine.status()["memory"]["version"] == 2)
    _end_all_workers(broker)
    assert eventually(lambda: all_in_memory(broker.engine))
    assert first_of_equals(broker.engine) == ["1", "10", "100", "101", "102"]
    assert count(broker.engine) == str(ROWS + 1)


def _end_all_workers(broker: BrokerProcess) -> None:
    first = origin(broker)
    listed = Path(f"/proc/{broker.process.pid}/task/{broker.process.pid}/children").read_text().split()
    before = broker.engine.status()["restarts"]
    for pid in listed:
        if int(pid) != first:
            os.kill(int(pid), signal.SIGKILL)
    assert eventually(lambda: broker.engine.status()["restarts"] >= before + 3)
    assert origin(broker) == first


def test_after_a_large_change_columns_are_made_anew_and_the_disk_answers_meanwhile(data: Path, broker: BrokerProcess) -> None:
    assert eventually(lambda: all_in_memory(broker.engine))
    small = figures(broker.engine)
    publish(data, ROWS, 4_000)
    assert count(broker.engine) == "4000"
    assert eventually(lambda: broker.engine.status()["memory"]["quads"] == 4_000 and all_in_memory(broker.engine))
    assert first_of_equals(broker.engine) == ["0", "1", "10", "100", "1000"]
    large = figures(broker.engine)
    assert 48 * ROWS < small["maillage_columns_bytes"] < 48 * 4_000 < large["maillage_columns_bytes"]
    assert (small["maillage_memory_left_total"], large["maillage_memory_left_total"]) == (0, 1)


def test_where_none_are_wanted_the_disk_answers(data: Path) -> None:
    with BrokerProcess(replace(LIMITS, data=data, memory_bytes=0, columns_bytes=1_000)) as broker:
        time.sleep(1)
        assert broker.engine.status()["memory"] == {"version": None, "quads": 0, "form": None, "workers": 0}
        assert count(broker.engine) == str(ROWS)
