"""The service as a whole, in processes of its own: it starts, heals, waits for nobody and stops cleanly."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.cli import OK, STORE, USAGE
from app.engine.hand import environment
from tests.cli.conftest import BASE, Command

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are found in /proc")


STARTING_SECONDS = 60.0
"""How long a service may take to answer for the first time, or to end."""


class Running:
    """A service, its port and its children."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process = process
        self.port = port
        self.heard: list[str] = []

    def get(self, path: str) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path)
            response = connection.getresponse()
            return response.status, response.read()
        finally:
            connection.close()

    def validators(self, path: str) -> tuple[str | None, str | None]:
        """The tag and the date of what is at an address."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request("GET", path, headers={"Accept": "text/turtle, text/html;q=0.5, */*;q=0.1"})
            response = connection.getresponse()
            response.read()
            return response.getheader("ETag"), response.getheader("Last-Modified")
        finally:
            connection.close()

    def children(self, module: str = "") -> list[int]:
        """Process numbers of what it started, by the module that they run."""
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return [int(pid) for pid in listed if module in Path(f"/proc/{pid}/cmdline").read_text(errors="replace")]

    def wait_for(self, text: str) -> str:
        """The next line of what it says that holds a text."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self.heard.append(line)
            if text in line:
                return line
        raise AssertionError(f"it ended without saying {text!r}")


@contextmanager
def service(folder: Path, *arguments: str, descriptors: int | None = None) -> Iterator[Running]:
    """One that builds no pages ahead, unless the environment says so."""
    command = [sys.executable, "-P", "-c", "from app.cli import main; main()", "serve", "--port", "0", "--lang", "en", *arguments]
    told = {"MAILLAGE_WARM_AFTER_SECONDS": "0", **environment(), "MAILLAGE_DATA": str(folder), "MAILLAGE_BASE_IRI": BASE}
    if descriptors is not None:
        command = ["sh", "-c", f'ulimit -n {descriptors}; exec "$@"', "sh", *command]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=told)
    try:
        running = Running(process, 0)
        found = re.search(r"http://localhost:(\d+)/", running.wait_for("The service is ready"))
        assert found
        running.port = int(found[1])
        yield running
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(STARTING_SECONDS)
        assert process.stderr is not None
        process.stderr.close()


def gone(pids: list[int]) -> bool:
    return not [pid for pid in pids if Path(f"/proc/{pid}/cmdline").exists() and Path(f"/proc/{pid}/cmdline").read_bytes()]


def until(holds: object) -> bool:
    """Whether something comes true before the patience ends."""
    assert callable(holds)
    deadline = time.monotonic() + STARTING_SECONDS
    while time.monotonic() < deadline:
        try:
            if holds():
                return True
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.05)
    return False


def test_it_serves_pages_and_queries_and_stops_all_its_children_on_sigterm(store: Path) -> None:
    with service(store) as running:
        assert running.get("/health")[0] == 200
        assert b'<html lang="fr"' in running.get("/")[1]
        assert running.get("/sparql?query=ASK%7B%7D")[0] == 200
        children = running.children()
        assert len(children) == 3
        running.process.send_signal(signal.SIGTERM)
        running.wait_for("Stopping")
        assert running.process.wait(STARTING_SECONDS) == OK
        assert gone(children)


