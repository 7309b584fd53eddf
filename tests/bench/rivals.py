"""Other SPARQL servers on the same triples, started on loopback in a folder of their own and stopped at the end."""

from __future__ import annotations

import http.client
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

PATIENCE = 300.0
GRAPH = "http://bench/"
BEHIND = ("nice", "-n", "10")
"""Our own workers give way to pages; where other work is on the machine, rivals must give way to it as much."""


@dataclass
class Endpoint:
    """A server that is asked over one connection."""

    name: str
    port: int
    path: str
    pid: int
    more: dict[str, str] = field(default_factory=dict)
    loaded: float = 0.0
    log: Path | None = None
    """Where it says what goes wrong."""

    _connection: http.client.HTTPConnection | None = None

    def ask(self, query: str) -> tuple[float, bytes]:
        """Seconds until the whole answer was read, and the answer. Raises ``OSError`` for an error."""
        connection = self._connection or http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        self._connection = connection
        body = urlencode({"query": query, **self.more})
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "text/csv"}
        begun = time.perf_counter()
        try:
            connection.request("POST", self.path, body, headers)
            response = connection.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            self._connection = None
            raise
        taken = time.perf_counter() - begun
        if response.status != 200:
            raise OSError(f"{self.name}: {response.status} {answer[:200]!r}")
        return taken, answer


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_for(endpoint: Endpoint, process: subprocess.Popen[bytes]) -> Endpoint:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            endpoint.ask("ASK {}")
            return endpoint
        except (OSError, http.client.HTTPException):
            endpoint._connection = None
            time.sleep(0.05)
    raise RuntimeError(f"{endpoint.name} does not answer")


@contextmanager
def oxigraph(triples: Path, room: Path) -> Iterator[Endpoint]:
    """The native server, from PyPI's ``oxigraph``."""
    program = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or "oxigraph"
    place, port = room / "oxigraph", free_port()
    begun = time.perf_counter()
    subprocess.run([program, "load", "--location", place, "--file", triples], check=True, capture_output=True)
    subprocess.run([program, "optimize", "--location", place], check=True, capture_output=True)
    loaded = time.perf_counter() - begun
    process = subprocess.Popen(
        [*BEHIND, program, "serve-read-only", "--location", str(place), "--bind", f"127.0.0.1:{port}"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield wait_for(Endpoint("oxigraph serve", port, "/query", process.pid, loaded=loaded), process)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def virtuoso(triples: Path, room: Path) -> Iterator[Endpoint]:
    """Virtuoso 7, from Debian's ``virtuoso-opensource-7-bin``."""
    place, port, web = room / "virtuoso", free_port(), free_port()
    place.mkdir()
    (place / "virtuoso.ini").write_text(_INI.format(place=place, port=port, web=web, data=triples.parent), encoding="utf-8")
    process = subprocess.Popen(
        [*BEHIND, "virtuoso-t", "+foreground", "+configfile", "virtuoso.ini"],
        cwd=place,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        endpoint = Endpoint("virtuoso", web, "/sparql", process.pid, {"default-graph-uri": GRAPH})
        wait_for(endpoint, process)
        begun = time.perf_counter()
        load = f"ld_dir('{triples.parent}', '{triples.name}', '{GRAPH}'); rdf_loader_run(); checkpoint;"
        subprocess.run(["isql-vt", f"127.0.0.1:{port}", "dba", "dba", f"exec={load}"], check=True, capture_output=True)
        endpoint.loaded = time.perf_counter() - begun
        yield endpoint
    finally:
        process.kill()
        process.wait()


_INI = """[Database]
DatabaseFile = {place}/virtuoso.db
ErrorLogFile = {place}/virtuoso.log
LockFile = {place}/virtuoso.lck
TransactionFile = {place}/virtuoso.trx
xa_persistent_file = {place}/virtuoso.pxa
[TempDatabase]
DatabaseFile = {place}/temp.db
TransactionFile = {place}/temp.trx
[Parameters]
ServerPort = 127.0.0.1:{port}
DirsAllowed = {place}, {data}
NumberOfBuffers = 170000
MaxDirtyBuffers = 130000
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = {place}
[SPARQL]
ResultSetMaxRows = 1000000
"""
