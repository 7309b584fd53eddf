"""What strangers do to the running service: they leave, they flood it, they read slowly; pages are answered all the same."""

from __future__ import annotations

import http.client
import json
import shutil
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest

from app.engine.client import BrokerEngine
from app.engine.launch import connect
from tests.cli.test_serving import Running, service, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are found in /proc")

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
SOON = 1.0
"""Within so many seconds of a client's leaving, its worker is idle or dead."""


SETTINGS = {"QUERY_SECONDS": 60, "QUERY_WORKERS": 2, "WEB_PROCESSES": 1, "WEB_THREADS": 8, "QUERY_QUEUE": 64}


@pytest.fixture(scope="module")
def store(seeded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(seeded, tmp_path_factory.mktemp("safety") / "data", symlinks=True))


@pytest.fixture(scope="module")
def running(store: Path) -> Iterator[Running]:
    """One service for all: each test leaves it as idle as it found it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in SETTINGS.items():
            patch.setenv(f"MAILLAGE_{name}", str(value))
        with service(store) as running:
            yield running


@pytest.fixture(scope="module")
def engine(running: Running, store: Path) -> Iterator[BrokerEngine]:
    engine = connect(store)
    yield engine
    engine.close()


@pytest.fixture(autouse=True)
def _idle(running: Running, engine: BrokerEngine) -> None:
    assert until(lambda: at_work(engine) == (0, 0))
    assert until(lambda: running.get("/sparql?query=ASK%7B%7D")[0] == 200)  # the web server's own places are free, too


@contextmanager
def asking(running: Running, query: str, address: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A connection from an address of this machine that has sent a query and reads nothing."""
    with socket.create_connection(("127.0.0.1", running.port), source_address=(address, 0)) as client:
        client.sendall(f"GET /sparql?query={quote(query)} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n".encode())
        yield client


def at_work(engine: BrokerEngine) -> tuple[int, int]:
    """Workers that are busy with public queries, and queries that wait."""
    lane = engine.status()["lanes"]["public"]
    return lane["busy"], lane["waiting"]


def idle_soon(engine: BrokerEngine) -> bool:
    deadline = time.monotonic() + SOON
    while time.monotonic() < deadline:
        if at_work(engine) == (0, 0):
            return True
        time.sleep(0.02)
    return False


def test_a_client_that_closes_before_the_first_byte_frees_its_worker_within_a_second(
    running: Running, engine: BrokerEngine
) -> None:
    with asking(running, ENDLESS):
        assert until(lambda: at_work(engine) == (1, 0))
    assert idle_soon(engine)


def test_a_client_that_is_reset_frees_its_worker_too(running: Running, engine: BrokerEngine) -> None:
    with asking(running, ENDLESS) as client:
        assert until(lambda: at_work(engine) == (1, 0))
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    assert idle_soon(engine)


def test_a_client_that_leaves_the_queue_is_no_longer_in_it(running: Running, engine: BrokerEngine) -> None:
    with asking(running, ENDLESS), asking(running, ENDLESS + " "):
        with asking(running, ENDLESS + "  "):
            assert until(lambda: at_work(engine) == (2, 1))
        assert until(lambda: at_work(engine) == (2, 0))
    assert idle_soon(engine)


def test_a_client_that_polls_and_gives_up_each_time_does_not_pile_up(running: Running, engine: BrokerEngine) -> None:
    for turn in range(8):
        with asking(running, ENDLESS + " " * (turn % 2)):
            time.sleep(0.15)
    assert idle_soon(engine)
    assert running.get("/sparql?query=ASK%7B%7D")[0] == 200


def test_a_client_that_takes_half_a_result_and_leaves_is_forgotten(running: Running, engine: BrokerEngine) -> None:
    with asking(running, "SELECT * { ?s ?p ?o } LIMIT 100000") as client:
        assert client.recv(1000).startswith(b"HTTP/1.1 200")
    assert idle_soon(engine)
    assert running.get("/health")[0] == 200


def test_pages_are_answered_while_strangers_from_many_addresses_hold_all_that_they_may(
    running: Running, engine: BrokerEngine
) -> None:
    """One process of eight threads: six for strangers, who are many more; pages are answered meanwhile."""
    crowd = [asking(running, ENDLESS + " " * i, f"127.0.0.{2 + i % 5}") for i in range(20)]
    held = [each.__enter__() for each in crowd]
    try:
        assert until(lambda: sum(at_work(engine)) == 6)
        assert running.get("/robots.txt")[0] == running.get("/health")[0] == running.get("/actor/poles-noe")[0] == 200
        assert sum(at_work(engine)) == 6
        status, told = running.get("/sparql?query=ASK%7B%20%7D")
        assert (status, json.loads(told)["type"].partition("#")[2]) == (503, "queue-full")
    finally:
        for each in crowd:
            each.__exit__(None, None, None)
    assert len(held) == 20
    assert until(lambda: at_work(engine) == (0, 0))


def test_a_refusal_for_want_of_room_says_when_to_come_back(running: Running, engine: BrokerEngine) -> None:
    crowd = [asking(running, ENDLESS + " " * i) for i in range(8)]
    for each in crowd:
        each.__enter__()
    try:
        assert until(lambda: sum(at_work(engine)) == 6)
        connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
        connection.request("GET", "/sparql?query=ASK%7B%20%20%7D", headers={"Accept": "application/json"})
        response = connection.getresponse()
        assert (response.status, response.getheader("Retry-After")) == (503, "5")
        connection.close()
    finally:
        for each in crowd:
            each.__exit__(None, None, None)


def test_two_hundred_slow_readers_hold_nobody_up(running: Running) -> None:
    readers = []
    for i in range(200):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.bind((f"127.0.0.{2 + i % 50}", 0))
        reader.connect(("127.0.0.1", running.port))
        query = quote("SELECT * { ?s ?p ?o } LIMIT 20000")
        reader.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n".encode())
        readers.append(reader)
    try:
        assert readers[0].recv(100).startswith(b"HTTP/1.1 200")
        assert running.get("/actor/poles-noe")[0] == 200
        assert readers[0].recv(100)  # nobody was sent away to make room
    finally:
        for reader in readers:
            reader.close()
    assert until(lambda: running.get("/sparql?query=ASK%7B%7D")[0] == 200)
