"""What breaks under the running service: processes, disks, versions, descriptors. It goes on, and says what happened."""

from __future__ import annotations

import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest

from app.assembly import open_repository
from app.engine.changes import Change
from app.engine.launch import connect
from app.settings import Settings
from tests.cli.conftest import BASE
from tests.cli.test_serving import Running, service, until

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="children are found in /proc")

ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o }"
ALL = "SELECT * { ?s ?p ?o } LIMIT 20000"


def sparql(query: str) -> str:
    return f"/sparql?format=csv&query={quote(query)}"


def health(running: Running) -> dict[str, Any]:
    status, told = running.get("/health")
    return {"code": status, **json.loads(told)}


def ended(running: Running, query: str) -> tuple[int, str]:
    """How a query ended: its status and, where it was refused, why."""
    status, told = running.get(sparql(query))
    return status, json.loads(told)["type"].partition("#")[2] if status != 200 else ""


def descendants(pid: int, module: str) -> list[int]:
    """Processes that a process started, or those it started, by the module that they run."""
    listed = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    own = [child for child in listed if module in Path(f"/proc/{child}/cmdline").read_text(errors="replace")]
    return own + [found for child in listed for found in descendants(child, module)]


def edit(data: Path, name: str) -> int:
    """A new version with one more actor."""
    source = data.parent / f"{name}.ttl"
    term = "https://w3id.org/maillage/ontology#"
    source.write_text(f'<{BASE}id/actor/{name}> a <{term}Association> ; <{term}name> "{name}"@fr .')
    repository = open_repository(Settings(data=data, base_iri=BASE))
    graph = ox.NamedNode(f"{BASE}graphs/{name}")
    quads = frozenset(ox.Quad(q.subject, q.predicate, q.object, graph) for q in ox.parse(path=str(source)))
    with repository.transaction("test", name) as transaction:
        transaction.apply(Change(quads))
        version = transaction.commit()
    assert version is not None
    return version.number


def test_processes_killed_in_the_middle_of_requests_harm_no_others_and_come_back(store: Path) -> None:
    (store.parent / "maillage.toml").write_text("query_seconds = 60\nmemory_mb = 0\ncolumns_mb = 0\n")
    with service(store) as running, ThreadPoolExecutor(4) as threads:
        engine = connect(store)
        for turn, module in enumerate(("app.engine.worker", "app.engine.broker")):
            asked = threads.submit(ended, running, ENDLESS + " " * turn)
            assert until(lambda: engine.status()["lanes"]["public"]["busy"] == 1)
            victims = descendants(running.process.pid, module)
            assert victims
            os.kill(_busiest(victims), signal.SIGKILL)
            status, why = asked.result(60)
            assert (status, why) in {(503, "query-memory"), (503, "query-crashed"), (503, "engine-unavailable")}
            assert until(lambda: ended(running, "ASK {}")[0] == 200)
        assert until(lambda: health(running)["status"] == "ok")
        engine.close()


def _busiest(pids: list[int]) -> int:
    def ticks(pid: int) -> int:
        return sum(map(int, Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]))

    before = {pid: ticks(pid) for pid in pids}
    time.sleep(0.5)
    return max(pids, key=lambda pid: ticks(pid) - before[pid])


def test_a_result_that_is_cut_by_the_server_s_death_does_not_look_complete(store: Path) -> None:
    (store.parent / "maillage.toml").write_text("web_processes = 1\nmemory_mb = 0\ncolumns_mb = 0\n")
    with service(store) as running:
        for coding in ("identity", "gzip"):
            server = running.children("app.cli.web_server")[0]
            connection = http.client.HTTPConnection("127.0.0.1", running.port, timeout=20)
            connection.connect()
            client = connection.sock
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)  # less than a segment would be sent bit by bit
            connection.request("GET", sparql("SELECT * { ?s ?p ?o } LIMIT 60000"), headers={"Accept-Encoding": coding})
            response = connection.getresponse()
            assert response.status == 200
            os.kill(server, signal.SIGKILL)
            with pytest.raises((http.client.IncompleteRead, ConnectionError)):
                response.read()
            connection.close()
            assert until(lambda: ended(running, "ASK {}")[0] == 200)


def test_a_corrupted_newest_version_is_passed_over_and_told_and_the_next_write_mends_it(store: Path) -> None:
    (store.parent / "maillage.toml").write_text("memory_mb = 0\ncolumns_mb = 0\n")
    with service(store) as running:
        first = health(running)["version"]
        broken = edit(store, "broken")
        for manifest in (store / "versions" / f"{broken:06}" / "store").glob("MANIFEST-*"):
            manifest.unlink()
        assert until(lambda: ended(running, "ASK {}")[0] == 200 and health(running)["version"] == first)
        told = health(running)
        assert (told["code"], told["status"], list(told["store"]["damaged"])) == (200, "degraded", [str(broken)])
        assert running.get("/actor/broken.ttl")[0] == 404
        assert ended(running, "ASK { ?s ?p ?o }")[0] == 200
        assert json.loads(running.wait_for('"version-damaged"'))["version"] == broken
        mended = edit(store, "mended")
        assert until(lambda: health(running)["version"] == mended)
        assert running.get("/actor/mended.ttl")[0] == running.get("/actor/broken.ttl")[0] == 200


@pytest.fixture
def small_disk(tmp_path: Path, store: Path) -> Iterator[Path]:
    """The store on a small disk of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m", "tmpfs", str(place)], capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("mounting a small disk needs root")
    try:
        shutil.copytree(store, place / "data", symlinks=True)
        yield place / "data"
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


def _fill(disk: Path) -> Path:
    """A file that takes all that is free, also what the service has given back since the last call."""
    with (disk / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, shutil.disk_usage(disk).free)
    return disk / "filler"


def test_a_full_disk_refuses_large_results_and_nothing_else(small_disk: Path) -> None:
    with service(small_disk) as running:
        texts = (f"{ALL} # {turn}" for turn in itertools.count())
        assert until(lambda: _fill(small_disk) and ended(running, next(texts)) == (507, "storage-full"))
        assert ended(running, "SELECT * { ?s ?p ?o } LIMIT 100")[0] == 200
        assert running.get("/actor/poles-noe")[0] == 200
        (small_disk / "filler").unlink()
        assert ended(running, ALL)[0] == 200


def test_a_read_only_disk_is_served(small_disk: Path) -> None:
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk.parent)], check=True)
    with service(small_disk) as running:
        assert running.get("/actor/poles-noe")[0] == 200
        assert ended(running, ALL)[0] == 200
        told = health(running)
        assert (told["code"], told["status"], told["store"]["error"]) == (200, "degraded", "storage-full")


def test_when_descriptors_run_out_clients_wait_and_none_is_lost(store: Path) -> None:
    """More connections than the service may have descriptors; who is connected is answered, and so are all others after."""
    (store.parent / "maillage.toml").write_text("web_processes = 1\nmemory_mb = 0\ncolumns_mb = 0\n")
    with service(store, descriptors=160) as running:
        crowd = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(300)]
        try:
            crowd[0].sendall(b"GET /robots.txt HTTP/1.1\r\nHost: localhost\r\n\r\n")
            crowd[0].settimeout(20)
            assert crowd[0].recv(100).startswith(b"HTTP/1.1 200")
            servers = running.children()
        finally:
            for client in crowd:
                client.close()
        assert until(lambda: running.get("/actor/poles-noe")[0] == 200)
        assert ended(running, ALL)[0] == 200
        assert running.children() == servers