def test_the_first_pages_of_a_version_that_has_settled_are_built_ahead(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_WARM_AFTER_SECONDS", "0.1")
    with service(store) as running:
        assert until(lambda: queries(running) > 20)


def queries(running: Running) -> float:
    """How many queries the workers have been put, pages' own with them."""
    told = running.get("/metrics")[1].decode()
    return sum(map(float, re.findall(r"^maillage_queries_total\{.*\} (\S+)$", told, re.MULTILINE)))


def test_a_restart_leaves_validators_and_dates_as_they_were(store: Path) -> None:
    told = []
    for _ in range(2):
        with service(store) as running:
            told += [running.validators(path) for path in ("/", "/graphs/ontology", "/actor.csv") for _ in range(4)]
    assert told[:12] == told[12:]
    assert len(set(told)) == 3
    assert all(date for _, date in told), "each has a date"


def test_indexes_of_another_release_are_made_anew_and_that_is_told(store: Path) -> None:
    form = store / "versions" / "000001" / "search" / "form"
    form.unlink()
    form.write_text("of another release")
    with service(store) as running:
        assert [line for line in running.heard if "they are being made now (search)" in line]
        assert running.get("/search?q=noe")[0] == 200
    assert (store / "current").resolve().name == "000002"


@pytest.mark.parametrize("module", ["app.cli.web_server", "app.engine.broker"])
def test_a_child_that_dies_is_replaced(module: str, store: Path) -> None:
    with service(store) as running:
        victim = running.children(module)[0]
        os.kill(victim, signal.SIGKILL)
        running.wait_for("another replaces it")
        assert until(lambda: running.get("/sparql?query=ASK%7B%7D")[0] == 200)
        assert victim not in running.children(module)


def test_children_end_when_their_parent_is_killed(store: Path) -> None:
    with service(store) as running:
        children = running.children()
        running.process.kill()
        running.process.wait()
        assert until(lambda: gone(children))


def test_slow_readers_hold_no_thread(store: Path) -> None:
    """More readers than threads ask for a large page and read none of it; the next request is answered all the same."""
    (store.parent / "maillage.toml").write_text("web_threads = 2\nweb_processes = 1\n")
    with service(store) as running:
        readers = []
        for _ in range(8):
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            reader.connect(("127.0.0.1", running.port))
            reader.sendall(b"GET /ontology HTTP/1.1\r\nHost: localhost\r\nAccept: text/html\r\n\r\n")
            readers.append(reader)
        assert until(lambda: running.get("/health")[0] == 200)
        for reader in readers:
            reader.close()


def test_a_port_that_is_taken_is_told_with_a_remedy(store: Path, maillage: Command) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        told = maillage("serve", "--port", str(taken.getsockname()[1]))
    assert told.code == USAGE
    assert "make run PORT=" in told.error


def test_an_address_that_is_not_this_machine_s_is_told(store: Path, maillage: Command) -> None:
    told = maillage("serve", "--port", "0", "--host", "192.0.2.1")
    assert told.code == USAGE
    assert "MAILLAGE_HOST" in told.error


def test_a_store_for_another_address_is_not_served(store: Path, maillage: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAILLAGE_BASE_IRI", "https://autre.example/")
    told = maillage("serve", "--port", "0")
    assert told.code == STORE
    assert BASE in told.error


def test_figures_are_the_whole_service_s_and_what_died_is_told(store: Path) -> None:
    """The second broker knows of the first one's end; each web process's requests are in the figures."""
    with service(store) as running:
        assert str(store) not in running.get("/health")[1].decode()
        for _ in range(20):
            assert running.get("/robots.txt")[0] == 200
        victim = running.children("app.engine.broker")[0]
        os.kill(victim, signal.SIGKILL)
        line = running.wait_for('"broker-died"')
        assert json.loads(line) | {"time": ""} == {"time": "", "level": "error", "event": "broker-died", "code": -9}
        assert until(lambda: "broker-died" in [each["event"] for each in health(running)["engine"]["recent"]])
        for _ in range(20):
            assert running.get("/robots.txt")[0] == 200
        assert until(lambda: b'maillage_requests_total{endpoint="assets.robots"' in running.get("/metrics")[1])
        wanted = b'maillage_requests_total{endpoint="assets.robots",method="GET",status="200"} '
        assert until(lambda: float(running.get("/metrics")[1].split(wanted)[1].split()[0]) >= 20)


def health(running: Running) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(running.get("/health")[1])
    return {"engine": {"recent": []}} | told


def test_a_service_whose_server_died_while_it_started_says_when_it_is_ready(store: Path) -> None:
    command = [sys.executable, "-P", "-c", "from app.cli import main; main()", "serve", "--port", "0", "--lang", "en"]
    told = {**environment(), "MAILLAGE_DATA": str(store), "MAILLAGE_BASE_IRI": BASE}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=told) as process:
        running = Running(process, 0)
        assert until(lambda: running.children("app.cli.web_server"))
        os.kill(running.children("app.cli.web_server")[0], signal.SIGKILL)
        running.wait_for("The service is ready")
        process.send_signal(signal.SIGTERM)
        running.wait_for("Stopping")
